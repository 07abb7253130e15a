/** How the parts of the GitHub forge ask GitHub: one client an account, which obeys limits and gives Problems for failures. */
import type { Account } from '../../../../contract/account.ts';

/**
 * Who asks decides what happens where the request budget runs low: `poll` waits for the next look (a rate-limited
 * Problem), `must` (registering, removing, an owner's command) goes on up to the forge's own limit, and counts: polls give way to it.
 */
export type Urgency = 'poll' | 'must';

export interface ApiAnswer<T> {
  readonly status: number;
  readonly data: T;
  /** The forge's own clock when it answered, wall-clock milliseconds; null: it did not tell. */
  readonly date: number | null;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  /** Unchanged since the last time (304): `data` is what was answered then. */
  readonly unchanged: boolean;
}

export interface GitHubApi {
  readonly account: Account;
  /**
   * One request by its route ("GET /repos/{owner}/{repo}/actions/runners"), with conditional headers for GET where an
   * ETag is known. Throws a ProblemError: `unauthorized` (401), `forbidden` (403, naming the missing permission),
   * `not-found` (404, 410), `name-taken` (409), `rate-limited` (with retryAt), `forge-unreachable` (network, 5xx).
   * Other refusals (422) are thrown as a `RefusedError` with GitHub's own words.
   */
  request<T = unknown>(
    route: string,
    parameters?: Readonly<Record<string, unknown>>,
    urgency?: Urgency,
  ): Promise<ApiAnswer<T>>;
  /** All pages of a list, at most `pages` (default 10); `key` names the array in an object answer. */
  // The caller says what the document of the API promises.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  all<T>(
    route: string,
    parameters?: Readonly<Record<string, unknown>>,
    options?: { readonly key?: string; readonly urgency?: Urgency; readonly pages?: number },
  ): Promise<{ readonly items: readonly T[]; readonly date: number | null; readonly unchanged: boolean }>;
}

/** What polls of an account may ask now. */
export interface PollsLeft {
  /** At once, whatever the answers. */
  readonly requests: number;
  /** At once, of those that count for the hourly limit: an answer that is unchanged (304) does not. */
  readonly counted: number;
  /** The most that `counted` can be. */
  readonly mostCounted: number;
  /** How many come back in an hour. */
  readonly countedPerHour: number;
}

/** The clients by account, made when first asked; throws `unauthorized` where the account's secret is gone. */
export interface GitHubApis {
  of(account: string): Promise<GitHubApi>;
  left(account: string): PollsLeft;
}
