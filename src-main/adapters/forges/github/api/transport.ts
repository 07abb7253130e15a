/** One request over the network: bounded in time, redirected inside its own origin only, so that no token leaves it. */
import { problem, ProblemError } from '../../../../contract/problem.ts';
import type { Settle } from './budget.ts';

export interface TransportOptions {
  /** How it goes over the network; default: Node's own. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  readonly timeoutMs: number;
  /** Asked before each request that goes out, redirects too; throws where none may. */
  readonly admit: () => Settle;
  /** Each answer, before anything is made of it. */
  readonly answered: (response: Response) => void;
  /** Ends the request from outside. */
  readonly signal?: AbortSignal;
}

/** A renamed repository is one hop; more than these is a loop. */
const mostHops = 4;
const redirects = new Set([301, 302, 307, 308]);

/**
 * A `fetch` for octokit. A renamed repository is answered by a redirect: within the origin it is followed with the
 * same method and body (nothing was done yet), to another origin never. `problemIn` finds what it throws.
 */
export function transport(options: TransportOptions): typeof fetch {
  return async (input, init) => {
    let url = new URL(input instanceof Request ? input.url : input);
    for (let hop = 0; hop < mostHops; hop += 1) {
      const response = await once(url, init, options);
      const next = nextUrl(url, response, init?.method ?? 'GET');
      if (next === null) return response;
      await response.body?.cancel();
      url = next;
    }
    throw problem(
      'forge-unreachable',
      `${url.host} sends requests round in circles.`,
      'Check the address of the account, and any proxy between.',
    );
  };
}

async function once(
  url: URL,
  init: RequestInit | undefined,
  { fetch = globalThis.fetch, admit, answered, timeoutMs, signal }: TransportOptions,
): Promise<Response> {
  const settle = admit();
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
    });
    settle(response.status !== 304);
    answered(response);
    return response;
  } catch (thrown) {
    settle(true);
    throw timeout.aborted ? tooSlow(url.host, timeoutMs) : thrown;
  }
}

/** Where the answer sends us, within the origin; null: it is no redirect that we follow. */
function nextUrl(from: URL, response: Response, method: string): URL | null {
  const location = response.headers.get('location');
  if (!redirects.has(response.status) || location === null || !URL.canParse(location, from.href)) return null;
  const to = new URL(location, from);
  if (to.origin === from.origin) return to;
  // Downloads are handed out elsewhere: who asked for one fetches it there, without the token.
  if (response.status === 302 && method === 'GET') return null;
  throw problem(
    'forge-unreachable',
    `${from.host} sends requests on to ${to.host}, where the token of the account must not go.`,
    'Check the address of the account; if the forge has moved, add an account with its new address.',
  );
}

function tooSlow(host: string, timeoutMs: number): ProblemError {
  return problem(
    'forge-unreachable',
    `${host} did not answer within ${Math.round(timeoutMs / 100) / 10} s.`,
    'Check the network. GITHUB_API_TIMEOUT sets the time in seconds.',
  );
}

/** The problem behind an error that octokit wrapped around it. */
export function problemIn(thrown: unknown): ProblemError | null {
  for (let at = thrown; at instanceof Error; at = at.cause) {
    if (at instanceof ProblemError) return at;
  }
  return null;
}
