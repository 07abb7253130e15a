/** What all looks together say: the jobs that wait, the pools of which nothing is known, and what a person should mend. */
import type { Pool } from '../../../../contract/pool.ts';
import type { Problem } from '../../../../contract/problem.ts';
import type { Demand, WaitingJob } from '../../../../core/forge-port.ts';
import type { Clock } from '../../../../core/ports.ts';
import { coverageOf } from '../runners/place.ts';
import { closedTo } from './closed.ts';
import { isFresh, isRefused } from './entry.ts';
import { archOfLabels, asksForHosted, type SeenJob, waitsForRunner } from './job.ts';
import type { Groups } from './listing.ts';
import type { ListingEntry, Poller, RepositoryEntry } from './poller.ts';

/** The books of one account. */
export type Book = Pick<Poller, 'listings' | 'repositories' | 'problem'>;

/** What a pool reaches. */
interface Reach {
  readonly pool: Pool;
  readonly listing: ListingEntry | null;
  readonly repositories: readonly RepositoryEntry[];
  /** Null: its account is not asked. */
  readonly book: Book | null;
}

/** A listed repository that was never looked at counts as unknown for so long after its owner was first listed: where there are very many, a first look at all takes longer. */
const firstRoundMs = 60_000;
const mostJobs = 1000;

/** The reach of each pool that polling serves; `books` by account. */
export function reachOf(pools: readonly Pool[], books: ReadonlyMap<string, Book>): readonly Reach[] {
  return pools.flatMap((pool): readonly Reach[] => {
    const book = books.get(pool.account ?? '') ?? null;
    if (coverageOf(pool.scope ?? '').kind === 'enterprise') return [];
    if (pool.scope === null || book === null) return [{ pool, listing: null, repositories: [], book }];
    const key = pool.scope.toLowerCase();
    const alone = book.repositories.get(key);
    const listing = book.listings.get(key) ?? null;
    const keys = listing === null ? [] : [...(listing.state?.repositories.keys() ?? [])];
    const listed = keys.flatMap((name) => book.repositories.get(name) ?? []);
    return [{ pool, listing, repositories: alone === undefined ? listed : [alone], book }];
  });
}

/** Where runs go on that a pool reaches, then where something changed last; not where nothing ever did. */
export function livelyOf(reaches: readonly Reach[], pool: string): readonly string[] {
  const all = reaches.find((reach) => reach.pool.id === pool)?.repositories ?? [];
  const goesOn = ({ state }: RepositoryEntry): number => (state.runs.size > 0 ? 1 : 0);
  return all
    .filter((entry) => goesOn(entry) || entry.changedAt > -Infinity)
    .sort((a, b) => goesOn(b) - goesOn(a) || b.changedAt - a.changedAt)
    .map(({ name }) => name);
}

/** Is what this pool reaches known well enough to count the jobs that wait for it? */
function isKnown({ listing, repositories, book }: Reach, clock: Clock): boolean {
  if (book?.problem !== null) return false;
  if (listing === null)
    return repositories.every((entry) => isFresh(entry, clock)) && repositories.length > 0;
  if (!isFresh(listing, clock)) return false;
  const now = clock.monotonic();
  const firstRound = now - (listing.knownSince ?? now) < firstRoundMs;
  return repositories.every((entry) => {
    // One repository that is refused does not keep the others from being served.
    if (isFresh(entry, clock) || isRefused(entry) || isAtRest(entry)) return true;
    return entry.goodAt === null && entry.failures === 0 && !firstRound;
  });
}

/** Nothing went on there when it was looked at, which was long ago only because there was no haste. */
function isAtRest({ goodAt, failures, state }: RepositoryEntry): boolean {
  return goodAt !== null && failures === 0 && state.runs.size === 0;
}

/** Of a pool of which not all is known: is this repository's part of it? */
function isTold({ listing, book }: Reach, repository: RepositoryEntry, clock: Clock): boolean {
  if (book?.problem !== null || (listing !== null && !isFresh(listing, clock))) return false;
  return isFresh(repository, clock);
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
  { pool, listing }: Reach,
  entry: RepositoryEntry,
  takesPublic: boolean,
  found: Map<string, Found>,
): void {
  const jobs = [...entry.state.runs.values()]
    .flatMap((run) => run.jobs)
    .filter((job) => waitsForRunner(job) && !asksForHosted(job.labels, pool.labels));
  if (jobs.length === 0) return;
  const closed = closedTo(pool, originOf(entry, listing), groupsOf(listing), takesPublic);
  const scope = listing?.coverage.kind === 'organisation' ? listing.coverage.owner : entry.name;
  for (const job of jobs) {
    const seen = found.get(job.id) ?? { job, reach: {}, barred: null };
    if (closed === null) seen.reach[pool.id] = scope;
    else seen.barred = closed;
    found.set(job.id, seen);
  }
}

function originOf(entry: RepositoryEntry, listing: ListingEntry | null) {
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
  const entry = reach?.repositories.find(({ key }) => key === repository.toLowerCase());
  if (reach === undefined || entry === undefined) return null;
  const origin = originOf(entry, reach.listing);
  // What was registered there has passed its preflight: until it is known again it stays.
  return closedTo(pool, { ...origin, isPublic: origin.isPublic ?? false }, null, takesPublic);
}

function groupsOf(listing: ListingEntry | null): Groups | null {
  return listing?.state?.groups ?? null;
}

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

// ---------------------------------------------------------------- problems and age

/** What a person should act on, each once; `subject` is the account or the pool. */
export function problemsOf(
  reaches: readonly Reach[],
  takesPublic: (pool: Pool) => boolean,
  clock: Clock,
): readonly Problem[] {
  const problems = new Map<string, Problem>();
  for (const reach of reaches) {
    for (const found of problemsOfReach(reach, takesPublic(reach.pool), clock))
      problems.set(`${found.code} ${found.message}`, found);
  }
  return [...problems.values()];
}

function problemsOfReach(
  { pool, listing, repositories, book }: Reach,
  takesPublic: boolean,
  clock: Clock,
): readonly Problem[] {
  if (book === null) return [];
  if (book.problem !== null) return [book.problem];
  const asked = [...(listing === null ? [] : [listing]), ...repositories];
  const troubled = asked.filter((entry) => isRefused(entry) || !isFresh(entry, clock));
  const [first, second] = troubled.flatMap(({ problem }) => problem ?? []);
  const all = repositories.flatMap((entry) =>
    listing === null ? [...change(pool, entry), ...opened(pool, entry, takesPublic)] : [],
  );
  if (first === undefined) return all;
  const subject = { subject: pool.id };
  if (listing === null || second === undefined) return [...all, { ...first, ...subject }];
  const names = troubled.slice(0, 3).map(({ key }) => key);
  const message = `${troubled.length} places of ${pool.scope ?? ''} cannot be asked (${names.join(', ')}${troubled.length > 3 ? ', …' : ''}). ${first.message}`;
  return [...all, { ...first, message, ...subject }];
}

/** The one repository of a pool is not any more what the pool was made for. */
function change(pool: Pool, { name, state }: RepositoryEntry): readonly Problem[] {
  const { about } = state;
  if (about === null) return [];
  if (about.name.toLowerCase() !== name.toLowerCase())
    return [
      {
        code: 'not-found',
        message: `The repository ${name} is called ${about.name} now.`,
        hint: `Change the scope of the pool: homerunner pool edit ${pool.id} --scope ${about.name}`,
        subject: pool.id,
      },
    ];
  if (!about.isArchived) return [];
  return [
    {
      code: 'forbidden',
      message: `The repository ${name} is archived: no job comes from it any more.`,
      hint: `Remove the pool ${pool.id}, or change its scope.`,
      subject: pool.id,
    },
  ];
}

/** The same: whoever may send changes to it could run programs here. */
function opened(pool: Pool, { name, state }: RepositoryEntry, takesPublic: boolean): readonly Problem[] {
  if (takesPublic || state.about?.isPublic !== true) return [];
  return [
    {
      code: 'refused-by-policy',
      message: `The repository ${name} is public: none of its jobs is taken, and idle runners there are ended.`,
      hint: `Make it private, or remove the pool ${pool.id}.`,
      subject: pool.id,
    },
  ];
}

/** When all of what is known was true at least, wall-clock milliseconds; null: something has never been known. */
export function knownAt(reaches: readonly Reach[], clock: Clock): number | null {
  const known = reaches.filter((reach) => isKnown(reach, clock));
  if (reaches.length > 0 && known.length === 0) return null;
  const times = known.flatMap(({ listing, repositories }) =>
    listing === null ? repositories.map(({ goodWall }) => goodWall) : [listing.goodWall],
  );
  return times.some((time) => time === null) || times.length === 0 ? null : Math.min(...times.map(Number));
}
