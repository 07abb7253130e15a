/** For tests: ways to ask the fake, over HTTP, or with no network at all. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Account } from '../../../contract/account.ts';
import { problem } from '../../../contract/problem.ts';
import { RefusedError, refusalOf } from './api/refusals.ts';
import { type RequestBudget, requestBudget } from './api/budget.ts';
import type { ApiAnswer, GitHubApi, GitHubApis, Urgency } from './api/types.ts';
import type { FakeGitHub } from './fake-github.test-kit.ts';

export async function served(fake: FakeGitHub): Promise<{ url: string; end: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const text = Buffer.concat(parts).toString();
      const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
      const method = request.method ?? 'GET';
      const answer = fake.answer({
        method,
        path: decodeURIComponent(url.pathname),
        query: url.searchParams,
        body,
      });
      response.writeHead(answer.status, answer.status === 204 ? {} : { 'content-type': 'application/json' });
      response.end(answer.status === 204 ? undefined : JSON.stringify(answer.body ?? { message: 'fault' }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async end() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const testAccount: Account = {
  id: 'me',
  forge: 'github',
  kind: 'token',
  login: 'acme',
  url: 'https://github.com',
  apiUrl: 'https://api.github.com',
  app: null,
};

/**
 * Clients that ask the fake directly, within the budget. `counted` counts the requests that cost of the hourly limit,
 * by their moments.
 */
export function directApis(fake: FakeGitHub): { apis: GitHubApis; counted: number[]; revoked: Set<string> } {
  const counted: number[] = [];
  const revoked = new Set<string>();
  const budget = requestBudget({ now: () => Date.now(), load: () => null, save: () => undefined });
  const of = (id: string): GitHubApi =>
    new DirectApi(fake, { ...testAccount, id }, { counted, revoked, budget });
  const clients = new Map<string, GitHubApi>();
  return {
    counted,
    revoked,
    apis: {
      of(id) {
        const client = clients.get(id) ?? of(id);
        clients.set(id, client);
        return Promise.resolve(client);
      },
      left: (id) => budget.left(id),
    },
  };
}

interface Shared {
  readonly counted: number[];
  readonly revoked: ReadonlySet<string>;
  readonly budget: RequestBudget;
}

class DirectApi implements GitHubApi {
  readonly account: Account;
  readonly #fake: FakeGitHub;
  readonly #shared: Shared;
  readonly #etags = new Map<string, string>();

  constructor(fake: FakeGitHub, account: Account, shared: Shared) {
    this.#fake = fake;
    this.account = account;
    this.#shared = shared;
  }

  // eslint-disable-next-line @typescript-eslint/require-await
  async request(
    route: string,
    parameters: Readonly<Record<string, unknown>> = {},
    urgency: Urgency = 'must',
  ): Promise<ApiAnswer<never>> {
    const { budget, counted, revoked } = this.#shared;
    const [method = '', template = ''] = route.split(' ');
    const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(parameters[name]));
    const query = new URLSearchParams(
      Object.entries(parameters).map(([key, value]): [string, string] => [key, String(value)]),
    );
    if (revoked.has(this.account.id)) throw problem('unauthorized', 'The token was revoked.', 'Sign in.');
    const settle = budget.admit(this.account.id, urgency);
    const { status, body } = this.#fake.answer({ method, path, query, body: { ...parameters } });
    if (status >= 400) {
      counted.push(Date.now());
      settle(true);
      const words = (body as { message?: string } | undefined)?.message ?? '';
      if (status === 422 || status === 409)
        throw new RefusedError({ status, words, headers: {}, request: route }, 'me');
      throw refusalOf({ status, words, headers: {}, request: `${method} ${path}` }, this.account);
    }
    const text = JSON.stringify(body ?? null);
    const etag = createHash('sha256').update(text).digest('hex');
    const key = `${path}?${query.toString()}`;
    const unchanged = this.#fake.hasEtags && method === 'GET' && this.#etags.get(key) === etag;
    this.#etags.set(key, etag);
    settle(!unchanged);
    if (!unchanged) counted.push(Date.now());
    const data = JSON.parse(text) as never;
    const headers = { 'x-ratelimit-limit': '5000' };
    return { status, data, date: Date.now() + this.#fake.skew, headers, unchanged };
  }

  async all(
    route: string,
    parameters: Readonly<Record<string, unknown>> = {},
    options: { readonly key?: string; readonly pages?: number; readonly urgency?: Urgency } = {},
  ) {
    const items: never[] = [];
    let unchanged = true;
    for (let page = 1; page <= (options.pages ?? 10); page += 1) {
      const answer = await this.request(route, { per_page: 100, ...parameters, page }, options.urgency);
      const data = answer.data as unknown as Record<string, never[]> | never[];
      const rows = Array.isArray(data) ? data : (data[options.key ?? ''] ?? []);
      items.push(...rows);
      unchanged &&= answer.unchanged;
      if (rows.length < 100) break;
    }
    return { items, date: Date.now() + this.#fake.skew, unchanged };
  }
}
