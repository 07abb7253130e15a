/**
 * Control files are memory of the kernel: each takes some microseconds, so they are read and written at once rather
 * than handed to a thread, twenty of them on the way of every job.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** Null when the file is not there or may not be read. */
export function readControl(folder: string | undefined, file: string): string | null {
  if (folder === undefined) return null;
  try {
    return readFileSync(join(folder, file), 'utf8').trim();
  } catch {
    return null;
  }
}

/** False when the kernel refuses. */
export function writeControl(folder: string | undefined, file: string, text: string): boolean {
  if (folder === undefined) return false;
  try {
    writeFileSync(join(folder, file), text);
    return true;
  } catch {
    return false;
  }
}

/** A number of a file that holds one, or of its line `key N`; null where it is not given, or no limit (`max`). */
export function numberIn(text: string | null, key?: string): number | null {
  const word = key === undefined ? text : new RegExp(`^${key} (\\S+)$`, 'm').exec(text ?? '')?.[1];
  return word == null || !/^\d+$/.test(word) ? null : Number(word);
}

/** True when the group is there afterwards. That it is there already is usual, and asked for a tenth of the time of trying. */
export function makeGroup(folder: string): boolean {
  if (existsSync(folder)) return true;
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EEXIST';
  }
}

/** Has it groups below? Each counts as a link to it, so that nothing need be listed. */
export function hasGroupsBelow(folder: string): boolean {
  return (statSync(folder, { throwIfNoEntry: false })?.nlink ?? 0) > 2;
}

/** The group and those below it, the deepest first. */
export function groupsBelow(folder: string): string[] {
  if (!hasGroupsBelow(folder)) return [folder];
  const below = childrenOf(folder).flatMap((name) => groupsBelow(join(folder, name)));
  return [...below, folder];
}

function childrenOf(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    );
  } catch {
    return [];
  }
}

/** Removes a group without processes and groups below; others stay. */
export function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // In use, or gone.
  }
}

/** True when the group is gone afterwards; false while a process is still leaving it. */
export function removeGroup(folder: string): boolean {
  for (const group of groupsBelow(folder)) {
    try {
      rmdirSync(group);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return false;
    }
  }
  return true;
}

/** `0-3,5` */
export function cpusIn(text: string | null): number[] {
  return (text ?? '').split(',').flatMap((range) => {
    const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? [];
    if (from === undefined) return [];
    return Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => Number(from) + i);
  });
}
