/** The smallest server that an agent double can serve: one registration, sessions, a queue of messages, reports of jobs. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Record<string, unknown>;
}

const agentId = 7;

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');

export class AgentServer {
  readonly asked: Asked[] = [];
  /** Answers for sessions, messages, renewals and registrations in turn, before the usual ones. */
  readonly answers: Record<'sessions' | 'message' | 'renew' | 'registration', Answer[]> = {
    sessions: [],
    message: [],
    renew: [],
    registration: [],
  };
  readonly clientId = randomUUID();
  readonly #server: Server;
  readonly #queue: unknown[] = [];
  /** The long poll that waits now. */
  #waiting: (() => void) | null = null;

  private constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  static async start(): Promise<AgentServer> {
    const server = new AgentServer();
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get base(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** The files of a registration, { name: base64 }. */
  files(change: Record<string, unknown> = {}): Record<string, string> {
    const runner = {
      AgentId: agentId,
      AgentName: 'agent-1',
      PoolId: 1,
      PoolName: 'Default',
      Ephemeral: true,
      ServerUrl: `${this.base}/_agent`,
      ServerUrlV2: `${this.base}/_agent`,
      UseV2Flow: true,
      WorkFolder: '_work',
      ...change,
    };
    const data = { clientId: this.clientId, authorizationUrl: `${this.base}/_agent/token` };
    return {
      '.runner': base64(runner),
      '.credentials': base64({ scheme: 'OAuth', data }),
      '.credentials_rsaparams': base64({ d: 'secret' }),
    };
  }

  jit(change: Record<string, unknown> = {}): string {
    return base64(this.files(change));
  }

  send(message: unknown): void {
    this.#queue.push(message);
    this.#waiting?.();
  }

  job(change: Record<string, unknown> = {}): void {
    this.send({
      type: 'job',
      requestId: 41,
      jobId: randomUUID(),
      jobDisplayName: 'build (ubuntu)',
      repository: 'octo/hello',
      runId: 123,
      runAttempt: 1,
      workflow: 'CI',
      script: '',
      sleepMs: 0,
      result: null,
      serverUrl: this.base,
      apiUrl: `${this.base}/api/v3`,
      token: 'ghs_jobToken',
      ...change,
    });
  }

  /** What was asked at this end of a path. */
  of(end: string, method = 'POST'): Asked[] {
    return this.asked.filter((each) => each.method === method && each.path.endsWith(end));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.base);
    const sent = await text(request);
    this.asked.push({
      method: request.method ?? '',
      path: url.pathname,
      authorization: request.headers.authorization,
      body: (sent === '' ? {} : JSON.parse(sent)) as Record<string, unknown>,
    });
    const left = new AbortController();
    response.once('close', () => left.abort());
    const { status, body = {} } = await this.#answer(request.method ?? '', url, left.signal);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  async #answer(method: string, url: URL, left: AbortSignal): Promise<Answer> {
    const { pathname } = url;
    if (pathname.endsWith('/actions/runner-registration'))
      return this.#planned('registration') ?? { status: 200, body: { runner: {}, files: this.files() } };
    if (method === 'POST' && pathname === '/_agent/sessions')
      return this.#planned('sessions') ?? { status: 200, body: { sessionId: 'one' } };
    if (method === 'DELETE' && pathname.startsWith('/_agent/sessions/')) return { status: 200 };
    if (pathname.endsWith('/message'))
      return this.#planned('message') ?? (await this.#next(Number(url.searchParams.get('wait')), left));
    if (pathname.endsWith('/renew')) return this.#planned('renew') ?? { status: 200 };
    return { status: pathname.endsWith('/complete') ? 200 : 404 };
  }

  #planned(what: keyof AgentServer['answers']): Answer | undefined {
    return this.answers[what].shift();
  }

  /** The next message, within `wait` ms; none is lost to an agent that has `left` meanwhile. */
  async #next(wait: number, left: AbortSignal): Promise<Answer> {
    if (this.#queue.length === 0) await this.#wake(wait, left);
    if (left.aborted) return { status: 202 };
    const planned = this.#planned('message');
    if (planned) return planned;
    return this.#queue.length > 0 ? { status: 200, body: this.#queue.shift() } : { status: 202 };
  }

  async #wake(wait: number, left: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer);
        if (this.#waiting === end) this.#waiting = null;
        resolve();
      };
      const timer = setTimeout(end, wait);
      left.addEventListener('abort', end);
      this.#waiting = end;
    });
  }

  /** Answers this to the poll that waits, and to as many after it. */
  interject(...answers: readonly Answer[]): void {
    this.answers.message.push(...answers);
    this.#waiting?.();
  }
}
