/** How long a sentence may wait for others, in milliseconds: no person notices. */
const togetherMs = 20;

export interface Together {
  say(sentence: string): void;
  /** Writes what waits. */
  flush(): void;
}

/** Sentences of one moment go out at once: each write wakes whoever reads it, and of many short jobs there are hundreds a second. */
export function together(write: (sentences: readonly string[]) => void): Together {
  let waiting: string[] = [];
  let timer: NodeJS.Timeout | null = null;
  const flush = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const sentences = waiting;
    waiting = [];
    if (sentences.length > 0) write(sentences);
  };
  return {
    say(sentence) {
      waiting.push(sentence);
      timer ??= setTimeout(flush, togetherMs);
    },
    flush,
  };
}
