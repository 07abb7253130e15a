/** Submits once more what was asked in a job: the commit that it ran, wherever the branch stands by now. */
import type { Job, Submission, Submitted } from '../../../contract/job.ts';
import { problem, ProblemError } from '../../../contract/problem.ts';
import { noJob } from '../../../core/job-problems.ts';
import type { Parts } from './options.ts';
import type { Repository } from './repository.ts';
import { pinned, type Taken } from './source.ts';
import { accept, submit } from './submit.ts';

/** A new job; throws a Problem where the old one was not submitted here, or where what it ran is gone. */
export async function again(id: string, parts: Parts): Promise<Submitted> {
  const row = parts.store.job(id);
  if (row === null) throw noJob(id);
  const { job, submission, commit } = row;
  if (submission === null) throw notSubmittedHere(job);
  if (commit === null) {
    const submitted = await submit(submission, parts);
    if (submission.source !== 'copy') return submitted;
    return { ...submitted, notes: [...submitted.notes, `It runs with ${submission.dir} as it is now.`] };
  }
  return accept(submission, (next) => takeCommit(next, id, commit, submission, parts), parts);
}

function notSubmittedHere({ id, forge }: Job): ProblemError {
  return forge === 'local'
    ? problem('usage', `What was asked in job ${id} is not known any more.`, 'Submit its command anew.', {
        subject: id,
      })
    : problem('usage', `Job ${id} belongs to ${forge}: it can be run again only there.`, 'Start it there.', {
        subject: id,
      });
}

async function takeCommit(
  next: string,
  id: string,
  commit: string,
  { dir, source }: Submission,
  parts: Parts,
): Promise<Taken> {
  const repository = await repositoryOf(id, dir, parts);
  const { commonDir, root } = repository;
  const short = commit.slice(0, 12);
  const { code } = await parts.git({ gitDir: commonDir }, ['cat-file', '-e', `${commit}^{commit}`]);
  if (code !== 0 && source === 'dirty')
    throw problem(
      'not-found',
      `The uncommitted changes that job ${id} ran are gone: git keeps them only for a while after the job.`,
      'Submit its command anew, with --dirty for the changes as they are now.',
      { subject: id },
    );
  if (code !== 0)
    throw problem(
      'not-found',
      `The commit ${short} that job ${id} ran is no longer in ${root ?? commonDir}.`,
      'Submit its command anew, for the commit that is checked out now.',
      { subject: id },
    );
  const notes = await pinned(next, commit, repository, parts);
  const what = source === 'dirty' ? 'with the uncommitted changes of then' : 'as it did before';
  return { commit, notes: [`It runs commit ${short}, ${what}.`, ...notes] };
}

async function repositoryOf(id: string, dir: string, parts: Parts): Promise<Repository> {
  try {
    return (await parts.locate(dir)).repository;
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code !== 'not-a-repository') throw error;
    throw problem(
      'not-found',
      `The repository that job ${id} ran from is gone: there is none at ${dir} any more.`,
      'Submit its command anew from where the repository is now.',
      { subject: id },
    );
  }
}
