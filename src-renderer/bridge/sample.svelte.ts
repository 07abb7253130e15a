/** A sample job: in a pool that is there, else in one that is made for it. */
import type { Job } from '../../src-main/contract/job.ts';
import type { Problem } from '../../src-main/contract/problem.ts';
import { Attempt } from './attempt.svelte.ts';

export class Samples {
  readonly #attempt = new Attempt();
  #busy = $state(false);

  get busy(): boolean {
    return this.#busy;
  }
  get problem(): Problem | null {
    return this.#attempt.problem;
  }

  /** Makes the pool for jobs of this machine unless there is one; its id, null where that failed. */
  async serve(pools: readonly string[]): Promise<string | null> {
    const [first] = pools;
    if (first !== undefined) return first;
    const made = await this.#attempt.command('pool.add', { id: null, pool: {} });
    return made?.pool.id ?? null;
  }

  /** The sample job once it is in the queue; null where that failed, with `problem` set. */
  async start(pools: readonly string[]): Promise<Job | null> {
    if (this.#busy) return null;
    this.#busy = true;
    try {
      const pool = await this.serve(pools);
      if (pool === null) return null;
      const sent = await this.#attempt.desktop('sample', { pool });
      return sent?.job ?? null;
    } finally {
      this.#busy = false;
    }
  }
}
