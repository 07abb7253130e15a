/**
 * A log of which only the beginning and the newest part are kept. Positions (cursors) count every byte that was ever
 * written, so that they stay true. Beside `log`, the file `log.base` says what is missing:
 * `HEAD END SHIFT`: the bytes from HEAD to END are gone, and what follows stands SHIFT bytes earlier in the file.
 */
import { type FileHandle, mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ProblemError } from '../../../contract/problem.ts';
import { run } from '../../os/exec.ts';
import { writeWhole } from './write-whole.ts';

const mebibyte = 1024 * 1024;
/** What is kept of the beginning, in bytes: the set-up of a job and its first errors. */
const headBytes = mebibyte;
/** Holes are made of whole blocks. */
const blockBytes = 4096;
/** Where the system cannot make holes: what is copied before the file is cut, small enough to take a millisecond. */
const tailBytes = mebibyte;

interface Base {
  readonly head: number;
  readonly end: number;
  readonly shift: number;
}

const whole: Base = { head: 0, end: 0, shift: 0 };

export interface LogPart {
  readonly data: Buffer;
  /** Where to go on reading. */
  readonly cursor: number;
  /** Bytes between the cursor asked for and `data` that are not kept any more. */
  readonly skipped: number;
  /** Bytes ever written. */
  readonly size: number;
}

/** Reads at most `maxBytes` from `cursor`. A log that does not exist yet is empty; a cursor beyond its end is its end. */
export async function readLog(file: string, cursor: number, maxBytes: number): Promise<LogPart> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  });
  if (handle === null) return { data: Buffer.alloc(0), cursor: 0, skipped: 0, size: 0 };
  try {
    for (;;) {
      const base = await readBase(file);
      const part = await readPart(handle, base, cursor, maxBytes);
      // It may have been cut while we read.
      const now = await readBase(file);
      if (now.end === base.end && now.shift === base.shift) return part;
    }
  } finally {
    await handle.close();
  }
}

async function readPart(handle: FileHandle, base: Base, cursor: number, maxBytes: number): Promise<LogPart> {
  const size = (await handle.stat()).size + base.shift;
  const from = Math.max(0, Math.min(cursor, size));
  const missing = from >= base.head && from < base.end;
  const at = missing ? Math.min(base.end, size) : from;
  const until = at < base.head ? Math.min(base.head, size) : size;
  const buffer = Buffer.alloc(Math.min(maxBytes, until - at));
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, at < base.head ? at : at - base.shift);
  return { data: buffer.subarray(0, bytesRead), cursor: at + bytesRead, skipped: at - from, size };
}

/** Bytes that `file` was ever given; 0 when it does not exist. */
export async function logSize(file: string): Promise<number> {
  const [stats, base] = await Promise.all([stat(file).catch(() => null), readBase(file)]);
  return stats === null ? 0 : stats.size + base.shift;
}

/**
 * Drops the middle of a log of which more than `maxBytes` are kept. Writers go on appending meanwhile. Returns the
 * bytes ever written.
 */
export async function boundLog(file: string, maxBytes: number, punch = punchHole): Promise<number> {
  const base = await readBase(file);
  const size = await logSize(file);
  if (size - (base.end - base.head) <= maxBytes) return size;
  const head = base.end > 0 ? base.head : Math.min(headBytes, Math.floor(maxBytes / 4));
  const end = Math.floor((size - maxBytes / 2) / blockBytes) * blockBytes;
  if (end <= head) return size;
  if (base.shift > 0 || !(await punched(file, { head, end, shift: 0 }, Math.max(head, base.end), punch))) {
    await cut(file, head, base.shift);
  }
  return size;
}

/** Said before it is done, so that nobody reads the hole: what is still there then is skipped all the same. */
async function punched(file: string, next: Base, from: number, punch: typeof punchHole): Promise<boolean> {
  await writeBase(file, next);
  return punch(file, from, next.end - from);
}

/** Frees a part of the file in place, so that nothing is copied and no byte of a writer can be lost. */
async function punchHole(file: string, offset: number, length: number): Promise<boolean> {
  const args = ['--punch-hole', '--offset', String(offset), '--length', String(length), file];
  try {
    return (await run('fallocate', args, { timeoutMs: 60_000 })).code === 0;
  } catch (error) {
    if (error instanceof ProblemError) return false;
    throw error;
  }
}

/** Copy and truncate: lines that are written in the millisecond between may be lost or stand before the copied part. */
async function cut(file: string, head: number, shift: number): Promise<void> {
  const handle = await open(file, 'r+');
  const append = await open(file, 'a');
  try {
    const tail = Buffer.alloc(tailBytes);
    const { size } = await handle.stat();
    const { bytesRead } = await handle.read(tail, 0, tailBytes, Math.max(head, size - tailBytes));
    await handle.truncate(head);
    await append.appendFile(tail.subarray(0, bytesRead));
    const end = size + shift - bytesRead;
    await writeBase(file, { head, end, shift: end - head });
  } finally {
    await Promise.all([handle.close(), append.close()]);
  }
}

async function readBase(file: string): Promise<Base> {
  const text = await readFile(`${file}.base`, 'utf8').catch(() => '');
  const [head, end, shift] = text.trim().split(' ').map(Number);
  return head === undefined || end === undefined || shift === undefined ? whole : { head, end, shift };
}

async function writeBase(file: string, base: Base): Promise<void> {
  await writeWhole(`${file}.base`, `${base.head} ${base.end} ${base.shift}\n`);
}

/** Copies what is kept of a log from that byte on to another place, as one file; one that does not exist leaves an empty one. */
export async function keepLog(from: string, to: string, start = 0): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  const target = await open(to, 'w', 0o600);
  try {
    for (let cursor = start; ;) {
      const part = await readLog(from, cursor, mebibyte);
      if (part.data.length === 0) return;
      await target.write(part.data);
      ({ cursor } = part);
    }
  } finally {
    await target.close();
  }
}

/** Moves the folder of a log that is kept; one that does not exist, as after it was moved, is passed over. */
export async function renameLog(from: string, to: string): Promise<void> {
  try {
    await rename(dirname(from), dirname(to));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
