/** One request to the API: who asks, whether they may, what is answered, and with which headers. */
import type { IncomingHttpHeaders } from 'node:http';
import { randomUUID } from 'node:crypto';
import { authenticate } from './access.ts';
import type { Answer, Call } from './call.ts';
import { refusal, Refused } from './call.ts';
import type { Limits } from './limits.ts';
import type { Token } from './model.ts';
import { paged, tagOf } from './pages.ts';
import { byName, isForApps, routeOf, type Found } from './router.ts';
import { checkAnswer, checkRequest } from './specification.ts';
import type { World } from './world.ts';

export interface Asked {
  readonly method: string;
  /** The path after /api/v3, as it was sent. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a request turned out to be, for the record. */
export interface Seen {
  /** The route as the description writes it; null: none. */
  readonly route: string | null;
  /** The account that asked; null: nobody, or somebody unknown. */
  readonly login: string | null;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export interface Api {
  readonly world: World;
  readonly limits: Limits;
  readonly violations: string[];
  /** Whether tags are given and honoured. */
  etags: boolean;
}

const versions = ['2022-11-28', '2026-03-10'];

const bearerOf = (headers: IncomingHttpHeaders): string | null =>
  /^(?:bearer|token) (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? null;

function parsed(body: string): unknown {
  if (body === '') return null;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

/** The refusal of what the description does not allow; null: it allows it. */
function breach(api: Api, asked: Asked, found: Found, body: unknown): Answer | null {
  const { method, query } = asked;
  const faults =
    body === undefined
      ? ['the body is no JSON']
      : checkRequest(method, found.route.path, { params: found.params, query, body });
  if (faults.length === 0) return null;
  api.violations.push(`${method} ${found.route.path}: ${faults.join('; ')}`);
  const refused = refusal(422, 'Validation Failed');
  return { ...refused, body: { ...(refused.body as object), errors: faults } };
}

function headersOfToken(token: Token | null): Record<string, string> {
  if (!token) return {};
  const scopes = token.kind === 'classic' ? { 'x-oauth-scopes': token.scopes.join(', ') } : {};
  if (token.expiresAt === null || token.kind === 'app') return scopes;
  const at = new Date(token.expiresAt).toISOString().slice(0, 19).replace('T', ' ');
  return { ...scopes, 'github-authentication-token-expiration': `${at} UTC` };
}

/** What the route answers; a refusal is an answer too. */
function answerOf(api: Api, asked: Asked, path: string, found: Found | null, token: Token | null): Answer {
  const { world } = api;
  if (!found) {
    api.violations.push(`${asked.method} ${asked.path}: no such operation`);
    return refusal(404, 'Not Found');
  }
  const body = parsed(asked.body);
  const broken = breach(api, asked, found, body);
  if (broken) return broken;
  const call: Call = {
    world,
    method: asked.method,
    path,
    params: found.params,
    query: asked.query,
    body: (body ?? {}) as Readonly<Record<string, unknown>>,
    headers: asked.headers,
    bearer: bearerOf(asked.headers),
    token,
  };
  try {
    return paged(call, found.route.answer(call));
  } catch (error) {
    if (error instanceof Refused) return error.answer;
    throw error;
  }
}

function limited(
  api: Api,
  token: Token | null,
  asked: Asked,
): { readonly refused: Answer | null; readonly headers: Record<string, string> } {
  const free = asked.path === '/rate_limit';
  const refused = free ? null : api.limits.take(token, asked.method);
  return { refused, headers: api.limits.headers(token) };
}

function identify(api: Api, asked: Asked, found: Found | null): Token | Answer | null {
  const jwt = found !== null && isForApps(found.route);
  try {
    return jwt ? null : authenticate(api.world, bearerOf(asked.headers));
  } catch (error) {
    if (error instanceof Refused) return error.answer;
    throw error;
  }
}

const isAnswer = (value: Token | Answer | null): value is Answer => value !== null && 'status' in value;

/** Refusals that come before anything else is looked at; null: none. */
function early(asked: Asked): Answer | null {
  if (!asked.headers['user-agent'])
    return refusal(
      403,
      'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.',
    );
  const version = asked.headers['x-github-api-version'];
  if (typeof version === 'string' && !versions.includes(version))
    return refusal(400, `"${version}" is not a supported version.`);
  return null;
}

/** With a tag, and without a body where the caller has it already. */
function tagged(
  api: Api,
  asked: Asked,
  token: Token | null,
  answer: Answer,
  body: string,
): { readonly status: number; readonly tag: Record<string, string> } {
  if (!api.etags || asked.method !== 'GET' || answer.status !== 200)
    return { status: answer.status, tag: {} };
  const etag = tagOf(body, token?.token ?? '');
  const has = asked.headers['if-none-match'] === etag;
  if (has) api.limits.giveBack(token);
  return { status: has ? 304 : 200, tag: { etag, 'cache-control': 'private, max-age=60, s-maxage=60' } };
}

const appless = (path: string): boolean => path === '/rate_limit';

/** Answers a request to the API, to the last header. */
export function answerApi(api: Api, asked: Asked): Seen {
  const path = byName(api.world, asked.path);
  const found = appless(path)
    ? { route: { method: 'GET', path, answer: () => ({ status: 200 }) }, params: {} }
    : routeOf(asked.method, path);
  const who = identify(api, asked, found);
  const token = isAnswer(who) ? null : who;
  const first = early(asked) ?? (isAnswer(who) ? who : null);
  const limit = first ? { refused: null, headers: {} } : limited(api, token, asked);
  const given = first ?? limit.refused ?? answerOf(api, asked, path, found, token);
  const answer =
    appless(path) && given.status === 200 ? { status: 200, body: api.limits.overview(token) } : given;
  const fault = found && checkAnswer(asked.method, found.route.path, answer.status, answer.body);
  if (found && fault)
    api.violations.push(`answer ${answer.status} to ${asked.method} ${found.route.path}: ${fault}`);
  const body = answer.body === undefined ? '' : JSON.stringify(answer.body);
  const { status, tag } = tagged(api, asked, token, answer, body);
  return {
    route: found?.route.path ?? null,
    login: token?.login ?? null,
    status,
    headers: {
      ...(body && status !== 304 ? { 'content-type': 'application/json; charset=utf-8' } : {}),
      'x-github-request-id': randomUUID(),
      'x-github-media-type': 'github.v3; format=json',
      ...headersOfToken(token),
      ...(first ? {} : api.limits.headers(token)),
      ...limit.headers,
      ...(status === 304 ? api.limits.headers(token) : {}),
      ...tag,
      ...answer.headers,
    },
    body: status === 304 ? '' : body,
  };
}
