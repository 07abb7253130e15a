/** Answers of one account that were given an ETag: what is unchanged since need not be sent, and does not count. */

export interface KeptAnswer {
  readonly etag: string;
  readonly data: unknown;
  /** The header that tells of further pages: a 304 repeats it not always. */
  readonly link: string | undefined;
}

export interface AnswerCache {
  get(url: string): KeptAnswer | undefined;
  set(url: string, answer: KeptAnswer): void;
}

/** At most so many answers, and so many characters of JSON in all; those not used for longest go first. */
const cacheBounds = { answers: 400, characters: 16 * 1024 * 1024 };

export function answerCache(bounds = cacheBounds): AnswerCache {
  const kept = new Map<string, { answer: KeptAnswer; characters: number }>();
  let characters = 0;
  const drop = (url: string) => {
    characters -= kept.get(url)?.characters ?? 0;
    kept.delete(url);
  };
  return {
    get(url) {
      const found = kept.get(url);
      if (found === undefined) return undefined;
      // The youngest stands last.
      kept.delete(url);
      kept.set(url, found);
      return found.answer;
    },
    set(url, answer) {
      drop(url);
      const size = JSON.stringify(answer.data).length;
      if (size > bounds.characters / 8) return;
      kept.set(url, { answer, characters: size });
      characters += size;
      for (const oldest of kept.keys()) {
        if (kept.size <= bounds.answers && characters <= bounds.characters) break;
        drop(oldest);
      }
    },
  };
}
