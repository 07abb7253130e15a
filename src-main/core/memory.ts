/** What is remembered of a pool from turn to turn: its use, its peak of jobs, its surplus, its failures. */
import { failed, noBackoff, recovered } from './backoff.ts';
import type { JobsAtOnce, Plan, PlanInput, PoolMemory } from './plan-types.ts';
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
  servedAt: new Map(),
};

/** The most jobs at once in the last 10 minutes. */
export function peakJobs(memory: PoolMemory, now: number): number {
  return Math.max(0, ...memory.jobsAtOnce.filter((m) => counts(m, now)).map((m) => m.jobs));
}

/** When a peak passes out of the window, so that fewer may be kept warm: steady milliseconds; null: none will by time. */
export function peakEndsAt(memory: PoolMemory, now: number): number | null {
  const highest = memory.jobsAtOnce.find((m) => counts(m, now));
  return highest?.until == null ? null : highest.until + peakWindowMs + 1;
}

function counts({ until }: JobsAtOnce, now: number): boolean {
  return until === null || now - until <= peakWindowMs;
}

/** The memory after a turn: pure, so that a plan can be repeated from the same input. */
export function remember(input: PlanInput, plan: Plan): ReadonlyMap<string, PoolMemory> {
  const healthy = healthyPools(input, plan);
  const restarts = poolsThatRestart(input, plan);
  const next = new Map<string, PoolMemory>();
  for (const { pool, runner, memory } of input.pools) {
    const planned = plan.pools.get(pool.id);
    let backoff = healthy.has(pool.id) ? recovered(memory.backoff, false) : memory.backoff;
    if (restarts.has(pool.id)) backoff = failed(backoff, input.now, 0);
    next.set(pool.id, {
      backoff,
      usage: used(memory.usage, lastJobs(memory) * runner.cores, input.now),
      jobsAtOnce: changed(memory, planned?.jobs ?? 0, input.now),
      surplusSince: planned?.surplus === true ? (memory.surplusSince ?? input.now) : null,
      servedAt: served(memory, pool.id, plan, input.now),
    });
  }
  return next;
}

/** Turns that lie longer back count no more. */
const turnMs = 60 * 60_000;

function served({ servedAt }: PoolMemory, pool: string, plan: Plan, now: number): PoolMemory['servedAt'] {
  const made = plan.actions.flatMap((a) =>
    a.do === 'intend' && a.record.pool === pool ? [a.record.scope] : [],
  );
  if (made.length === 0) return servedAt;
  const recent = [...servedAt].filter(([, at]) => now - at <= turnMs);
  return new Map([...recent, ...made.map((scope) => [scope, now] as const)]);
}

function lastJobs(memory: PoolMemory): number {
  return memory.jobsAtOnce.at(-1)?.jobs ?? 0;
}

/**
 * What is not higher than what came after it can never be the peak again: so the numbers kept fall from one to the
 * next, and there are never more of them than a pool has had jobs at once.
 */
function changed(memory: PoolMemory, jobs: number, now: number): PoolMemory['jobsAtOnce'] {
  if (jobs === lastJobs(memory)) return memory.jobsAtOnce;
  const past = memory.jobsAtOnce.map((m) => ({ ...m, until: m.until ?? now }));
  return [...past.filter((m) => m.jobs > jobs && counts(m, now)), { jobs, until: null }];
}

/** Pools of which a runner has been idle for so long that their failures are over. */
function healthyPools(input: PlanInput, plan: Plan): ReadonlySet<string> {
  const healthy = new Set<string>();
  for (const { name, record } of input.observations) {
    if (record?.idleSince == null || input.now - record.idleSince < healthyIdleMs) continue;
    if (plan.phases.get(name)?.phase === 'idle') healthy.add(record.pool);
  }
  return healthy;
}

/** Pools of which a dead agent is started again: that counts as a failure, so that the next time waits longer. */
function poolsThatRestart(input: PlanInput, plan: Plan): ReadonlySet<string> {
  const started = new Set(plan.actions.flatMap((a) => (a.do === 'start' && a.job === null ? [a.key] : [])));
  const dead = input.observations.filter((o) => started.has(o.name) && o.instance?.state === 'ended');
  return new Set(dead.flatMap((o) => (o.record === null ? [] : [o.record.pool])));
}
