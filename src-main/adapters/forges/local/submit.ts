/** Takes a job in: its source is pinned or copied first, then it is durable, then it waits. */
import { realpath, stat } from 'node:fs/promises';
import { type Job, notEnded, type Submission, type Submitted } from '../../../contract/job.ts';
import { problem } from '../../../contract/problem.ts';
import { faultPoint } from '../../../core/fault.ts';
import { errorCode } from './files.ts';
import { secret } from './job-env.ts';
import { jobName } from './job-id.ts';
import type { Parts } from './options.ts';
import { checkOutputs } from './outputs.ts';
import { copyIn, dropCopy, dropRef, pinCommit, type Taken } from './source.ts';

/** The job is durable when this returns. Throws a Problem where it cannot be taken; nothing of it is left then. */
export async function submit(asked: Submission, parts: Parts): Promise<Submitted> {
  checkOutputs(asked.outputs);
  const submission = { ...asked, dir: await realFolder(asked.dir) };
  return accept(submission, (job) => take(job, submission, parts), parts);
}

/** Makes a job of `submission`, whose source `takeSource` keeps for the job of that id. */
export async function accept(
  submission: Submission,
  takeSource: (job: string) => Promise<Taken>,
  parts: Parts,
): Promise<Submitted> {
  // Asked for again when it starts; one that is not there is better told to the submitter than found in a failed job.
  for (const name of submission.secrets) await secret(name, parts.secrets);
  const job = newJob(parts.newId(), submission, parts.clock.now());
  let taken: Taken = { commit: null, notes: [] };
  try {
    taken = await takeSource(job.id);
    const row = {
      job,
      submission,
      commit: taken.commit,
      cancelRequested: false,
      deadline: null,
      problem: null,
    };
    await parts.store.grouped(() => {
      parts.store.insertJob(row);
    });
    faultPoint('after-submit');
    parts.queue.add(row);
  } catch (error) {
    await drop(job.id, parts);
    throw error;
  }
  parts.wake(`Job ${job.id} was submitted.`);
  return { job, notes: taken.notes };
}

async function drop(job: string, parts: Parts): Promise<void> {
  try {
    await dropRef(job, parts);
    await dropCopy(job, parts);
  } catch (error) {
    parts.log.warn(`What was taken for the refused job ${job} is left until the next start.`, {
      error: String(error),
    });
  }
}

async function take(id: string, submission: Submission, parts: Parts): Promise<Taken> {
  switch (submission.source) {
    case 'commit':
    case 'dirty':
      return pinCommit(id, submission.dir, submission.source === 'dirty', parts);
    case 'copy':
      return copyIn(id, submission.dir, parts);
    case 'in-place':
      return { commit: null, notes: [] };
  }
}

async function realFolder(dir: string): Promise<string> {
  try {
    const path = await realpath(dir);
    if ((await stat(path)).isDirectory()) return path;
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP', 'ENAMETOOLONG'].includes(errorCode(error))) throw error;
    const missing = errorCode(error) !== 'EACCES';
    throw problem(
      'usage',
      missing ? `There is no folder ${dir}.` : `The folder ${dir} may not be read.`,
      'Submit from the folder in which the command should run, or name it with --dir.',
      { subject: dir },
    );
  }
  throw problem('usage', `${dir} is not a folder.`, 'Name a folder with --dir.', { subject: dir });
}

function newJob(id: string, submission: Submission, now: number): Job {
  return {
    id,
    forge: 'local',
    pool: submission.pool,
    runner: null,
    name: jobName(submission.command),
    url: null,
    labels: submission.labels,
    arch: submission.arch,
    state: 'queued',
    createdAt: now,
    startedAt: null,
    ...notEnded,
  };
}
