/** Chance that can be repeated: the same seed, the same numbers. */

export interface Random {
  /** In [0, 1). */
  next(): number;
  /** In [from, to). */
  between(from: number, to: number): number;
  chance(probability: number): boolean;
  /** One of them, by weight. */
  pick<T>(choices: readonly (readonly [weight: number, choice: T])[]): T;
}

/** Mulberry32: small, and good enough to choose moments and jobs. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (from, to) => from + next() * (to - from),
    chance: (probability) => next() < probability,
    pick: (choices) => {
      const total = choices.reduce((sum, [weight]) => sum + weight, 0);
      let at = next() * total;
      for (const [weight, choice] of choices) {
        at -= weight;
        if (at < 0) return choice;
      }
      const [first] = choices;
      if (first === undefined) throw new Error('There is nothing to pick from.');
      return first[1];
    },
  };
}
