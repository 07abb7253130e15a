/** What became of the jobs of our runners: from what looks told, and in one request a run where they did not. */
import type { Job } from '../../../../contract/job.ts';
import type { AgentJob } from '../../../../core/agent-port.ts';
import type { ForgeJob } from '../../../../core/forge-port.ts';
import type { Clock } from '../../../../core/ports.ts';
import type { RunnerRecord } from '../../../../core/runner.ts';
import type { GitHubApi, GitHubApis } from '../api/types.ts';
import { coverageOf, placeOf } from '../runners/place.ts';
import type { JobDto } from './dto.ts';
import { type SeenJob, seenJob } from './job.ts';
import type { JobsSeen } from './jobs-seen.ts';
import type { Pollers } from './pollers.ts';
import { pageOf } from './orders.ts';
import { jobsOfRun } from './repository.ts';

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
  const { apis, seen } = parts;
  const runs = runAsker(parts);
  const isOver = (runner: string) => seen.of(runner).some(({ status }) => status === 'completed');
  return {
    isOver,
    async jobOf(record, told, entry) {
      const known = jobAmong(seen.of(record.name), record, told);
      const hasEnded = told.endedAt !== null || told.lastWordAt !== undefined;
      const isWhole = known !== null && (!hasEnded || known.endedAt !== null);
      if (isWhole || record.account === null) return known === null ? null : forgeJob(known);
      const page = entry === undefined ? null : pageOf(entry);
      const repository =
        told.repository ?? known?.repository ?? page?.repository ?? repositoryOf(record.scope);
      if (repository === null) return null;
      const madeFor = page?.id ?? record.madeFor ?? '';
      const run =
        told.run === null
          ? (known?.run ?? parts.runOf(record.account, repository, madeFor))
          : Number(told.run);
      if (run === null)
        seen.note(await oneJob(await apis.of(record.account), repository, madeFor, parts.clock));
      else await runs.ask(record.account, repository, run);
      const job = jobAmong(seen.of(record.name), record, told);
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

/** The job of `told` among those that are known of this runner. A one-job runner has but one. */
export function jobAmong(
  jobs: readonly SeenJob[],
  record: Pick<RunnerRecord, 'oneJob'>,
  told: AgentJob,
): SeenJob | null {
  const ofRun = told.run === null ? jobs : jobs.filter(({ run }) => String(run) === told.run);
  if (record.oneJob) return ofRun[0] ?? null;
  return (
    ofRun.find(
      ({ name, startedAt }) =>
        name === told.name && Math.abs((startedAt ?? told.startedAt) - told.startedAt) < sameTimeMs,
    ) ?? null
  );
}

async function oneJob(
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
