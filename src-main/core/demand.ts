/** Which pool each waiting job is given to: the smallest that fits, then by share. Exactly one pool each. */
import type { Arch } from '../contract/job.ts';
import type { Pool } from '../contract/pool.ts';
import { matches } from './labels.ts';
import type { WaitingJob } from './forge-port.ts';

export interface PoolOffer {
  readonly pool: Pool;
  /** All labels that its runners carry. */
  readonly labels: readonly string[];
  /** See `impliedLabels`. */
  readonly implied?: readonly string[];
  /** Of one of its runners: the smaller fits first. */
  readonly cores: number;
  readonly memoryMiB: number;
  readonly share: number;
  /** Jobs it could still take now; one that is full or paused is given jobs only when no other takes them. */
  readonly room: number;
}

/** Does this pool take jobs from where this one comes? */
export function reaches(pool: Pool, job: Pick<WaitingJob, 'forge' | 'scope' | 'reach'>): boolean {
  if (pool.forge !== job.forge) return false;
  return job.reach === undefined ? pool.scope === job.scope : Object.hasOwn(job.reach, pool.id);
}

/** Does this pool take this job at all? A named pool takes it whatever its labels. */
export function takes(
  offer: Pick<PoolOffer, 'pool' | 'labels' | 'implied'>,
  job: WaitingJob,
  hostArch: Arch,
): boolean {
  const { pool } = offer;
  if (!reaches(pool, job)) return false;
  if (job.pool !== null && job.pool !== pool.id) return false;
  const asked = job.pool === null ? job.labels : [];
  return matches(asked, job.arch ?? hostArch, offer.labels, pool.arch, offer.implied);
}

/** Jobs by pool id, oldest first; a job that no pool takes is under no id. */
export function assign(
  jobs: readonly WaitingJob[],
  offers: readonly PoolOffer[],
  hostArch: Arch,
): ReadonlyMap<string, readonly WaitingJob[]> {
  const given = new Map<string, WaitingJob[]>(offers.map((offer) => [offer.pool.id, []]));
  const takers = new Map<string, readonly PoolOffer[]>();
  for (const job of jobs) {
    const key = signature(job);
    let fitting = takers.get(key);
    if (fitting === undefined) {
      fitting = offers
        .filter((offer) => takes(offer, job, hostArch))
        .sort((a, b) => bigger(a, b) || a.share - b.share || (a.pool.id < b.pool.id ? -1 : 1));
      takers.set(key, fitting);
    }
    const pool = choose(fitting, given);
    if (pool !== null) given.get(pool)?.push(job);
  }
  return given;
}

/** Runners with a card are the last that a job gets which asks for none, however small they are. */
function bigger(a: PoolOffer, b: PoolOffer): number {
  const card = (offer: PoolOffer): number => (offer.pool.size === 'gpu' ? 1 : 0);
  return card(a) - card(b) || a.cores - b.cores || a.memoryMiB - b.memoryMiB;
}

/** Jobs that agree in this are taken by the same pools. */
function signature(job: WaitingJob): string {
  return JSON.stringify([job.forge, job.scope, job.reach, job.pool, job.arch, job.labels]);
}

/** The first with room; among pools alike in size and share, the one given least for its weight. */
function choose(
  fitting: readonly PoolOffer[],
  given: ReadonlyMap<string, readonly WaitingJob[]>,
): string | null {
  const load = (offer: PoolOffer): number => given.get(offer.pool.id)?.length ?? 0;
  const first = fitting.find((offer) => offer.room > load(offer)) ?? fitting[0];
  if (first === undefined) return null;
  let best = first;
  for (const offer of fitting) {
    if (bigger(offer, first) !== 0 || offer.share !== first.share || offer.room <= load(offer)) continue;
    if (load(offer) / offer.pool.weight < load(best) / best.pool.weight) best = offer;
  }
  return best.pool.id;
}
