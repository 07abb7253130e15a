/** Gives each runner its own copy of a version. One spare lies ready ahead and is handed out by a rename. */
import { rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cloneTree, type Pace, Stopped } from './clone.ts';
import {
  filesFolder,
  isWhole,
  type KeptVersion,
  moveFolder,
  removeAll,
  spareFolder,
  tidyUnfinished,
  unfinished,
} from './versions.ts';

export interface InstanceOptions {
  /** Whether there is room for a spare of so many bytes. */
  readonly roomForSpare: (bytes: number) => Promise<boolean>;
  /** A spare could not be made: instances are then copied when they are needed. */
  readonly failed: (error: unknown) => void;
}

/**
 * No hard links: a job runs as the user who owns these files, and what it wrote into its own copy would be in all of
 * them. On a file system that copies by reference a copy takes no space, else it takes as much as the version.
 */
export class Instances {
  readonly #options: InstanceOptions;
  readonly #sparing = new Map<string, Promise<void>>();
  /** Folders of versions whose spare is known to be whole: those of a former process are measured once. */
  readonly #whole = new Set<string>();
  #made = 0;
  #closed = false;

  constructor(options: InstanceOptions) {
    this.#options = options;
  }

  /** Makes `target`, which is not there yet, all at once; its parent folder is there. */
  async make(version: KeptVersion, target: string): Promise<void> {
    if (!(await this.#fromSpare(version, target))) await this.#copy(version, target, 'now');
    void this.spare(version);
  }

  async #fromSpare({ folder }: KeptVersion, target: string): Promise<boolean> {
    // One that is not known to be whole, or is just being looked at, is left alone.
    if (!this.#whole.delete(folder)) return false;
    try {
      await rename(join(folder, spareFolder), target);
      return true;
    } catch {
      return false; // On another file system, or gone.
    }
  }

  async #copy({ folder }: KeptVersion, target: string, pace: Pace): Promise<void> {
    const name = `${unfinished}${process.pid}-${(this.#made += 1)}`;
    const half = join(dirname(target), name);
    try {
      await cloneTree(join(folder, filesFolder), half, pace, () => this.#closed);
      await moveFolder(half, target);
    } catch (error) {
      await removeAll(half);
      throw error;
    }
  }

  /** Prepares a spare in the background unless there is one; the answer is for tests and for who waits for the end. */
  spare(version: KeptVersion): Promise<void> {
    const { folder } = version;
    const running = this.#sparing.get(folder);
    if (running !== undefined || this.#closed) return running ?? Promise.resolve();
    const mine = this.#prepare(version)
      .catch((error: unknown) => {
        if (!(error instanceof Stopped)) this.#options.failed(error);
      })
      .finally(() => this.#sparing.delete(folder));
    this.#sparing.set(folder, mine);
    return mine;
  }

  async #prepare(version: KeptVersion): Promise<void> {
    const spare = join(version.folder, spareFolder);
    if (this.#whole.has(version.folder)) return;
    // A former process may have ended while it made one.
    await tidyUnfinished(version.folder, 0);
    if (!(await isWhole(spare, version.extent))) {
      await removeAll(spare);
      if (!(await this.#options.roomForSpare(version.extent.bytes))) return;
      await this.#copy(version, spare, 'background');
    }
    this.#whole.add(version.folder);
  }

  /** Forgets the spare of a version that is going to be removed, and waits until nothing is written there. */
  async drop(folder: string): Promise<void> {
    await this.#sparing.get(folder);
    this.#whole.delete(folder);
  }

  /** Gives up copies; what they had made is removed when this is done. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#sparing.values());
  }
}
