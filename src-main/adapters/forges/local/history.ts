/** Answers for jobs that were submitted here: one job, what it kept, its end by the owner's wish, and forgetting it. */
import { isOpen } from '../../../contract/job.ts';
import { mkdir } from 'node:fs/promises';
import type { Job, JobDetail } from '../../../contract/job.ts';
import { problem, type ProblemError, problemOf } from '../../../contract/problem.ts';
import { forgeNames } from '../../../core/forge-names.ts';
import { alreadyEnded, noJob } from '../../../core/job-problems.ts';
import type { JobRow, Outcome } from '../../../core/ports.ts';
import { join } from 'node:path';
import { copyTree, errorCode, exists, removeTree } from './files.ts';
import { jobFolder, type Parts } from './options.ts';
import { listOutputs } from './outputs.ts';
import { conclude } from './settle.ts';
import { dropCopy, dropRef } from './source.ts';

function rowOf(id: string, { store }: Parts): JobRow {
  const row = store.job(id);
  if (row !== null) return row;
  throw noJob(id);
}

export async function detail(id: string, parts: Parts): Promise<JobDetail> {
  const { job, submission, commit, problem: failed } = rowOf(id, parts);
  const outputs = await listOutputs(join(jobFolder(parts.home, id), 'out'));
  return { job, submission, commit, outputs, problem: failed };
}

/** Queued: cancelled at once, and durably. Begun: marked, and the loop ends it. */
export async function cancel(id: string, parts: Parts): Promise<Job> {
  const { store } = parts;
  const row = rowOf(id, parts);
  if (row.job.forge !== 'local')
    throw problem('usage', `Job ${id} belongs to ${row.job.forge}.`, 'Cancel it there.', { subject: id });
  if (!isOpen(row.job)) throw alreadyEnded(row.job);
  if (row.job.state === 'queued') {
    store.transaction(() => {
      conclude(id, cancelled(parts.clock.now()), null, parts);
    });
    parts.queue.remove(id);
    await dropRef(id, parts);
    await dropCopy(id, parts);
  } else {
    wish(id, parts);
    parts.registrations.cancel(id);
  }
  parts.wake(`Job ${id} was cancelled.`);
  return rowOf(id, parts).job;
}

/** On a full disk it holds in memory alone: ending a job frees space, so it must not wait for some. */
function wish(id: string, { store, log }: Parts): void {
  try {
    store.requestCancel(id);
  } catch (error) {
    if (problemOf(error).code !== 'disk-reserve') throw error;
    log.warn(`That job ${id} is to be cancelled could not be written down: the disk is full.`);
  }
}

function cancelled(now: number): Outcome {
  return {
    state: 'cancelled',
    // As the shell has it for Ctrl-C.
    exitCode: 130,
    result: 'It was cancelled by the owner before it began.',
    endedBy: 'owner',
    endedAt: now,
    peak: { cpu: null, memoryMiB: null },
    problem: null,
  };
}

/** Copies what was kept into `to`; what is there of the same name is replaced. The names of the files. */
export async function get(id: string, to: string, parts: Parts): Promise<readonly string[]> {
  const row = rowOf(id, parts);
  const out = join(jobFolder(parts.home, id), 'out');
  if (!(await exists(out))) throw nothingKept(row);
  try {
    await mkdir(to, { recursive: true });
    await copyTree(out, to);
  } catch (error) {
    throw problem(
      errorCode(error) === 'ENOSPC' ? 'disk-reserve' : 'usage',
      `The outputs of job ${id} cannot be copied to ${to} (${errorCode(error) || String(error)}).`,
      'Name a folder that you may write to; the outputs are still kept.',
      { subject: to },
    );
  }
  return listOutputs(out);
}

function nothingKept(row: JobRow): ProblemError {
  const { id, forge, url } = row.job;
  if (forge !== 'local')
    return problem(
      'usage',
      `Job ${id} is one of ${forgeNames[forge]}.`,
      'What its workflow keeps is there.',
      {
        subject: id,
        ...(url !== null && { link: url }),
      },
    );
  if (isOpen(row.job))
    return problem(
      'not-found',
      `Job ${id} has not ended yet: its outputs are kept then.`,
      'Try again later.',
      {
        subject: id,
      },
    );
  return problem(
    'not-found',
    `Job ${id} kept no outputs.`,
    row.submission?.outputs.length === 0
      ? 'Name what to keep with `submit --out PATH`.'
      : `\`homerunner job show ${id}\` says why.`,
    { subject: id },
  );
}

/** Forgets the oldest ended jobs and their files beyond the newest `keep`; those that are being tried again stay. */
export async function prune(keep: number, parts: Parts): Promise<void> {
  for (const id of parts.store.jobsBeyond(keep)) {
    if (isTriedAgain(id, parts)) continue;
    await removeTree(jobFolder(parts.home, id));
    parts.store.deleteJob(id);
  }
}

/** The attempts of a job share what was copied for the first. */
function isTriedAgain(id: string, { store }: Parts): boolean {
  for (let row = store.job(id); row !== null; row = store.job(row.job.retriedAs ?? ''))
    if (isOpen(row.job)) return true;
  return false;
}
