/** Looks after running jobs: each second whether they live and what they use; their logs stay bounded. */
import type { Clock } from '../../../core/ports.ts';
import type { ProcessTable } from '../../os/processes.ts';
import { logFileOf } from './job-folder.ts';
import type { GroupUsage, Limits } from './limits/limits.ts';
import { LogBounds } from './log-bounds.ts';
import type { Entry } from './runner-table.ts';
import { usageOf } from './usage.ts';
import { noUse, withSample } from './use.ts';

const sweepMs = 1000;

export interface SweepOptions {
  readonly clock: Clock;
  readonly limits: Limits;
  readonly processes: ProcessTable;
  readonly logBytes: number;
  readonly running: () => readonly Entry[];
  readonly refresh: (entry: Entry) => Promise<void>;
}

export class Sweep {
  readonly #options: SweepOptions;
  readonly #logs: LogBounds;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: SweepOptions) {
    this.#options = options;
    this.#logs = new LogBounds(options.logBytes);
  }

  /** A job has just begun. */
  begin(entry: Entry): void {
    entry.use = noUse(this.#options.clock.monotonic());
    this.#keep(entry);
  }

  /** A job is found running: what it used before counts for no sample. */
  async resume(entry: Entry): Promise<void> {
    const sample = await this.#options.limits.usage(entry.name);
    const use = noUse(this.#options.clock.monotonic());
    entry.use = {
      at: use.at,
      cpuSeconds: sample?.cpuSeconds ?? null,
      peak: { cpu: null, memoryMiB: sample?.peakMiB ?? null },
    };
    this.#keep(entry);
  }

  /** The job has ended: its last sample, and what the kernel says of its end. */
  async last(entry: Entry, exitCode: number | null): Promise<void> {
    const { limits } = this.#options;
    const [sample, oomKills] = await Promise.all([limits.usage(entry.name), limits.oomKills(entry.name)]);
    if (sample !== null) this.#add(entry, sample, true);
    // A job that went on without the killed process and succeeded did not end by it.
    entry.outOfMemory = oomKills > 0 && exitCode !== 0;
    if (entry.path !== null) await this.#logs.release(logFileOf(entry.path));
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#logs.close();
  }

  #keep(entry: Entry): void {
    if (entry.path !== null) this.#logs.keep(logFileOf(entry.path));
    this.#timer ??= this.#later();
  }

  #later(): NodeJS.Timeout {
    return setTimeout(() => {
      void this.#look().finally(() => {
        if (this.#timer !== null) this.#timer = this.#options.running().length > 0 ? this.#later() : null;
      });
    }, sweepMs).unref();
  }

  async #look(): Promise<void> {
    const running = this.#options.running();
    await Promise.all(running.map((entry) => this.#options.refresh(entry)));
    await this.#sample(running.filter((entry) => entry.state === 'running')).catch(() => undefined);
  }

  async #sample(running: readonly Entry[]): Promise<void> {
    const { limits, processes } = this.#options;
    const used = await usageOf(running, limits, processes);
    for (const entry of running) {
      const sample = used.get(entry.name);
      if (sample !== undefined) this.#add(entry, sample, false);
    }
  }

  #add(entry: Entry, sample: GroupUsage, last: boolean): void {
    if (entry.use !== null) entry.use = withSample(entry.use, this.#options.clock.monotonic(), sample, last);
  }
}
