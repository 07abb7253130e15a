/** What became of the jobs of our runners: from what looks told, and in one request a run where they did not. */
import type { Job } from '../../../../contract/job.ts';
import type { AgentJob } from '../../../../core/agent-port.ts';
import type { ForgeJob } from '../../../../core/forge-port.ts';
import type { Clock } from '../../../../core/ports.ts';
import type { RunnerRecord } from '../../../../core/runner.ts';
import type { GitHubApi } from '../api/types.ts';
import { coverageOf, placeOf } from '../runners/place.ts';
import type { JobDto } from './dto.ts';
import { type SeenJob, seenJob } from './job.ts';
import type { Pollers } from './pollers.ts';
import { pageOf } from './orders.ts';
import { type AskerParts, type RunAsker, runAsker } from './run-asker.ts';
import { type JobSearcher, jobSearcher, sameTimeMs } from './search.ts';

export interface EndsParts extends AskerParts, Pick<Pollers, 'runOf'> {
  /** The repositories that a pool reaches, by its id: those where something went on of late first. */
  readonly lively: (pool: string) => readonly string[];
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
  const asker = runAsker(parts);
  const ways: Ways = { asker, searcher: jobSearcher(parts, asker) };
  const isOver = (runner: string) => seen.of(runner).some(({ status }) => status === 'completed');
  return {
    isOver,
    async jobOf(record, told, entry) {
      const find = () => jobAmong(seen.of(record.name), record, told, entry);
      const known = find();
      const hasEnded = told.endedAt !== null || told.lastWordAt !== undefined;
      const isWhole = known !== null && (!hasEnded || known.endedAt !== null);
      if (!isWhole) await askFor(record, told, { entry, known, find }, parts, ways);
      const job = find();
      return job === null ? null : forgeJob(job);
    },
    async hasEnded(runner, account) {
      const [job] = seen.of(runner);
      if (job !== undefined && job.status !== 'completed')
        await asker.ask(account, job.repository, job.run).catch(() => undefined);
      return isOver(runner);
    },
  };
}

interface Ways {
  readonly asker: RunAsker;
  readonly searcher: JobSearcher;
}

interface Search {
  readonly entry: Entry | undefined;
  readonly known: SeenJob | null;
  readonly find: () => SeenJob | null;
}

/** Asks what most likely tells of the job, and what else may where nothing does. */
async function askFor(
  record: RunnerRecord,
  told: AgentJob,
  { entry, known, find }: Search,
  { apis, clock, seen, runOf, lively }: EndsParts,
  { asker, searcher }: Ways,
): Promise<void> {
  const { account, scope, madeFor, pool } = record;
  if (account === null) return;
  const page = entry === undefined ? null : pageOf(entry);
  if (page !== null) {
    const jobs = await asker.lately(account, page.repository, page.run, goneFor(told));
    // Of its run the newest attempt alone is listed, and that may be another.
    if (jobs.some(({ id }) => id === page.id)) return;
    seen.note(await jobById(await apis.of(account), page.repository, page.id, clock));
    return;
  }
  const repository = told.repository ?? known?.repository ?? repositoryOf(scope);
  if (repository !== null) {
    const toldRun = told.run === null ? null : Number(told.run);
    const run = toldRun ?? known?.run ?? runOf(account, repository, madeFor ?? '');
    if (run !== null) await asker.ask(account, repository, run);
    else if (madeFor !== null) seen.note(await jobById(await apis.of(account), repository, madeFor, clock));
    if (toldRun !== null) return;
  }
  if (find() === null)
    await searcher.search(record, told, repository === null ? lively(pool) : [repository], find);
}

/** An answer tells of the end of a job whose worker had gone so long before it was asked for, in wall-clock milliseconds. */
function goneFor({ lastWordAt, startedAt }: AgentJob): number {
  return (lastWordAt ?? startedAt) + tellsMs;
}

/** A worker tells how its job ended before its own last words. */
const tellsMs = 5000;

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
