/** The clock of a forge, as its answers tell it: ours may be wrong, and keys and limits are counted by theirs. */
export interface ServerClock {
  /** Wall-clock milliseconds by the forge; by us until it has answered. */
  now(): number;
  /** How far the forge's clock is ahead of ours, in milliseconds. */
  ahead(): number;
  /** A `Date` header. */
  learn(date: string | null): void;
}

export function serverClock(now: () => number): ServerClock {
  let ahead = 0;
  return {
    now: () => now() + ahead,
    ahead: () => ahead,
    learn(date) {
      const at = date === null ? NaN : Date.parse(date);
      if (!Number.isNaN(at)) ahead = at - now();
    },
  };
}
