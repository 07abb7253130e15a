/** Jobs that were lost: each is told with the last lines of its log, and is run again when asked for. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job as Row } from '../../../src-main/contract/job.ts';
import { ProblemError } from '../../../src-main/contract/problem.ts';
import type { Job } from '../../support/github/model.ts';
import { keptLog } from './agent-log.ts';
import type { Load } from './load.ts';
import type { Site } from './site.ts';
import { checkLost } from './verdict.ts';

const everyMs = 1500;
/** Rows of the history, the newest first, among which lost ones are looked for. */
const newest = 300;

export class Lost {
  /** Ids of GitHub of jobs that were lost, as the history tells. */
  readonly told = new Set<number>();
  /** Of these, those that run again. */
  again = 0;
  readonly violations: string[] = [];
  readonly #site: Site;
  readonly #load: Load;
  readonly #stop = new AbortController();
  readonly #waiting = new Map<number, Job>();

  constructor(site: Site, load: Load) {
    this.#site = site;
    this.#load = load;
  }

  async watch(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.look();
      await sleep(everyMs);
    }
  }

  end(): void {
    this.#stop.abort();
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  async look(): Promise<void> {
    const { jobs } = await this.#site.link.ask('job.list', { limit: newest });
    for (const row of jobs) if (row.state === 'lost') this.#note(row);
    for (const [id, job] of this.#waiting) await this.#runAgain(id, job);
  }

  #note(row: Row): void {
    const id = Number(/^gh-(\d+)/.exec(row.id)?.[1] ?? NaN);
    const job = this.#site.github.world.jobs.get(id);
    if (job === undefined || this.told.has(id)) return;
    this.told.add(id);
    this.#waiting.set(id, job);
    // At once, since what is said of it must hold from the beginning.
    for (const what of checkLost(job.name, row, keptLog(this.#site.home.path, row.id)))
      this.violations.push(`Job ${id} (${job.name}), as it was told first: ${what}`);
  }

  /** GitHub refuses while another job of its run has not ended. */
  async #runAgain(id: number, job: Job): Promise<void> {
    if (this.#followed(id, job)) return;
    if (job.run.jobs.some(({ status }) => status !== 'completed')) return;
    try {
      await this.#site.link.once('job.again', { job: `gh-${id}` });
    } catch (error) {
      // GitHub fails now and then, or the supervisor was killed: it may be done all the same, now or a moment later.
      if (!(error instanceof ProblemError)) throw error;
    }
    this.#followed(id, job);
  }

  /** Has GitHub made a job of it anew? */
  #followed(id: number, { name, attempt, run }: Job): boolean {
    const next = run.jobs.find((each) => each.name === name && each.attempt > attempt);
    if (next === undefined) return false;
    this.#waiting.delete(id);
    this.#load.follow(next);
    this.again += 1;
    return true;
  }
}
