/** Refs that keep a job's commit from being collected: refs/homerunner/<job> in the owner's repository. */
import { access, constants, mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Git, gitText } from '../../os/git.ts';
import { errorCode, exists } from './files.ts';

export function refOf(job: string): string {
  return `refs/homerunner/${job}`;
}

/**
 * Writes the ref; one that is there is replaced. Written as git itself stores a loose ref, since a process of git costs
 * milliseconds and nobody else writes this name; by git where the repository stores refs in another way.
 */
export async function pin(git: Git, commonDir: string, ref: string, commit: string): Promise<void> {
  if (await exists(join(commonDir, 'reftable'))) {
    // Git's own refusal has no code that tells why.
    await access(join(commonDir, 'reftable'), constants.W_OK);
    await gitText(git, { gitDir: commonDir }, ['update-ref', ref, commit]);
    return;
  }
  const file = join(commonDir, ref);
  for (let tries = 0; ; tries += 1) {
    try {
      await makeFolder(dirname(file));
      // Not flushed: after a power cut the next start writes it again, since the job knows its commit.
      await writeFile(file, `${commit}\n`, { mode: 0o644 });
      return;
    } catch (error) {
      // The folder goes with its last ref, which may be just now.
      if (errorCode(error) !== 'ENOENT' || tries >= 10 || !(await exists(commonDir))) throw error;
    }
  }
}

/** Only the last one: every repository has `refs`, and one that was deleted must not come back in pieces. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}

/** Removes the ref; absent, or with its whole repository gone, is success. */
export async function unpin(git: Git, commonDir: string, ref: string): Promise<void> {
  if (!(await exists(commonDir))) return;
  if ((await exists(join(commonDir, 'reftable'))) || (await isPacked(commonDir, ref))) {
    await gitText(git, { gitDir: commonDir }, ['update-ref', '-d', ref]);
  }
  const file = join(commonDir, ref);
  await rm(file, { force: true });
  await rmdir(dirname(file)).catch(() => undefined);
}

/** `git gc` moves refs into one file. */
async function isPacked(commonDir: string, ref: string): Promise<boolean> {
  const packed = await readFile(join(commonDir, 'packed-refs'), 'latin1').catch(() => '');
  return packed.includes(` ${ref}\n`);
}
