/** What would be said of a pool before it is made: asked again whenever it has changed and rests for a moment. */
import type { Light } from '../../src-main/contract/commands.ts';
import type { PoolEdit } from '../../src-main/contract/pool.ts';
import type { Problem } from '../../src-main/contract/problem.ts';

/** The forge is asked no more often than a person stops typing, in milliseconds. */
const restMs = 600;

export class Preflight {
  /** Of the newest question that was answered. */
  lights = $state.raw<readonly Light[] | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** Is there a newer question than `lights` answer? */
  busy = $state(false);
  #asked: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Every light allows it; what is not known yet does not. */
  get isClear(): boolean {
    return (
      !this.busy && this.problem === null && this.lights?.every((light) => light.ok || !light.blocks) === true
    );
  }

  /** Looks at a pool as it is wished; null: there is nothing to look at. */
  look(pool: PoolEdit | null): void {
    const question = pool === null ? null : JSON.stringify(pool);
    if (question === this.#asked) return;
    clearTimeout(this.#timer);
    this.#asked = question;
    this.busy = pool !== null;
    if (pool === null) {
      this.lights = null;
      this.problem = null;
    } else this.#timer = setTimeout(() => void this.#ask(pool, question), restMs);
  }

  /** Asks the same once more. */
  again(): void {
    if (this.busy || this.#asked === null) return;
    this.busy = true;
    void this.#ask(JSON.parse(this.#asked) as PoolEdit, this.#asked);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#asked = null;
  }

  async #ask(pool: PoolEdit, question: string | null): Promise<void> {
    const answer = await window.homerunner.execute('pool.try', { pool });
    // Something else was wished meanwhile: that is what counts.
    if (question !== this.#asked) return;
    this.busy = false;
    this.problem = answer.ok ? null : answer.problem;
    this.lights = answer.ok ? answer.value.lights : null;
  }
}
