/** After a start: the journal says which runners are registered; what a crash left half done is finished or removed. */
import { isOpen } from '../../../contract/job.ts';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobRow } from '../../../core/ports.ts';
import type { RunnerRecord } from '../../../core/runner.ts';
import { exists } from './files.ts';
import { firstAttempt } from './job-id.ts';
import type { Parts } from './options.ts';
import { outcomeOf } from './outcome.ts';
import { pin, unpin } from './pin.ts';
import { conclude, prepareRetry } from './settle.ts';
import { dropCopy } from './source.ts';

/** Tells the registrations; may be repeated while running, for runners that were adopted. */
export function restoreRunners(records: readonly RunnerRecord[], parts: Parts): void {
  for (const record of records) {
    if (record.forge !== 'local' || record.registration === null || record.removedAt !== null) continue;
    parts.registrations.add(record.name);
    if (record.fencedAt !== null || record.ending !== null) parts.registrations.fence(record.name);
    const row = record.job === null ? null : parts.store.job(record.job);
    if (row !== null && !parts.registrations.busy(record.name)) parts.registrations.give(record.name, row);
  }
}

/** Before anything is submitted; may be repeated where it failed. */
export async function restoreJobs(parts: Parts): Promise<void> {
  const held = new Set(parts.store.runners().map((record) => record.job));
  for (const row of parts.store.openJobs('local')) {
    if (row.job.state === 'queued') parts.queue.add(row);
    else if (!held.has(row.job.id)) await giveUp(row, parts);
  }
  await sweepRefs(parts);
  await sweepFolders(parts);
}

/** Handed to a runner that the journal no longer knows. */
async function giveUp(row: JobRow, parts: Parts): Promise<void> {
  const peak = { cpu: null, memoryMiB: null };
  const end = {
    job: row.job.id,
    exitCode: null,
    endedAt: parts.clock.now(),
    by: null,
    peak,
    log: '',
    problem: null,
  };
  const outcome = outcomeOf(row, end, null);
  const retry = await prepareRetry(row, outcome, parts);
  parts.store.transaction(() => {
    conclude(row.job.id, outcome, retry, parts);
  });
  if (retry !== null) parts.queue.add(retry);
  else await dropCopy(row.job.id, parts);
}

/** Refs of ended and of unknown jobs go; those of open jobs are written again where a crash lost them. */
export async function sweepRefs(parts: Parts): Promise<void> {
  const { store, git, log } = parts;
  for (const { repository, ref, job } of store.refs()) {
    const row = store.job(job);
    try {
      if (row === null || !isOpen(row.job)) {
        await unpin(git, repository, ref);
        store.deleteRef(repository, ref);
      } else if (row.commit !== null && (await isMissing(repository, ref, parts))) {
        await pin(git, repository, ref, row.commit);
      }
    } catch (error) {
      log.warn(`The ref ${ref} in ${repository} is left as it is.`, { error: String(error) });
    }
  }
}

async function isMissing(repository: string, ref: string, { git }: Parts): Promise<boolean> {
  if (!(await exists(repository))) return false;
  const { code } = await git({ gitDir: repository }, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
  return code !== 0;
}

/**
 * What was copied for jobs that never became durable, or that are done with, and folders with nothing in them. Logs and
 * outputs stay whatever the database says: it may be a new one.
 */
async function sweepFolders(parts: Parts): Promise<void> {
  const open = new Set(parts.store.openJobs('local').map((row) => firstAttempt(row.job.id)));
  const names = await readdir(join(parts.home, 'jobs')).catch((): string[] => []);
  for (const name of names) {
    if (open.has(name)) continue;
    try {
      await dropCopy(name, parts);
    } catch (error) {
      parts.log.warn(`The copy for job ${name} is left.`, { error: String(error) });
    }
  }
}
