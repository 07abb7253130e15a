/** Makes a runner's folder ready for its job and says what to start in it. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Submission } from '../../../contract/job.ts';
import { problem } from '../../../contract/problem.ts';
import type { LaunchSpec } from '../../../core/agent-port.ts';
import type { JobRow } from '../../../core/ports.ts';
import type { RunnerRecord } from '../../../core/runner.ts';
import { checkOut } from './checkout.ts';
import { copyTree, kindOf, removeTree } from './files.ts';
import { jobEnv } from './job-env.ts';
import { copiedSource, type Parts } from './options.ts';
import { fillSubmodules } from './submodules.ts';

/** The checkout in a runner's folder. */
export function workFolder(folder: string): string {
  return join(folder, 'work');
}

/** Safe to repeat: the work folder is emptied first. Throws a Problem that becomes the job's outcome. */
export async function launch(record: RunnerRecord, folder: string, parts: Parts): Promise<LaunchSpec> {
  const row = record.job === null ? null : parts.store.job(record.job);
  // One that has ended must not begin again, whatever the journal says of its runner.
  if (row?.submission == null || row.job.endedAt !== null)
    throw problem(
      'job-lost',
      `${record.name} has no job to start.`,
      'It has ended already, or was removed from the database: submit it again.',
    );
  const environment = {
    environment: parts.environment,
    platform: parts.platform,
    secrets: parts.secrets,
    caches: join(parts.home, 'caches', 'local'),
  };
  const [cwd, env] = await Promise.all([
    sourceInto(row, row.submission, workFolder(folder), parts),
    jobEnv(row, record, environment),
  ]);
  const [program = '', ...args] = row.submission.command;
  return { runner: record.name, job: row.job.id, argv: [program, ...args], cwd, ...env };
}

/** Puts the job's files into `work`; the folder in which its command runs. */
async function sourceInto(
  { job, commit }: JobRow,
  submission: Submission,
  work: string,
  parts: Parts,
): Promise<string> {
  await removeTree(work);
  switch (submission.source) {
    case 'commit':
    case 'dirty': {
      const { repository, folder } = await parts.locate(submission.dir);
      await mkdir(work, { recursive: true, mode: 0o700 });
      await checkOut(parts.checkout, { ...repository, commit: commit ?? '' }, work);
      await fillSubmodules(parts.checkout, repository, work);
      return folderOf(
        join(work, folder),
        `The folder ${folder} is not in commit ${commit?.slice(0, 12) ?? ''}`,
      );
    }
    case 'copy':
      await copyTree(copiedSource(parts.home, job.id), work);
      return work;
    case 'in-place':
      return folderOf(submission.dir, `The folder ${submission.dir} is no longer there`);
  }
}

async function folderOf(path: string, otherwise: string): Promise<string> {
  if ((await kindOf(path)) === 'folder') return path;
  throw problem('not-found', `${otherwise}.`, 'Submit from a folder that is there.', { subject: path });
}
