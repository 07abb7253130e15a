/**
 * Runners that are made for jobs. An agent that waits takes any job whose labels it has, so a runner is given the labels
 * of one job: then it serves that one, or another that asks for no more.
 */
import { matches } from './labels.ts';
import type { PoolMemory, PoolState, RunnerState } from './plan-types.ts';
import type { WaitingJob } from './forge-port.ts';
import type { RunnerRecord } from './runner.ts';

/** Where a runner of this pool is registered for this job; null: the pool does not reach it. */
export function scopeFor(pool: PoolState['pool'], job: Pick<WaitingJob, 'scope' | 'reach'>): string | null {
  return job.reach === undefined ? pool.scope : (job.reach[pool.id] ?? null);
}

/** Is a registration of its own made at each repository of an owner? Then there is none without a job. */
export function isPerRepository(pool: Pick<PoolState['pool'], 'scope'>): boolean {
  return pool.scope?.endsWith('/*') === true;
}

/** A forge may spell names otherwise than the owner of a pool. */
export function isSameScope(a: string | null | undefined, b: string | null | undefined): boolean {
  return a?.toLowerCase() === b?.toLowerCase();
}

/** Could the agent of this record be handed this job? */
export function couldTake(record: RunnerRecord, job: WaitingJob, pool: PoolState['pool']): boolean {
  if (record.madeFor === job.id) return true;
  if (!isSameScope(record.scope, scopeFor(pool, job))) return false;
  return matches(job.labels, record.arch, record.labels, record.arch);
}

export interface Matching {
  /** Runners that a waiting job will be handed to. */
  readonly useful: ReadonlySet<string>;
  /** Jobs that no ready runner can take. */
  readonly unserved: readonly WaitingJob[];
}

/** Which of the ready runners serve which waiting jobs: first those made for them, then any that could. */
export function matchReady(
  jobs: readonly WaitingJob[],
  ready: readonly RunnerState[],
  pool: PoolState['pool'],
): Matching {
  const useful = new Set<string>();
  const left: WaitingJob[] = [];
  const own = new Map(ready.flatMap((r) => (r.record.madeFor === null ? [] : [[r.record.madeFor, r]])));
  for (const job of jobs) {
    const made = own.get(job.id);
    if (made === undefined) left.push(job);
    else useful.add(made.record.name);
  }
  const unserved = left.filter((job) => {
    const other = ready.find((r) => !useful.has(r.record.name) && couldTake(r.record, job, pool));
    if (other !== undefined) useful.add(other.record.name);
    return other === undefined;
  });
  return { useful, unserved };
}

/**
 * Repositories take turns: the oldest job of each, then the second oldest; those that have runners already later, and of
 * those that have as many the one first that was served longest ago.
 */
export function inTurns(
  jobs: readonly WaitingJob[],
  runners: readonly RunnerState[],
  servedAt: PoolMemory['servedAt'],
): readonly WaitingJob[] {
  const had = new Map<string | null, number>();
  for (const { record } of runners) had.set(record.scope, (had.get(record.scope) ?? 0) + 1);
  const ranked = jobs.map((job) => {
    const rank = had.get(job.scope) ?? 0;
    had.set(job.scope, rank + 1);
    return { job, rank, served: servedAt.get(job.scope) ?? 0 };
  });
  return ranked.sort((a, b) => a.rank - b.rank || a.served - b.served).map(({ job }) => job);
}
