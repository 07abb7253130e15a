/** Orders for single jobs at GitHub: to run one once more, and to cancel its run. */
import type { Job } from '../../../../contract/job.ts';
import { problem } from '../../../../contract/problem.ts';
import type { GitHubApi } from '../api/types.ts';
import { placeOf } from '../runners/place.ts';
import { refusalOf } from '../runners/refusal.ts';
import type { JobDto } from './dto.ts';

/** Where a job is at GitHub, by its id and page; throws `not-found` where these do not tell. */
export function whereabouts(job: Pick<Job, 'id' | 'url'>): {
  readonly repository: string;
  readonly job: number;
} {
  const page = pageOf(job);
  if (page === null)
    throw problem(
      'not-found',
      `It is not known which job at GitHub ${job.id} is.`,
      'Open the page of its repository and look under Actions.',
      { subject: job.id },
    );
  return { repository: page.repository, job: Number(page.id.slice('gh-'.length)) };
}

/** Its repository and run, and its id here: `gh-` and GitHub's; null: its entry of the history does not tell. */
export function pageOf(entry: Pick<Job, 'id' | 'url'>): {
  readonly repository: string;
  readonly run: number;
  readonly id: string;
} | null {
  // A second hand-over of the same job has a number behind it.
  const id = /^gh-\d+/.exec(entry.id)?.[0];
  const path = entry.url === null || !URL.canParse(entry.url) ? '' : new URL(entry.url).pathname;
  const [, repository, run] = /^\/([^/]+\/[^/]+)\/actions\/runs\/(\d+)/.exec(path) ?? [];
  return id === undefined || repository === undefined ? null : { repository, run: Number(run), id };
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
  // What else is in its run may still go on, and is not meant.
  if (data.status === 'completed')
    throw problem('usage', `${job.name} has ended already.`, 'Look at its page at GitHub.', subjectOf(job));
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
    throw problem('usage', `${failure}: ${words}`, 'Look at its page at GitHub.', subjectOf(job));
  }
}

function subjectOf({ id, url }: Pick<Job, 'id' | 'url'>): { subject: string; link?: string } {
  return { subject: id, ...(url !== null && { link: url }) };
}
