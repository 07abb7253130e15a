/** Writes a file whole or not at all: after a crash or a power cut there is the old one or the new one. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

/** Drafts that a crash left are removed when they are this old. */
const staleMs = 60_000;

/** Durable when it returns; throws the file system's error, and then nothing has changed. The file is the owner's alone. */
export function writeWhole(file: string, text: string): void {
  const draft = `${file}.new-${process.pid}`;
  try {
    rmSync(draft, { force: true });
    const handle = openSync(draft, 'wx', 0o600);
    try {
      writeFileSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(draft, file);
  } catch (thrown) {
    rmSync(draft, { force: true });
    throw thrown;
  }
  syncFolder(path.dirname(file));
  removeStaleDrafts(file);
}

function syncFolder(folder: string): void {
  if (process.platform === 'win32') return; // A folder cannot be opened there; the rename is journalled.
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function removeStaleDrafts(file: string): void {
  const folder = path.dirname(file);
  const drafts = readdirSync(folder).filter((name) => name.startsWith(`${path.basename(file)}.new-`));
  for (const name of drafts) {
    const draft = path.join(folder, name);
    const changed = statSync(draft, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    if (Date.now() - changed > staleMs) rmSync(draft, { force: true });
  }
}

/** `<name>`, or with a number where that is taken. */
export function freeName(name: string): string {
  let free = name;
  for (let n = 2; existsSync(free); n += 1) free = `${name}-${n}`;
  return free;
}
