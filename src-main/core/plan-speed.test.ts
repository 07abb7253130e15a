/** Bounds that a slow, busy machine keeps too; the real figures come from `npm run bench`. */
import { expect, it } from 'vitest';
import { plan } from './plan.ts';
import type { PlanInput } from './plan-types.ts';
import {
  makeForgeRunner,
  makeInput,
  makeInstance,
  makeJob,
  makePoolState,
  makeRecord,
  observe,
  t0,
  wideHost,
} from './testing/make.ts';

/** Half of the runners at work, half idle, jobs waiting for pools that are full and for pools that are not. */
function inputOf(runners: number, pools: number, waiting: number): PlanInput {
  const observations = Array.from({ length: runners }, (_, i) => {
    const name = `r${i}`;
    const job = i % 2 === 0 ? `busy-${i}` : null;
    const record = makeRecord({
      name,
      pool: `p${i % pools}`,
      job,
      resources: { cpus: [i], memoryMiB: 1024, pids: 100, gpus: [] },
    });
    const instance = makeInstance({ name, job, state: job === null ? 'prepared' : 'running' });
    return observe(record, {
      instance,
      worker: job === null ? 'none' : 'running',
      forge: makeForgeRunner({ name, busy: job !== null }),
    });
  });
  const jobs = Array.from({ length: waiting }, (_, i) =>
    makeJob(`j${i}`, { pool: i % 3 === 0 ? null : `p${i % pools}`, createdAt: t0 - i }),
  );
  const topology = Array.from({ length: 256 }, (_, cpu) => ({
    cpu,
    core: cpu >> 1,
    package: 0,
    node: 0,
    kind: null,
  }));
  return makeInput({
    pools: Array.from({ length: pools }, (_, i) => makePoolState({ id: `p${i}`, max: 1000 })),
    observations,
    demand: { local: { jobs, total: waiting } },
    capacity: { ...wideHost, cores: runners * 1.5, memoryMiB: runners * 4096, topology },
  });
}

/** The least time counts: what else the machine does only adds. */
function leastMs(input: PlanInput): number {
  const times = Array.from({ length: 15 }, () => {
    const start = performance.now();
    plan(input);
    return performance.now() - start;
  });
  return Math.min(...times);
}

it('plans 200 runners, 50 pools and 200 waiting jobs in milliseconds, and 2,000 runners in about ten times as many', () => {
  const small = inputOf(200, 50, 200);
  const large = inputOf(2000, 50, 2000);
  const [smallMs, largeMs] = [leastMs(small), leastMs(large)];
  console.info(`plan: ${smallMs.toFixed(2)} ms for 200 runners, ${largeMs.toFixed(2)} ms for 2,000`);
  expect(plan(small).actions.length).toBeGreaterThan(100);
  expect(smallMs).toBeLessThan(25);
  expect(largeMs).toBeLessThan(40 * Math.max(2, smallMs));
});
