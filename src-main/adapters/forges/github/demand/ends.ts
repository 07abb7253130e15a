/** What became of the jobs of our runners: from what looks told, and in one request a run where they did not. */
import type { Job } from '../../../../contract/job.ts';
import type { AgentJob } from '../../../../core/agent-port.ts';
import type { ForgeJob } from '../../../../core/forge-port.ts';
import type { Clock } from '../../../../core/ports.ts';
import type { RunnerRecord } from '../../../../core/runner.ts';
import type { GitHubApi, GitHubApis } from '../api/types.ts';
import { coverageOf, placeOf } from '../runners/place.ts';
import type { JobDto, RunDto } from './dto.ts';
import { type SeenJob, seenJob } from './job.ts';
import type { JobsSeen } from './jobs-seen.ts';
import type { Pollers } from './pollers.ts';
import { pageOf } from './orders.ts';
import { jobsOfRun, newestRuns } from './repository.ts';

export interface EndsParts extends Pick<Pollers, 'runOf' | 'told'> {
  readonly apis: GitHubApis;
  readonly clock: Clock;
  readonly seen: JobsSeen;
}

/** Of the history. */
type Entry = Pick<Job, 'id' | 'url'>;

export interface JobEnds {
  /** Null: nothing is known of it. Throws a Problem. */
  jobOf(record: RunnerRecord, told: AgentJob, entry?: Entry): Promise<ForgeJob | null>;
  isOver(runner: string): boolean;
  /** Never throws: what cannot be asked has not ended. */
  hasEnded(runner: string, account: string): Promise<boolean>;
}

export function jobEnds(parts: EndsParts): JobEnds {
  const { seen } = parts;
  const runs = runAsker(parts);
  const isOver = (runner: string) => seen.of(runner).some(({ status }) => status === 'completed');
  return {
    isOver,
    async jobOf(record, told, entry) {
      const find = () => jobAmong(seen.of(record.name), record, told, entry);
      const known = find();
      const hasEnded = told.endedAt !== null || told.lastWordAt !== undefined;
      const isWhole = known !== null && (!hasEnded || known.endedAt !== null);
      if (!isWhole) await askFor(record, told, { entry, known, find }, parts, runs);
      const job = find();
      return job === null ? null : forgeJob(job);
    },
    async hasEnded(runner, account) {
      const [job] = seen.of(runner);
      if (job !== undefined && job.status !== 'completed')
        await runs.ask(account, job.repository, job.run).catch(() => undefined);
      return isOver(runner);
    },
  };
}

interface Search {
  readonly entry: Entry | undefined;
  readonly known: SeenJob | null;
  readonly find: () => SeenJob | null;
}

/** Asks what most likely tells of the job, and, of an agent that persists, what else may where nothing does. */
async function askFor(
  { name, account, scope, oneJob, madeFor }: RunnerRecord,
  told: AgentJob,
  { entry, known, find }: Search,
  { apis, clock, seen, runOf }: EndsParts,
  runs: ReturnType<typeof runAsker>,
): Promise<void> {
  if (account === null) return;
  const page = entry === undefined ? null : pageOf(entry);
  const repository = page?.repository ?? told.repository ?? known?.repository ?? repositoryOf(scope);
  if (repository === null) return;
  if (page !== null) {
    // Of its run the newest attempt alone is listed, and that may be another.
    seen.note(await jobById(await apis.of(account), repository, page.id, clock));
    return;
  }
  const toldRun = told.run === null ? null : Number(told.run);
  const run = toldRun ?? known?.run ?? runOf(account, repository, madeFor ?? '');
  if (run !== null) await runs.ask(account, repository, run);
  else if (madeFor !== null) seen.note(await jobById(await apis.of(account), repository, madeFor, clock));
  const isNew = clock.now() - told.startedAt < searchAfterMs;
  if (oneJob || isNew || run !== null || find() !== null) return;
  const age = clock.now() - told.startedAt;
  const around = await runsAround(await apis.of(account), repository, told.startedAt, age < noticesMs);
  for (const each of around) {
    const jobs = await jobsOfRun(await apis.of(account), repository, each, clock);
    seen.note(jobs.filter(({ runner }) => runner === name));
    if (find() !== null) return;
  }
}

/** The worker's log tells the run of almost every job sooner. */
const searchAfterMs = 10_000;
/** How many runs are looked through for a job of which no more is known than its name. */
const runsToSearch = 6;

/** GitHub notices no sooner that the worker of a job has gone; until then the job's run goes on there. */
const noticesMs = 10 * 60_000;

/** Of the newest runs of a repository, or of those that go on, those that went on at that time, the nearest first. */
async function runsAround(
  api: GitHubApi,
  repository: string,
  at: number,
  goesOn: boolean,
): Promise<readonly number[]> {
  const { route, parameters } = placeOf(repository);
  const { data } = await api.request<{ readonly workflow_runs: readonly RunDto[] }>(
    `GET ${route}/actions/runs`,
    { ...parameters, per_page: newestRuns, ...(goesOn && { status: 'in_progress' }) },
  );
  return data.workflow_runs
    .map(({ id, created_at, updated_at }) => ({
      id,
      from: Date.parse(created_at),
      to: Date.parse(updated_at),
    }))
    .filter(({ from, to }) => from <= at + sameTimeMs && to >= at - sameTimeMs)
    .sort((a, b) => Math.abs(a.from - at) - Math.abs(b.from - at))
    .slice(0, runsToSearch)
    .map(({ id }) => id);
}

/** Asks for all jobs of a run, once for all who want to know: who waited for one that has ended is among them. */
function runAsker({ apis, clock, seen, told }: EndsParts) {
  const asking = new Map<string, Promise<void>>();
  const ask = async (account: string, repository: string, run: number): Promise<void> => {
    const jobs = await jobsOfRun(await apis.of(account), repository, run, clock, 'must');
    seen.note(jobs);
    told(account, repository, run, jobs);
  };
  return {
    ask(account: string, repository: string, run: number): Promise<void> {
      const key = `${account} ${repository} ${run}`;
      const mine = asking.get(key) ?? ask(account, repository, run).finally(() => asking.delete(key));
      asking.set(key, mine);
      return mine;
    },
  };
}

/** A runner's clock and GitHub's, and what passes between a hand-over and its line in the log. */
const sameTimeMs = 5 * 60_000;

/**
 * The job of `told` among those that are known of this runner: the one of its entry in the history, where that says which.
 * A one-job runner has but one.
 */
export function jobAmong(
  jobs: readonly SeenJob[],
  record: Pick<RunnerRecord, 'oneJob'>,
  told: AgentJob,
  entry?: Entry,
): SeenJob | null {
  const page = entry === undefined ? null : pageOf(entry);
  const named = page === null ? undefined : jobs.find(({ id }) => id === page.id);
  if (named !== undefined) return named;
  const ofRun = told.run === null ? jobs : jobs.filter(({ run }) => String(run) === told.run);
  if (record.oneJob) return ofRun[0] ?? null;
  const apart = ({ startedAt }: SeenJob) => Math.abs((startedAt ?? told.startedAt) - told.startedAt);
  const [nearest] = ofRun
    .filter((job) => job.name === told.name && apart(job) < sameTimeMs && !endedBefore(job, told))
    .sort((a, b) => apart(a) - apart(b));
  return nearest ?? null;
}

/** Jobs of one name follow each other on a runner; both times are by our clock, to a second or two. */
function endedBefore({ endedAt }: SeenJob, { startedAt }: AgentJob): boolean {
  return endedAt !== null && endedAt < startedAt - 5000;
}

async function jobById(
  api: GitHubApi,
  repository: string,
  job: string,
  clock: Clock,
): Promise<readonly SeenJob[]> {
  const id = /^gh-(\d+)$/.exec(job)?.[1];
  if (id === undefined) return [];
  const { route, parameters } = placeOf(repository);
  const askedAt = clock.now();
  const { data, date } = await api.request<JobDto>(`GET ${route}/actions/jobs/{job_id}`, {
    ...parameters,
    job_id: Number(id),
  });
  return [seenJob(data, repository, askedAt, date === null ? 0 : clock.now() - date)];
}

/** The repository that a runner's scope is; null: it is wider. */
function repositoryOf(scope: string | null): string | null {
  const coverage = coverageOf(scope ?? '');
  return coverage.kind === 'repository' ? coverage.name : null;
}

export function forgeJob(job: SeenJob): ForgeJob {
  const { id, name, url, repository, labels, createdAt, startedAt, endedAt, result } = job;
  return { id, name, url, repository, labels, createdAt, startedAt, endedAt, result };
}
