/** What the owner has just chosen, shown until it is true: the answer to a command comes before the state that it made. */

/** What is accepted and does not come true within this time is not shown any longer, in milliseconds. */
const followMs = 2000;

export class Wish<T> {
  #next = $state.raw<{ readonly value: T } | null>(null);

  /** Is it being carried out? */
  get isOpen(): boolean {
    return this.#next !== null;
  }

  /** What is to be shown while the truth is `value`. */
  shown(value: T): T {
    return this.#next === null ? value : this.#next.value;
  }

  /** The truth has become this. */
  follow(value: T): void {
    if (this.#next?.value === value) this.#next = null;
  }

  /** Falls back at once where `ask` answers false: it was refused. */
  async make(value: T, ask: () => Promise<boolean>): Promise<void> {
    const mine = { value };
    const end = (): void => {
      if (this.#next === mine) this.#next = null;
    };
    this.#next = mine;
    let accepted = false;
    try {
      accepted = await ask();
    } finally {
      if (accepted) setTimeout(end, followMs);
      else end();
    }
  }
}
