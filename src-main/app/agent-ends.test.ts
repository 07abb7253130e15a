/** How jobs end of which the agent tells too little, or which it may be wrong about: the forge has the last word. */
import { beforeEach, describe, expect, it } from 'vitest';
import { AgentJobs } from './agent-jobs.ts';
import { begin, Bench, forgeJob, quiet, told, works } from './app.test-kit.ts';

let bench: Bench;
let jobs: AgentJobs;

beforeEach(() => {
  bench = new Bench();
  jobs = new AgentJobs(bench.deps, bench.restart(), () => undefined);
});

const turn = (ms = 0) => bench.turn(jobs, ms);

async function turns(count: number, ms: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await turn(ms);
}

const history = () => bench.history();
const ended = (more = {}) => told({ endedAt: begin + 1000, result: 'succeeded', ...more });

describe('a job', () => {
  it('whose result its agent did not tell ends as the forge says', async () => {
    bench.add();
    bench.jobOf = () => Promise.resolve(forgeJob({ endedAt: begin + 900, result: 'cancelled' }));
    bench.agents.set('r1', { ...quiet, job: ended({ result: null }) });
    await turns(2, 1000);
    expect(history()).toMatchObject([{ state: 'cancelled', result: 'It was cancelled.' }]);
  });

  it.each([
    ['does not answer', () => Promise.reject(new Error('no network')), 600_000],
    ['has not noticed it yet', () => Promise.resolve(forgeJob()), 600_000],
    ['does not know it yet', () => Promise.resolve(null), 30_000],
  ])('whose result its agent did not tell waits while the forge %s', async (_, answer, waitMs) => {
    bench.add();
    bench.jobOf = () => Promise.resolve(forgeJob());
    bench.agents.set('r1', { ...works, job: told() });
    await turn();
    bench.jobOf = answer;
    bench.agents.set('r1', { ...quiet, job: ended({ result: null }) });
    await turns(waitMs / 10_000, 10_000);
    expect(history()).toMatchObject([{ state: 'running' }]);
    bench.jobOf = () => Promise.resolve(forgeJob({ endedAt: begin + 900, result: 'failed' }));
    await turns(3, 10_000);
    expect(history()).toMatchObject([{ state: 'failed' }]);
  });

  it.each([
    [
      'succeeded',
      'succeeded',
      () => Promise.resolve(forgeJob({ endedAt: begin + 900, result: 'succeeded' })),
    ],
    ['has not noticed its end', 'failed', () => Promise.resolve(forgeJob())],
    ['does not answer', 'failed', () => Promise.reject(new Error('no network'))],
  ])(
    'that its agent calls failed, as after its worker was killed at its end, and the forge %s',
    async (...of) => {
      const [, state, answer] = of;
      bench.add();
      bench.jobOf = () => Promise.resolve(forgeJob());
      bench.agents.set('r1', { ...works, job: told() });
      await turn();
      bench.jobOf = answer;
      bench.agents.set('r1', { ...quiet, job: ended({ result: 'failed' }) });
      await turns(3, 1000);
      expect(history()).toMatchObject([{ state }]);
    },
  );

  it('of which the forge never tells is lost in the end', async () => {
    bench.add();
    bench.jobOf = () => Promise.resolve(forgeJob());
    bench.agents.set('r1', { ...works, job: told() });
    await turn();
    bench.jobOf = () => Promise.resolve(null);
    bench.agents.set('r1', { ...quiet, job: ended({ result: null }) });
    await turns(10, 10_000);
    expect(history()).toMatchObject([{ state: 'lost' }]);
  });
});
