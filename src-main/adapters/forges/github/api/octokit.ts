/** Octokit with the parts we use of it; loaded when first asked, as it is slow to load. */
import type { Octokit } from '@octokit/rest';

export interface OctokitOptions {
  readonly baseUrl: string;
  readonly userAgent: string;
  /** Requests of one id share their places: ten at once. */
  readonly id: string;
  /** How long the first of two repetitions waits after a failure, in milliseconds; default 250. */
  readonly retryMs?: number;
}

export type OctokitRequest = Octokit['request'];

/** How often a request is repeated that failed by network or outage. */
const retries = 2;
/** What no repetition cures, or what waits for its time. */
const doNotRetry = [400, 401, 403, 404, 409, 410, 422, 429, 451];

/**
 * A client that asks at most ten things at once, and repeats twice what failed by network or outage, unless the
 * request says `retries: 0` (it must not say another number: the part would then repeat every refusal). Limits are never waited for here: a refusal comes back at once, with its time.
 */
export async function openOctokit(options: OctokitOptions): Promise<OctokitRequest> {
  const [{ Octokit }, { throttling }, { retry }] = await Promise.all([
    import('@octokit/rest'),
    import('@octokit/plugin-throttling'),
    import('@octokit/plugin-retry'),
  ]);
  const WithParts = Octokit.plugin(throttling, retry);
  const client = new WithParts({
    baseUrl: options.baseUrl,
    userAgent: options.userAgent,
    log: silent,
    throttle: {
      id: options.id,
      // As the part has it, writes would go out one a second: eight runners for a matrix would take eight seconds.
      write: unthrottled as never,
      onRateLimit: () => false,
      onSecondaryRateLimit: () => false,
    },
    retry: { doNotRetry, retries, retryAfterBaseValue: options.retryMs ?? 250 },
  });
  return client.request;
}

const unthrottled = {
  key: () => ({ schedule: (_options: unknown, job: () => Promise<unknown>) => job() }),
};

const quiet = () => undefined;
const silent = { debug: quiet, info: quiet, warn: quiet, error: quiet };
