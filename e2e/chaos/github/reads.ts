/** What is new in files that are read again and again: what was appended, or all where something else was done to them. */
import { closeSync, openSync, readFileSync, readSync, type Stats, statSync } from 'node:fs';

/** A secret may have been written in two parts. */
const overlap = 2048;
/** By so much of its former end a file is known to have only grown. */
const endBytes = 64;

interface Read {
  readonly size: number;
  readonly changedAt: number;
  readonly inode: number;
  readonly readAt: number;
  /** Its last bytes. */
  readonly end: string;
}

export class Reads {
  #before: ReadonlyMap<string, Read> = new Map();
  #now = new Map<string, Read>();

  /** Another look at all files begins: those that it does not come to are forgotten. */
  begin(): void {
    this.#before = this.#now;
    this.#now = new Map();
  }

  /** All is new again. */
  forget(): void {
    this.#now.clear();
  }

  /** The new part of it; null: there is none, or it was read whole less than `wholeMs` ago, where that is told. */
  newIn(file: string, wholeMs: number | null): string | null {
    const stat = statOf(file);
    if (stat === null) return null;
    const { size, mtimeMs: changedAt, ino: inode } = stat;
    const before = this.#before.get(file) ?? null;
    const isUnchanged = before?.inode === inode && before.size === size && before.changedAt === changedAt;
    const isRecent = wholeMs !== null && before !== null && Date.now() - before.readAt < wholeMs;
    if (before !== null && (isUnchanged || isRecent)) {
      this.#now.set(file, before);
      return null;
    }
    const grew = wholeMs === null && before !== null && before.inode === inode && before.size < size;
    const added = grew ? appended(file, before) : null;
    const text = added?.text ?? readFrom(file, 0);
    const until = Math.max(0, size - (added?.from ?? 0));
    const end = text.slice(Math.max(0, until - endBytes), until);
    this.#now.set(file, { size, changedAt, inode, readAt: Date.now(), end });
    return text;
  }
}

/** What follows its former end, and something before it; null: that end is not there any more. */
function appended(file: string, before: Read): { readonly from: number; readonly text: string } | null {
  const from = Math.max(0, before.size - overlap);
  const text = readFrom(file, from);
  return text.slice(0, before.size - from).endsWith(before.end) ? { from, text } : null;
}

export function statOf(file: string): Stats | null {
  return statSync(file, { throwIfNoEntry: false }) ?? null;
}

/** What stands in it from a place on, each byte as one character; empty where it cannot be read. */
export function readFrom(file: string, from: number): string {
  let descriptor = -1;
  try {
    if (from === 0) return readFileSync(file, 'latin1');
    descriptor = openSync(file, 'r');
    const buffer = Buffer.alloc(Math.max(0, (statOf(file)?.size ?? 0) - from));
    return buffer.toString('latin1', 0, readSync(descriptor, buffer, 0, buffer.length, from));
  } catch {
    return '';
  } finally {
    if (descriptor >= 0) closeSync(descriptor);
  }
}
