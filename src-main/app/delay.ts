/** Settles after `ms`, or at once when `signal` is aborted. */
export function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}

/** What `work` gives within `ms`; null where it takes longer. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T | null> {
  const over = new AbortController();
  try {
    return await Promise.race([work, delay(ms, over.signal).then(() => null)]);
  } finally {
    over.abort();
  }
}

/** How long the owner's "now" waits for a forge, in milliseconds. */
const askNowMs = 3000;

/** The same for a forge while the owner waits; null also where it fails. */
export async function askedNow<T>(asking: Promise<T>): Promise<T | null> {
  return within(
    askNowMs,
    asking.catch(() => null),
  );
}
