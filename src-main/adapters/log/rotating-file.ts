/** A file that is appended to, and becomes `<path>.1` when it is full. */
import { closeSync, constants, fstatSync, ftruncateSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../os/paths.ts';

export interface RotatingFile {
  /** False where the line could not be written: then nothing of it is in the file. Never throws. */
  append(line: string): boolean;
  close(): void;
}

interface Open {
  readonly fd: number;
  readonly regular: boolean;
  size: number;
}

// Not blocking: a named pipe that nobody reads would hold us up for good. (Undefined on Windows, which counts as 0.)
const { O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK } = constants;
const flags = O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK;

/** Opens with the first line, and again after a failure. `maxBytes` holds for regular files: /dev/null stays. */
export function rotatingFile(path: string, maxBytes: number): RotatingFile {
  let file: Open | null = null;

  const opened = (): Open => {
    if (file !== null) return file;
    makeFolder(dirname(path));
    const fd = openSync(path, flags, 0o600);
    const stats = fstatSync(fd);
    file = { fd, regular: stats.isFile(), size: stats.size };
    return file;
  };

  const close = () => {
    const { fd } = file ?? { fd: null };
    file = null;
    if (fd !== null) quietly(() => closeSync(fd));
  };

  const append = (line: string): boolean => {
    const bytes = Buffer.from(line);
    try {
      const { regular, size } = opened();
      if (regular && size > 0 && size + bytes.length > maxBytes) {
        renameSync(path, `${path}.1`);
        close();
      }
      return writeWhole(opened(), bytes);
    } catch {
      close();
      return false;
    }
  };

  return { append, close };
}

/** Half a line would spoil the next one: it is taken back. */
function writeWhole(file: Open, bytes: Buffer): boolean {
  const written = writeSync(file.fd, bytes);
  if (written === bytes.length || !file.regular) {
    file.size += written;
    return written === bytes.length;
  }
  ftruncateSync(file.fd, file.size);
  return false;
}

function quietly(fn: () => void): void {
  try {
    fn();
  } catch {
    // A descriptor that cannot be closed is of no use to anybody.
  }
}
