/** What is known of each runner of ours on this machine: in memory, and read again from its folder. */
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Instance, ProcessId } from '../../../core/runner.ts';
import type { ProcessTable } from '../../os/processes.ts';
import type { FolderWatch } from './folder-watch.ts';
import { clearedFile, installFile, jobFolders, type JobState, readState } from './job-folder.ts';
import type { UseSoFar } from './use.ts';

/** A wrapper that has created its file but not written it within this time has died, in milliseconds. */
const unwrittenMs = 10_000;

export interface Entry {
  readonly name: string;
  readonly folder: string;
  state: Instance['state'];
  job: string | null;
  /** The folder of the present job; null: none. */
  path: string | null;
  process: ProcessId | null;
  exitCode: number | null;
  endedAt: number | null;
  outOfMemory: boolean;
  /** Nothing that the ended job started is left. */
  swept: boolean;
  /** Its folder is signed and holds a fresh wrapper. */
  ready: boolean;
  watch: FolderWatch | null;
  use: UseSoFar | null;
}

export interface TableOptions {
  /** HOME/runners. */
  readonly root: string;
  readonly install: string;
  readonly bootId: string;
  readonly processes: ProcessTable;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
  /** Something is being done to the runner, so that its folder says nothing sure. */
  readonly isBusy: (name: string) => boolean;
  /** A job runs that this table did not know of. */
  readonly found: (entry: Entry) => Promise<void>;
  /** A job has ended; called before the entry says so. */
  readonly ending: (entry: Entry, exitCode: number | null) => Promise<void>;
}

export class RunnerTable {
  readonly entries = new Map<string, Entry>();
  readonly #options: TableOptions;

  constructor(options: TableOptions) {
    this.#options = options;
  }

  instances(): Instance[] {
    return [...this.entries.values()].map((entry) => ({
      name: entry.name,
      state: entry.state,
      job: entry.job,
      process: entry.process,
      container: null,
      exitCode: entry.exitCode,
      endedAt: entry.endedAt,
    }));
  }

  running(): Entry[] {
    return [...this.entries.values()].filter((entry) => entry.state === 'running');
  }

  /** The runner's entry; made `prepared` when absent. */
  entry(name: string): Entry {
    const known = this.entries.get(name);
    if (known !== undefined) return known;
    const entry: Entry = { name, folder: join(this.#options.root, name), ...nothing };
    this.entries.set(name, entry);
    return entry;
  }

  /**
   * Looks at all folders: those with our install are ours. Busy runners are left alone. What cannot be read now stays as
   * it is known, and a job that runs stays known though its folder is gone: its process lives.
   */
  async scan(): Promise<void> {
    const { root, isBusy } = this.#options;
    const names = await readdir(root).catch((error: unknown): string[] => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    });
    const ours = new Set(this.running().map((entry) => entry.name));
    const unread = new Set<string>();
    for (const name of names) {
      const signed = await this.isOurs(name).catch(() => null);
      if (signed === null) unread.add(name);
      else if (signed) ours.add(name);
    }
    for (const name of this.entries.keys())
      if (!ours.has(name) && !unread.has(name) && !isBusy(name)) this.entries.delete(name);
    for (const name of ours) if (!unread.has(name) && !isBusy(name)) await this.#look(this.entry(name));
  }

  /** Whether the folder says that it is this install's runner of that name; throws where it cannot be read. */
  async isOurs(name: string): Promise<boolean> {
    const text = await readFile(join(this.#options.root, name, installFile), 'utf8').catch(
      (error: unknown) => {
        if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
        throw error;
      },
    );
    return text === installText(this.#options.install, name);
  }

  async #look(entry: Entry): Promise<void> {
    if (entry.path === null) {
      for (const folder of await jobFolders(entry.folder)) {
        if (await exists(clearedFile(folder.path))) continue;
        if (readState(folder.path) !== null) Object.assign(entry, folder);
      }
    }
    await this.refresh(entry);
  }

  /** Reads how the present job is; true when that has changed. */
  async refresh(entry: Entry): Promise<boolean> {
    const { path } = entry;
    if (path === null || entry.state === 'ended') return false;
    const state = readState(path) ?? this.#remembered(entry);
    if (state === null || entry.path !== path) return false;
    const alive = state.exitCode === null && (await this.#lives(entry.name, state));
    if (entry.path !== path) return false;
    if (alive) return this.#runs(entry, state.process);
    // It may have written its exit code after the first look and before it went.
    const last = state.exitCode === null ? (readState(path) ?? state) : state;
    return this.#ends(entry, path, last);
  }

  /** Somebody deleted the files of a job that we know. */
  #remembered({ process }: Entry): JobState | null {
    return process === null ? null : { process, exitCode: null, changedAt: this.#options.now() };
  }

  async #runs(entry: Entry, process: ProcessId | null): Promise<boolean> {
    const before = entry.state;
    entry.process = process;
    entry.state = 'running';
    if (before === 'prepared') await this.#options.found(entry);
    return before !== 'running';
  }

  async #ends(entry: Entry, path: string, state: JobState): Promise<boolean> {
    if (entry.state === 'prepared' && this.isOfThisBoot(state.process)) await this.#options.found(entry);
    await this.#options.ending(entry, state.exitCode);
    if (entry.path !== path || this.#hasEnded(entry)) return false;
    entry.watch?.close();
    Object.assign(entry, {
      state: 'ended',
      process: state.process,
      exitCode: state.exitCode,
      endedAt: state.exitCode === null ? this.#options.now() : Math.round(state.changedAt),
      watch: null,
    } satisfies Partial<Entry>);
    return true;
  }

  /** Another look may have come first while this one waited. */
  #hasEnded(entry: Entry): boolean {
    return entry.state === 'ended';
  }

  isOfThisBoot(process: ProcessId | null): boolean {
    return process !== null && process.bootId === this.#options.bootId;
  }

  async #lives(name: string, state: { process: ProcessId | null; changedAt: number }): Promise<boolean> {
    if (state.process !== null) return this.#options.processes.isAlive(state.process);
    if (this.#options.now() - state.changedAt < unwrittenMs) return true;
    return (await this.#options.processes.marked()).has(name);
  }

  /** Forgets the present job. */
  reset(entry: Entry): void {
    entry.watch?.close();
    Object.assign(entry, nothing);
  }
}

export const installText = (install: string, name: string) => `${install} ${name}\n`;

const nothing = {
  state: 'prepared',
  job: null,
  path: null,
  process: null,
  exitCode: null,
  endedAt: null,
  outOfMemory: false,
  swept: false,
  ready: false,
  watch: null,
  use: null,
} as const satisfies Omit<Entry, 'name' | 'folder'>;

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
