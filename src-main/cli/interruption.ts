/** Ctrl-C while a job is followed. */
import { setTimeout as delay } from 'node:timers/promises';
import { problemOf } from '../contract/problem.ts';
import type { Call } from './spec.ts';

/** How often an open question is held against the job. */
const stillMs = 500;

/**
 * At a terminal it asks: leave the job running, cancel it, or go on; Ctrl-C again leaves. When the job ends before the
 * answer, the question is withdrawn: output waits for the answer, and nobody may ever give it. Without a terminal there is
 * nobody to ask: the job is left running, as nothing should be lost by accident.
 */
export class Interruption {
  readonly #call: Call;
  readonly #job: () => string;
  readonly #cancel: () => Promise<void>;
  readonly #ended: () => Promise<boolean>;
  readonly #leave = new AbortController();
  readonly #onSignal = (): void => void this.#interrupted();
  #question: AbortController | null = null;

  /** `job` is the id of the present attempt, `cancel` ends it, `ended` asks whether it has ended. */
  constructor(call: Call, job: () => string, cancel: () => Promise<void>, ended: () => Promise<boolean>) {
    this.#call = call;
    this.#job = job;
    this.#cancel = cancel;
    this.#ended = ended;
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
    this.withdraw();
  }

  /** Ends an open question without an answer. */
  withdraw(): void {
    this.#question?.abort();
  }

  async #interrupted(): Promise<void> {
    const { terminal, json } = this.#call;
    if (this.#question !== null || json || !terminal.interactive) {
      this.#leave.abort();
      return;
    }
    const question = new AbortController();
    this.#question = question;
    void this.#withdrawAtEnd(question);
    const answer = await terminal.ask(
      `\nThe job ${this.#job()} runs. [l]eave it running, [c]ancel it, or [g]o on? `,
      question.signal,
    );
    this.#question = null;
    if (question.signal.aborted) return;
    question.abort();
    if (answer === null || /^l/i.test(answer.trim())) this.#leave.abort();
    else if (/^c/i.test(answer.trim())) await this.#cancelled();
  }

  async #withdrawAtEnd(question: AbortController): Promise<void> {
    const { signal } = question;
    for (;;) {
      await delay(stillMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      // Where the supervisor has gone, whoever follows must find out how the job ended.
      if (await this.#ended().catch(() => true)) question.abort();
    }
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
