/** The lengths of a pause that are offered, with the time that each ends. */
import type { PauseRequest } from '../../src-main/contract/commands.ts';
import type { Speech } from '../texts/speech.ts';
import { clock, deadline, nextMorning } from './format.ts';

export type PauseEnd = PauseRequest['end'];

export interface PauseChoice {
  readonly id: string;
  readonly text: string;
  readonly at: string | null;
  readonly end: PauseEnd;
}

export const untilResumed: PauseEnd = { kind: 'indefinite' };

/** What the arrow beside "Pause" offers. */
export function pauseChoices(now: number, speech: Speech): readonly PauseChoice[] {
  const { t } = speech;
  const lasting = (id: string, text: string, milliseconds: number): PauseChoice => ({
    id,
    text,
    at: t('pause.until', { time: clock(now + milliseconds, speech) }),
    end: { kind: 'duration', milliseconds },
  });
  const morning = nextMorning(now);
  const tomorrow = new Date(morning).getDate() !== new Date(now).getDate();
  return [
    lasting('15m', t('pause.minutes', { n: 15 }), 15 * 60_000),
    lasting('1h', t('pause.hours', { n: 1 }), 3_600_000),
    lasting('4h', t('pause.hours', { n: 4 }), 4 * 3_600_000),
    {
      id: 'morning',
      text: tomorrow ? t('pause.tomorrow') : t('pause.morning'),
      at: tomorrow ? clock(morning, speech) : deadline(morning, now, speech),
      end: { kind: 'until', at: morning },
    },
    { id: 'restart', text: t('pause.restart'), at: null, end: { kind: 'restart' } },
    { id: 'open', text: t('pause.open'), at: null, end: untilResumed },
  ];
}
