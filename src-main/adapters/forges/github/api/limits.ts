/** When a forge that limits us may be asked again. Pure. */

export type Headers = Readonly<Record<string, string | number | undefined>>;

export interface Limited {
  /** Wall-clock milliseconds by our clock. */
  readonly retryAt: number;
  /** `hourly`: the account's requests are used up; `secondary`: too many at once, so nothing should be sent. */
  readonly kind: 'hourly' | 'secondary';
}

const minuteMs = 60_000;
const hourMs = 3_600_000;

/**
 * Is a 403 or 429 about limits, and when do they end? By `retry-after` (seconds), else by `x-ratelimit-reset` (epoch
 * seconds by the forge's clock) where nothing remains, else a minute that doubles with each in a row (`strikes`) up to
 * an hour. Null: it is a refusal of another kind.
 */
export function limitOf(
  answer: { readonly status: number; readonly headers: Headers; readonly words: string },
  clock: { readonly now: number; readonly ahead: number },
  strikes: number,
): Limited | null {
  if (answer.status !== 403 && answer.status !== 429) return null;
  const secondary = /secondary rate limit|abuse detection/i.test(answer.words);
  const usedUp = answer.headers['x-ratelimit-remaining'] === '0';
  const after = secondsIn(answer.headers['retry-after']);
  const about = answer.status === 429 || secondary || usedUp || after !== null || isRateLimit(answer.words);
  if (!about) return null;
  const kind = secondary || !usedUp ? 'secondary' : 'hourly';
  if (after !== null) return { kind, retryAt: clock.now + Math.max(1, after) * 1000 };
  const reset = secondsIn(answer.headers['x-ratelimit-reset']);
  if (usedUp && !secondary && reset !== null) {
    const at = reset * 1000 - clock.ahead;
    return { kind, retryAt: Math.min(Math.max(at, clock.now) + 1000, clock.now + 2 * hourMs) };
  }
  return { kind, retryAt: clock.now + Math.min(hourMs, minuteMs * 2 ** strikes) };
}

const isRateLimit = (words: string): boolean => /rate limit/i.test(words);

function secondsIn(header: string | number | undefined): number | null {
  if (header === undefined || !/^\d{1,12}$/.test(String(header))) return null;
  return Number(header);
}
