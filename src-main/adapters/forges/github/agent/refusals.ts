/** Versions of the agent that were refused lately, by GitHub or on this machine; a restart does not forget them. */

export interface Refusal {
  readonly version: string;
  /** Wall-clock milliseconds. */
  readonly at: number;
}

export interface RefusalsOptions {
  /** What `save` was given last; anything else counts as nothing. */
  readonly load: () => unknown;
  readonly save: (refusals: readonly Refusal[]) => void;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
}

/** GitHub refuses for good what is too old, and takes back what was a trial ("brownout"): so it is tried again. */
const latelyMs = 24 * 3_600_000;
/** The same where there is no other version to use meanwhile. */
const aloneMs = 3_600_000;

export class Refusals {
  readonly #options: RefusalsOptions;
  #all: readonly Refusal[] | null = null;

  constructor(options: RefusalsOptions) {
    this.#options = options;
  }

  add(version: string): void {
    const at = this.#options.now();
    this.#all = [{ version, at }, ...this.lately().filter((one) => one.version !== version)];
    this.#options.save(this.#all);
  }

  has(version: string): boolean {
    return this.lately().some((one) => one.version === version);
  }

  /** When a version is tried again although it was refused, because there is no other: wall-clock milliseconds; null: now. */
  againAt(version: string): number | null {
    const found = this.lately().find((one) => one.version === version);
    return found === undefined || this.#options.now() - found.at >= aloneMs ? null : found.at + aloneMs;
  }

  /** The last one first. */
  lately(): readonly Refusal[] {
    this.#all ??= refusalsIn(this.#options.load());
    const now = this.#options.now();
    return this.#all.filter(({ at }) => now - at < latelyMs);
  }
}

function refusalsIn(value: unknown): readonly Refusal[] {
  if (!Array.isArray(value)) return [];
  return (value as (Partial<Refusal> | null)[]).flatMap((one) =>
    typeof one?.version === 'string' && typeof one.at === 'number'
      ? [{ version: one.version, at: one.at }]
      : [],
  );
}
