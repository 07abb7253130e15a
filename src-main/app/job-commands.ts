/** Jobs of the local forge: taken in, taken in once more, and why one does not start. */
import type { CommandArgs, CommandResults } from '../contract/commands.ts';
import { isOpen, type Job, notEnded, type Submission, type Submitted } from '../contract/job.ts';
import { problem } from '../contract/problem.ts';
import { takes } from '../core/demand.ts';
import { alreadyEnded, noJob, notBegun } from '../core/job-problems.ts';
import type { PlanInput } from '../core/plan-types.ts';
import type { WaitingJob } from '../core/forge-port.ts';
import { shareOf } from '../core/share.ts';
import { noPoolSentence, whyWaiting } from '../core/why.ts';
import type { Deps } from './deps.ts';
import { nothingObserved } from './observe.ts';
import type { State } from './state.ts';
import { turnInput } from './turn.ts';
import { viewOf } from './view.ts';

type Detect = (fresh: boolean) => Promise<void>;

/** Takes a job in; throws a Problem where no pool would ever run it. */
export async function submit(
  submission: Submission,
  deps: Deps,
  state: State,
  detect: Detect,
): Promise<Submitted> {
  const notes = await room(submission, deps, state, detect);
  const submitted = await deps.local.submit(submission);
  return { ...submitted, notes: [...submitted.notes, ...notes] };
}

/** A job of the local forge ends; that of another is cancelled there, also while it waits. */
export async function cancel(
  { job: id }: CommandArgs<'job.cancel'>,
  deps: Deps,
  state: State,
): Promise<CommandResults['job.cancel']> {
  const job = deps.store.job(id)?.job ?? waitsElsewhere(id, deps, state);
  const remote = job && deps.forges.find((kit) => kit.id === job.forge)?.remote;
  if (job === null || !remote) return { job: await deps.local.cancel(id), notes: [] };
  // Its forge ends whole runs, and a later attempt may be at work in the same one.
  if (!isOpen(job)) throw alreadyEnded(job);
  return { job, notes: [await remote.cancel(job)] };
}

/** One job; what waits elsewhere stands in no table here. */
export async function show(
  { job: id }: CommandArgs<'job.show'>,
  deps: Deps,
  state: State,
): Promise<CommandResults['job.show']> {
  const job = waitsElsewhere(id, deps, state);
  if (job === null) return deps.local.detail(id);
  return { job, submission: null, commit: null, outputs: [], problem: null };
}

/** The job of that name that waits at another forge and has no row here; null: there is none. */
export function waitsElsewhere(id: string, deps: Deps, { input }: State): Job | null {
  const waiting = deps.store.job(id) === null ? waitingJob(id, input) : undefined;
  return waiting === undefined ? null : queuedJob(waiting, deps);
}

/** Takes in once more what was asked in a job, as a new one; a job of another forge is run again there. */
export async function again(
  { job }: CommandArgs<'job.again'>,
  deps: Deps,
  state: State,
  detect: Detect,
): Promise<Submitted> {
  const row = deps.store.job(job);
  const waiting = waitsElsewhere(job, deps, state);
  if (waiting !== null) throw notBegun(waiting);
  const remote = row === null ? undefined : deps.forges.find((kit) => kit.id === row.job.forge)?.remote;
  if (row !== null && remote !== undefined) return { job: row.job, notes: [await remote.runAgain(row.job)] };
  const submission = row?.submission ?? null;
  const notes = submission === null ? [] : await room(submission, deps, state, detect);
  const submitted = await deps.local.again(job);
  return { ...submitted, notes: [...submitted.notes, ...notes] };
}

/** What such a job will wait for; throws a Problem where it cannot be taken in. */
async function room(
  submission: Submission,
  deps: Deps,
  state: State,
  detect: Detect,
): Promise<readonly string[]> {
  refuseWhileStopping(state);
  if (state.profile === null) await detect(false);
  const createdAt = deps.clock.now();
  return placeOf({ ...submission, id: '', forge: 'local', scope: null, createdAt }, state, deps);
}

/** A job taken in now would wait for a start that nobody has announced. */
function refuseWhileStopping(state: State): void {
  if (state.stop === null) return;
  throw problem(
    'refused-by-policy',
    'The supervisor is stopping: it takes no new jobs.',
    'Submit it again when `homerunner run` has been started anew.',
  );
}

/** Refuses a job that no pool takes, and says what it will wait for. */
function placeOf(job: WaitingJob, state: State, deps: Deps): string[] {
  if (state.profile === null) return [];
  // Not the last turn's: a pool may have been added since.
  const input = turnInput(deps, state, nothingObserved, state.profile.value);
  const offers = input.pools.map((p) => ({
    pool: p.pool,
    labels: p.labels,
    ...(p.implied !== undefined && { implied: p.implied }),
    cores: p.runner.cores,
    memoryMiB: p.runner.memoryMiB,
    share: shareOf(p.memory.usage, p.pool.weight, input.now),
    room: 1,
  }));
  const fitting = offers.filter((offer) => takes(offer, job, input.hostArch));
  if (fitting.length === 0) {
    throw problem(
      'no-matching-pool',
      noPoolSentence(job, input.pools, input.hostArch, state.profile.value),
      noPoolHint(input.pools.map((p) => p.pool.id)),
    );
  }
  const open = input.pools.filter(
    (p) => fitting.some((offer) => offer.pool.id === p.pool.id) && p.allowance.newRunners,
  );
  if (open.length > 0) return [];
  return [`The job waits: ${viewOf(deps, state).sentence}`];
}

function noPoolHint(pools: readonly string[]): string {
  return pools.length === 0
    ? 'Make one with `homerunner pool add --forge local`.'
    : `\`homerunner pool list\` shows the pools: ${pools.join(', ')}.`;
}

/** A job that waits at a forge elsewhere stands in no table here: it is made of what the forge tells. */
export function why({ job: id }: CommandArgs<'why'>, deps: Deps, state: State): CommandResults['why'] {
  const { input, plan } = state;
  const waiting = waitingJob(id, input);
  const job = deps.store.job(id)?.job ?? (waiting === undefined ? null : queuedJob(waiting, deps));
  if (job === null) throw noJob(id);
  if (job.state !== 'queued' || input === null || plan === null) return { job, why: [], offer: job.pool };
  if (waiting === undefined) return { job, why: ['Other jobs were submitted before it.'], offer: null };
  const facts = { host: state.profile?.value ?? null, problems: state.poolProblems };
  const { pool, why: reasons } = whyWaiting(waiting, input, plan, facts);
  return { job, why: reasons, offer: pool };
}

function waitingJob(id: string, input: PlanInput | null): WaitingJob | undefined {
  const all = Object.values(input?.demand ?? {});
  return all.flatMap((demand) => (demand === 'unknown' ? [] : demand.jobs)).find((job) => job.id === id);
}

function queuedJob(waiting: WaitingJob, deps: Deps): Job {
  return {
    id: waiting.id,
    forge: waiting.forge,
    pool: null,
    runner: null,
    name: waiting.name ?? waiting.id,
    url: waiting.url ?? null,
    labels: waiting.labels,
    arch: waiting.arch,
    state: 'queued',
    createdAt: Math.min(waiting.createdAt, deps.clock.now()),
    startedAt: null,
    ...notEnded,
  };
}
