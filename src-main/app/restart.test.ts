/** An agent that persists and ends by itself: it is started again, ever more seldom, and never given up. */
import { expect, it } from 'vitest';
import { problem } from '../contract/problem.ts';
import { completeProfile } from '../core/classify.ts';
import { desktopFacts } from '../core/host.test-kit.ts';
import { remember } from '../core/memory.ts';
import { plan } from '../core/plan.ts';
import { makePool } from '../core/testing/make.ts';
import { act } from './act.ts';
import { Bench, quiet, told } from './app.test-kit.ts';
import { observe } from './observe.ts';
import { turnInput } from './turn.ts';

const profile = completeProfile(desktopFacts(), { cores: 1, memoryMiB: 2048 });
const exit = problem('unexpected', 'It ended by itself.', 'It is started again.').problem;

it.each([true, false])('and ends again a second later, each time (it had a job: %s)', async (hadJob) => {
  const bench = new Bench();
  const pool = makePool({ forge: 'github', scope: 'ann/app', account: 'ann', mode: 'manual', min: 1 });
  bench.config = { ...bench.config, pools: [pool] };
  bench.restart();
  const written = { name: 'build', startedAt: bench.wall };
  const { runner, labels } = turnInput(bench.deps, bench.state, await look(), profile).pools[0]!;
  const resources = { cpus: runner.cores, memoryMiB: runner.memoryMiB, pids: 1, gpus: [] };
  bench.add({ oneJob: false, resources, labels, ...(hadJob && { jobsDone: 1, lastJob: written }) });
  bench.pass(600_000);
  const starts: number[] = [];
  Object.assign(bench.deps.runtime, {
    clear: () => Promise.resolve(),
    start: () => {
      starts.push(bench.wall);
      const [instance] = bench.instances ?? [];
      bench.instances = [{ ...instance!, state: 'running' }];
      bench.agents.set('r1', { ...quiet, listening: false, job });
      return Promise.resolve({ pid: starts.length, startTime: '1', bootId: 'now' });
    },
  });
  Object.assign(bench.deps.forges[0]!, {
    launch: () => Promise.resolve({}),
    started: () => Promise.resolve(),
  });
  const job = hadJob ? told({ ...written, endedAt: bench.wall, result: 'succeeded' }) : null;
  for (let second = 0; second < 1800; second += 1) {
    const [instance] = bench.instances ?? [];
    bench.instances = [{ ...instance!, state: 'ended', exitCode: 2 }];
    bench.agents.set('r1', { ...quiet, listening: false, job, problem: exit });
    await turn();
    await turn();
    bench.pass(1000);
  }
  expect(starts.length).toBeGreaterThan(6);
  expect(starts.length).toBeLessThan(20);
  expect((starts.at(-1) ?? 0) - (starts.at(-2) ?? 0)).toBeLessThanOrEqual(301_000);
  expect(bench.wall - (starts.at(-1) ?? 0)).toBeLessThanOrEqual(301_000);

  function look() {
    return observe(bench.deps, bench.state);
  }
  async function turn(): Promise<void> {
    const input = turnInput(bench.deps, bench.state, await look(), profile);
    const planned = plan(input);
    for (const [id, memory] of remember(input, planned)) bench.state.memory.set(id, memory);
    for (const action of planned.actions) await act(action, bench.deps, bench.state);
  }
});
