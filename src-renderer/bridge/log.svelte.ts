/** The log of one job as it comes: bytes to text to lines, told to the page once a frame. */
import type { Problem } from '../../src-main/contract/problem.ts';
import { bytesOf } from '../log/bytes.ts';
import { LogLines } from '../log/lines.ts';
import { type Line, LogParser } from '../log/parser.ts';
import { memory } from '../model/format.ts';
import { speech, t } from '../texts/texts.svelte.ts';

const retryMs = 2000;

export class LiveLog {
  readonly lines = new LogLines();
  /** Changes with each frame that brought something; what is drawn depends on it. */
  version = $state(0);
  ended = $state(false);
  problem = $state.raw<Problem | null>(null);
  readonly #job: string;
  readonly #parser = new LogParser((line) => this.lines.add(line));
  readonly #decoder = new TextDecoder();
  #cursor = 0;
  #frame: number | null = null;
  #stop: (() => void) | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(job: string) {
    this.#job = job;
    this.#open();
  }

  /** The line that has not ended yet. */
  get pending(): Line | null {
    return this.#parser.pending;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#stop?.();
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
  }

  /** After a problem: goes on where it ended. */
  again(): void {
    clearTimeout(this.#retry);
    this.problem = null;
    this.#open();
  }

  #open(): void {
    this.#stop = window.homerunner.stream(
      'log',
      { job: this.#job, runner: null, cursor: this.#cursor, follow: true },
      {
        item: ({ data, cursor, skipped }) => {
          if (skipped > 0) this.#parser.push(this.#skipped(skipped));
          this.#cursor = cursor;
          this.#parser.push(this.#decoder.decode(bytesOf(data), { stream: true }));
          this.#tell();
        },
        end: (problem) => {
          if (this.#closed) return;
          this.problem = problem;
          if (problem === null) this.ended = true;
          // The connection was lost, not the log: it goes on when the supervisor is back.
          else if (problem.code !== 'not-found') this.#retry = setTimeout(() => this.again(), retryMs);
          this.#tell();
        },
      },
    );
  }

  #skipped(bytes: number): string {
    const begun = this.pending === null ? '' : '\n';
    return `${begun}\u001b[2m${t('log.skipped', { size: memory(bytes / 1024 / 1024, speech()) })}\u001b[0m\n`;
  }

  #tell(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.version += 1;
    });
  }
}
