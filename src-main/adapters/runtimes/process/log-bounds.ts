import { statSync } from 'node:fs';
import { boundLog } from './log-file.ts';

/** Between looks at a log, in milliseconds: while it grows fast, and else. */
const fastMs = 250;
const slowMs = 2000;
/** Growth since the last look that counts as fast, in bytes. */
const fastBytes = 4 * 1024 * 1024;

/** Keeps the logs of running jobs within `maxBytes`. */
export class LogBounds {
  readonly #maxBytes: number;
  readonly #kept = new Map<string, { timer: NodeJS.Timeout; size: number; bounding: Promise<void> }>();

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  keep(file: string): void {
    if (this.#kept.has(file)) return;
    this.#kept.set(file, { timer: this.#later(file, slowMs), size: 0, bounding: Promise.resolve() });
  }

  /** The log grows no more: bounds it a last time. */
  async release(file: string): Promise<void> {
    const kept = this.#kept.get(file);
    this.#kept.delete(file);
    clearTimeout(kept?.timer);
    await kept?.bounding;
    if (sizeOf(file) > this.#maxBytes) await boundLog(file, this.#maxBytes).catch(() => 0);
  }

  close(): void {
    for (const { timer } of this.#kept.values()) clearTimeout(timer);
    this.#kept.clear();
  }

  #later(file: string, ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      const kept = this.#kept.get(file);
      if (kept !== undefined) kept.bounding = this.#look(file);
    }, ms).unref();
  }

  async #look(file: string): Promise<void> {
    // A full disk must not end this: the next look tries again.
    const size = await boundLog(file, this.#maxBytes).catch(() => 0);
    const kept = this.#kept.get(file);
    if (kept === undefined) return;
    kept.timer = this.#later(file, size - kept.size > fastBytes ? fastMs : slowMs);
    kept.size = size;
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
