/** What machine and running jobs use, measured only while somebody listens; all listeners share the readings. */
import type { StreamArgs, StreamItems } from '../contract/api.ts';
import { loadBetween, type JobReading, type LoadReading } from '../core/load.ts';
import type { Deps } from './deps.ts';
import { delay } from './delay.ts';
import type { State } from './state.ts';

/** Listeners that ask within so many milliseconds of each other get the same reading. */
const sharedMs = 100;

type Sources = Pick<Deps, 'clock' | 'load' | 'log' | 'runtime'>;
type Runners = Pick<State, 'now' | 'records' | 'profile'>;

export class LoadSampler {
  readonly #deps: Sources;
  readonly #state: Runners;
  #last: { readonly at: number; readonly reading: Promise<LoadReading> } | null = null;

  constructor(deps: Sources, state: Runners) {
    this.#deps = deps;
    this.#state = state;
  }

  /** One item per interval. Moments lie on a grid that all listeners of an interval have in common. */
  async *stream(args: StreamArgs<'load'>, signal: AbortSignal): AsyncGenerator<StreamItems['load']> {
    const cards = args.gpus === true ? (this.#state.profile?.value.gpus ?? []) : [];
    const meter = cards.length === 0 ? null : this.#deps.load.openGpus(cards, args.interval);
    try {
      for await (const item of this.#items(args.interval, signal))
        yield { ...item, gpus: meter?.read() ?? [] };
    } finally {
      meter?.close();
    }
  }

  async *#items(interval: number, signal: AbortSignal): AsyncGenerator<ReturnType<typeof loadBetween>> {
    let before = await this.#read();
    while (!signal.aborted) {
      const now = this.#state.now();
      // The first stretch may be longer, never so short that it is mostly rounding.
      const next = Math.ceil((now + interval / 2) / interval) * interval;
      await delay(next - now, signal);
      if (isAborted(signal)) return;
      const after = await this.#read();
      if (after.at > before.at) yield loadBetween(before, after);
      before = after;
    }
  }

  #read(): Promise<LoadReading> {
    const at = this.#state.now();
    if (this.#last === null || at - this.#last.at >= sharedMs) this.#last = { at, reading: this.#sample(at) };
    return this.#last.reading;
  }

  async #sample(at: number): Promise<LoadReading> {
    const machine = await this.#deps.load.read();
    const running = [...this.#state.records.values()].filter((r) => r.job !== null && r.process !== null);
    const use = await this.#deps.runtime.usage(running.map((r) => r.name)).catch((error: unknown) => {
      this.#deps.log.warn('The use of running jobs could not be measured.', { error: String(error) });
      return null;
    });
    const jobs = running.map(({ name, job, startedAt }): [string, JobReading] => [
      job ?? '',
      { startedAt, use: use?.get(name) ?? null },
    ]);
    return { at, wall: this.#deps.clock.now(), machine, jobs: new Map(jobs) };
  }
}

/** Asked of a function, as it may have changed since the loop asked. */
const isAborted = (signal: AbortSignal) => signal.aborted;
