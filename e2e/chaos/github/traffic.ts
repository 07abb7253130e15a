/** What the program asked of GitHub, counted as it asks: nothing is kept but figures and the last hour's times. */
import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { RequestRecord } from '../../support/github/serve.ts';

const minute = 60_000;
const hour = 3_600_000;
/** What is allowed: so many a minute, and of GitHub's usual limit of requests an hour a fifth. */
const perMinute = 200;
const usualLimit = 5000;
const share = 0.2;

/** What only looks ask that nobody waits for; the jobs of a run are asked for too by who must know what became of one. */
const looks = ['/repos/{owner}/{repo}/actions/runs', '/user/repos', '/orgs/{org}/repos'];

/** How many there were, and the most in any span of so many milliseconds. */
class Rate {
  total = 0;
  most = 0;
  readonly #span: number;
  /** Of the span until the last one. */
  readonly #times: number[] = [];

  constructor(span: number) {
    this.#span = span;
  }

  add(at: number): void {
    this.total += 1;
    this.#times.push(at);
    while ((this.#times[0] ?? at) < at - this.#span) this.#times.shift();
    this.most = Math.max(this.most, this.#times.length);
  }
}

class Counted {
  readonly minute = new Rate(minute);
  /** Those that count for GitHub's limit: not where nothing was new. */
  readonly hour = new Rate(hour);
  unchanged = 0;

  add({ at, status }: RequestRecord): void {
    this.minute.add(at);
    if (status === 304) this.unchanged += 1;
    else this.hour.add(at);
  }
}

export class Traffic {
  readonly all = new Counted();
  readonly looks = new Counted();
  readonly #statuses = new Map<number, number>();
  readonly #routes = new Map<string, number>();
  readonly #log: WriteStream;
  #first = 0;
  #last = 0;
  readonly #limit: number;
  /** Requests that changed something, and that nobody may make. */
  readonly touched: string[] = [];
  /** Ids of runners that are not ours. */
  readonly foreign = new Set<number>();

  /** Each request is written into `file`; `limit` is what GitHub told to be its limit an hour. */
  constructor(file: string, limit: number) {
    this.#log = createWriteStream(file);
    this.#limit = limit;
  }

  hear(request: RequestRecord): void {
    if (request.agent) return;
    this.#log.write(`${JSON.stringify(request)}\n`);
    const { method, path, route, at, status } = request;
    const [, id] = /\/runners\/(\d+)(?:\/|\?|$)/.exec(path) ?? [];
    if (method !== 'GET' && this.foreign.has(Number(id))) this.touched.push(`${method} ${path}`);
    if (route === null) return;
    this.#first ||= at;
    this.#last = at;
    this.all.add(request);
    if (method === 'GET' && looks.includes(route)) this.looks.add(request);
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
    const kind = `${method} ${route.replace(/^\/(repos\/\{owner\}\/\{repo\}|orgs\/\{org\})/, '…')}`;
    this.#routes.set(kind, (this.#routes.get(kind) ?? 0) + 1);
  }

  async end(): Promise<void> {
    this.#log.end();
    await finished(this.#log);
  }

  rows(): readonly (readonly string[])[] {
    const answers = [...this.#statuses].sort(([a], [b]) => a - b);
    const routes = [...this.#routes].sort(([, a], [, b]) => b - a);
    return [
      ['requests to the API', String(this.all.minute.total)],
      ...this.#rowsOf(this.all),
      ['of these looks for work', String(this.looks.minute.total)],
      ...this.#rowsOf(this.looks),
      ...answers.map(([status, times]) => [`answered ${status || 'never'}`, String(times)]),
      ...routes.map(([route, times]) => [`asked ${route}`, String(times)]),
    ];
  }

  #rowsOf({ minute: { most }, hour: counted, unchanged }: Counted): readonly (readonly string[])[] {
    return [
      ['  most in a minute', `${most} (allowed ${perMinute})`],
      ['  answered "nothing new", which costs nothing', String(unchanged)],
      [
        '  that count for the limit, in an hour at this pace',
        `${this.#anHour(counted)} (a fifth of ${usualLimit} is ${usualLimit * share}; told here: ${this.#limit})`,
      ],
    ];
  }

  /** The most in an hour; of a shorter run as many as an hour of it would have. */
  #anHour({ total, most }: Rate): number {
    const took = this.#last - this.#first;
    return took >= hour ? most : Math.round((total / Math.max(1, took)) * hour);
  }

  violations(): readonly string[] {
    const { minute: inMinute, hour: inHour } = this.looks;
    return [
      ...(inMinute.total === 0 ? ['It never looked for work.'] : []),
      ...(inMinute.most > perMinute ? [`It looked for work ${inMinute.most} times in a minute.`] : []),
      ...(inHour.most > this.#limit * share ? [`It looked for work ${inHour.most} times in an hour.`] : []),
      ...this.touched.map((request) => `A foreign runner was touched: ${request}`),
    ];
  }
}
