/** Lengths of time and times of day as people write them. */

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** The longest that is taken: ten years, so that no sum with a clock leaves what a date can hold. */
const longest = 3660 * day;

const form = /^(?:(\d+(?:\.\d+)?)d)?(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?$/;

/** "90m", "1h30m", "6h", "45s", "2d", "0" in milliseconds; null where it is none of these (a bare number has no unit). */
export function parseDuration(text: string): number | null {
  const compact = text.trim().toLowerCase().replaceAll(/\s+/g, '');
  if (compact === '0') return 0;
  const match = compact === '' ? null : form.exec(compact);
  if (match === null) return null;
  const [d = 0, h = 0, m = 0, s = 0] = match.slice(1).map((part) => Number(part || 0));
  const milliseconds = Math.round(d * day + h * hour + m * minute + s * second);
  return milliseconds <= longest ? milliseconds : null;
}

/** What `parseDuration` takes, for messages. */
export const durationForms = 'a length of time such as 45s, 90m, 1h30m or 2d';

/** A time of day. */
export interface ClockTime {
  readonly hours: number;
  readonly minutes: number;
}

/** "18:00" or "8:05"; null where it is no time of day. */
export function parseClock(text: string): ClockTime | null {
  const match = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text.trim());
  return match === null ? null : { hours: Number(match[1]), minutes: Number(match[2]) };
}

/**
 * The next such time by the local clock that is more than `leastMs` after `now`, in wall-clock milliseconds.
 * `offsetAt` tells by how many minutes the local clock is ahead of UTC at a given time
 * (`(ms) => -new Date(ms).getTimezoneOffset()`), so that days on which the clock is put forward or back are right;
 * a time that such a day leaves out is taken as much later as the clock jumps.
 */
export function nextClock(
  clock: ClockTime,
  now: number,
  offsetAt: (at: number) => number,
  leastMs = 0,
): number {
  const localNow = now + offsetAt(now) * minute;
  const midnight = Math.floor(localNow / day) * day;
  for (let days = 0; ; days += 1) {
    const local = midnight + days * day + clock.hours * hour + clock.minutes * minute;
    const at = fromLocal(local, offsetAt);
    if (at > now + leastMs) return at;
  }
}

function fromLocal(local: number, offsetAt: (at: number) => number): number {
  // Of the offsets around that time the one that fits it; before a jump the earlier one, so the first of two times.
  const offsets = [offsetAt(local - day), offsetAt(local + day)].map((offset) => offset * minute);
  const fitting = offsets.find((offset) => offsetAt(local - offset) * minute === offset);
  return local - (fitting ?? offsets[0] ?? 0);
}

/** In short words, by the two largest units that count: "45 s", "1 h 30 min", "2 d". */
export function formatDuration(milliseconds: number): string {
  const total = Math.max(0, Math.round(milliseconds / second));
  const parts = (
    [
      [Math.floor(total / 86_400), 'd'],
      [Math.floor(total / 3600) % 24, 'h'],
      [Math.floor(total / 60) % 60, 'min'],
      [total % 60, 's'],
    ] as const
  ).map(([amount, unit]) => ({ amount, text: `${amount} ${unit}` }));
  const first = parts.findIndex((part) => part.amount > 0);
  if (first === -1) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter((part) => part.amount > 0)
    .map((part) => part.text)
    .join(' ');
}
