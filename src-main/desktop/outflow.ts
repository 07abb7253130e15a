/**
 * What flows to a page, at the speed at which it takes it: nothing is sent while it has not taken what was sent before,
 * and not more often than it can show.
 */

export interface OutflowTimes {
  readonly now: () => number;
  /** The least time between two sendings, in milliseconds. */
  readonly everyMs: number;
}

class Gate {
  readonly #times: OutflowTimes;
  readonly #send: () => void;
  #last = -Infinity;
  #untaken = false;
  #timer: NodeJS.Timeout | null = null;
  #wanted = false;

  constructor(times: OutflowTimes, send: () => void) {
    this.#times = times;
    this.#send = send;
  }

  /** There is something to send. */
  ask(): void {
    this.#wanted = true;
    if (this.#untaken || this.#timer !== null) return;
    const wait = this.#last + this.#times.everyMs - this.#times.now();
    if (wait <= 0) this.#pass();
    else
      this.#timer = setTimeout(() => {
        this.#timer = null;
        this.#pass();
      }, wait);
  }

  /** The page has taken what was sent. */
  taken(): void {
    this.#untaken = false;
    if (this.#wanted) this.ask();
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#untaken = true;
  }

  #pass(): void {
    this.#wanted = false;
    this.#untaken = true;
    this.#last = this.#times.now();
    this.#send();
  }
}

/** The latest of a value that changes: what is overtaken is never sent. */
export class LatestOutflow<T> {
  readonly #gate: Gate;
  #latest: { readonly value: T } | null = null;

  constructor(times: OutflowTimes, send: (value: T) => void) {
    this.#gate = new Gate(times, () => {
      if (this.#latest !== null) send(this.#latest.value);
      this.#latest = null;
    });
  }

  push(value: T): void {
    this.#latest = { value };
    this.#gate.ask();
  }

  taken(): void {
    this.#gate.taken();
  }

  close(): void {
    this.#gate.close();
  }
}

/** Each of many items, several at a time. */
export class BatchOutflow<T> {
  readonly #gate: Gate;
  readonly #sizeOf: (item: T) => number;
  readonly #mostAhead: number;
  #batch: T[] = [];
  #size = 0;
  #closed = false;
  #emptied: (() => void)[] = [];

  /** Items of more than `mostAhead` together (by `sizeOf`) are not kept waiting: their source waits instead. */
  constructor(
    times: OutflowTimes,
    mostAhead: number,
    sizeOf: (item: T) => number,
    send: (items: readonly T[]) => void,
  ) {
    this.#mostAhead = mostAhead;
    this.#sizeOf = sizeOf;
    this.#gate = new Gate(times, () => {
      const items = this.#batch;
      this.#batch = [];
      this.#size = 0;
      send(items);
      this.#settle();
    });
  }

  /** Settles when more may follow. */
  async push(item: T): Promise<void> {
    if (this.#closed) return;
    this.#batch.push(item);
    this.#size += this.#sizeOf(item);
    this.#gate.ask();
    if (this.#size >= this.#mostAhead) await this.#empty();
  }

  /** Settles when everything has been sent. */
  async flushed(): Promise<void> {
    if (this.#batch.length > 0 && !this.#closed) await this.#empty();
  }

  taken(): void {
    this.#gate.taken();
  }

  close(): void {
    this.#closed = true;
    this.#gate.close();
    this.#settle();
  }

  #empty(): Promise<void> {
    return new Promise((resolve) => this.#emptied.push(resolve));
  }

  #settle(): void {
    for (const resolve of this.#emptied.splice(0)) resolve();
  }
}
