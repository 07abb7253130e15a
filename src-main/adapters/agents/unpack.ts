/** Unpacks a compressed tar that is not trusted: nothing lands outside, nothing but files, folders and links inside, nothing endless. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { posix } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { ReadEntry } from 'tar';
import { refusedArchive } from './refused.ts';

/** An agent has some 10 000 files of 700 MB together, three to four times what its archive has: a bomb has more. */
export interface UnpackLimits {
  readonly entries: number;
  readonly bytes: number;
  /** How many times as large as its archive it may be, beyond `always` bytes. */
  readonly ratio: number;
}
export const agentLimits: UnpackLimits = { entries: 100_000, bytes: 4 * 1024 ** 3, ratio: 100 };
const always = 64 * 1024 ** 2;

/** The most bytes that an archive of `size` bytes may unpack to. */
export function mostBytes({ bytes, ratio }: UnpackLimits, size: number): number {
  return Math.min(bytes, Math.max(always, size * ratio));
}

export function tooLarge(bytes: number): string {
  return `it unpacks to more than ${Math.round(bytes / 1_048_576)} MiB`;
}

/** Unpacks `archive` into the empty folder `to`. Throws `refused-by-policy`; what lies in `to` is then to be thrown away. */
export async function unpackTar(
  title: string,
  archive: string,
  to: string,
  limits: UnpackLimits = agentLimits,
): Promise<void> {
  const { Unpack } = await import('tar');
  const seen: { entries: number; fault: string | null } = { entries: 0, fault: null };
  const unpack = new Unpack({
    cwd: to,
    strict: true,
    preserveOwner: false,
    filter: (path, entry) => {
      seen.entries += 1;
      seen.fault ??=
        seen.entries > limits.entries
          ? `it has more than ${limits.entries} files`
          : entryFault(path, entry as ReadEntry);
      if (seen.fault !== null) unpack.abort(new Error(seen.fault));
      return seen.fault === null;
    },
  });
  const most = mostBytes(limits, (await stat(archive)).size);
  const bound = bounded(most, (fault) => (seen.fault ??= fault));
  try {
    await pipeline(createReadStream(archive), createGunzip(), bound, unpack);
  } catch (error) {
    if (seen.fault === null && isOfTheMachine(error)) throw error;
    seen.fault ??= damaged(error);
  }
  if (seen.fault !== null) throw refusedArchive(title, seen.fault);
}

/** Lets so many bytes pass, then fails. */
function bounded(bytes: number, over: (fault: string) => void): Transform {
  let passed = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      passed += chunk.length;
      if (passed <= bytes) {
        done(null, chunk);
        return;
      }
      over(tooLarge(bytes));
      done(new RangeError('too large'));
    },
  });
}

const isFile = (entry: ReadEntry) => ['File', 'OldFile', 'ContiguousFile'].includes(entry.type);

/** What is wrong with an entry; a good one loses rights that no agent needs. */
function entryFault(path: string, entry: ReadEntry): string | null {
  const name = JSON.stringify(path.slice(0, 120));
  if (!isInside(path)) return `${name} would lie outside of its folder`;
  // Neither set-user-id nor writable for others; its owner can always clean up.
  if (entry.mode !== undefined)
    entry.mode = (entry.mode & 0o755) | (entry.type === 'Directory' ? 0o700 : 0o600);
  if (isFile(entry) || entry.type === 'Directory') return null;
  const target = entry.linkpath ?? '';
  if (entry.type === 'SymbolicLink')
    return linkStaysInside(path, target) ? null : `${name} is a link that leads out of its folder`;
  if (entry.type === 'Link')
    return isInside(target) ? null : `${name} is a link that leads out of its folder`;
  return `${name} is neither a file nor a folder nor a link`;
}

/** A path below the folder, with nothing in it that could lead up. */
export function isInside(path: string): boolean {
  return path !== '' && !isAbsolute(path) && !path.includes('\0') && !path.split(/[\\/]/).includes('..');
}

/**
 * Where `..` comes only at the beginning, before any other name, the path is followed from the real folder of the link,
 * whatever links the other names are: each of those is held to the same.
 */
export function linkStaysInside(path: string, target: string): boolean {
  if (target === '' || isAbsolute(target) || target.includes('\\') || target.includes('\0')) return false;
  const names = target.split('/').filter((name) => name !== '' && name !== '.');
  const up = names.findIndex((name) => name !== '..');
  const leading = up < 0 ? names.length : up;
  if (names.slice(leading).includes('..')) return false;
  const depth = posix
    .dirname(posix.normalize(path))
    .split('/')
    .filter((name) => name !== '' && name !== '.');
  return leading <= depth.length;
}

const isAbsolute = (path: string) => /^[\\/]|^[A-Za-z]:/.test(path);

export function damaged(error: unknown): string {
  return `it is damaged (${error instanceof Error ? error.message : String(error)})`;
}

/** A full disk and the like is no fault of the archive. */
export function isOfTheMachine(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return ['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS', 'EMFILE', 'ENFILE', 'EIO'].includes(code);
}
