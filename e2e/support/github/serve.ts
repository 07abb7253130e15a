/** The server of the double: takes a request, lets faults strike, and leads it to what answers. */
import { setTimeout as sleep } from 'node:timers/promises';
import http from 'node:http';
import https from 'node:https';
import { agent, registration } from './agent.ts';
import { answerApi, type Api } from './api.ts';
import { refusal, Refused, type Answer } from './call.ts';
import { download, isArchive, type Cut } from './downloads.ts';
import type { Fault, Faults } from './faults.ts';
import { graphql, graphqlPath } from './graphql.ts';
import { login } from './login.ts';
import { byName, routeOf } from './router.ts';

/** One request as it was asked and answered. */
export interface RequestRecord {
  readonly method: string;
  /** The path after /api/v3, with its query. */
  readonly path: string;
  /** As the description writes it, also where a fault struck: /repos/{owner}/{repo}; null: not of the API, or unknown. */
  readonly route: string | null;
  readonly login: string | null;
  /** Milliseconds of this machine's clock. */
  readonly at: number;
  /** 0: never answered. */
  readonly status: number;
  /** The agent asked, not the product. */
  readonly agent: boolean;
}

export interface Service extends Api {
  readonly faults: Faults;
  readonly requests: RequestRecord[];
  /** Hears of each request once it was answered: what keeps them. */
  readonly heard: (request: RequestRecord) => void;
  /** Added to every answer of the API (ms). */
  latency: number;
  cut: Cut | null;
}

interface Reply {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly route: string | null;
  readonly login: string | null;
}

const prefix = '/api/v3';

async function read(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

const json = (answer: Answer): Reply => ({
  status: answer.status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...answer.headers },
  body: answer.body === undefined ? '' : JSON.stringify(answer.body),
  route: null,
  login: null,
});

const page = (status: number): Reply => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!DOCTYPE html><title>Unicorn!</title><p>This page is taking too long to load.</p>',
  route: null,
  login: null,
});

const object = (body: string): Record<string, unknown> =>
  body.startsWith('{') ? (JSON.parse(body) as Record<string, unknown>) : {};

/** An answer that was refused on the way is an answer. */
function caught(answer: () => Answer): Answer {
  try {
    return answer();
  } catch (error) {
    if (error instanceof Refused) return error.answer;
    throw error;
  }
}

interface Incoming {
  readonly request: http.IncomingMessage;
  readonly response: http.ServerResponse;
  readonly method: string;
  readonly url: URL;
  readonly body: string;
}

async function agentReply(
  service: Service,
  { request, response, method, url, body }: Incoming,
): Promise<Reply> {
  const left = new AbortController();
  response.on('close', () => left.abort());
  const call = {
    method,
    path: url.pathname.slice('/_agent'.length),
    query: url.searchParams,
    bearer: (request.headers.authorization ?? '').replace(/^Bearer /i, ''),
    body: object(body),
    left: left.signal,
  };
  return json(await agent(service.world, call));
}

async function reply(service: Service, incoming: Incoming): Promise<Reply> {
  const { request, method, url, body } = incoming;
  const { pathname: path } = url;
  if (path.startsWith('/_agent/')) return agentReply(service, incoming);
  if (method === 'POST' && path.endsWith('/actions/runner-registration')) {
    const authorization = request.headers.authorization ?? '';
    return json(caught(() => registration(service.world, authorization, object(body))));
  }
  if (path.startsWith('/login/')) {
    const answer = login(service.world, method, path, body);
    return answer ? json(answer) : page(200);
  }
  const { headers } = request;
  if (path === graphqlPath) {
    const call = { world: service.world, violations: service.violations, method, headers, body };
    let login: string | null = null;
    const answer = caught(() => {
      const given = graphql(call);
      ({ login } = given);
      return given;
    });
    return { ...json(answer), login };
  }
  if (!path.startsWith(`${prefix}/`)) return page(404);
  return answerApi(service, {
    method,
    path: path.slice(prefix.length),
    query: url.searchParams,
    headers,
    body,
  });
}

/** A fault that strikes before anything is done; undefined: it is done all the same; null: nothing is sent. */
function struck(service: Service, fault: Fault | null): Reply | null | undefined {
  if (fault?.do === '500') return { ...page(500), body: '', headers: {} };
  if (fault?.do === '502') return page(502);
  if (fault?.do === 'html') return page(200);
  if (fault?.do === '429') return json({ ...service.limits.tooFast(1), status: 429 });
  return fault?.do === 'drop' || fault?.do === 'hang' ? null : undefined;
}

/** What is sent in the end; null: nothing. Only requests to the API count as such that run at the same time. */
async function outcome(service: Service, incoming: Incoming, fault: Fault | null): Promise<Reply | null> {
  const ours = isOfApi(incoming.url);
  if (ours) service.limits.running += 1;
  const wait = (fault?.do === 'slow' ? (fault.ms ?? 1000) : 0) + (ours ? service.latency : 0);
  if (wait > 0) await sleep(wait);
  const done = await reply(service, incoming).finally(() => {
    if (ours) service.limits.running -= 1;
  });
  if (fault?.do === '502-after') return { ...page(502), route: done.route, login: done.login };
  return fault?.do === 'drop-after' ? null : done;
}

const isOfApi = (url: URL): boolean => url.pathname.startsWith(`${prefix}/`);

/** As it is matched and recorded: what follows /api/v3. */
const pathOf = (url: URL): string => (isOfApi(url) ? url.pathname.slice(prefix.length) : url.pathname);

function record(service: Service, { method, url }: Incoming, at: number, sent: Partial<Reply>): void {
  const path = pathOf(url);
  const agent = path.startsWith('/_agent/') || path.endsWith('/actions/runner-registration');
  const { login = null, status = 0 } = sent;
  const meant = isOfApi(url) ? routeOf(method, byName(service.world, path)) : null;
  const route = sent.route ?? meant?.route.path ?? null;
  service.heard({ method, path: path + url.search, route, login, at, status, agent });
}

/** Sends an answer, or breaks the connection; one that hangs stays open. */
function send(service: Service, response: http.ServerResponse, sent: Reply | null, hang: boolean): void {
  if (sent) {
    const date = new Date(service.world.now()).toUTCString();
    response.writeHead(sent.status, { ...sent.headers, date }).end(sent.body);
  } else if (!hang) response.socket?.destroy();
}

async function handle(
  service: Service,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const at = Date.now();
  const url = new URL(request.url ?? '/', 'http://localhost');
  const method = request.method ?? 'GET';
  const fault = service.faults.take(`${method} ${pathOf(url)}`);
  const before = struck(service, fault);
  const incoming = { request, response, method, url, body: await read(request) };
  if (before === undefined && isArchive(url.pathname)) {
    if (fault?.do === 'slow') await sleep(fault.ms ?? 1000);
    response.on('finish', () => record(service, incoming, at, { status: response.statusCode }));
    download(service.world, url.pathname, request, response, service.cut);
    return;
  }
  const sent = before === undefined ? await outcome(service, incoming, fault) : before;
  record(service, incoming, at, sent ?? {});
  send(service, response, sent, fault?.do === 'hang');
}

/** What a server speaks TLS with. */
export interface Certificate {
  /** PEM. */
  readonly key: string;
  readonly cert: string;
}

/**
 * The server, not yet listening; with a certificate it is asked by https alone. What breaks inside is answered with 500
 * and told in `violations`.
 */
export function serverOf(service: Service, certificate?: Certificate): http.Server | https.Server {
  const answer = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    handle(service, request, response).catch((error: unknown) => {
      service.violations.push(
        `the double broke: ${error instanceof Error ? (error.stack ?? '') : String(error)}`,
      );
      if (!response.headersSent) response.writeHead(500);
      response.end(JSON.stringify(refusal(500, 'Server Error').body));
    });
  };
  const server = certificate ? https.createServer(certificate, answer) : http.createServer(answer);
  server.keepAliveTimeout = 60_000;
  return server;
}
