import { describe, expect, it } from 'vitest';
import type { Pause, RunnerView } from '../contract/snapshot.ts';
import { problem } from '../contract/problem.ts';
import { type SentenceFacts, stateOf } from './tray.ts';

const working: RunnerView = {
  name: 'r',
  pool: 'p',
  phase: 'busy',
  why: '',
  since: 0,
  pid: 1,
  container: null,
  job: { id: 'j', name: 'make test', url: null, startedAt: 0 },
  resources: { cores: null, cpus: null, memoryMiB: null, notEnforced: [] },
  problem: null,
};
const pause: Pause = { by: 'owner', reason: null, until: 1, kind: 'duration' };
const trouble = problem('unauthorized', 'The token is refused.', 'Log in again.').problem;
const blocked = (code: 'disk-reserve', message: string) => ({
  newRunners: false,
  ceiling: 0,
  reasons: [{ code, message, until: null }],
});

const idle: SentenceFacts = {
  at: 0,
  stopping: false,
  pause: null,
  allowance: { newRunners: true, ceiling: 4, reasons: [] },
  runners: [],
  waiting: 0,
  unmatched: 0,
  pools: 1,
  problems: [],
  clock: () => '15:40',
};

describe('the sentence', () => {
  it.each<[string, string, Partial<SentenceFacts>]>([
    ['idle', 'Ready. No job waits.', {}],
    ['idle', 'Ready. Nothing asks this machine for work yet.', { pools: 0 }],
    ['working', 'Running 1 job.', { runners: [working] }],
    ['working', 'Running 2 jobs. 3 jobs wait.', { runners: [working, working], waiting: 3 }],
    ['working', 'Running 1 job.', { runners: [{ ...working, job: null }] }],
    ['working', 'Ready. 1 job waits.', { waiting: 1 }],
    ['working', 'Ready. 3 jobs wait.', { waiting: 3, unmatched: 2 }],
    ['idle', 'Ready. 2 jobs wait that no pool here takes.', { waiting: 2, unmatched: 2 }],
    ['idle', 'Ready. 1 job waits that no pool here takes.', { waiting: 1, unmatched: 1, pools: 0 }],
    ['paused', 'Paused by you until 15:40.', { pause }],
    ['paused', 'Paused by you until 15:40; 1 job is finishing.', { pause, runners: [working] }],
    [
      'paused',
      'Paused by you until you resume (lunch).',
      { pause: { ...pause, until: null, reason: 'lunch', kind: 'indefinite' } },
    ],
    [
      'paused',
      'Paused by you until the machine restarts; 2 jobs are finishing.',
      { pause: { ...pause, until: null, kind: 'restart' }, runners: [working, working] },
    ],
    [
      'paused',
      'Only 3 MiB are free; 1 job is finishing.',
      { allowance: blocked('disk-reserve', 'Only 3 MiB are free.'), runners: [working] },
    ],
    ['stopping', 'Stopping; 1 job is finishing.', { stopping: true, pause, runners: [working] }],
    ['problem', 'The token is refused.', { problems: [trouble], waiting: 2 }],
    ['working', 'Running 1 job.', { problems: [trouble], runners: [working] }],
  ])('%s: %s', (state, sentence, facts) => {
    expect(stateOf({ ...idle, ...facts })).toEqual({ state, sentence });
  });
});
