/** The latest answer of something that takes its time: told at once, asked anew when it is old. */
export interface Latest<T> {
  readonly value: () => T;
  /** What it is just now, which `value` tells from then on. */
  readonly fresh: () => Promise<T>;
}

export function latest<T>(
  ask: () => Promise<T>,
  first: T,
  options: { readonly everyMs: number; readonly now: () => number },
): Latest<T> {
  let value = first;
  let askedAt = -Infinity;
  const fresh = async (): Promise<T> => {
    askedAt = options.now();
    const answer = await ask();
    value = answer;
    return answer;
  };
  return {
    value() {
      // What could not be asked stays as it was.
      if (options.now() - askedAt >= options.everyMs) void fresh().catch(() => undefined);
      return value;
    },
    fresh,
  };
}
