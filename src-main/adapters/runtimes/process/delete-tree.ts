import { chmod, lstat, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { problem } from '../../../contract/problem.ts';

/**
 * Deletes a folder, also where a job left folders that may not be written. The file `last` goes last, so that a half
 * deleted folder still says whose it is. Throws `cannot-clean-up`.
 */
export async function deleteTree(folder: string, last: string): Promise<void> {
  try {
    for (const name of await readdir(folder)) if (name !== last) await deleteAny(join(folder, name));
    await rm(join(folder, last), { force: true });
    await rmdir(folder);
  } catch (error) {
    const { code, path, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    throw problem(
      'cannot-clean-up',
      `The folder ${folder} could not be deleted (${code ?? message}${path === undefined ? '' : ` at ${path}`}).`,
      'A job may have left files of another user there: delete it by hand with that user’s rights.',
      { subject: folder },
    );
  }
}

async function deleteAny(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    await openFolders(path);
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Gives the owner the right to delete in every folder below; links are not followed. */
async function openFolders(path: string): Promise<void> {
  if (!(await lstat(path)).isDirectory()) return;
  await chmod(path, 0o700);
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.isDirectory()) await openFolders(join(path, entry.name));
  }
}
