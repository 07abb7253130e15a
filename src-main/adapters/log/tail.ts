/** The end of the log. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** Read of each file; lines are bounded, so that this holds some hundred of the longest. */
const tailBytes = 512 * 1024;

/** The newest `count` lines of the log `file`, oldest first, with those of the file before it where one is not enough. */
export function lastLines(file: string, count: number): readonly string[] {
  const newest = linesOf(file);
  const all = newest.length >= count ? newest : [...linesOf(`${file}.1`), ...newest];
  return all.slice(-count);
}

/** Without the first one where the file was cut in it; empty where there is no file to read. */
function linesOf(file: string): readonly string[] {
  let fd: number | null = null;
  try {
    // A pipe that nobody writes to would hold us up for good. (Undefined on Windows, which counts as 0.)
    fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(fd);
    // A log may be a device or a pipe, which has no end to read.
    if (!stats.isFile()) return [];
    const start = Math.max(0, stats.size - tailBytes);
    const bytes = Buffer.alloc(stats.size - start);
    const read = readSync(fd, bytes, 0, bytes.length, start);
    const lines = bytes.toString('utf8', 0, read).split('\n');
    return lines.slice(start > 0 ? 1 : 0).filter((line) => line !== '');
  } catch {
    return [];
  } finally {
    if (fd !== null) closeSync(fd);
  }
}
