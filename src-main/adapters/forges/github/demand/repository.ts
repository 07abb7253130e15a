/** One look at a repository: its open runs and their jobs, in as few requests as that takes. */
import { problemOf } from '../../../../contract/problem.ts';
import type { Clock } from '../../../../core/ports.ts';
import type { GitHubApi, Urgency } from '../api/types.ts';
import { placeOf } from '../runners/place.ts';
import type { JobDto, RepositoryDto, RunDto } from './dto.ts';
import { seenJob, type SeenJob } from './job.ts';

/** What is known of a repository. */
export interface RepositoryState {
  readonly looks: number;
  /** Its runs that have not ended, and what was last seen of each. */
  readonly runs: ReadonlyMap<number, RunState>;
  /** When the newest run that was seen was made, wall-clock milliseconds by our clock; -Infinity: none was seen. */
  readonly newestAt: number;
  readonly about: About | null;
}

/** `name` as GitHub has it now: another than the one asked for where it was renamed. */
export interface About {
  readonly name: string;
  readonly isPublic: boolean;
  readonly isArchived: boolean;
  /** Monotonic milliseconds. */
  readonly at: number;
  /** The last answer was new, and counted for the limit. */
  readonly wasNew: boolean;
}

interface RunState {
  readonly version: string;
  readonly isQueued: boolean;
  readonly jobs: readonly SeenJob[];
  /** Monotonic milliseconds. */
  readonly askedAt: number;
}

export const nothingKnown: RepositoryState = { looks: 0, runs: new Map(), newestAt: -Infinity, about: null };

/** So many of the newest runs are listed in each look, whatever their state: one request finds those that wait and those at work. */
export const newestRuns = 30;
/** A run that is made anew is old, and not among the newest: at each so many-th look those that wait are listed, at each second of these those at work too. */
const oldEach = 4;
/** How many runs are asked for their jobs in one look; the others keep what was seen, and come next. */
const runsALook = 20;
/** A queued run whose time of change is the same is not asked again for so long. */
const sameMs = 30_000;
/** What the repository is is asked so often; where each answer counts for the limit more seldom. */
const aboutMs = 60_000;
const aboutSeldomMs = 5 * 60_000;
const runPages = 3;

/** `withAbout`: nobody else tells what the repository is. */
export async function lookAt(
  api: GitHubApi,
  name: string,
  state: RepositoryState,
  withAbout: boolean,
  clock: Clock,
): Promise<RepositoryState> {
  const about = withAbout ? await aboutOf(api, name, state.about, clock) : state.about;
  const { newest, skew } = await newestOf(api, name, clock);
  const open = await openRuns(api, name, newest, listsBeside(state, withAbout, newest));
  const said = open.find((run) => run.repository?.private !== undefined)?.repository;
  const runs = await jobsOf(api, name, { open, beyond: beyond(newest, open, state.runs) }, state.runs, clock);
  return {
    about: told(about, said, clock),
    looks: state.looks + 1,
    newestAt: Math.max(state.newestAt, ...newest.map(({ created_at: at }) => Date.parse(at) + skew)),
    runs,
  };
}

/** What is listed beside the newest: where all of these are open, or nobody has looked yet, there may be more. */
function listsBeside(
  { looks }: RepositoryState,
  isAlone: boolean,
  newest: readonly RunDto[],
): readonly string[] {
  if (newest.length < newestRuns) return [];
  if ((isAlone && looks === 0) || newest.every(isOpen)) return ['queued', 'in_progress'];
  if (looks % oldEach !== oldEach - 1) return [];
  return looks % (2 * oldEach) === oldEach - 1 ? ['queued'] : ['queued', 'in_progress'];
}

/** Open runs that are known, and older than the lists that were read tell of. */
function beyond(
  newest: readonly RunDto[],
  open: readonly RunDto[],
  known: RepositoryState['runs'],
): readonly number[] {
  if (newest.length < newestRuns) return [];
  const oldest = Math.min(...newest.map(({ id }) => id));
  return [...known.keys()].filter((id) => id < oldest && open.every((run) => run.id !== id));
}

const isOpen = ({ status }: RunDto): boolean => status === 'queued' || status === 'in_progress';

/** The same, but what the repository is is asked at the next look. */
export function aboutToAsk(state: RepositoryState): RepositoryState {
  return state.about === null ? state : { ...state, about: { ...state.about, at: -Infinity } };
}

async function aboutOf(
  api: GitHubApi,
  name: string,
  known: About | null,
  clock: Clock,
): Promise<About | null> {
  const now = clock.monotonic();
  if (known !== null && now - known.at < (known.wasNew ? aboutSeldomMs : aboutMs)) return known;
  const { route, parameters } = placeOf(name);
  const { data, unchanged } = await api.request<RepositoryDto>(`GET ${route}`, parameters);
  return {
    name: data.full_name,
    isPublic: !data.private,
    isArchived: data.archived === true || data.disabled === true,
    at: now,
    wasNew: known !== null && !unchanged,
  };
}

/** Each run tells whether its repository is public: sooner than the next look at the repository itself. */
function told(about: About | null, said: RunDto['repository'], clock: Clock): About | null {
  if (said?.private === undefined) return about;
  return {
    name: said.full_name,
    isPublic: !said.private,
    isArchived: about?.isArchived ?? false,
    at: about?.at ?? clock.monotonic(),
    wasNew: about?.wasNew ?? false,
  };
}

async function newestOf(
  api: GitHubApi,
  name: string,
  clock: Clock,
): Promise<{ readonly newest: readonly RunDto[]; readonly skew: number }> {
  const { route, parameters } = placeOf(name);
  const { data, date } = await api.request<{ readonly workflow_runs: readonly RunDto[] }>(
    `GET ${route}/actions/runs`,
    { ...parameters, per_page: newestRuns },
  );
  return { newest: data.workflow_runs, skew: date === null ? 0 : clock.now() - date };
}

/** The open ones of `newest`, and those of these states besides. */
async function openRuns(
  api: GitHubApi,
  name: string,
  newest: readonly RunDto[],
  besides: readonly string[],
): Promise<readonly RunDto[]> {
  const { route, parameters } = placeOf(name);
  const all = newest.filter(isOpen);
  // In this order: a run that begins in between is in the second list at least.
  for (const status of besides) {
    const options = { key: 'workflow_runs', pages: runPages };
    all.push(
      ...(await api.all<RunDto>(`GET ${route}/actions/runs`, { ...parameters, status }, options)).items,
    );
  }
  return [...new Map(all.map((run) => [run.id, run])).values()];
}

interface ToFollow {
  readonly open: readonly RunDto[];
  /** Runs of which no list told. */
  readonly beyond: readonly number[];
}

async function jobsOf(
  api: GitHubApi,
  name: string,
  { open, beyond }: ToFollow,
  known: ReadonlyMap<number, RunState>,
  clock: Clock,
): Promise<ReadonlyMap<number, RunState>> {
  const runs = new Map<number, RunState>();
  const toAsk: (Pick<RunState, 'version' | 'isQueued'> & { readonly id: number })[] = [];
  for (const run of open) {
    const before = known.get(run.id);
    if (before !== undefined) runs.set(run.id, before);
    if (before === undefined || isOld(before, run, clock.monotonic()))
      toAsk.push({ id: run.id, version: versionOf(run), isQueued: run.status === 'queued' });
  }
  for (const id of beyond) {
    const before = known.get(id);
    if (before === undefined) continue;
    runs.set(id, before);
    if (clock.monotonic() - before.askedAt >= sameMs) toAsk.push({ ...before, id });
  }
  const askedAt = ({ id }: { readonly id: number }) => known.get(id)?.askedAt ?? -Infinity;
  const next = toAsk.sort((a, b) => askedAt(a) - askedAt(b)).slice(0, runsALook);
  for (const [n, { id, version, isQueued }] of next.entries()) {
    const jobs = await jobsOfRun(api, name, id, clock).catch(orComesNext(n > 0));
    if (jobs === null) break;
    if (beyond.includes(id) && areOver(jobs)) runs.delete(id);
    else runs.set(id, { version, isQueued, jobs, askedAt: clock.monotonic() });
  }
  return runs;
}

/** Where a limit is reached in the middle, what was asked until then counts. */
function orComesNext(wasAsked: boolean): (error: unknown) => null {
  return (error) => {
    if (wasAsked && problemOf(error).code === 'rate-limited') return null;
    throw error;
  };
}

export function areOver(jobs: readonly SeenJob[]): boolean {
  return jobs.every(({ status }) => status === 'completed');
}

/** The same, with the jobs of a run as they were told elsewhere just now; a run that is not followed stays so. */
export function withJobs(
  state: RepositoryState,
  run: number,
  jobs: readonly SeenJob[],
  clock: Clock,
): RepositoryState {
  const before = state.runs.get(run);
  if (before === undefined) return state;
  const runs = new Map(state.runs).set(run, { ...before, jobs, askedAt: clock.monotonic() });
  return { ...state, runs };
}

/** What a look told, but for runs of which something newer was told while it went on. */
export function newerOf(looked: RepositoryState, meanwhile: RepositoryState): RepositoryState {
  const runs = new Map(looked.runs);
  for (const [id, run] of looked.runs) {
    const other = meanwhile.runs.get(id);
    if (other !== undefined && other.askedAt > run.askedAt) runs.set(id, { ...run, jobs: other.jobs });
  }
  return { ...looked, runs };
}

function isOld(before: RunState, run: RunDto, now: number): boolean {
  return !before.isQueued || before.version !== versionOf(run) || now - before.askedAt >= sameMs;
}

function versionOf({ status, updated_at, run_attempt }: RunDto): string {
  return `${status ?? ''} ${updated_at} ${run_attempt ?? 1}`;
}

/** The jobs of the newest attempt of a run. */
export async function jobsOfRun(
  api: GitHubApi,
  name: string,
  run: number,
  clock: Clock,
  urgency: Urgency = 'poll',
): Promise<readonly SeenJob[]> {
  const { route, parameters } = placeOf(name);
  const askedAt = clock.now();
  const { items, date } = await api.all<JobDto>(
    `GET ${route}/actions/runs/{run_id}/jobs`,
    { ...parameters, run_id: run, filter: 'latest' },
    { key: 'jobs', urgency },
  );
  const skew = date === null ? 0 : clock.now() - date;
  return items.map((job) => seenJob(job, name, askedAt, skew));
}
