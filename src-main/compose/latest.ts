/** The latest answer of something that takes its time: told at once, asked anew when it is old. */
export function latest<T>(
  ask: () => Promise<T>,
  first: T,
  options: { readonly everyMs: number; readonly now: () => number },
): () => T {
  let value = first;
  let askedAt = -Infinity;
  return () => {
    if (options.now() - askedAt >= options.everyMs) {
      askedAt = options.now();
      void ask().then(
        (answer) => (value = answer),
        // What could not be asked stays as it was.
        () => undefined,
      );
    }
    return value;
  };
}
