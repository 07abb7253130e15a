import { expect, it } from 'vitest';
import { type Job, notEnded } from '../contract/job.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import { problem } from '../contract/problem.ts';
import { noticesOf } from './notices.ts';

const job = (id: string, more: Partial<Job> = {}): Job => ({
  id,
  forge: 'local',
  pool: 'p',
  runner: null,
  name: `make ${id}`,
  url: null,
  labels: [],
  arch: null,
  state: 'running',
  createdAt: 1000,
  startedAt: 1000,
  ...notEnded,
  ...more,
});

const snapshot = (more: Partial<Snapshot>): Snapshot =>
  ({ at: 2000, jobs: [], pools: [], problems: [], ...more }) as unknown as Snapshot;

const ended = { endedAt: 3000, result: 'It failed with exit code 1.' } as const;

it('says how a job ended that ran before', () => {
  const before = snapshot({ jobs: [job('a'), job('b'), job('c')] });
  const after = snapshot({
    jobs: [
      job('a', { ...ended, state: 'failed' }),
      job('b', { endedAt: 3000, state: 'succeeded' }),
      job('c', { endedAt: 1, state: 'cancelled' }),
    ],
  });
  expect(noticesOf(before, after)).toMatchObject([
    { key: 'job:a', category: 'jobFailed', body: 'make a: It failed with exit code 1.', to: 'job:a' },
    { key: 'job:b', category: 'jobFinished', body: 'make b' },
  ]);
  expect(noticesOf(after, after)).toEqual([]);
});

it('says so of one that came and went between two snapshots, but not of old ones, nor at the start', () => {
  const after = snapshot({
    jobs: [
      job('new', { ...ended, createdAt: 2500, state: 'failed' }),
      job('old', { ...ended, createdAt: -1e9, state: 'failed' }),
    ],
  });
  expect(noticesOf(snapshot({}), after).map(({ key }) => key)).toEqual(['job:new']);
  expect(noticesOf(null, after)).toEqual([]);
});

it('tells of problems that need the owner, not of those that pass', () => {
  const refused = problem('unauthorized', 'The token is refused.', 'Log in again.', { subject: 'p' }).problem;
  const passing = { ...refused, code: 'forge-unreachable', retryAt: 5 } as const;
  const found = noticesOf(snapshot({}), snapshot({ problems: [refused, passing] }));
  expect(found).toMatchObject([
    { key: 'problem:unauthorized:p', category: 'needsYou', body: 'The token is refused. Log in again.' },
  ]);
  expect(noticesOf(snapshot({ problems: [refused] }), snapshot({ problems: [refused] }))).toEqual([]);
});
