/** The uncommitted changes of tracked files as a commit of their own; the owner's index, HEAD and stash stay as they are. */
import { copyFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { problem } from '../../../contract/problem.ts';
import { type Git, gitText } from '../../os/git.ts';
import { errorCode, removeTree } from './files.ts';
import type { Head, Repository } from './repository.ts';

/** Nobody's name is needed, and nothing of the owner's is given away. */
const identity = {
  GIT_AUTHOR_NAME: 'Homerunner',
  GIT_AUTHOR_EMAIL: 'homerunner@localhost',
  GIT_COMMITTER_NAME: 'Homerunner',
  GIT_COMMITTER_EMAIL: 'homerunner@localhost',
};

/** The commit to run: HEAD itself where nothing differs. Throws a Problem for a conflict, or a repository without files. */
export async function commitChanges(
  git: Git,
  { root, gitDir }: Repository,
  head: Head & { readonly commit: string },
): Promise<string> {
  if (root === null)
    throw problem(
      'usage',
      `${gitDir} is a bare repository: it has no files that could differ from its commit.`,
      'Leave --dirty out.',
      { subject: gitDir },
    );
  if (head.conflicts)
    throw problem(
      'usage',
      `A merge in ${root} has conflicts that are not resolved, so its changes are no state that could run.`,
      'Resolve them and `git add` the files, or leave --dirty out to run the last commit.',
      { subject: root },
    );
  if (!head.changed) return head.commit;
  const folder = await mkdtemp(join(tmpdir(), 'homerunner-index-'));
  try {
    const index = join(folder, 'index');
    await copyIndex(gitDir, index);
    const options = { timeoutMs: 300_000, variables: { ...identity, GIT_INDEX_FILE: index } };
    const inRoot = (args: readonly string[]) => gitText(git, { in: root }, args, options);
    await inRoot(['-c', 'core.splitIndex=false', 'add', '--update', '--', ':/']);
    const tree = (await inRoot(['write-tree'])).trim();
    const message = `Uncommitted changes on top of ${head.commit.slice(0, 12)}`;
    return (await inRoot(['commit-tree', tree, '-p', head.commit, '-m', message])).trim();
  } finally {
    await removeTree(folder);
  }
}

async function copyIndex(gitDir: string, to: string): Promise<void> {
  try {
    await copyFile(join(gitDir, 'index'), to);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

/** Files that git neither tracks nor ignores: some names to tell the submitter, and whether there are more. */
export async function untracked(git: Git, root: string): Promise<readonly string[]> {
  const args = ['ls-files', '--others', '--exclude-standard', '--directory', '--no-empty-directory', '-z'];
  const { code, stdout } = await git({ in: root }, args, { timeoutMs: 60_000, maxBytes: 64 * 1024 });
  return code === 0 ? stdout.split('\0').filter((name) => name !== '') : [];
}
