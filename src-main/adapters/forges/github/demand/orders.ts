/** Single jobs at GitHub: what became of one, running it once more, and cancelling its run. */
import type { Job } from '../../../../contract/job.ts';
import { problem } from '../../../../contract/problem.ts';
import type { AgentJob } from '../../../../core/agent-port.ts';
import type { ForgeJob } from '../../../../core/forge-port.ts';
import type { Clock } from '../../../../core/ports.ts';
import type { RunnerRecord } from '../../../../core/runner.ts';
import type { GitHubApi } from '../api/types.ts';
import { coverageOf, placeOf } from '../runners/place.ts';
import { refusalOf } from '../runners/refusal.ts';
import type { JobDto } from './dto.ts';
import { type SeenJob, seenJob } from './job.ts';
import { jobsOfRun } from './repository.ts';

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

/** The jobs of a run, all of them; `run` is null where just one job was asked for. */
export interface Asked {
  readonly repository: string;
  readonly run: number | null;
  readonly jobs: readonly SeenJob[];
}

/**
 * Asks for the jobs of the run that its agent names, else of that which has the job that it was made for: who waits
 * for the end of this one is among them. Throws a Problem.
 */
export async function askForJob(
  api: GitHubApi,
  record: RunnerRecord,
  told: AgentJob,
  runOf: (repository: string, job: string) => number | null,
  clock: Clock,
): Promise<Asked | null> {
  const repository = told.repository ?? repositoryOf(record.scope);
  if (repository === null) return null;
  const madeFor = record.madeFor ?? '';
  const run = told.run === null ? runOf(repository, madeFor) : Number(told.run);
  if (run !== null) return { repository, run, jobs: await jobsOfRun(api, repository, run, clock, 'must') };
  return { repository, run, jobs: await oneJob(api, repository, madeFor, clock) };
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

/** Where a job is at GitHub, by its id and page; throws `not-found` where these do not tell. */
export function whereabouts(job: Pick<Job, 'id' | 'url'>): {
  readonly repository: string;
  readonly job: number;
} {
  const id = /^gh-(\d+)$/.exec(job.id)?.[1];
  const path = job.url === null || !URL.canParse(job.url) ? '' : new URL(job.url).pathname;
  const repository = /^\/([^/]+\/[^/]+)\/actions\/runs\/\d+/.exec(path)?.[1];
  if (id === undefined || repository === undefined)
    throw problem(
      'not-found',
      `It is not known which job at GitHub ${job.id} is.`,
      'Open the page of its repository and look under Actions.',
      { subject: job.id },
    );
  return { repository, job: Number(id) };
}

/** Throws `usage` with GitHub's words where it does not run it again: while its run goes on, or after a month. */
export async function runAgain(api: GitHubApi, job: Pick<Job, 'id' | 'url' | 'name'>): Promise<string> {
  const at = whereabouts(job);
  const { route, parameters } = placeOf(at.repository);
  await ordered(
    api.request(`POST ${route}/actions/jobs/{job_id}/rerun`, { ...parameters, job_id: at.job }, 'must'),
    `GitHub does not run ${job.name} again`,
    job,
  );
  return `GitHub queues ${job.name} once more, with the jobs that depend on it; it is taken here when it waits.`;
}

/** Throws `usage` where it has ended already. */
export async function cancelRun(api: GitHubApi, job: Pick<Job, 'id' | 'url' | 'name'>): Promise<string> {
  const at = whereabouts(job);
  const { route, parameters } = placeOf(at.repository);
  const { data } = await api.request<JobDto>(
    `GET ${route}/actions/jobs/{job_id}`,
    { ...parameters, job_id: at.job },
    'must',
  );
  await ordered(
    api.request(`POST ${route}/actions/runs/{run_id}/cancel`, { ...parameters, run_id: data.run_id }, 'must'),
    `GitHub does not cancel ${job.name}`,
    job,
  );
  return `GitHub cancels the whole run that ${job.name} is part of; its steps may still clean up.`;
}

async function ordered(
  asking: Promise<unknown>,
  failure: string,
  job: Pick<Job, 'id' | 'url'>,
): Promise<void> {
  try {
    await asking;
  } catch (error) {
    const words = refusalOf(error);
    if (words === null) throw error;
    throw problem('usage', `${failure}: ${words}`, 'Look at its page at GitHub.', {
      subject: job.id,
      ...(job.url !== null && { link: job.url }),
    });
  }
}
