/** One look at a repository: its open runs and their jobs, in as few requests as that takes. */
import type { Clock } from '../../../../core/ports.ts';
import type { GitHubApi } from '../api/types.ts';
import { placeOf } from '../runners/place.ts';
import type { JobDto, RepositoryDto, RunDto } from './dto.ts';
import { seenJob, type SeenJob } from './job.ts';

/** What is known of a repository. */
export interface RepositoryState {
  readonly looks: number;
  /** Its runs that have not ended, and what was last seen of each. */
  readonly runs: ReadonlyMap<number, RunState>;
  readonly about: About | null;
}

/** `name` as GitHub has it now: another than the one asked for where it was renamed. */
export interface About {
  readonly name: string;
  readonly isPublic: boolean;
  readonly isArchived: boolean;
  /** Monotonic milliseconds. */
  readonly at: number;
}

interface RunState {
  readonly version: string;
  readonly isQueued: boolean;
  readonly jobs: readonly SeenJob[];
  /** Monotonic milliseconds. */
  readonly askedAt: number;
}

export const nothingKnown: RepositoryState = { looks: 0, runs: new Map(), about: null };

/** Of a repository without open runs all are listed only at each so many-th look: a run that is made anew is old, and not among the newest. */
const wholeEach = 4;
const newest = 30;
/** How many runs are asked for their jobs in one look; the others keep what was seen, and come next. */
const runsALook = 20;
/** A queued run whose time of change is the same is not asked again for so long. */
const sameMs = 30_000;
const aboutMs = 60_000;
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
  const next = { about, looks: state.looks + 1 };
  const isWhole = state.runs.size > 0 || (state.looks + (withAbout ? 0 : 1)) % wholeEach === 0;
  if (!isWhole && !(await hasOpenRuns(api, name))) return { ...next, runs: state.runs };
  const open = await openRuns(api, name);
  const said = open.find((run) => run.repository?.private !== undefined)?.repository;
  const runs = await jobsOf(api, name, open, state.runs, clock);
  return { ...next, runs, about: told(about, said, clock) };
}

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
  if (known !== null && now - known.at < aboutMs) return known;
  const { route, parameters } = placeOf(name);
  const { data } = await api.request<RepositoryDto>(`GET ${route}`, parameters);
  return {
    name: data.full_name,
    isPublic: !data.private,
    isArchived: data.archived === true || data.disabled === true,
    at: now,
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
  };
}

async function hasOpenRuns(api: GitHubApi, name: string): Promise<boolean> {
  const { route, parameters } = placeOf(name);
  const { data } = await api.request<{ readonly workflow_runs: readonly RunDto[] }>(
    `GET ${route}/actions/runs`,
    { ...parameters, per_page: newest },
  );
  return data.workflow_runs.some(({ status }) => status === 'queued' || status === 'in_progress');
}

async function openRuns(api: GitHubApi, name: string): Promise<readonly RunDto[]> {
  const { route, parameters } = placeOf(name);
  const list = async (status: string) => {
    const options = { key: 'workflow_runs', pages: runPages };
    return (await api.all<RunDto>(`GET ${route}/actions/runs`, { ...parameters, status }, options)).items;
  };
  // In this order: a run that begins in between is in the second list at least.
  const both = [...(await list('queued')), ...(await list('in_progress'))];
  return [...new Map(both.map((run) => [run.id, run])).values()];
}

async function jobsOf(
  api: GitHubApi,
  name: string,
  open: readonly RunDto[],
  known: ReadonlyMap<number, RunState>,
  clock: Clock,
): Promise<ReadonlyMap<number, RunState>> {
  const runs = new Map<number, RunState>();
  const toAsk: RunDto[] = [];
  for (const run of open) {
    const before = known.get(run.id);
    if (before !== undefined) runs.set(run.id, before);
    if (before === undefined || isOld(before, run, clock.monotonic())) toAsk.push(run);
  }
  const askedAt = ({ id }: RunDto) => known.get(id)?.askedAt ?? -Infinity;
  for (const run of toAsk.sort((a, b) => askedAt(a) - askedAt(b)).slice(0, runsALook)) {
    runs.set(run.id, {
      version: versionOf(run),
      isQueued: run.status === 'queued',
      jobs: await jobsOfRun(api, name, run.id, clock),
      askedAt: clock.monotonic(),
    });
  }
  return runs;
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
): Promise<readonly SeenJob[]> {
  const { route, parameters } = placeOf(name);
  const askedAt = clock.now();
  const { items, date } = await api.all<JobDto>(
    `GET ${route}/actions/runs/{run_id}/jobs`,
    { ...parameters, run_id: run, filter: 'latest' },
    { key: 'jobs' },
  );
  const skew = date === null ? 0 : clock.now() - date;
  return items.map((job) => seenJob(job, name, askedAt, skew));
}
