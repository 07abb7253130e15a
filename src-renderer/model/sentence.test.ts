import { describe, expect, test } from 'vitest';
import type { Problem } from '../../src-main/contract/problem.ts';
import type { Reason, Snapshot } from '../../src-main/contract/snapshot.ts';
import { speechOf } from '../texts/speech.ts';
import { aPoolView, aRunner, aSnapshot, at } from './model.test-kit.ts';
import { roomOf, sentenceOf, shortState } from './sentence.ts';

const english = speechOf('en', 'en-GB');
const said = (more: Partial<Snapshot>, speech = english): string => {
  const { first, second } = sentenceOf(aSnapshot(more), speech);
  return [first, second].filter((part) => part !== null).join(' ');
};
const busy = (n: number) => Array.from({ length: n }, (_, i) => aRunner({ name: `hr-${i}`, phase: 'busy' }));
const problem = (code: Problem['code'], message: string): Problem => ({ code, message, hint: 'Do this.' });
const stopped = (code: Reason['code'], message = '', until: number | null = null) => ({
  allowance: { newRunners: false, ceiling: 0, reasons: [{ code, message, until }] },
});
const pausedUntil = (until: number | null, reason: string | null = null) => ({
  pause: { by: 'owner', reason, until, kind: until === null ? 'indefinite' : 'until' } as const,
});

describe('the sentence of state', () => {
  test.each<[string, Partial<Snapshot>, string]>([
    ['ready', {}, 'Ready. No job waits. 4 can run at once.'],
    ['without a pool', { pools: [] }, 'Ready. Nothing asks this machine for work yet.'],
    ['running, with room', { runners: busy(1), state: 'working' }, 'Running 1 job. Room for 3 more.'],
    [
      'running, with a queue',
      { runners: busy(2), waitingTotal: 3, state: 'working' },
      'Running 2 jobs. 3 jobs wait.',
    ],
    ['running, full', { runners: busy(4), state: 'working' }, 'Running 4 jobs. No room for another.'],
    ['waiting', { waitingTotal: 1, state: 'working' }, 'Ready. 1 job waits.'],
    [
      'paused',
      { ...pausedUntil(at + 3_600_000), state: 'paused' },
      'Paused by you until 13:00. Nothing new starts.',
    ],
    [
      'paused, finishing',
      { ...pausedUntil(null), runners: busy(1) },
      'Paused by you until you resume. 1 job is finishing.',
    ],
    [
      'stopping',
      { state: 'stopping', runners: busy(2) },
      'Stopping. 2 jobs are finishing, then every runner is removed.',
    ],
    ['stopping, idle', { state: 'stopping' }, 'Stopping. Every runner is removed.'],
    [
      'a full disk',
      stopped('disk-reserve', 'Only 1 GiB is free.'),
      'Waiting for free disk space. New jobs wait.',
    ],
    [
      'a crash of the machine',
      stopped('unclean-shutdown', '', at + 600_000),
      'The machine went down while jobs ran. New jobs wait until 12:10, or until you go on.',
    ],
    [
      'a forge that is unknown',
      { pools: [aPoolView({ demand: null })], runners: busy(1) },
      'Running 1 job. What waits at 1 forge is unknown.',
    ],
    [
      'a problem while idle',
      { state: 'problem', problems: [problem('tool-missing', 'git is missing.')] },
      'git is missing.',
    ],
    [
      'what needs you, before all else',
      {
        ...pausedUntil(null),
        problems: [problem('unauthorized', 'The token was refused.')],
        runners: busy(1),
      },
      'The token was refused. Running 1 job.',
    ],
    [
      'a pause of yours before a reason',
      { ...pausedUntil(null), ...stopped('disk-reserve') },
      'Paused by you until you resume. Nothing new starts.',
    ],
  ])('%s', (_, snapshot, sentence) => expect(said(snapshot)).toBe(sentence));

  test('it is said in German too', () => {
    expect(said({ runners: busy(2), waitingTotal: 1 }, speechOf('de'))).toBe('2 Jobs laufen. 1 Job wartet.');
  });
  test('after a crash the owner is asked, and can go on at half capacity', () => {
    expect(sentenceOf(aSnapshot(stopped('unclean-shutdown')), english).goOn).toBe('Take new jobs now');
    const half = {
      newRunners: true,
      ceiling: 2,
      reasons: [{ code: 'half-capacity', message: '', until: null }],
    } as const;
    expect(sentenceOf(aSnapshot({ allowance: half }), english).goOn).toBe('Use all of it');
  });
  test('the foot of the side bar says it in short', () => {
    const short = (more: Partial<Snapshot>) => Object.values(shortState(aSnapshot(more), english));
    expect(short({})).toEqual(['Ready for jobs', 'No job runs']);
    expect(short({ runners: busy(3), ...pausedUntil(null) })).toEqual(['3 jobs running', 'New jobs wait']);
    expect(short({ ...pausedUntil(at + 3_600_000) })).toEqual(['Paused', 'until 13:00']);
  });
});

describe('room for more', () => {
  test.each<[string, Partial<Snapshot>, number]>([
    ['the most of the pool', {}, 4],
    [
      'what cores allow',
      { capacity: { ...aSnapshot({}).capacity, cores: { total: 8, reserve: 2, used: 0, free: 6 } } },
      1,
    ],
    [
      'idle runners count, they hold what they need',
      {
        runners: [aRunner({})],
        capacity: { ...aSnapshot({}).capacity, cores: { total: 8, reserve: 2, used: 4, free: 2 } },
      },
      1,
    ],
    ['nothing while nothing is allowed', stopped('battery'), 0],
    [
      'nothing of a paused pool',
      { pools: [aPoolView({ paused: { by: 'owner', reason: null, until: null, kind: 'indefinite' } })] },
      0,
    ],
    ['the ceiling', { allowance: { newRunners: true, ceiling: 3, reasons: [] }, runners: busy(1) }, 2],
  ])('%s', (_, snapshot, room) => expect(roomOf(aSnapshot(snapshot))).toBe(room));
});
