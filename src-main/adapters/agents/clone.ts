/**
 * Copies a folder that we made ourselves, by reference where the file system can: on btrfs and XFS (FICLONE) and on APFS
 * (copyfile with COPYFILE_CLONE) because it is asked for, on ReFS because Windows' own copy does so by itself. Elsewhere
 * the bytes are copied. Rights and times are those of the original on macOS, rights alone on Linux.
 */
import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';

/** How much of the four threads that Node has for files a copy takes: `background` leaves most to the rest. */
export type Pace = 'now' | 'background';
const atOnce: Readonly<Record<Pace, number>> = { now: 16, background: 1 };

/** Copies `from` into `to`, which is made; throws `stopped` as soon as `stop` says so. */
export async function cloneTree(from: string, to: string, pace: Pace, stop: () => boolean): Promise<void> {
  await mkdir(to, { mode: 0o755 });
  const entries = await readdir(from, { withFileTypes: true });
  for (let n = 0; n < entries.length; n += atOnce[pace]) {
    if (stop()) throw new Stopped();
    await Promise.all(
      entries.slice(n, n + atOnce[pace]).map(async (entry) => {
        const [source, target] = [join(from, entry.name), join(to, entry.name)];
        if (entry.isDirectory()) await cloneTree(source, target, pace, stop);
        else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
        else await copyFile(source, target, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
      }),
    );
  }
}

/** A copy was given up because nobody wants it any more. */
export class Stopped extends Error {
  constructor() {
    super('The copy was stopped.');
    this.name = 'Stopped';
  }
}
