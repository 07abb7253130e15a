/**
 * Makes many calls share few runs of `work`. Who asks while one is under way gets the result of the next, which begins
 * after all of them have asked: an answer is never older than its question.
 */
export function shared<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null;
  let next: Promise<T> | null = null;
  const begin = (): Promise<T> => {
    next = null;
    const mine = work();
    running = mine;
    const free = () => {
      if (running === mine) running = null;
    };
    mine.then(free, free);
    return mine;
  };
  return () => {
    if (running === null) return begin();
    next ??= running.then(begin, begin);
    return next;
  };
}
