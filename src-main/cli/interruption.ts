/** Ctrl-C while a job is followed. */
import { problemOf } from '../contract/problem.ts';
import type { Call } from './spec.ts';

/**
 * At a terminal it asks: leave the job running, cancel it, or go on; Ctrl-C again leaves. Without a terminal there is
 * nobody to ask: the job is left running, as nothing should be lost by accident.
 */
export class Interruption {
  readonly #call: Call;
  readonly #job: () => string;
  readonly #cancel: () => Promise<void>;
  readonly #leave = new AbortController();
  readonly #onSignal = (): void => void this.#interrupted();
  #asking = false;

  /** `job` is the id of the present attempt, `cancel` ends it. */
  constructor(call: Call, job: () => string, cancel: () => Promise<void>) {
    this.#call = call;
    this.#job = job;
    this.#cancel = cancel;
    process.on('SIGINT', this.#onSignal);
    process.on('SIGTERM', this.#onSignal);
  }

  /** Aborted when the job is left. */
  get leave(): AbortSignal {
    return this.#leave.signal;
  }

  dispose(): void {
    process.off('SIGINT', this.#onSignal);
    process.off('SIGTERM', this.#onSignal);
  }

  async #interrupted(): Promise<void> {
    const { terminal, json } = this.#call;
    if (this.#asking || json || !terminal.interactive) {
      this.#leave.abort();
      return;
    }
    this.#asking = true;
    const answer = await terminal.ask(
      `\nThe job ${this.#job()} runs. [l]eave it running, [c]ancel it, or [g]o on? `,
    );
    this.#asking = false;
    if (answer === null || /^l/i.test(answer.trim())) this.#leave.abort();
    else if (/^c/i.test(answer.trim())) await this.#cancelled();
  }

  async #cancelled(): Promise<void> {
    try {
      await this.#cancel();
    } catch (error) {
      const { message, hint } = problemOf(error);
      this.#call.terminal.note(`It could not be cancelled: ${message} ${hint}`);
    }
  }
}
