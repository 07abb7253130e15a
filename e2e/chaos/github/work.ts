/** Jobs that arrive at GitHub, in matrices of a few, as long as not too many are waiting. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../random.ts';
import { type ChaosSite, repositories } from './site.ts';

/** What a queued job is to become when nothing goes wrong. */
export interface QueuedJob {
  readonly id: number;
  readonly succeeds: boolean;
}

/** So many that have not ended at a time. */
const outstanding = 14;
const labels = ['self-hosted', 'linux'];

export class Work {
  readonly queued: QueuedJob[] = [];
  readonly #site: ChaosSite;

  constructor(site: ChaosSite) {
    this.#site = site;
  }

  get unfinished(): number {
    return this.queued.filter(({ id }) => this.#site.github.job(id).status !== 'completed').length;
  }

  async queueAll(jobs: number, random: Random): Promise<void> {
    for (let run = 1; this.queued.length < jobs; run += 1) {
      while (this.unfinished >= outstanding) await sleep(50);
      this.#queue(run, Math.min(jobs - this.queued.length, 1 + Math.floor(4 * random.next())), random);
      await sleep(300 * random.next());
    }
  }

  #queue(run: number, count: number, random: Random): void {
    const succeeds = random.chance(0.8);
    const seconds = random.chance(0.25) ? random.between(2, 5) : random.between(0, 0.5);
    const ids = this.#site.github.queueJob({
      repository: random.pick(repositories),
      labels,
      name: `k${run}`,
      count,
      script: scriptOf(this.#site.ledger, seconds, succeeds ? 0 : 3),
    });
    this.queued.push(...ids.map((id) => ({ id, succeeds })));
  }
}

/** Each line is one write with O_APPEND: what stands in the ledger was done, whatever anybody says. */
function scriptOf(ledger: string, seconds: number, code: number): string {
  return `
say() { echo "$1 $RUNNER_NAME $GITHUB_JOB $2" >> '${ledger}'; }
say begin $$
sleep ${seconds.toFixed(2)}
say end ${code}
exit ${code}
`;
}

/** A job's name as its agent gives it to its steps. */
export const ledgerName = (name: string): string => name.replace(/[^A-Za-z0-9_-]+/g, '_');
