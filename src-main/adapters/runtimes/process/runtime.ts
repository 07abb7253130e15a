/** Runs jobs as processes of this machine that outlive the supervisor. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { EndedBy, Job } from '../../../contract/job.ts';
import { problem, type ProblemError } from '../../../contract/problem.ts';
import type { LaunchSpec } from '../../../core/agent-port.ts';
import type { Clock, Runtime } from '../../../core/ports.ts';
import type { Instance, ProcessId, Resources } from '../../../core/runner.ts';
import type { ProcessTable } from '../../os/processes.ts';
import { shared } from './coalesce.ts';
import { deleteTree } from './delete-tree.ts';
import { forgetJob } from './forget-job.ts';
import { endAll, type Reach } from './end.ts';
import { type FolderWatch, watchFolder } from './folder-watch.ts';
import * as paths from './job-folder.ts';
import { type Launcher, openLauncher } from './launcher.ts';
import { type GroupUsage, type Limits, nothingRead, type ReadBack } from './limits/limits.ts';
import { findMasker } from './masker.ts';
import { type Entry, exists, installText, RunnerTable } from './runner-table.ts';
import { begin, writeWrapper } from './start.ts';
import { Sweep } from './sweep.ts';
import { usageOf } from './usage.ts';
import { writeWhole } from './write-whole.ts';

export interface ProcessRuntimeOptions {
  /** HOME/runners; made when absent. */
  readonly root: string;
  readonly install: string;
  readonly bootId: string;
  readonly platform: NodeJS.Platform;
  readonly clock: Clock;
  readonly processes: ProcessTable;
  readonly limits: Limits;
  /** What is kept of each log, in bytes; default 64 MiB. */
  readonly logBytes?: number;
  /** The file mode mask of jobs; default 022, as their results are for others to use. */
  readonly umask?: number;
}

/** All folders are looked at again after this time, in milliseconds. */
const rescanMs = 15_000;
const defaultLogBytes = 64 * 1024 * 1024;

export class ProcessRuntime implements Runtime {
  readonly id = 'process';
  readonly can: Runtime['can'];
  readonly notEnforced: readonly string[];
  readonly #options: ProcessRuntimeOptions;
  readonly #table: RunnerTable;
  readonly #reach: Reach;
  readonly #sweep: Sweep;
  readonly #wakes = new Set<(why: string) => void>();
  /** What is being done to a runner; one thing at a time, and no scan looks at it meanwhile. */
  readonly #doing = new Map<string, Promise<unknown>>();
  readonly #scan: () => Promise<void>;
  readonly #masker = findMasker();
  readonly #launcher: Promise<Launcher | null>;
  #scannedAt: number | null = null;

  constructor(options: ProcessRuntimeOptions) {
    const { limits, clock } = options;
    const processes = { ...options.processes, marked: shared(() => options.processes.marked()) };
    this.#options = options;
    this.can = { ...limits.can, gpu: false };
    this.notEnforced = limits.notEnforced;
    this.#reach = { limits, processes };
    this.#sweep = new Sweep({
      clock,
      limits,
      processes,
      logBytes: options.logBytes ?? defaultLogBytes,
      running: () => this.#table.running(),
      refresh: (entry) => this.#refresh(entry),
    });
    this.#table = new RunnerTable({
      root: options.root,
      install: options.install,
      bootId: options.bootId,
      processes,
      now: () => clock.now(),
      isBusy: (name) => this.#doing.has(name),
      found: (entry) => this.#adopt(entry),
      ending: (entry, exitCode) => this.#sweep.last(entry, exitCode),
    });
    this.#scan = shared(() => this.#table.scan());
    this.#launcher = openLauncher(options.platform);
  }

  watch(wake: (why: string) => void): () => void {
    this.#wakes.add(wake);
    return () => this.#wakes.delete(wake);
  }

  async list(): Promise<readonly Instance[]> {
    const now = this.#options.clock.monotonic();
    if (this.#scannedAt === null || now - this.#scannedAt >= rescanMs) {
      await this.#scan();
      this.#scannedAt = now;
    }
    return this.#table.instances();
  }

  async folder(name: string): Promise<string> {
    const folder = join(this.#options.root, paths.checked('a runner name', name));
    if (this.#table.entries.get(name)?.ready === true) return folder;
    if (!(await this.#table.isOurs(name))) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await this.#sign(folder, name);
    }
    await this.#makeReady(this.#table.entry(name));
    return folder;
  }

  async #sign(folder: string, name: string): Promise<void> {
    const file = join(folder, paths.installFile);
    if ((await exists(file)) && !(await this.#table.isOurs(name))) throw foreign(folder, name);
    await writeWhole(file, installText(this.#options.install, name));
  }

  /** All that a job needs which can be done before it comes. */
  async #makeReady(entry: Entry): Promise<void> {
    const { platform } = this.#options;
    await writeWrapper(paths.wrapperFile(entry.folder, platform), platform);
    entry.ready = true;
  }

  start(launch: LaunchSpec, resources: Resources): Promise<ProcessId> {
    return this.#alone(launch.runner, async () => {
      const path = paths.jobFolder(await this.folder(launch.runner), launch.job);
      const entry = this.#table.entry(launch.runner);
      if (entry.path !== null && entry.path !== path) throw occupied(entry);
      const begun = paths.readState(path)?.process;
      if (begun == null) return this.#begin(entry, path, launch, resources);
      Object.assign(entry, { job: launch.job, path });
      await this.#refresh(entry);
      return begun;
    });
  }

  async #begin(entry: Entry, path: string, launch: LaunchSpec, resources: Resources): Promise<ProcessId> {
    const { bootId, platform, umask = 0o022, limits } = this.#options;
    const masker = launch.mask.length === 0 || platform === 'win32' ? [] : await this.#masker();
    const wrapper = paths.wrapperFile(entry.folder, platform);
    paths.makeFolder(path);
    const placement = await limits.open(launch.runner, resources);
    const watch = watchFolder(path);
    const launcher = await this.#launcher;
    const marked = async () => (await this.#reach.processes.marked()).get(entry.name) ?? [];
    const start = { path, wrapper, launch, bootId, platform, umask, masker, launcher, marked, ...placement };
    try {
      const { process, child } = await begin(start, watch);
      Object.assign(entry, { job: launch.job, path, state: 'running', process } satisfies Partial<Entry>);
      child?.once('exit', () => void this.#refresh(entry));
      this.#guard(entry, watch);
      this.#sweep.begin(entry);
      void this.#refresh(entry); // It may have ended before anybody listened.
      return process;
    } catch (error) {
      watch.close();
      entry.ready = false; // Its folder may have been changed by another hand.
      throw error;
    }
  }

  /** A job that runs without our having started it: an earlier supervisor did. */
  async #adopt(entry: Entry): Promise<void> {
    if (entry.path === null) return;
    if (entry.watch === null) this.#guard(entry, watchFolder(entry.path));
    if (entry.process !== null) await this.#options.limits.adopt(entry.name, entry.process.pid);
    await this.#sweep.resume(entry);
  }

  #guard(entry: Entry, watch: FolderWatch): void {
    entry.watch?.close();
    entry.watch = watch;
    watch.listen(() => void this.#refresh(entry));
  }

  async #refresh(entry: Entry): Promise<void> {
    const changed = await this.#table.refresh(entry).catch(() => false); // The next sweep tries again.
    if (changed) for (const wake of this.#wakes) wake(`The process of ${entry.name} is ${entry.state}.`);
  }

  async signal(name: string, how: 'stop' | 'interrupt' | 'kill'): Promise<void> {
    const entry = this.#table.entries.get(name);
    if (entry === undefined || entry.swept) return;
    if (how === 'kill') await this.#end(entry);
    else if (entry.process !== null && how === 'interrupt')
      await this.#reach.processes.interruptChildren(entry.process);
    else if (entry.process !== null) await this.#reach.processes.signalGroup(entry.process, 'stop');
  }

  async #end(entry: Entry): Promise<void> {
    await endAll(this.#reach, entry.name, entry.process);
    await this.#refresh(entry);
    // What has no living process cannot start one.
    entry.swept = entry.state === 'ended';
  }

  clear(name: string): Promise<void> {
    return this.#alone(name, async () => {
      const entry = this.#table.entries.get(name);
      if (entry?.path == null) return;
      await this.#refresh(entry);
      if (entry.state !== 'ended') throw stillRuns(name);
      if (!entry.swept) await this.#end(entry);
      await this.#options.limits.rest(name);
      await forgetJob(entry.job, entry.path);
      this.#table.reset(entry);
      await this.#makeReady(entry);
    });
  }

  remove(name: string): Promise<void> {
    return this.#alone(name, async () => {
      const folder = join(this.#options.root, paths.checked('a runner name', name));
      const entry = this.#table.entries.get(name);
      if (entry !== undefined) await this.#refresh(entry);
      if (entry?.state === 'running') throw stillRuns(name);
      const ours = await this.#table.isOurs(name);
      if (!ours && (await exists(join(folder, paths.installFile)))) throw foreign(folder, name);
      if (ours && entry?.swept !== true) await endAll(this.#reach, name, entry?.process ?? null);
      await this.#options.limits.close(name);
      this.#options.limits.tidy();
      // One that nobody has signed is of a start or of a removal that was cut short.
      await deleteTree(folder, paths.installFile);
      if (entry !== undefined) this.#table.reset(entry);
      this.#table.entries.delete(name);
    });
  }

  logFile(name: string, job: string | null): string {
    return paths.logFileOf(paths.jobFolder(join(this.#options.root, name), job));
  }

  endedBy(name: string): EndedBy | null {
    const entry = this.#table.entries.get(name);
    if (entry?.state !== 'ended') return null;
    if (entry.exitCode === null && !this.#table.isOfThisBoot(entry.process)) return 'machine';
    return entry.outOfMemory ? 'out-of-memory' : null;
  }

  peak(name: string): Job['peak'] {
    return this.#table.entries.get(name)?.use?.peak ?? { cpu: null, memoryMiB: null };
  }

  usage(names: readonly string[]): Promise<ReadonlyMap<string, GroupUsage>> {
    const running = this.#table.running().filter((entry) => names.includes(entry.name));
    return usageOf(running, this.#options.limits, this.#options.processes);
  }

  limits(name: string): ReadBack {
    // Between two jobs there is nobody to limit.
    return this.#table.entries.get(name)?.path == null ? nothingRead : this.#options.limits.readBack(name);
  }

  /** Lets go of timers and watches; the jobs go on. */
  close(): void {
    this.#sweep.close();
    this.#wakes.clear();
    void this.#launcher.then((launcher) => launcher?.close());
    for (const entry of this.#table.entries.values()) entry.watch?.close();
  }

  async #alone<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#doing.get(name) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#doing.set(name, mine);
    try {
      return await mine;
    } finally {
      if (this.#doing.get(name) === mine) this.#doing.delete(name);
    }
  }
}

function occupied(entry: Entry): ProblemError {
  return problem(
    'unexpected',
    `${entry.name} still has the job ${entry.job ?? 'of its agent'}, so that another cannot begin.`,
    'It begins when the former one is settled.',
    { subject: entry.name },
  );
}

function stillRuns(name: string): ProblemError {
  return problem('cannot-clean-up', `${name} still runs a job.`, 'It is cleaned up when the job has ended.', {
    subject: name,
  });
}

function foreign(folder: string, name: string): ProblemError {
  return problem(
    'name-taken',
    `The folder ${folder} belongs to another install of Homerunner.`,
    'Remove it if that install is no longer used.',
    { subject: name },
  );
}
