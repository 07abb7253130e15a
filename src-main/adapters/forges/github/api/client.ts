/** One account's client: each request goes through its budget, its ETags and its limits, and each failure becomes a Problem. */
import type { Account } from '../../../../contract/account.ts';
import { type Problem, problem, type ProblemError, problemOf } from '../../../../contract/problem.ts';
import type { Log } from '../../../../core/ports.ts';
import { type Bearer, bearerOf } from './bearer.ts';
import type { RequestBudget } from './budget.ts';
import { serverClock, type ServerClock } from './clock.ts';
import type { Credentials } from './credential.ts';
import { answerIn, answerOf, isOfApi } from './answers.ts';
import { answerCache } from './etags.ts';
import { type Headers, limitOf } from './limits.ts';
import { unreachable } from './network.ts';
import { allPages } from './pages.ts';
import { openOctokit, type OctokitRequest } from './octokit.ts';
import { notTheApi, refusalOf } from './refusals.ts';
import { problemIn, transport } from './transport.ts';
import type { ApiAnswer, GitHubApi, Urgency } from './types.ts';

/** What all clients share. */
export interface ClientOptions {
  readonly userAgent: string;
  readonly log: Log;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
  readonly budget: RequestBudget;
  /** How long one request may take, in milliseconds; default 30 000. */
  readonly timeoutMs?: number;
  readonly retryMs?: number;
  /** How requests go over the network; default: Node's own fetch, which asks no proxy. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** What an answer told about its account: headers, or that it is not accepted any more. */
export type Seen = (
  seen:
    | { readonly headers: Headers }
    /** Of an App's installation, "administration:write". */
    | { readonly permissions: readonly string[] }
    | { readonly refused: Problem },
) => void;

interface Parts extends ClientOptions {
  readonly account: Account;
  readonly credentials: Credentials;
  readonly seen: Seen;
}

export interface Client extends GitHubApi {
  readonly clock: ServerClock;
  /** As `request`, with another token than the account's own. */
  requestWith(token: string, route: string): Promise<ApiAnswer<unknown>>;
}

/** The version of the API that the answers are read by. */
const apiVersion = '2022-11-28';
const timeoutMs = 30_000;
/** The part of the hourly limit that polls leave to registrations and to other programs with the same token. */
const reserve = 0.05;

export function githubClient(parts: Parts): Client {
  const { account } = parts;
  const clock = serverClock(parts.now);
  const exchange = exchanges(parts, clock);
  const bearer = bearerOf({
    account,
    credentials: parts.credentials,
    clock,
    askWith: (token, route) => exchange(token, route, {}, 'must', 'other'),
    granted: (permissions) => parts.seen({ permissions }),
  });
  const request = async (
    route: string,
    parameters: Parameters_ = {},
    urgency: Urgency = 'must',
  ): Promise<ApiAnswer<unknown>> => {
    try {
      return await withToken(bearer, (token) => exchange(token, route, parameters, urgency));
    } catch (thrown) {
      if (problemOf(thrown).code === 'unauthorized') parts.seen({ refused: problemOf(thrown) });
      throw thrown;
    }
  };
  return {
    account,
    clock,
    request: async <T>(route: string, parameters?: Parameters_, urgency?: Urgency) =>
      (await request(route, parameters, urgency)) as ApiAnswer<T>,
    requestWith: (token, route) => exchange(token, route, {}, 'must', 'other'),
    all: ((route, parameters, options) =>
      allPages(request, account, route, parameters, options)) as GitHubApi['all'],
  };
}

type Parameters_ = Readonly<Record<string, unknown>>;
type Exchange = (
  token: string,
  route: string,
  parameters: Parameters_,
  urgency: Urgency,
  /** Other tokens than the account's own have limits of their own, which say nothing of its. */
  whose?: 'own' | 'other',
) => Promise<ApiAnswer<unknown>>;

async function withToken<T>(bearer: Bearer, ask: (token: string) => Promise<T>): Promise<T> {
  const token = await bearer.token();
  try {
    return await ask(token);
  } catch (thrown) {
    if (problemOf(thrown).code !== 'unauthorized') throw thrown;
    const other = await bearer.another(token);
    if (other === null) throw thrown;
    return ask(other);
  }
}

function exchanges(parts: Parts, clock: ServerClock): Exchange {
  const { account, budget } = parts;
  const cache = answerCache();
  let octokit: Promise<OctokitRequest> | null = null;
  const failures = failureReader(parts, clock);

  const fetchFor = (urgency: Urgency) =>
    transport({
      fetch: parts.fetch,
      timeoutMs: parts.timeoutMs ?? timeoutMs,
      admit: () => budget.admit(account.id, urgency),
      answered: (response) => clock.learn(response.headers.get('date')),
    });
  const noted = (headers: Headers, whose: 'own' | 'other') => {
    failures.over();
    if (whose === 'own') obey(headers, parts, clock);
    parts.seen({ headers });
  };

  return async (token, route, parameters, urgency, whose = 'own') => {
    octokit ??= openOctokit({ ...parts, baseUrl: account.apiUrl, id: account.id });
    const request = await octokit;
    const { method, url, headers } = request.endpoint(route, parameters);
    const key = `${String(headers.accept)} ${url}`;
    const kept = method === 'GET' ? cache.get(key) : undefined;
    try {
      const answer = await request(route, {
        ...parameters,
        headers: {
          ...(parameters['headers'] as Record<string, string> | undefined),
          authorization: `Bearer ${token}`,
          'x-github-api-version': apiVersion,
          ...(kept !== undefined && { 'if-none-match': kept.etag }),
        },
        request: {
          fetch: fetchFor(urgency),
          ...(!(method === 'GET' && urgency === 'must') && { retries: 0 }),
        },
      });
      const data: unknown = answer.data;
      if (!isOfApi(answer.headers, data)) throw notTheApi(account);
      noted(answer.headers, whose);
      const { etag, link } = answer.headers;
      if (method === 'GET' && etag !== undefined) cache.set(key, { etag, data, link });
      return answerOf({ status: answer.status, data, headers: answer.headers, unchanged: false });
    } catch (thrown) {
      const answer = answerIn(thrown);
      if (answer?.status === 304 && kept !== undefined) {
        noted(answer.headers, whose);
        const told = { link: kept.link, etag: kept.etag, ...answer.headers };
        return answerOf({ status: 304, data: kept.data, headers: told, unchanged: true });
      }
      // A plug-in throws what GraphQL answers when its own limit is reached, which is not this account's.
      if (answer?.status === 200) return answerOf({ ...answer, unchanged: false });
      throw failures.of(thrown, `${method} ${pathOf(url, account)}`);
    }
  };
}

/** What a request that failed means; limits that tell no time are counted, until one request succeeds. */
function failureReader({ account, budget, log, now }: Parts, clock: ServerClock) {
  let strikes = 0;
  return {
    over: () => {
      strikes = 0;
    },
    of(thrown: unknown, request: string): ProblemError {
      const known = problemIn(thrown);
      if (known !== null) return known;
      const answer = answerIn(thrown);
      if (answer === null) return unreachable(thrown, new URL(account.apiUrl).host, account.id);
      const limited = limitOf(answer, { now: now(), ahead: clock.ahead() }, strikes);
      if (limited !== null) {
        strikes += 1;
        budget.pause(account.id, limited.retryAt, limited.kind === 'secondary' ? 'all' : 'polls');
        log.warn('GitHub limits an account', { account: account.id, ...limited });
        return limitReached(account, limited.retryAt);
      }
      if (answer.status < 500 && !answer.isJson) return notTheApi(account);
      return refusalOf({ ...answer, request }, account);
    },
  };
}

/** The hourly limit as the forge tells it; where little is left of it, polls wait for the next hour. */
function obey(headers: Headers, { account, budget, now }: Parts, clock: ServerClock): void {
  if ((headers['x-ratelimit-resource'] ?? 'core') !== 'core') return;
  const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) =>
    Number(headers[`x-ratelimit-${name}`] ?? NaN),
  ) as [number, number, number];
  if (!(limit > 0)) return;
  budget.learn(account.id, limit);
  const until = reset * 1000 - clock.ahead();
  if (remaining <= limit * reserve && until > now()) budget.pause(account.id, until, 'polls');
}

function limitReached({ id, login }: Account, retryAt: number): ProblemError {
  return problem(
    'rate-limited',
    `GitHub limits the requests of the account ${id} (${login}) for now.`,
    'Nothing has to be done: it is asked again when the limit ends. Other programs with the same token count too.',
    { subject: id, retryAt },
  );
}

function pathOf(url: string, account: Account): string {
  const { origin, pathname } = new URL(account.apiUrl);
  const path = url.startsWith(origin) ? url.slice(origin.length) : url;
  return (
    (pathname !== '/' && path.startsWith(pathname) ? path.slice(pathname.length) : path).split('?')[0] ?? ''
  );
}
