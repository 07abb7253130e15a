/** How long one turn's decision takes: plan and snapshot of 200 runners, and whether 2,000 take ten times as long. */
import { plan } from '../../src-main/core/plan.ts';
import type { PlanInput } from '../../src-main/core/plan-types.ts';
import type { Observation } from '../../src-main/core/runner.ts';
import { snapshotOf } from '../../src-main/core/snapshot.ts';
import {
  allowed,
  makeForgeJob,
  makeForgeRunner,
  makeInput,
  makeInstance,
  makeJob,
  makePoolState,
  makeRecord,
  observe,
  t0,
} from '../../src-main/core/testing/make.ts';
import { type Measured, median } from './figure.ts';

const poolCount = 10;

/** Half of each pool's runners at work, the other half idle; jobs wait for all of these and half as many more. */
function world(runners: number): PlanInput {
  const perPool = runners / poolCount;
  const pools = Array.from({ length: poolCount }, (_, i) =>
    makePoolState({ id: `pool-${i}`, name: `pool-${i}`, mode: 'manual', min: perPool, max: perPool * 2 }),
  );
  const jobs = Array.from({ length: (runners * 3) / 4 }, (_, i) =>
    makeJob(`w${i}`, { createdAt: t0 - 1000 }),
  );
  return makeInput({
    now: t0 + 1000,
    pools,
    observations: Array.from({ length: runners }, (_, i) => runnerAt(i)),
    demand: { local: { jobs, total: jobs.length } },
    capacity: {
      cores: runners * 2,
      memoryMiB: runners * 4096,
      reserveCores: 1,
      reserveMemoryMiB: 2048,
      slots: null,
      topology: [],
    },
  });
}

function runnerAt(i: number): Observation {
  const name = `hr-abcdef-pool-${i}`;
  const pool = `pool-${i % poolCount}`;
  if (Math.floor(i / poolCount) % 2 === 0) return observe(makeRecord({ name, pool }));
  const job = `j${i}`;
  return observe(makeRecord({ name, pool, job, startedAt: t0 }), {
    instance: makeInstance({ name, job }),
    forge: makeForgeRunner({ name, busy: true, job: makeForgeJob({ id: job }) }),
    worker: 'running',
    jobElapsedMs: 1000,
  });
}

function turn(input: PlanInput): unknown {
  const planned = plan(input);
  return snapshotOf({
    wall: t0,
    version: '0',
    pid: 1,
    host: 'headless',
    sequence: 1,
    input,
    plan: planned,
    profile: null,
    pause: null,
    poolPauses: new Map(),
    allowance: allowed,
    limits: () => ({ cores: null, cpus: null, memoryMiB: null }),
    notEnforced: [],
    isolation: [],
    jobs: [],
    accounts: [],
    foreign: [],
    work: [],
    waitingTotal: (input.observations.length * 3) / 4,
    dataAge: {},
    problems: [],
    poolProblems: new Map(),
    phaseSince: new Map(),
    clock: String,
  });
}

function timed(fn: () => unknown): number {
  const began = performance.now();
  fn();
  return performance.now() - began;
}

/** Reconciles both worlds in turn, `rounds` times after as many to warm up. */
export function planFigures(rounds: number): Measured[] {
  const [small, large] = [world(200), world(2000)];
  const times = { small: [] as number[], large: [] as number[], copy: [] as number[] };
  for (let round = -Math.min(rounds, 20); round < rounds; round += 1) {
    const taken = {
      small: timed(() => turn(small)),
      large: timed(() => turn(large)),
      copy: timed(() => JSON.stringify(turn(small))),
    };
    if (round < 0) continue;
    times.small.push(taken.small);
    times.large.push(taken.large);
    times.copy.push(taken.copy);
  }
  const one = median(times.small);
  return [
    {
      name: 'reconcile 200 runners: plan and snapshot, p50',
      unit: 'ms',
      value: one,
      baseline: { name: 'with the snapshot as JSON', value: median(times.copy) },
      budget: { kind: 'most', most: 5 },
    },
    {
      name: 'reconcile 2,000 runners, p50',
      unit: 'ms',
      value: median(times.large),
      baseline: { name: '200 runners', value: one },
      // Linear, with what ten times the memory costs in cache misses.
      budget: { kind: 'ratio', most: 15 },
    },
  ];
}
