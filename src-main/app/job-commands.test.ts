/** Orders for jobs that wait, run or have ended at a forge elsewhere. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '../contract/job.ts';
import { makeInput, makeJob } from '../core/testing/make.ts';
import { Bench } from './app.test-kit.ts';
import { again, cancel, show } from './job-commands.ts';
import { streamsOf } from './streams.ts';

const code = (code: string, message: string) => ({
  problem: { code, message: expect.stringContaining(message) as unknown },
});
const noDetection = () => Promise.resolve();

let bench: Bench;
let cancelled: string[];
beforeEach(() => {
  bench = new Bench();
  cancelled = [];
  const waiting = makeJob('gh-7', { forge: 'github', scope: 'ann/app', name: 'test', url: 'https://gh/7' });
  bench.state.input = makeInput({ demand: { github: { jobs: [waiting], total: 1 } } });
  Object.assign(bench.deps.forges[0]?.remote ?? {}, {
    cancel: ({ id }: Job) => {
      cancelled.push(id);
      return Promise.resolve('The whole run ends.');
    },
  });
});

function ran(id: string, state: Job['state'], endedAt: number | null): void {
  const job = { id, forge: 'github', state, endedAt } as Job;
  bench.store.rows.set(id, { job, submission: null, commit: null, problem: null } as never);
}

describe('a job that waits elsewhere', () => {
  it('is shown, and can be taken back', async () => {
    const detail = await show({ job: 'gh-7' }, bench.deps, bench.state);
    expect(detail.job).toMatchObject({ id: 'gh-7', state: 'queued', name: 'test', url: 'https://gh/7' });
    const { job, notes } = await cancel({ job: 'gh-7' }, bench.deps, bench.state);
    expect([job.id, notes, cancelled]).toEqual(['gh-7', ['The whole run ends.'], ['gh-7']]);
  });

  it('has no log, and is not run again: it is said that it waits', async () => {
    const waits = code('usage', 'waits at GitHub');
    await expect(again({ job: 'gh-7' }, bench.deps, bench.state, noDetection)).rejects.toMatchObject(waits);
    const log = streamsOf(bench.deps, bench.state).log(
      { job: 'gh-7', runner: null, cursor: 0, follow: false },
      new AbortController().signal,
    );
    await expect(log[Symbol.asyncIterator]().next()).rejects.toMatchObject(waits);
  });
});

it('a job that has ended is not cancelled: its run may go on with another attempt', async () => {
  ran('gh-5', 'succeeded', 1);
  await expect(cancel({ job: 'gh-5' }, bench.deps, bench.state)).rejects.toMatchObject(
    code('usage', 'has succeeded already'),
  );
  expect(cancelled).toEqual([]);
  ran('gh-6', 'running', null);
  await cancel({ job: 'gh-6' }, bench.deps, bench.state);
  expect(cancelled).toEqual(['gh-6']);
});

it('a runner that nobody knows is not said to have had no job', async () => {
  const { log } = streamsOf({ ...bench.deps, store: { jobs: () => ({ rows: [] }) } as never }, bench.state);
  const asking = log({ job: null, runner: 'nobody', cursor: 0, follow: false }, new AbortController().signal);
  await expect(asking[Symbol.asyncIterator]().next()).rejects.toMatchObject(
    code('not-found', 'no runner called nobody'),
  );
});
