/** A GitHub in memory behind the interface of the client: what it answers by method and path, and what it was asked. */
import type { Account } from '../../../contract/account.ts';
import { type ProblemCode, problem } from '../../../contract/problem.ts';
import type { ApiAnswer, GitHubApi, GitHubApis, PollsLeft, Urgency } from './api/types.ts';

type Parameters = Readonly<Record<string, unknown>>;
/** What is answered; a function may throw, or answer by what is sent. */
type Reply = unknown;

export interface Asked {
  readonly request: string;
  readonly rest: Parameters;
  readonly urgency: Urgency | undefined;
}

export class MemoryGitHub implements GitHubApis {
  readonly account: Account;
  readonly replies = new Map<string, Reply>();
  readonly asked: Asked[] = [];
  headers: Readonly<Record<string, string>> = {};
  date: () => number | null = () => null;
  /** The account's secret is gone. */
  gone = false;

  constructor(account: Partial<Account> = {}) {
    this.account = {
      id: 'me',
      forge: 'github',
      kind: 'token',
      login: 'ann',
      url: 'https://github.com',
      apiUrl: 'https://api.github.com',
      app: null,
      ...account,
    };
  }

  /** `path` as it is asked for, without a query: "GET /repos/ann/app". */
  on(path: string, reply: Reply): this {
    this.replies.set(path, reply);
    return this;
  }

  fail(path: string, code: ProblemCode): this {
    return this.on(path, () => {
      throw problem(code, `GitHub says ${code}.`, `Mend ${code}.`);
    });
  }

  left(): PollsLeft {
    return { requests: 100, counted: 100, mostCounted: 100, countedPerHour: 1000 };
  }

  of(): Promise<GitHubApi> {
    if (this.gone) return Promise.reject(problem('unauthorized', 'Its token is gone.', 'Add it again.'));
    const { account } = this;
    return Promise.resolve({
      account,
      request: ((route: string, parameters?: Parameters, urgency?: Urgency) =>
        this.#answer(route, parameters, urgency)) as GitHubApi['request'],
      all: (async (
        route: string,
        parameters?: Parameters,
        options: { key?: string; urgency?: Urgency } = {},
      ) => {
        const { data, date } = await this.#answer(route, parameters, options.urgency);
        const { key } = options;
        const items = key === undefined ? data : (data as Record<string, unknown>)[key];
        return { items, date, unchanged: false };
      }) as GitHubApi['all'],
    });
  }

  async #answer(route: string, parameters: Parameters = {}, urgency?: Urgency): Promise<ApiAnswer<unknown>> {
    await Promise.resolve();
    const rest = { ...parameters };
    const request = route.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const value = String(rest[name]);
      Reflect.deleteProperty(rest, name);
      return value;
    });
    this.asked.push({ request, rest, urgency });
    if (!this.replies.has(request)) throw problem('not-found', `There is no ${request}.`, 'Look elsewhere.');
    const reply = this.replies.get(request);
    const data = typeof reply === 'function' ? (reply as (rest: Parameters) => unknown)(rest) : reply;
    return { status: 200, data, date: this.date(), headers: this.headers, unchanged: false };
  }
}
