/** What the lengths of the tray's pause menu mean. */
import type { PauseRequest } from '../contract/commands.ts';
import { nextClock } from '../core/duration.ts';

const hour = 3_600_000;

const lengths: Readonly<
  Record<string, (now: number, offsetAt: (at: number) => number) => PauseRequest['end']>
> = {
  '15m': () => ({ kind: 'duration', milliseconds: hour / 4 }),
  '1h': () => ({ kind: 'duration', milliseconds: hour }),
  '4h': () => ({ kind: 'duration', milliseconds: 4 * hour }),
  // The morning after a night's work is not in two hours.
  tomorrow: (now, offsetAt) => ({
    kind: 'until',
    at: nextClock({ hours: 8, minutes: 0 }, now, offsetAt, 4 * hour),
  }),
  restart: () => ({ kind: 'restart' }),
  forever: () => ({ kind: 'indefinite' }),
};

/** The end of a pause of that length from `now` on; null where the menu has no such length. */
export function pauseEnd(
  length: string,
  now: number,
  offsetAt: (at: number) => number,
): PauseRequest['end'] | null {
  return lengths[length]?.(now, offsetAt) ?? null;
}
