/** Somebody who keeps submitting, whatever happens to the supervisor, and remembers what was said. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from '../../src-main/contract/job.ts';
import { ProblemError } from '../../src-main/contract/problem.ts';
import type { ChaosJob } from './job.ts';
import { isLost } from './link.ts';
import type { Site } from './site.ts';

/** `accepted`: answered with its id. `unknown`: the answer was lost, so it may be there or not, once. */
export interface Submitted {
  readonly job: ChaosJob;
  readonly accepted: string | null;
}

/** At most so many accepted jobs without an outcome at a time. */
const outstanding = 16;

export class Load {
  readonly submitted = new Map<string, Submitted>();
  /** Jobs that the owner asked to cancel, by id, also where the answer was lost. */
  readonly cancelled = new Set<string>();
  /** Each job's outcome as first seen, and those that were another one later. */
  readonly outcomes = new Map<string, Job>();
  readonly changed: string[] = [];
  readonly #site: Site;
  readonly #pending: Promise<void>[] = [];
  readonly #open = new Set<string>();
  #accepted = 0;
  #ended = false;

  constructor(site: Site) {
    this.#site = site;
  }

  get accepted(): number {
    return this.#accepted;
  }

  /** Submits until the job is accepted, each try under a key of its own: one whose answer is lost counts as another job. */
  async submit(make: (key: string) => ChaosJob): Promise<string> {
    for (;;) {
      const key = `k${this.submitted.size + 1}`;
      const job = make(key);
      this.submitted.set(key, { job, accepted: null });
      try {
        const { id } = (await this.#site.link.once('submit', job.submission)).job;
        this.submitted.set(key, { job, accepted: id });
        this.#accepted += 1;
        this.#open.add(id);
        if (job.cancelAfter !== null) this.#pending.push(this.#cancelLater(id, job.cancelAfter));
        return id;
      } catch (error) {
        if (!isLost(error)) throw error;
      }
    }
  }

  /** Waits while too many jobs are under way. */
  async room(): Promise<void> {
    while (this.#open.size >= outstanding) await sleep(20);
  }

  /** Looks at the outcomes now and again until `end`. */
  async watch(): Promise<void> {
    while (!this.#ended) {
      await this.look(200);
      await sleep(50);
    }
  }

  async look(limit: number): Promise<void> {
    const { jobs } = await this.#site.link.ask('job.list', { limit });
    for (const job of jobs) {
      if (job.endedAt === null) continue;
      this.#open.delete(job.id);
      const first = this.outcomes.get(job.id);
      if (first === undefined) this.outcomes.set(job.id, job);
      else if (first.state !== job.state || first.exitCode !== job.exitCode) {
        this.changed.push(
          `${job.id} was ${first.state} (${first.exitCode}), then ${job.state} (${job.exitCode})`,
        );
      }
    }
  }

  /** Waits for cancellations under way; the watcher ends. */
  async end(): Promise<void> {
    await Promise.all(this.#pending);
    this.#ended = true;
  }

  /** Asks until it is answered. */
  async cancel(id: string): Promise<void> {
    this.cancelled.add(id);
    try {
      await this.#site.link.ask('job.cancel', { job: id });
    } catch (error) {
      // It has ended already: that is an answer.
      if (!(error instanceof ProblemError)) throw error;
    }
  }

  async #cancelLater(id: string, milliseconds: number): Promise<void> {
    await sleep(milliseconds);
    await this.cancel(id);
  }
}
