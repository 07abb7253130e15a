/** What the forges of the simulated world answer: late, old, contradictory, or nothing. */
import type { ForgeId } from '../../contract/job.ts';
import type { Demand, WaitingJob } from '../forge-port.ts';
import type { ForgeRunner, Observation } from '../runner.ts';
import { isPast, newlyTaken, stillWaiting } from '../taken.ts';
import type { Poll, SimJob, World } from './world.ts';
import { jobOn } from './world-truth.ts';

export const forgeIds = ['local', 'github', 'gitlab', 'gitea'] as const;

/** A poll follows another after this at the earliest, and after one without an answer. */
const leastPollMs = 1000;

/** Forges that answer nothing just now. */
export function deafTo(w: World): ReadonlySet<ForgeId> {
  const isOut = w.now < w.outageUntil;
  return new Set(
    forgeIds.filter((forge) => w.random() < w.chaos.forgeUnknown || (isOut && forge !== 'local')),
  );
}

/** Asks the forges elsewhere whose time has come. */
export function poll(w: World, deaf: ReadonlySet<ForgeId>): void {
  for (const forge of forgeIds) {
    const last = w.polls.get(forge);
    if (forge === 'local' || (last !== undefined && w.now < last.nextAt)) continue;
    const { pollMs } = w.chaos;
    const nextAt = pollMs === 0 ? w.now : w.now + leastPollMs + Math.floor(w.random() * pollMs);
    if (!deaf.has(forge)) w.polls.set(forge, answerOf(w, forge, nextAt));
    else if (last !== undefined) w.polls.set(forge, { ...last, nextAt: w.now + leastPollMs });
  }
}

function answerOf(w: World, forge: ForgeId, nextAt: number): Poll {
  const asOf = w.now - w.chaos.staleMs;
  const waits = (job: SimJob): boolean =>
    job.forge === forge &&
    job.createdAt <= asOf &&
    (job.startedAt === null ? job.outcomes.length === 0 : job.startedAt > asOf);
  const here = [...w.registrations].filter(([, registration]) => registration.forge === forge);
  return {
    ...{ at: w.now, nextAt },
    jobs: [...w.jobs.values()].filter(waits),
    runners: new Map(here.map(([name, { fenced, job }]) => [name, seen(w, name, fenced, job)])),
  };
}

function seen(w: World, name: string, fenced: boolean, job: string | null) {
  return { online: w.instances.get(name)?.state === 'running', busy: job !== null, fenced };
}

export function demandOf(w: World, forge: ForgeId, deaf: ReadonlySet<ForgeId>): Demand {
  if (deaf.has(forge) || w.random() < w.chaos.demandUnknown) return 'unknown';
  if (forge === 'local') {
    const open = [...w.jobs.values()].filter(
      (job) => job.forge === forge && job.runner === null && job.outcomes.length === 0,
    );
    return { jobs: open.map((job) => waitingJob(job)), total: open.length };
  }
  const last = w.polls.get(forge);
  if (last === undefined) return 'unknown';
  const told = last.jobs.map((job) => waitingJob(job, last.at));
  const jobs = stillWaiting(told, [...w.taken.values()], w.now);
  return { jobs, total: jobs.length };
}

function waitingJob(
  { id, forge, scope, labels, pool, createdAt, reach }: SimJob,
  seenAt?: number,
): WaitingJob {
  return {
    ...{ id, forge, scope, labels, arch: null, pool, createdAt },
    ...(reach !== null && { reach }),
    ...(seenAt !== undefined && { seenAt }),
  };
}

/** What is said of a runner; of what it just did itself the supervisor knows better than an old answer. */
export function runnerAt(w: World, name: string, deaf: ReadonlySet<ForgeId>): Observation['forge'] {
  const registration = w.registrations.get(name);
  const last = [...w.polls.values()].find(({ runners }) => runners.has(name));
  const forge =
    registration?.forge ?? w.journal.get(name)?.forge ?? (last === undefined ? 'local' : 'github');
  if (deaf.has(forge)) return 'unknown';
  const lies = w.random() < w.chaos.lies;
  const told = last?.runners.get(name);
  if ((registration === undefined && told === undefined) || (lies && w.random() < 0.3)) return 'absent';
  const now = seen(
    w,
    name,
    registration?.fenced === true,
    registration?.job ?? w.journal.get(name)?.job ?? null,
  );
  const fresh = { online: false, busy: false, fenced: registration?.fenced === true };
  const { online, busy, fenced } = forge === 'local' ? now : (told ?? fresh);
  const at = forge === 'local' ? w.now : (w.polls.get(forge)?.at ?? w.now);
  return {
    ...{ name, forge, id: registration?.id ?? `id-${name}`, online, fenced, busy: busy !== lies },
    job: forgeJobOn(w, name),
    seenAt: at,
  };
}

function forgeJobOn(w: World, name: string): ForgeRunner['job'] {
  const held = w.registrations.get(name)?.job ?? w.journal.get(name)?.job ?? null;
  const job = held === null ? undefined : w.jobs.get(held);
  if (job === undefined) return null;
  const { id, startedAt, timeLimitMs, cancel } = job;
  return { id, name: id, url: null, startedAt, timeLimitMs, cancel };
}

/** Runners that are seen at work have taken a job; which one is known some time later. */
export function noteTaken(w: World, observations: readonly Observation[]): void {
  const beganAt = (name: string): number | null => jobOn(w, name)?.startedAt ?? null;
  for (const [name, taken] of newlyTaken(observations, w.taken, beganAt, w.now)) w.taken.set(name, taken);
  for (const [name, taken] of w.taken) {
    const job = jobOn(w, name);
    if (isPast(taken, w.now) && !w.journal.has(name)) w.taken.delete(name);
    else if (taken.job === null && job?.startedAt === taken.at && w.random() < 0.5)
      w.taken.set(name, { ...taken, job: job.id });
  }
}
