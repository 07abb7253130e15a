/** Why a waiting job does not start here: each reason a sentence, the decisive one first. */
import type { Arch } from '../contract/job.ts';
import type { Problem } from '../contract/problem.ts';
import { type AskedHost, lackingSentence } from './asked.ts';
import { formatDuration } from './duration.ts';
import { reaches } from './demand.ts';
import { forgeNames } from './forge-names.ts';
import { normalise, offersLabel } from './labels.ts';
import type { Plan, PlanInput, PoolPlan, PoolState } from './plan-types.ts';
import type { WaitingJob } from './forge-port.ts';
import { expectedWaitMs } from './scale.ts';

/** The sentence for a job that no pool takes, before or after it was submitted; `host` is null while it is unknown. */
export function noPoolSentence(
  job: Pick<WaitingJob, 'labels' | 'arch' | 'pool' | 'forge' | 'scope' | 'reach' | 'barred'>,
  all: readonly Pick<PoolState, 'labels' | 'implied' | 'pool'>[],
  hostArch: Arch,
  host: AskedHost | null,
): string {
  if (all.length === 0) return 'There is no pool yet.';
  if (job.barred !== undefined) return job.barred;
  const pools = all.filter((p) => reaches(p.pool, job));
  if (pools.length === 0) return `No pool takes jobs of ${job.scope ?? forgeNames[job.forge]}.`;
  if (job.pool !== null && !pools.some((p) => p.pool.id === job.pool))
    return `There is no pool called ${job.pool}.`;
  const arch = job.arch ?? hostArch;
  const candidates = pools.filter((p) => job.pool === null || p.pool.id === job.pool);
  if (!candidates.some((p) => p.pool.arch === arch)) return noPoolOf(arch, hostArch);
  const offered = candidates
    .filter((p) => p.pool.arch === arch)
    .flatMap((p) => [...p.labels, ...(p.implied ?? [])]);
  const missing = job.labels.filter((label) => !offersLabel(offered, label));
  const lacking = host === null || missing.length === 0 ? null : lackingSentence(missing, host);
  if (lacking !== null) return lacking;
  if (missing.length > 0)
    return `No pool has the label${missing.length === 1 ? '' : 's'} ${missing.join(', ')}.`;
  const special = candidates.find((p) => p.pool.arch === arch && isOnlyImplied(job.labels, p));
  return special === undefined
    ? `No single pool has all of the labels ${job.labels.join(', ')}.`
    : `The pool ${special.pool.id} takes only jobs that ask for one of its labels ${special.labels.join(', ')} too.`;
}

function noPoolOf(arch: Arch, hostArch: Arch): string {
  return arch === hostArch ? `No pool takes ${arch}.` : `No pool takes ${arch}: this machine is ${hostArch}.`;
}

/** Does a job with these labels fit the runners of this pool, without asking for what is special about them? */
function isOnlyImplied(labels: readonly string[], { implied = [] }: Pick<PoolState, 'implied'>): boolean {
  return labels.every((label) => implied.includes(normalise(label)));
}

/** Which pool each waiting job is given to, and how many are before it there. */
export type Places = ReadonlyMap<
  string,
  { readonly pool: string; readonly place: number; readonly planned: PoolPlan }
>;

/** To be made once where many jobs are asked about. */
export function placesOf(plan: Plan): Places {
  return new Map(
    [...plan.pools].flatMap(([pool, planned]) =>
      (planned.waiting ?? []).map((job, place) => [job.id, { pool, place, planned }] as const),
    ),
  );
}

/** What reasons are made of beside the plan; the host is null while it is unknown. */
export interface WhyFacts {
  readonly host: AskedHost | null;
  /** What made the last attempt of a pool fail. */
  readonly problems: ReadonlyMap<string, Problem>;
}

/** Why this job waits, and which pool it is given to. Empty reasons: it is about to start. */
export function whyWaiting(
  job: WaitingJob,
  input: PlanInput,
  plan: Plan,
  { host, problems }: WhyFacts,
  places: Places = placesOf(plan),
): { readonly pool: string | null; readonly why: readonly string[] } {
  const given = places.get(job.id);
  const pool = given && input.pools.find((p) => p.pool.id === given.pool);
  if (given === undefined || pool === undefined) {
    return { pool: null, why: [noPoolSentence(job, input.pools, input.hostArch, host)] };
  }
  const { id } = pool.pool;
  const { place, planned } = given;
  const why = pool.allowance.newRunners ? [] : pool.allowance.reasons.map((r) => r.message);
  if (why.length > 0) return { pool: id, why };
  if (place < planned.ready) return { pool: id, why: [] };
  if (planned.busy >= pool.pool.max) {
    why.push(`${runnersAtWork(pool.pool.max, id)}; ${jobsBefore(place)}.`);
  } else if (planned.short !== null) {
    // That it waits after failures tells nobody what to mend.
    const problem = problems.get(id);
    if (problem !== undefined) why.push(`${problem.message} ${problem.hint}`);
    why.push(planned.short);
  } else if (planned.want <= planned.busy + planned.ready) {
    why.push(thresholdSentence(pool, planned.busy));
  }
  return { pool: id, why };
}

function runnersAtWork(count: number, pool: string): string {
  return count === 1
    ? `The one runner of the pool ${pool} is at work`
    : `All ${count} runners of the pool ${pool} are at work`;
}

function jobsBefore(count: number): string {
  if (count === 0) return 'it is the next job';
  return count === 1 ? '1 job is before it' : `${count} jobs are before it`;
}

function thresholdSentence(pool: PoolState, busy: number): string {
  if (busy >= pool.pool.max) return `All ${pool.pool.max} runners of the pool ${pool.pool.id} are at work.`;
  const wait = expectedWaitMs(pool.pool);
  return wait === 0
    ? `All runners that the host has room for are at work.`
    : `The pool ${pool.pool.id} scales ${pool.pool.scaling}: a single job waits up to ${formatDuration(wait)}.`;
}
