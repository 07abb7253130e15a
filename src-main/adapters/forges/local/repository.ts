/** Finds the repository that a folder lies in, and the state it is in. */
import { lstat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { problem } from '../../../contract/problem.ts';
import { type Git, gitProblem, gitText } from '../../os/git.ts';
import { exists } from './files.ts';

export interface Repository {
  /** The top of the work tree; null for a bare repository. */
  readonly root: string | null;
  /** Of this work tree. */
  readonly gitDir: string;
  /** Where refs, objects and configuration lie, shared by all work trees of it. */
  readonly commonDir: string;
}

export interface Place {
  readonly repository: Repository;
  /** The folder below the top, '' for the top itself. */
  readonly folder: string;
}

/** Finds the repository of an absolute, real path; remembers, since a process of git costs milliseconds. */
export type Locate = (dir: string) => Promise<Place>;

export function locator(git: Git): Locate {
  const known = new Map<string, Repository>();
  return async (dir) => {
    const start = await nearestFolder(dir);
    const before = known.get(start);
    const repository =
      before !== undefined && (await stillThere(start, before)) ? before : await find(git, start);
    if (known.size > 1000) known.clear();
    known.set(start, repository);
    const folder = repository.root === null ? '' : relative(repository.root, dir);
    return { repository, folder: folder.split(sep).join('/') };
  };
}

/** The folder itself, or what is left above it: another branch may be checked out that has no such folder. */
async function nearestFolder(dir: string): Promise<string> {
  for (let path = dir; ; path = dirname(path))
    if (dirname(path) === path || (await exists(path))) return path;
}

async function stillThere(start: string, { root, gitDir, commonDir }: Repository): Promise<boolean> {
  if (!(await exists(join(gitDir, 'HEAD'))) || !(await exists(join(commonDir, 'objects')))) return false;
  if (root === null) return true;
  for (let path = start; path !== root; path = dirname(path))
    if (path === dirname(path) || (await exists(join(path, '.git')))) return false;
  return exists(join(root, '.git'));
}

async function find(git: Git, dir: string): Promise<Repository> {
  const args = ['rev-parse', '--absolute-git-dir', '--git-common-dir', '--show-toplevel'];
  const result = await git({ in: dir }, args);
  if (result.code === 0) {
    const [gitDir, commonDir, root, ...more] = result.stdout.trimEnd().split('\n');
    if (gitDir !== undefined && commonDir !== undefined && root !== undefined && more.length === 0)
      return { root: resolve(root), gitDir: resolve(gitDir), commonDir: resolve(dir, commonDir) };
    throw problem(
      'not-a-repository',
      `The path of the repository at ${JSON.stringify(dir)} has a line break in it, which git cannot tell apart.`,
      'Rename the folder.',
    );
  }
  if (result.stderr.includes('must be run in a work tree')) return findBare(git, dir);
  throw gitProblem(result, { in: dir }, args);
}

async function findBare(git: Git, dir: string): Promise<Repository> {
  const text = await gitText(git, { in: dir }, ['rev-parse', '--is-bare-repository', '--absolute-git-dir']);
  const [bare, gitDir = dir] = text.trimEnd().split('\n');
  if (bare !== 'true')
    throw problem(
      'not-a-repository',
      `${dir} lies in the .git folder of a repository, not in its files.`,
      'Submit from the folder above.',
      { subject: dir },
    );
  return { root: null, gitDir: resolve(gitDir), commonDir: resolve(gitDir) };
}

export interface Head {
  /** Null while there is no commit. */
  readonly commit: string | null;
  /** Tracked files differ from the commit. */
  readonly changed: boolean;
  readonly conflicts: boolean;
}

const statusArgs = [
  'status',
  '--porcelain=v2',
  '--branch',
  '--no-ahead-behind',
  '--untracked-files=no',
  '--ignore-submodules=dirty',
  '-z',
];

/** The commit that is checked out, and whether files differ from it; the index is left as it is. `settings` are `-c` arguments. */
export async function headOf(
  git: Git,
  { root, gitDir }: Repository,
  settings: readonly string[] = [],
): Promise<Head> {
  if (root === null) {
    const args = ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'];
    const { code, stdout } = await git({ gitDir }, args);
    return { commit: code === 0 ? stdout.trim() : null, changed: false, conflicts: false };
  }
  const entries = (
    await gitText(git, { in: root }, [...settings, ...statusArgs], { timeoutMs: 120_000 })
  ).split('\0');
  const oid = entries.find((entry) => entry.startsWith('# branch.oid '))?.slice('# branch.oid '.length);
  return {
    commit: oid === undefined || oid === '(initial)' ? null : oid,
    changed: entries.some((entry) => /^[12u] /.test(entry)),
    conflicts: entries.some((entry) => entry.startsWith('u ')),
  };
}

/** A number that changes when the file does; 0 where there is none. */
export async function stampOf(file: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await lstat(file);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return '';
  }
}
