/** Whole folders: removed whatever their modes, copied without following links, measured while copying. */
import type { Dirent } from 'node:fs';
import { constants, lstatSync } from 'node:fs';
import {
  chmod,
  copyFile,
  lstat,
  lutimes,
  mkdir,
  readdir,
  readlink,
  rename,
  rm,
  rmdir,
  symlink,
  unlink,
  utimes,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { problem } from '../../../contract/problem.ts';

/** How many entries of a folder are copied or removed at once. */
const atOnce = 16;

export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

export async function exists(path: string): Promise<boolean> {
  return (await kindOf(path)) !== null;
}

/** What is there, without following a link; null when nothing is. */
export async function kindOf(path: string): Promise<'folder' | 'file' | 'link' | 'other' | null> {
  try {
    const stats = await lstat(path);
    if (stats.isDirectory()) return 'folder';
    if (stats.isSymbolicLink()) return 'link';
    return stats.isFile() ? 'file' : 'other';
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return null;
    throw error;
  }
}

/** Removes all of `path`, folders without write permission too; throws `cannot-clean-up`. What is absent is success. */
export async function removeTree(path: string): Promise<void> {
  // Asked at once: of most jobs there is nothing to remove.
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return;
  try {
    await removeEntry(path, stats.isDirectory());
  } catch {
    await openFolders(path);
    await rm(path, { recursive: true, force: true, maxRetries: 3, retryDelay: 20 }).catch(
      (error: unknown) => {
        throw problem(
          'cannot-clean-up',
          `${path} cannot be removed (${errorCode(error)}).`,
          'A job may have left files of another user, or protected ones, there: remove the folder by hand.',
          { subject: path },
        );
      },
    );
  }
}

/** The common case by hand: `rm` of Node asks the kind of each file again, which costs three times as much. */
async function removeEntry(path: string, isFolder: boolean): Promise<void> {
  try {
    if (!isFolder) {
      await unlink(path);
      return;
    }
    const entries = await readdir(path, { withFileTypes: true });
    for (let n = 0; n < entries.length; n += atOnce)
      await Promise.all(
        entries.slice(n, n + atOnce).map((e) => removeEntry(join(path, e.name), e.isDirectory())),
      );
    await rmdir(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

/** What a folder holds can only be removed while the folder may be written. */
async function openFolders(path: string): Promise<void> {
  if ((await kindOf(path).catch(() => null)) !== 'folder') return;
  await chmod(path, 0o700).catch(() => undefined);
  const entries = await readdir(path, { withFileTypes: true }).catch((): Dirent[] => []);
  for (const entry of entries) if (entry.isDirectory()) await openFolders(join(path, entry.name));
}

export interface CopyRules {
  /** The most bytes to copy; `over` is thrown beyond. */
  readonly limit: number;
  readonly over: () => Error;
  /** A folder that is left out, such as our own home. */
  readonly except: string | null;
}

export const noRules: CopyRules = { limit: Infinity, over: () => new RangeError(), except: null };

/**
 * Copies a file, link or folder to `to`, by reference where the file system can, with modes and times; links as they
 * stand. What is there already stays beside it or is replaced. Returns the bytes copied; sockets and devices are left out.
 */
export async function copyTree(from: string, to: string, rules: CopyRules = noRules): Promise<number> {
  let bytes = 0;
  const count = (more: number) => {
    bytes += more;
    if (bytes > rules.limit) throw rules.over();
  };
  await copyEntry(from, to, rules, count);
  return bytes;
}

async function copyEntry(
  from: string,
  to: string,
  rules: CopyRules,
  count: (bytes: number) => void,
): Promise<void> {
  if (from === rules.except) return;
  const stats = await lstat(from);
  if (stats.isDirectory()) {
    await mkdir(to, { recursive: true });
    const names = await readdir(from);
    for (let n = 0; n < names.length; n += atOnce)
      await Promise.all(
        names.slice(n, n + atOnce).map((name) => copyEntry(join(from, name), join(to, name), rules, count)),
      );
    // After its content: it may be read-only, and what is put into it changes its time.
    await chmod(to, stats.mode & 0o7777);
    await utimes(to, stats.atime, stats.mtime);
  } else if (stats.isSymbolicLink()) {
    await rm(to, { force: true });
    await symlink(await readlink(from), to);
    await lutimes(to, stats.atime, stats.mtime);
  } else if (stats.isFile()) {
    count(stats.size);
    // A link that stands there would be written through.
    await rm(to, { force: true });
    await copyFile(from, to, constants.COPYFILE_FICLONE);
    await utimes(to, stats.atime, stats.mtime);
  }
}

/** Moves a file or folder; copied where it goes to another file system or into a folder that is there already. */
export async function moveTree(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  try {
    await rename(from, to);
  } catch (error) {
    if (!['EXDEV', 'ENOTEMPTY', 'EEXIST', 'EISDIR', 'EPERM', 'EACCES'].includes(errorCode(error)))
      throw error;
    await copyTree(from, to);
    await removeTree(from);
  }
}
