/** What was given to a command. */

export class ParsedArgs {
  readonly positionals: readonly string[];
  /** What stood after `--`. */
  readonly rest: readonly string[];
  /** By the option's name; a switch has no values. */
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(
    values: ReadonlyMap<string, readonly string[]>,
    positionals: readonly string[],
    rest: readonly string[],
  ) {
    this.#values = values;
    this.positionals = positionals;
    this.rest = rest;
  }

  /** Was the option given? */
  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The value of an option, or null. */
  get(name: string): string | null {
    return this.all(name).at(-1) ?? null;
  }

  /** All values of an option. */
  all(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** The nth positional argument; parsing has made sure that the required ones are there. */
  at(index: number): string {
    return this.positionals[index] ?? '';
  }
}
