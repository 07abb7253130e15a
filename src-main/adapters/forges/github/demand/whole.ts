/** What all looks together say: the jobs that wait, the pools of which nothing is known, and what a person should mend. */
import type { Pool } from '../../../../contract/pool.ts';
import type { Demand, WaitingJob } from '../../../../core/forge-port.ts';
import type { Clock } from '../../../../core/ports.ts';
import { closedTo, type Deciding } from './closed.ts';
import { isFresh, isRefused } from './entry.ts';
import type { EnterpriseEntry, ListingEntry, RepositoryEntry } from './followed.ts';
import { archOfLabels, asksForHosted, type SeenJob, waitsForRunner } from './job.ts';
import type { Poller } from './poller.ts';

/** The books of one account. */
export type Book = Pick<Poller, 'followed' | 'problem'>;

/** What a pool reaches. */
export interface Reach {
  readonly pool: Pool;
  /** Null: it serves none. */
  readonly enterprise: EnterpriseEntry | null;
  readonly listings: readonly ListingEntry[];
  readonly repositories: readonly Reached[];
  /** Null: its account is not asked. */
  readonly book: Book | null;
}

export interface Reached {
  readonly entry: RepositoryEntry;
  /** The list that names it; null: the pool does. */
  readonly listing: ListingEntry | null;
}

/** A listed repository that was never looked at counts as unknown for so long after its owner was first listed: where there are very many, a first look at all takes longer. */
const firstRoundMs = 60_000;
const mostJobs = 1000;
/** The organisations of an enterprise are those that were listed within this time. */
const listedMs = 3_600_000;

/** The reach of each pool; `books` by account. */
export function reachOf(pools: readonly Pool[], books: ReadonlyMap<string, Book>): readonly Reach[] {
  return pools.map((pool): Reach => {
    const book = books.get(pool.account ?? '') ?? null;
    if (pool.scope === null || book === null)
      return { pool, enterprise: null, listings: [], repositories: [], book };
    const { followed } = book;
    const key = pool.scope.toLowerCase();
    const enterprise = followed.enterprises.get(key) ?? null;
    const organisations = enterprise?.state?.organisations.map(({ login }) => login.toLowerCase());
    const listings = (organisations ?? [key]).flatMap((one) => followed.listings.get(one) ?? []);
    const alone = followed.repositories.get(key);
    const repositories = alone === undefined ? reached(listings, book) : [{ entry: alone, listing: null }];
    return { pool, enterprise, listings, repositories, book };
  });
}

/** Where runs go on that a pool reaches, then where something changed last; not where nothing ever did. */
export function livelyOf(reaches: readonly Reach[], pool: string): readonly string[] {
  const all = reaches.find((reach) => reach.pool.id === pool)?.repositories ?? [];
  const goesOn = ({ entry: { state } }: Reached): number => (state.runs.size > 0 ? 1 : 0);
  return all
    .filter((each) => goesOn(each) || each.entry.changedAt > -Infinity)
    .sort((a, b) => goesOn(b) - goesOn(a) || b.entry.changedAt - a.entry.changedAt)
    .map(({ entry: { name } }) => name);
}

function reached(listings: readonly ListingEntry[], { followed }: Book): readonly Reached[] {
  return listings.flatMap((listing) =>
    [...(listing.state?.repositories.keys() ?? [])].flatMap((name) => {
      const entry = followed.repositories.get(name);
      return entry === undefined ? [] : [{ entry, listing }];
    }),
  );
}

/** Is what this pool reaches known well enough to count the jobs that wait for it? */
function isKnown({ enterprise, listings, repositories, book }: Reach, clock: Clock): boolean {
  if (book?.problem !== null) return false;
  if (enterprise !== null && !isListed(enterprise, clock)) return false;
  // One organisation or repository that is refused does not keep the others from being served; the only one does.
  const isOnly = enterprise === null;
  if (!listings.every((entry) => isFresh(entry, clock) || (!isOnly && isRefused(entry)))) return false;
  if (enterprise === null && listings.length === 0 && repositories.length === 0) return false;
  return repositories.every(({ entry, listing }) => {
    if (isFresh(entry, clock)) return true;
    if (listing === null) return false;
    if (isRefused(entry) || isAtRest(entry)) return true;
    const now = clock.monotonic();
    const firstRound = now - (listing.knownSince ?? now) < firstRoundMs;
    return entry.goodAt === null && entry.failures === 0 && !firstRound;
  });
}

/** Failures since then change nothing of it, but for one that says that they may not be listed. */
export function isListed(enterprise: EnterpriseEntry, clock: Clock): boolean {
  const { goodAt, goodWall } = enterprise;
  if (goodAt === null || goodWall === null || isRefused(enterprise)) return false;
  return clock.monotonic() - goodAt < listedMs && clock.now() - goodWall < listedMs;
}

/** Nothing went on there when it was looked at, which was long ago only because there was no haste. */
function isAtRest({ goodAt, failures, state }: RepositoryEntry): boolean {
  return goodAt !== null && failures === 0 && state.runs.size === 0;
}

/** Of a pool of which not all is known: is this repository's part of it? */
function isTold({ book }: Reach, { entry, listing }: Reached, clock: Clock): boolean {
  if (book?.problem !== null || (listing !== null && !isFresh(listing, clock))) return false;
  return isFresh(entry, clock);
}

/** `takesPublic`: may this pool run jobs of public repositories? */
export function demandOf(
  reaches: readonly Reach[],
  takesPublic: (pool: Pool) => boolean,
  clock: Clock,
): Demand {
  const unknown = reaches.filter((reach) => !isKnown(reach, clock));
  const found = new Map<string, Found>();
  for (const reach of reaches) {
    for (const repository of reach.repositories)
      if (!unknown.includes(reach) || isTold(reach, repository, clock))
        gather(reach, repository, takesPublic(reach.pool), found);
  }
  if (found.size === 0 && unknown.length > 0 && unknown.length === reaches.length) return 'unknown';
  const jobs = [...found.values()].map(waitingJob).sort((a, b) => a.createdAt - b.createdAt || order(a, b));
  return {
    jobs: jobs.slice(0, mostJobs),
    total: jobs.length,
    ...(unknown.length > 0 && { unknown: unknown.map(({ pool }) => pool.id) }),
  };
}

interface Found {
  readonly job: SeenJob;
  readonly reach: Record<string, string>;
  barred: string | null;
}

/** The same job, seen through two pools or accounts, is one. */
function gather(
  { pool, enterprise }: Reach,
  repository: Reached,
  takesPublic: boolean,
  found: Map<string, Found>,
): void {
  const { entry, listing } = repository;
  const jobs = [...entry.state.runs.values()]
    .flatMap((run) => run.jobs)
    .filter((job) => waitsForRunner(job) && !asksForHosted(job.labels, pool.labels));
  if (jobs.length === 0) return;
  const closed = closedTo(pool, originOf(repository), deciding(enterprise, listing), takesPublic);
  const scope = enterprise !== null ? enterpriseScope(enterprise) : scopeOf(repository);
  for (const job of jobs) {
    const seen = found.get(job.id) ?? { job, reach: {}, barred: null };
    if (closed === null) seen.reach[pool.id] = scope;
    else seen.barred = closed;
    found.set(job.id, seen);
  }
}

/** Where a runner for its jobs is registered. */
function scopeOf({ entry, listing }: Reached): string {
  return listing?.coverage.kind === 'organisation' ? listing.coverage.owner : entry.name;
}

function enterpriseScope({ enterprise }: EnterpriseEntry): string {
  return `enterprises/${enterprise}`;
}

function deciding(enterprise: EnterpriseEntry | null, listing: ListingEntry | null): Deciding {
  const listed = listing?.state?.groups ?? null;
  return enterprise === null
    ? { own: listed, inherited: null }
    : { own: enterprise.state?.groups ?? null, inherited: listed };
}

function originOf({ entry, listing }: Reached) {
  const { about } = entry.state;
  const listed = listing?.state?.repositories.get(entry.key)?.isPublic ?? null;
  // Where they differ, one of them has just changed: the less trusting counts.
  const isPublic = about?.isPublic === true || listed === true ? true : (about?.isPublic ?? listed);
  return { name: entry.name, isPublic, about };
}

/** Why no runner of `pool` may be at this repository any more: it may have been made public while one waits there. */
export function closedAt(
  reaches: readonly Reach[],
  pool: Pool,
  repository: string,
  takesPublic: boolean,
): string | null {
  const reach = reaches.find((one) => one.pool.id === pool.id);
  const reached = reach?.repositories.find(({ entry }) => entry.key === repository.toLowerCase());
  if (reached === undefined) return null;
  const origin = originOf(reached);
  // What was registered there has passed its preflight: until it is known again it stays.
  return closedTo(pool, { ...origin, isPublic: origin.isPublic ?? false }, noGroups, takesPublic);
}

const noGroups: Deciding = { own: null, inherited: null };

function waitingJob({ job, reach, barred }: Found): WaitingJob {
  return {
    id: job.id,
    forge: 'github',
    scope: job.repository,
    labels: job.labels,
    arch: archOfLabels(job.labels),
    pool: null,
    createdAt: job.createdAt,
    seenAt: job.seenAt,
    name: job.name,
    url: job.url,
    reach,
    ...(barred !== null && Object.keys(reach).length === 0 && { barred }),
  };
}

function order(a: WaitingJob, b: WaitingJob): number {
  return a.id.length - b.id.length || (a.id < b.id ? -1 : 1);
}

/** When all of what is known was true at least, wall-clock milliseconds; null: something has never been known. */
export function knownAt(reaches: readonly Reach[], clock: Clock): number | null {
  const known = reaches.filter((reach) => isKnown(reach, clock));
  if (reaches.length > 0 && known.length === 0) return null;
  const times = known.flatMap(({ enterprise, listings, repositories }) =>
    listings.length > 0
      ? listings.map(({ goodWall }) => goodWall)
      : enterprise !== null
        ? [enterprise.goodWall]
        : repositories.map(({ entry }) => entry.goodWall),
  );
  return times.some((time) => time === null) || times.length === 0 ? null : Math.min(...times.map(Number));
}
