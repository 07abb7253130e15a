/**
 * Jobs that a runner here has begun while the forge's last answer still tells of them as waiting: without this a second
 * runner would be made for each.
 */
import { matches } from './labels.ts';
import { isSameScope } from './made-for.ts';
import type { WaitingJob } from './forge-port.ts';
import { hasBegun, isAtWork } from './phase.ts';
import type { Observation, RunnerRecord } from './runner.ts';

/** A job that was begun here. */
export interface Taken {
  readonly record: RunnerRecord;
  /** Wall-clock milliseconds. */
  readonly at: number;
  /** Which job it is; null while only its beginning is known. */
  readonly job: string | null;
}

/** An answer that was asked for so long after a job began tells the truth about it. */
const lagMs = 15_000;

/** The jobs that still wait. One whose name is not known yet stands for the one that its runner was made for, else for any that it could take. */
export function stillWaiting(
  jobs: readonly WaitingJob[],
  taken: readonly Taken[],
  now: number,
): readonly WaitingJob[] {
  if (taken.length === 0 || jobs.length === 0) return jobs;
  const gone = new Set<string>();
  const covers = (t: Taken, job: WaitingJob): boolean => (job.seenAt ?? now) < t.at + lagMs;
  // What is known leaves the others to those of which it is not.
  for (const t of [...taken].sort((a, b) => Number(a.job === null) - Number(b.job === null))) {
    const named = t.job ?? t.record.madeFor;
    const sure = jobs.find((job) => job.id === named && !gone.has(job.id) && covers(t, job));
    if (sure !== undefined) gone.add(sure.id);
    if (sure !== undefined || t.job !== null) continue;
    const likely = jobs.find((job) => !gone.has(job.id) && covers(t, job) && fits(t.record, job));
    if (likely !== undefined) gone.add(likely.id);
  }
  return jobs.filter((job) => !gone.has(job.id));
}

function fits(record: RunnerRecord, job: WaitingJob): boolean {
  const scope = job.reach === undefined ? job.scope : job.reach[record.pool];
  return isSameScope(scope, record.scope) && matches(job.labels, record.arch, record.labels, record.arch);
}

/**
 * Runners that are seen at work for the first time: each has taken a job, before anybody knows which, and whatever its
 * forge still says. `beganAt`: when that was by the words of its agent, wall-clock milliseconds; null: it does not tell.
 */
export function newlyTaken(
  observations: readonly Observation[],
  taken: ReadonlyMap<string, Taken>,
  beganAt: (name: string) => number | null,
  now: number,
): readonly (readonly [string, Taken])[] {
  return observations.flatMap((o) => {
    const { name, record } = o;
    // Of a local runner the journal says which job it has.
    if (record?.job !== null || !hasBegun(o) || !isAtWork(o)) return [];
    const at = beganAt(name) ?? now;
    const known = taken.get(name);
    // One that persists takes one job after another.
    const isNext = known !== undefined && !record.oneJob && known.at + 1000 < at && o.told != null;
    return known === undefined || isNext ? [[name, { record, at, job: null }] as const] : [];
  });
}

/** Those that no answer may still tell of as waiting. */
export function isPast(t: Taken, now: number): boolean {
  return now - t.at > 10 * 60_000;
}
