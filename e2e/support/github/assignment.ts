/** Which runner gets which job, and what becomes of a job whose runner is silent. */
import { randomUUID } from 'node:crypto';
import type { AgentResult, Conclusion, Job, JobRequest, Run, RunnerRow, Session } from './model.ts';
import { fullName, same } from './model.ts';
import type { World } from './world.ts';

/** The job's repository lies in the runner's scope, and the runner's group serves it. */
function inReach(world: World, runner: RunnerRow, job: Job): boolean {
  const { repository } = job.run;
  const name = fullName(repository);
  if (repository.archived || !world.repositories.has(repository.id)) return false;
  if (same(runner.scope, name)) return !repository.selfHostedDisabled;
  const organization = world.organizations.get(repository.owner.login.toLowerCase());
  const enterprise = runner.scope.startsWith('enterprises/');
  const scope = enterprise ? `enterprises/${organization?.enterprise ?? ''}` : repository.owner.login;
  if (!organization || !same(runner.scope, scope)) return false;
  const group = world.groupsOf(runner.scope).find(({ id }) => id === runner.groupId);
  if (!group || (!repository.private && !group.allowsPublic)) return false;
  if (group.visibility === 'private') return repository.private;
  const which = enterprise ? organization.login : name;
  return group.visibility === 'all' || group.chosen.has(which.toLowerCase());
}

const hasLabels = (runner: RunnerRow, job: Job): boolean =>
  job.labels.every((label) => [...runner.labels, ...runner.readOnlyLabels].some((has) => same(has, label)));

const suits = (world: World, runner: RunnerRow, job: Job): boolean =>
  job.status === 'queued' && hasLabels(runner, job) && inReach(world, runner, job);

function hand(world: World, runner: RunnerRow, job: Job): void {
  const now = Date.now();
  const request: JobRequest = {
    id: world.nextId(),
    job,
    runner,
    assignedAt: now,
    delivered: false,
    started: false,
    lastRenew: now,
    cancel: false,
  };
  world.requests.set(request.id, request);
  world.queued.delete(job);
  runner.request = request;
  job.status = 'in_progress';
  job.startedAt = world.now();
  job.runner = runner;
}

/** The oldest job that has waited for so long (ms) and suits this runner is handed to it; false: there is none. */
export function handNext(world: World, runner: RunnerRow, waited = 0): boolean {
  for (const job of world.queued) {
    if (world.now() - job.createdAt < waited || !suits(world, runner, job)) continue;
    hand(world, runner, job);
    return true;
  }
  return false;
}

/** It is idle, was told of an update that it needs, and its agent still asks for work. */
function isFree(world: World, session: Session): boolean {
  const { runner, version, updateSent } = session;
  const told = [null, version, updateSent].includes(world.updateTo);
  return told && !runner.deleted && runner.request === null && world.isAlive(session);
}

/** Hands out what can be handed out, then answers the polls that have something to hear. */
export function settle(world: World): void {
  for (const session of world.sessions.values()) {
    if (world.queued.size === 0) break;
    if (isFree(world, session)) handNext(world, session.runner, world.waits.handover);
  }
  for (const session of [...world.sessions.values()]) session.check?.();
}

/** Deletes the row; its agent hears of it at its next poll. */
export function removeRunner(world: World, runner: RunnerRow): void {
  runner.deleted = true;
  world.runners.delete(runner.id);
}

/** The job is over; a one-job runner's row vanishes with it. */
export function finish(world: World, request: JobRequest, conclusion: Conclusion): void {
  const { job, runner } = request;
  job.status = 'completed';
  job.conclusion = conclusion;
  job.completedAt = world.now();
  world.requests.delete(request.id);
  runner.request = null;
  if (runner.ephemeral) removeRunner(world, runner);
}

/** What the service makes of a worker's result: a job that its own runner broke off has failed. */
export function conclusionOf(result: AgentResult, cancelled: boolean): Conclusion {
  if (result === 'Succeeded' || result === 'SucceededWithIssues') return 'success';
  if (result === 'Skipped') return 'skipped';
  return result === 'Canceled' && cancelled ? 'cancelled' : 'failure';
}

function requeue(world: World, request: JobRequest): void {
  const { job, runner } = request;
  world.requests.delete(request.id);
  runner.request = null;
  job.status = 'queued';
  job.startedAt = null;
  job.runner = null;
  world.queued.add(job);
}

/** Jobs that nobody picked up wait again; jobs whose worker fell silent have failed. Called a few times a second. */
export function sweep(world: World): void {
  const now = Date.now();
  for (const request of [...world.requests.values()]) {
    if (!request.delivered && now - request.assignedAt > world.waits.pickup) requeue(world, request);
    else if (request.delivered && now - request.lastRenew > world.waits.lost) {
      world.missed.add(request.job.id);
      finish(world, request, 'failure');
    }
  }
  for (const { id, runner, check, lastPoll } of [...world.sessions.values()])
    if (runner.deleted && !runner.request && !check && now - lastPoll > world.waits.online)
      world.sessions.delete(id);
  forget(world);
  settle(world);
}

/** Runs that ended long ago, the oldest first; one that has not ended keeps all after it. */
function forget(world: World): void {
  const before = world.now() - world.waits.forget;
  for (const run of world.runs.values()) {
    if (!run.jobs.every(({ completedAt }) => completedAt !== null && completedAt < before)) return;
    for (const { id } of run.jobs) world.jobs.delete(id);
    world.runs.delete(run.id);
  }
}

/** Cancels what waits at once, and tells the workers of the rest. */
export function cancelRun(world: World, run: Run): void {
  for (const job of run.jobs) {
    if (job.status !== 'queued') continue;
    world.queued.delete(job);
    job.status = 'completed';
    job.conclusion = 'cancelled';
    job.completedAt = world.now();
  }
  for (const request of world.requests.values()) if (request.job.run === run) request.cancel = true;
}

export type NewJob = Pick<Job, 'name' | 'labels' | 'script' | 'sleepMs' | 'result'>;

export function queue(world: World, run: Run, wanted: NewJob): Job {
  const job: Job = {
    ...wanted,
    id: world.nextId(),
    guid: randomUUID(),
    run,
    attempt: run.attempt,
    createdAt: world.now(),
    status: 'queued',
    conclusion: null,
    startedAt: null,
    completedAt: null,
    runner: null,
  };
  run.jobs.push(job);
  world.jobs.set(job.id, job);
  world.queued.add(job);
  return job;
}
