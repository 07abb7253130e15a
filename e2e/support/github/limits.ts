/** How often one may ask: the hourly limit of each account and the secondary limits, as GitHub documents them. */
import type { Answer } from './call.ts';
import type { Token } from './model.ts';

export interface LimitSettings {
  /** Requests an hour of a signed-in account. */
  limit: number;
  /** Points a minute before the secondary limit strikes: a GET costs 1, anything else 5. */
  pointsPerMinute: number;
  concurrent: number;
  /** With which status limits are refused. */
  status: 403 | 429;
}

export interface LimitChange {
  /** Whose; everybody's if left out. */
  readonly login?: string;
  readonly limit?: number;
  readonly remaining?: number;
  /** When the hour is over, milliseconds from now. */
  readonly resetInMs?: number;
}

interface Bucket {
  limit: number;
  used: number;
  /** Wall-clock milliseconds by the double's clock. */
  reset: number;
}

const anonymousLimit = 60;
const hour = 3_600_000;
const primaryPage = 'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api';

export class Limits {
  readonly settings: LimitSettings = { limit: 5000, pointsPerMinute: 900, concurrent: 100, status: 403 };
  /** The next so many requests are refused by a secondary limit; seconds null: without `retry-after`. */
  secondary: { times: number; readonly retryAfter: number | null } = { times: 0, retryAfter: 60 };
  running = 0;

  private readonly buckets = new Map<string, Bucket>();
  private readonly spent = new Map<string, { at: number; points: number }[]>();
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  private bucket(token: Token | null): Bucket {
    const key = token?.login.toLowerCase() ?? '';
    const limit = token ? this.settings.limit : anonymousLimit;
    const known = this.buckets.get(key);
    const bucket = known && known.reset > this.now() ? known : { limit, used: 0, reset: this.now() + hour };
    this.buckets.set(key, bucket);
    return bucket;
  }

  change(token: Token, change: LimitChange): void {
    const bucket = this.bucket(token);
    bucket.limit = change.limit ?? bucket.limit;
    if (change.remaining !== undefined) bucket.used = bucket.limit - change.remaining;
    if (change.resetInMs !== undefined) bucket.reset = this.now() + change.resetInMs;
  }

  headers(token: Token | null): Record<string, string> {
    const { limit, used, reset } = this.bucket(token);
    return {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(Math.max(0, limit - used)),
      'x-ratelimit-used': String(used),
      'x-ratelimit-reset': String(Math.ceil(reset / 1000)),
      'x-ratelimit-resource': 'core',
    };
  }

  /** What /rate_limit tells. */
  overview(token: Token | null): object {
    const { limit, used, reset } = this.bucket(token);
    const core = { limit, used, remaining: Math.max(0, limit - used), reset: Math.ceil(reset / 1000) };
    const other = (most: number) => ({ ...core, limit: most, used: 0, remaining: most });
    const resources = { core, search: other(30), actions_runner_registration: other(10_000) };
    return { resources, rate: core };
  }

  private refuse(message: string, page: string, headers: Record<string, string>): Answer {
    const { status } = this.settings;
    return { status, body: { message, documentation_url: page, status: String(status) }, headers };
  }

  /** The refusal by a secondary limit. */
  tooFast(retryAfter: number | null): Answer {
    const message =
      'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
    const headers: Record<string, string> = retryAfter === null ? {} : { 'retry-after': String(retryAfter) };
    return this.refuse(message, `${primaryPage}#about-secondary-rate-limits`, headers);
  }

  private points(token: Token | null, method: string): number {
    const key = token?.login.toLowerCase() ?? '';
    const since = Date.now() - 60_000;
    const recent = (this.spent.get(key) ?? []).filter(({ at }) => at > since);
    recent.push({ at: Date.now(), points: method === 'GET' ? 1 : 5 });
    this.spent.set(key, recent);
    return recent.reduce((sum, { points }) => sum + points, 0);
  }

  /** Counts a request; the refusal, if a limit is reached. */
  take(token: Token | null, method: string): Answer | null {
    const points = this.points(token, method);
    const { pointsPerMinute, concurrent } = this.settings;
    if (this.secondary.times > 0) {
      this.secondary.times -= 1;
      return this.tooFast(this.secondary.retryAfter);
    }
    if (points > pointsPerMinute || this.running > concurrent) return this.tooFast(60);
    const bucket = this.bucket(token);
    if (bucket.used < bucket.limit) {
      bucket.used += 1;
      return null;
    }
    return this.refuse(`API rate limit exceeded for user ID ${token ? 1 : 0}.`, primaryPage, {});
  }

  /** A signed-in caller who had the answer already pays nothing. */
  giveBack(token: Token | null): void {
    const bucket = this.bucket(token);
    if (token) bucket.used = Math.max(0, bucket.used - 1);
  }
}
