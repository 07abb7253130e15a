/** What happens in the simulated world by itself: jobs end, forges hand jobs out, agents exit. */
import { coresOf } from '../runner.ts';
import { matches } from '../labels.ts';
import { breaks, type SimJob, type SimRegistration, type World } from './world.ts';

/** The job that truly runs on this runner. */
export function jobOn(w: World, name: string): SimJob | null {
  const instance = w.instances.get(name);
  if (instance?.state !== 'running') return null;
  const registration = w.registrations.get(name);
  const taken = registration?.takesAt === null ? registration.job : null;
  const id = instance.job ?? taken;
  return id === null ? null : (w.jobs.get(id) ?? null);
}

/** The next moment at which something happens by itself. */
export function nextEventAt(w: World): number {
  let at = Infinity;
  for (const [name, instance] of w.instances) {
    if (instance.state !== 'running') continue;
    at = Math.min(at, instance.stopsAt ?? Infinity, jobOn(w, name)?.endsAt ?? Infinity);
  }
  for (const { takesAt } of w.registrations.values()) at = Math.min(at, takesAt ?? Infinity);
  if (w.chaos.pollMs > 0) for (const { nextAt } of w.polls.values()) at = Math.min(at, nextAt);
  return w.outageUntil > w.now ? Math.min(at, w.outageUntil) : at;
}

/** Everything that is due; true when something happened. */
export function unfold(w: World): boolean {
  let happened = w.chaos.pollMs > 0 && [...w.polls.values()].some(({ nextAt }) => nextAt <= w.now);
  for (const [name, instance] of w.instances) {
    if (instance.state !== 'running') continue;
    const job = jobOn(w, name);
    const jobIsOver = job?.endsAt != null && job.endsAt <= w.now;
    const isStopped = instance.stopsAt !== null && instance.stopsAt <= w.now;
    if (jobIsOver) finish(w, name, job);
    else if (isStopped) endProcess(w, name);
    else if (job === null && w.random() < w.chaos.agentDies) endProcess(w, name);
    else continue;
    happened = true;
  }
  const isTaken = takeJobs(w);
  return handOut(w) || isTaken || happened;
}

/** The job has done its work: where the job is the process, that ends; a one-job agent exits and is deregistered. */
function finish(w: World, name: string, job: SimJob): void {
  const instance = w.instances.get(name);
  const registration = w.registrations.get(name);
  charge(w, name, job);
  job.endsAt = null;
  if (instance === undefined) return;
  if (instance.job !== null) {
    instance.state = 'ended';
    return;
  }
  job.outcomes.push('succeeded');
  if (registration === undefined) return;
  registration.job = null;
  if (!registration.oneJob) return;
  instance.state = 'ended';
  w.registrations.delete(name);
}

/** The process is gone, whatever it did; a job that a waiting agent had is lost with it. */
export function endProcess(w: World, name: string): void {
  const instance = w.instances.get(name);
  if (instance?.state !== 'running') return;
  const job = jobOn(w, name);
  const registration = w.registrations.get(name);
  instance.state = 'ended';
  instance.stopsAt = null;
  if (registration !== undefined && registration.takesAt !== null) queueAgain(w, registration);
  if (job === null) return;
  charge(w, name, job);
  job.endsAt = null;
  if (instance.job !== null || registration === undefined) return;
  job.outcomes.push('lost');
  registration.job = null;
}

function charge(w: World, name: string, job: SimJob): void {
  const record = w.journal.get(name);
  if (record === undefined || job.startedAt === null) return;
  const spent = (w.now - job.startedAt) * coresOf(record.resources);
  w.coreMs.set(record.pool, (w.coreMs.get(record.pool) ?? 0) + spent);
}

/** Forges of waiting agents give jobs, oldest first, to agents that wait, are not fenced and have their labels. */
function handOut(w: World): boolean {
  const open = [...w.jobs.values()].filter(
    (j) => j.forge !== 'local' && j.runner === null && !j.cancel && j.outcomes.length === 0,
  );
  let happened = false;
  for (const job of open) {
    const found = [...w.registrations].find(([name, r]) => couldHave(r, job) && isListening(w, name));
    if (found === undefined) continue;
    const [name, registration] = found;
    registration.job = job.id;
    job.runner = name;
    if (w.chaos.handoverMs === 0) begin(w, job, name);
    else registration.takesAt = w.now + Math.floor(w.random() * w.chaos.handoverMs);
    happened = true;
  }
  return happened;
}

function couldHave(r: SimRegistration, job: SimJob): boolean {
  if (r.forge !== job.forge || r.fenced || r.job !== null) return false;
  if (job.reach !== null && job.reach[r.pool] !== r.scope) return false;
  return (job.pool === null || job.pool === r.pool) && matches(job.labels, 'x64', r.labels, 'x64');
}

function isListening(w: World, name: string): boolean {
  const instance = w.instances.get(name);
  return instance?.state === 'running' && instance.stopsAt === null;
}

/** Agents begin with what they were handed some time ago. */
function takeJobs(w: World): boolean {
  let happened = false;
  for (const [name, registration] of w.registrations) {
    const job = registration.job === null ? undefined : w.jobs.get(registration.job);
    if (registration.takesAt === null || registration.takesAt > w.now || job === undefined) continue;
    registration.takesAt = null;
    begin(w, job, name);
    happened = true;
  }
  return happened;
}

/** The agent was gone before it had taken its job: that waits again. */
function queueAgain(w: World, registration: SimRegistration): void {
  const job = registration.job === null ? undefined : w.jobs.get(registration.job);
  if (job !== undefined) job.runner = null;
  registration.job = registration.takesAt = null;
}

/** The runner of somebody else takes the oldest job that waits at a forge elsewhere. */
export function takenByAnother(w: World): void {
  const job = [...w.jobs.values()].find(
    (j) => j.forge !== 'local' && j.runner === null && j.outcomes.length === 0,
  );
  if (job === undefined) return;
  job.runner = 'another';
  job.startedAt = w.now;
  job.outcomes.push('elsewhere');
}

/** The job begins on this runner. */
export function begin(w: World, job: SimJob, name: string): void {
  job.runner = name;
  job.starts += 1;
  job.startedAt = w.now;
  job.endsAt = w.now + job.durationMs;
  if (job.starts > 1) breaks(w, `${job.id} was started twice`);
}

/** May what runs here be ended? Only where the owner said so, or the job's time is over. */
export function mayEnd(w: World, name: string): boolean {
  const job = jobOn(w, name);
  if (job === null) return true;
  const isOverdue =
    job.timeLimitMs !== null && job.startedAt !== null && w.now - job.startedAt >= job.timeLimitMs;
  return job.cancel || isOverdue || w.stop === 'now' || w.journal.get(name)?.ending?.now === true;
}
