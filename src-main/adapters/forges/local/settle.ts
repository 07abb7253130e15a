/** Records a job's outcome once and for all, and cleans up behind it; every step may be repeated after a crash. */
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { isOpen, type JobOutcome } from '../../../contract/job.ts';
import { type Problem, problemOf } from '../../../contract/problem.ts';
import { faultPoint } from '../../../core/fault.ts';
import type { JobEnd } from '../../../core/forge-port.ts';
import type { JobRow, Outcome } from '../../../core/ports.ts';
import type { RunnerRecord } from '../../../core/runner.ts';
import { copyTree, errorCode, removeTree } from './files.ts';
import { attemptId, firstAttempt } from './job-id.ts';
import { workFolder } from './launch.ts';
import { copiedSource, jobFolder, type Parts } from './options.ts';
import { outcomeOf } from './outcome.ts';
import { keepOutputs } from './outputs.ts';
import { dropCopy, dropRef, pinAgain } from './source.ts';

/** Outputs, log, then everything that is durable in one transaction, then the files that nobody needs any more. */
export async function settle(
  record: RunnerRecord,
  folder: string,
  end: JobEnd,
  parts: Parts,
): Promise<RunnerRecord> {
  const row = parts.store.job(end.job);
  const open = row !== null && isOpen(row.job);
  const kept = open ? await keep(row, folder, parts) : null;
  faultPoint('after-outputs');
  const last = { record, end, row: open ? row : null, kept };
  try {
    return await recordEnd(last, folder, parts);
  } catch (error) {
    if (problemOf(error).code !== 'disk-reserve' || kept?.code === 'disk-reserve') throw error;
    // The job's own files may be what fills the disk; what was to be kept of them is kept.
    await removeTree(workFolder(folder));
    return recordEnd(last, folder, parts);
  }
}

interface Last {
  readonly record: RunnerRecord;
  readonly end: JobEnd;
  /** Null: its outcome is there already. */
  readonly row: JobRow | null;
  readonly kept: Problem | null;
}

async function recordEnd(
  { record, end, row, kept }: Last,
  folder: string,
  parts: Parts,
): Promise<RunnerRecord> {
  await takeLog(end, parts.home);
  const outcome = row === null ? null : outcomeOf(row, end, kept);
  const retry = row !== null && outcome !== null ? await prepareRetry(row, outcome, parts) : null;
  faultPoint('before-outcome');
  const settled = await parts.store.grouped(() => {
    if (outcome !== null) conclude(end.job, outcome, retry, parts);
    return settledRecord(record, end.job, parts);
  });
  faultPoint('after-outcome');
  parts.registrations.take(record.name);
  if (retry !== null) parts.queue.add(retry);
  await cleanUp(end.job, retry !== null, workFolder(folder), parts);
  return settled;
}

/** What could not be kept is said beside the outcome; it never keeps the job from ending. */
async function keep(row: JobRow, folder: string, parts: Parts): Promise<Problem | null> {
  const { submission, job } = row;
  if (submission === null || submission.outputs.length === 0) return null;
  const { source, dir, outputs } = submission;
  const work = workFolder(folder);
  const to = join(jobFolder(parts.home, job.id), 'out');
  try {
    if (source === 'in-place') return await keepOutputs({ outputs, cwd: dir, within: dir, to, move: false });
    const below = source === 'copy' ? '' : (await parts.locate(dir)).folder;
    return await keepOutputs({ outputs, cwd: join(work, below), within: work, to, move: true });
  } catch (error) {
    return problemOf(error);
  }
}

/**
 * The log and the count of what was dropped from its beginning. Taken already is success. Quick calls on the way of every
 * job are made at once: to hand them to another thread and back takes longer than they do.
 */
async function takeLog({ job, log }: JobEnd, home: string): Promise<void> {
  const folder = jobFolder(home, job);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const suffix of ['.base', '']) await moveFile(log + suffix, join(folder, `log${suffix}`));
}

async function moveFile(from: string, to: string): Promise<void> {
  if (from === to || !existsSync(from)) return;
  try {
    renameSync(from, to);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    if (errorCode(error) !== 'EXDEV') throw error;
    await copyTree(from, to);
    await removeTree(from);
  }
}

/** The next attempt, its commit pinned; null where there is none. Its id follows from the job's: twice is once. */
export async function prepareRetry(row: JobRow, outcome: Outcome, parts: Parts): Promise<JobRow | null> {
  const { job, submission, commit } = row;
  const wanted = outcome.state === 'failed' || outcome.state === 'lost';
  if (!wanted || row.cancelRequested || submission === null || job.attempt > submission.retries) return null;
  const id = attemptId(firstAttempt(job.id), job.attempt + 1);
  if (commit !== null) await pinAgain(job.id, id, commit, parts);
  return {
    ...row,
    deadline: null,
    problem: null,
    job: {
      ...job,
      id,
      pool: submission.pool,
      runner: null,
      state: 'queued',
      createdAt: parts.clock.now(),
      startedAt: null,
      attempt: job.attempt + 1,
      retryOf: job.id,
    },
  };
}

/** Inside a transaction: the outcome, the next attempt, and a line in the history. Nothing where an outcome is there. */
export function conclude(job: string, outcome: Outcome, retry: JobRow | null, parts: Parts): void {
  const { store } = parts;
  if (!store.endJob(job, outcome)) return;
  if (retry !== null) {
    store.insertJob(retry);
    store.linkRetry(job, retry.job.id);
  }
  store.appendEvent({
    at: outcome.endedAt,
    kind: 'job',
    subject: job,
    message: eventOf(job, outcome, retry),
  });
}

const words: Record<JobOutcome, string> = {
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'was cancelled',
  lost: 'was lost',
};

function eventOf(job: string, { state, result }: Outcome, retry: JobRow | null): string {
  const again = retry === null ? '' : ` It is tried again as ${retry.job.id}.`;
  return state === 'succeeded' ? `Job ${job} succeeded.` : `Job ${job} ${words[state]}: ${result}${again}`;
}

/** As the journal has it now, since the owner may have decided its end meanwhile, without the job. */
function settledRecord(given: RunnerRecord, job: string, { store, steady }: Parts): RunnerRecord {
  const record = store.runner(given.name) ?? given;
  if (record.job !== job) return record;
  const settled: RunnerRecord = {
    ...record,
    job: null,
    jobsDone: record.jobsDone + 1,
    process: null,
    startedAt: null,
    signalledAt: null,
    idleSince: steady(),
  };
  store.putRunner(settled);
  return settled;
}

/** A failure here costs space, not correctness: the next start, or the next job of this runner, tries again. */
async function cleanUp(job: string, goesOn: boolean, work: string, parts: Parts): Promise<void> {
  const copied = existsSync(copiedSource(parts.home, job));
  const steps = [dropRef(job, parts), removeTree(work), ...(goesOn || !copied ? [] : [dropCopy(job, parts)])];
  for (const result of await Promise.allSettled(steps))
    if (result.status === 'rejected')
      parts.log.warn(`Not all of job ${job} could be cleaned up.`, { error: String(result.reason) });
}
