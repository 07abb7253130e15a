/** Where a job's files come from: a pinned commit or a copied folder; taken at submit, let go when no attempt is left. */
import { mkdir, readFile, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type ProblemError, problem } from '../../../contract/problem.ts';
import { faultPoint } from '../../../core/fault.ts';
import { commitChanges, untracked } from './dirty.ts';
import { copyTree, errorCode, exists, removeTree } from './files.ts';
import { copiedSource, type Parts } from './options.ts';
import { withoutLfs } from './owner-config.ts';
import { pin, refOf, unpin } from './pin.ts';
import { headOf, type Repository } from './repository.ts';

export interface Taken {
  readonly commit: string | null;
  readonly notes: readonly string[];
}

export async function pinCommit(job: string, dir: string, dirty: boolean, parts: Parts): Promise<Taken> {
  const { repository } = await parts.locate(dir);
  const settings = (await parts.checkout.hasLfs())
    ? []
    : withoutLfs.flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const head = await headOf(parts.git, repository, settings);
  const where = repository.root ?? repository.gitDir;
  if (head.commit === null)
    throw problem(
      'not-a-repository',
      `The repository ${where} has no commit yet.`,
      'Make one with `git commit`, or give --in-place to run in the folder itself.',
      { subject: where },
    );
  const commit = dirty
    ? await commitChanges(parts.git, repository, { ...head, commit: head.commit })
    : head.commit;
  const notes = [
    ...(head.changed && !dirty
      ? [
          `Uncommitted changes are left out: the job runs commit ${commit.slice(0, 12)}. Give --dirty to take them along.`,
        ]
      : []),
    ...(dirty ? await untrackedNote(repository, parts) : []),
    ...(await lfsNote(repository, parts)),
    ...(await pinned(job, commit, repository, parts)),
  ];
  return { commit, notes };
}

/** Pins the commit for the job. Written down first, so that a crash leaves no ref that nobody knows. */
export async function pinned(
  job: string,
  commit: string,
  { commonDir }: Repository,
  parts: Parts,
): Promise<string[]> {
  const ref = refOf(job);
  parts.store.putRef(commonDir, ref, job);
  try {
    await pin(parts.git, commonDir, ref, commit);
    faultPoint('after-pin');
    return [];
  } catch (error) {
    if (!isUnwritable(error)) throw error;
    parts.store.deleteRef(commonDir, ref);
    return [
      `The repository cannot be written, so commit ${commit.slice(0, 12)} is not held: it must stay until the job has begun.`,
    ];
  }
}

function isUnwritable(error: unknown): boolean {
  return ['EACCES', 'EPERM', 'EROFS'].includes(errorCode(error));
}

/** Pins the commit of `job` for its next attempt too, which goes unpinned where the repository no longer lets us. */
export async function pinAgain(job: string, next: string, commit: string, parts: Parts): Promise<void> {
  const [ref] = parts.store.refs(job);
  if (ref === undefined) return;
  const { repository } = ref;
  parts.store.putRef(repository, refOf(next), next);
  try {
    await pin(parts.git, repository, refOf(next), commit);
  } catch (error) {
    if (!isUnwritable(error) && (await exists(join(repository, 'objects')))) throw error;
    parts.store.deleteRef(repository, refOf(next));
    parts.log.warn(`The commit of job ${next} is not held in ${repository}.`, { error: String(error) });
  }
  faultPoint('after-pin');
}

async function untrackedNote({ root }: Repository, parts: Parts): Promise<string[]> {
  const names = root === null ? [] : await untracked(parts.git, root);
  if (names.length === 0) return [];
  const some = names.slice(0, 3).join(', ');
  return [`Files that git does not track are left out: ${some}${names.length > 3 ? ' and others' : ''}.`];
}

async function lfsNote({ root }: Repository, parts: Parts): Promise<string[]> {
  if (root === null) return [];
  const attributes = await readFile(join(root, '.gitattributes'), 'utf8').catch(() => '');
  if (!/\bfilter=lfs\b/.test(attributes) || (await parts.checkout.hasLfs())) return [];
  return [
    'This repository uses Git LFS, and git-lfs is not installed: the job sees pointers in place of large files.',
  ];
}

/** More is better run in place or from a commit: it would be copied for each attempt. */
const copyLimitGiB = 2;

export async function copyIn(job: string, dir: string, parts: Parts): Promise<Taken> {
  const limit = copyLimitGiB * 1024 ** 3;
  const copy = copiedSource(parts.home, job);
  await mkdir(dirname(copy), { recursive: true, mode: 0o700 });
  await copyTree(dir, copy, {
    limit,
    over: () => tooLarge(dir),
    except: parts.home,
  });
  return { commit: null, notes: [] };
}

function tooLarge(dir: string): ProblemError {
  return problem(
    'usage',
    `The folder ${dir} holds more than ${copyLimitGiB} GiB, too much to copy for a job.`,
    'Give --in-place to run in the folder itself, or make it a git repository.',
    { subject: dir },
  );
}

/** Lets go of the pinned commit. Absent is success. */
export async function dropRef(job: string, parts: Parts): Promise<void> {
  for (const { repository, ref } of parts.store.refs(job)) {
    await unpin(parts.git, repository, ref);
    parts.store.deleteRef(repository, ref);
  }
}

/** Removes what was copied for the job and its other attempts; its folder too where nothing else is in it. */
export async function dropCopy(job: string, parts: Parts): Promise<void> {
  const copy = copiedSource(parts.home, job);
  await removeTree(copy);
  await rmdir(dirname(copy)).catch(() => undefined);
}
