/** Tells subscribers of change, at most once in an interval; the value is made only when somebody listens. */
export class Observable<T> {
  readonly #make: () => T;
  readonly #intervalMs: number;
  readonly #subscribers = new Set<(value: T) => void>();
  #timer: NodeJS.Timeout | null = null;
  #changed = false;

  constructor(make: () => T, intervalMs: number) {
    this.#make = make;
    this.#intervalMs = intervalMs;
  }

  /** Calls `fn` with the present value and each later one; returns the end of it. */
  subscribe(fn: (value: T) => void): () => void {
    this.#subscribers.add(fn);
    fn(this.#make());
    return () => {
      this.#subscribers.delete(fn);
    };
  }

  /** Something changed: the first change is told at once, those within the interval together at its end. */
  touch(): void {
    if (this.#subscribers.size === 0) return;
    if (this.#timer !== null) {
      this.#changed = true;
      return;
    }
    this.#publish();
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (this.#changed) this.touch();
    }, this.#intervalMs);
    this.#timer.unref();
  }

  /** Nobody is told anything more. */
  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#subscribers.clear();
  }

  #publish(): void {
    this.#changed = false;
    const value = this.#make();
    for (const fn of this.#subscribers) fn(value);
  }
}
