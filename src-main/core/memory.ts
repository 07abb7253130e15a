/** What is remembered of a pool from turn to turn: its use, its peak of jobs, its surplus, its failures. */
import { noBackoff, recovered } from './backoff.ts';
import type { Plan, PlanInput, PoolMemory } from './plan-types.ts';
import { noUsage, used } from './share.ts';

/** The peak of jobs at once counts over this time (design 4). */
export const peakWindowMs = 10 * 60_000;
/** A runner idle this long shows that the pool works: its failures are forgotten. */
export const healthyIdleMs = 60_000;

export const newMemory: PoolMemory = {
  backoff: noBackoff,
  usage: noUsage,
  jobsAtOnce: [],
  surplusSince: null,
};

/** The most jobs at once in the last 10 minutes. */
export function peakJobs(memory: PoolMemory, now: number): number {
  let peak = 0;
  memory.jobsAtOnce.forEach((change, i) => {
    const lasted = memory.jobsAtOnce[i + 1]?.at ?? now;
    if (now - lasted <= peakWindowMs) peak = Math.max(peak, change.jobs);
  });
  return peak;
}

/** The memory after a turn: pure, so that a plan can be repeated from the same input. */
export function remember(input: PlanInput, plan: Plan): ReadonlyMap<string, PoolMemory> {
  const next = new Map<string, PoolMemory>();
  for (const { pool, runner, memory } of input.pools) {
    const busy = plan.pools.get(pool.id)?.busy ?? 0;
    const surplus = plan.pools.get(pool.id)?.surplus ?? false;
    next.set(pool.id, {
      backoff:
        memory.backoff.failures > 0 && hasHealthyIdle(input, plan, pool.id)
          ? recovered(memory.backoff, false)
          : memory.backoff,
      usage: used(memory.usage, lastBusy(memory) * runner.cores, input.now),
      jobsAtOnce: changed(memory, busy, input.now),
      surplusSince: surplus ? (memory.surplusSince ?? input.now) : null,
    });
  }
  return next;
}

function lastBusy(memory: PoolMemory): number {
  return memory.jobsAtOnce.at(-1)?.jobs ?? 0;
}

function changed(memory: PoolMemory, busy: number, now: number): PoolMemory['jobsAtOnce'] {
  if (busy === lastBusy(memory)) return memory.jobsAtOnce;
  const kept = memory.jobsAtOnce.filter(
    (_, i) => now - (memory.jobsAtOnce[i + 1]?.at ?? now) <= peakWindowMs,
  );
  return [...kept, { at: now, jobs: busy }];
}

function hasHealthyIdle(input: PlanInput, plan: Plan, pool: string): boolean {
  return input.observations.some(
    ({ name, record }) =>
      record?.pool === pool &&
      plan.phases.get(name)?.phase === 'idle' &&
      record.idleSince !== null &&
      input.now - record.idleSince >= healthyIdleMs,
  );
}
