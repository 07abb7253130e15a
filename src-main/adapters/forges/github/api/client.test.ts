import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKeyPairSync, createVerify } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../../../contract/account.ts';
import { type Problem, problemOf } from '../../../../contract/problem.ts';
import { githubApis, type Apis } from './apis.ts';
import { requestBudget } from './budget.ts';
import type { Credential } from './credential.ts';
import { RefusedError } from './refusals.ts';
import type { GitHubApi } from './types.ts';

const token = 'ghp_TheTokenThatMustNeverShow0123456789';
const docs = 'https://docs.github.com/rest';
type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

let server: Server;
let origin: string;
let handler: Handler;
let asked: string[];
let now: number;

beforeEach(async () => {
  asked = [];
  now = Date.parse('2026-05-01T12:00:00Z');
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      asked.push(`${request.method} ${request.url}`);
      response.setHeader('date', new Date(now).toUTCString());
      handler(request, response, body);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const json = (
  response: ServerResponse,
  status: number,
  data: unknown,
  headers: Record<string, string> = {},
) => {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(data));
};
const account = (more: Partial<Account> = {}): Account => ({
  id: 'me',
  forge: 'github',
  kind: 'token',
  login: 'octo',
  url: origin,
  apiUrl: `${origin}/api/v3`,
  app: null,
  ...more,
});
const log = { info: () => {}, warn: () => {}, error: () => {} };

interface Setup {
  readonly account?: Account;
  readonly credential?: Credential;
  readonly renewed?: Credential | null;
  readonly timeoutMs?: number;
  readonly apis?: (apis: Apis) => void;
}
async function client(setup: Setup = {}): Promise<GitHubApi> {
  const one = setup.account ?? account();
  const apis = githubApis({
    accounts: () => [one],
    credentials: {
      of: async () => setup.credential ?? { kind: 'token', token },
      renewed: async () => setup.renewed ?? null,
    },
    userAgent: 'homerunner-test',
    log,
    now: () => now,
    budget: requestBudget({ now: () => now, load: () => null, save: () => {} }),
    seen: () => {},
    retryMs: 5,
    timeoutMs: setup.timeoutMs ?? 5000,
  });
  setup.apis?.(apis);
  return apis.of('me');
}
const failure = async (promise: Promise<unknown>): Promise<Problem> => {
  const thrown: unknown = await promise.then(
    (value) => Promise.reject(new Error(`answered ${JSON.stringify(value)}`)),
    (error: unknown) => error,
  );
  const found = problemOf(thrown);
  expect(JSON.stringify(found)).not.toContain(token);
  expect(String((thrown as Error).stack)).not.toContain(token);
  return found;
};
const failing = async (
  status: number,
  data: unknown,
  headers: Record<string, string> = {},
  route = 'GET /repos/{owner}/{repo}/actions/runners',
) => {
  handler = (_request, response) => json(response, status, data, headers);
  return failure((await client()).request(route, { owner: 'acme', repo: 'site' }));
};

describe('a request', () => {
  it('goes to the API with token, version and our name', async () => {
    let headers: IncomingMessage['headers'] = {};
    handler = (request, response) => {
      headers = request.headers;
      json(response, 200, { login: 'octo' });
    };
    const answer = await (await client()).request('GET /user');
    expect(answer).toMatchObject({ status: 200, data: { login: 'octo' }, unchanged: false, date: now });
    expect(asked).toEqual(['GET /api/v3/user']);
    expect(headers).toMatchObject({
      authorization: `Bearer ${token}`,
      'x-github-api-version': '2022-11-28',
      'user-agent': expect.stringContaining('homerunner-test'),
    });
  });

  it('is conditional where an ETag is known, and a 304 gives what was answered before', async () => {
    handler = (request, response) => {
      if (request.headers['if-none-match'] === '"1"') response.writeHead(304, { etag: '"1"' }).end();
      else json(response, 200, [1, 2], { etag: '"1"', link: '<x>; rel="last"' });
    };
    const api = await client();
    expect(await api.request('GET /user/repos')).toMatchObject({ data: [1, 2], unchanged: false });
    const again = await api.request('GET /user/repos');
    expect(again).toMatchObject({ status: 304, data: [1, 2], unchanged: true });
    expect(again.headers['link']).toBe('<x>; rel="last"');
    expect(asked).toHaveLength(2);
    // Another page is another answer.
    expect(await api.request('GET /user/repos', { page: 2 })).toMatchObject({ unchanged: false });
  });

  it('reads all pages, and only so many', async () => {
    handler = (request, response) => {
      const page = Number(new URL(request.url ?? '', origin).searchParams.get('page') ?? 1);
      const link = page < 3 ? { link: `<https://elsewhere.example/steal?page=${page + 1}>; rel="next"` } : {};
      json(response, 200, { total_count: 3, runners: [page] }, link as Record<string, string>);
    };
    const api = await client();
    const route = 'GET /orgs/{org}/actions/runners';
    expect((await api.all(route, { org: 'acme' }, { key: 'runners' })).items).toEqual([1, 2, 3]);
    expect((await api.all(route, { org: 'acme' }, { key: 'runners', pages: 2 })).items).toEqual([1, 2]);
    expect(asked[0]).toBe('GET /api/v3/orgs/acme/actions/runners?per_page=100');
    expect(asked[1]).toBe('GET /api/v3/orgs/acme/actions/runners?per_page=100&page=2');
    expect((await failure(api.all(route, { org: 'acme' }))).code).toBe('forge-unreachable');
  });

  it('sends eight registrations at once', async () => {
    handler = (_request, response) => setTimeout(() => json(response, 201, {}), 100);
    const api = await client();
    await api.request('POST /warm');
    const before = performance.now();
    await Promise.all(Array.from({ length: 8 }, () => api.request('POST /x')));
    expect(performance.now() - before).toBeLessThan(1500);
  });
});

describe('a redirect', () => {
  it('of a renamed repository is followed with method and body', async () => {
    handler = (request, response, body) => {
      if (request.url?.includes('/repos/acme/old')) {
        response
          .writeHead(request.method === 'GET' ? 301 : 307, { location: `/api/v3/repositories/7/x` })
          .end();
      } else json(response, 200, { method: request.method, body, auth: request.headers.authorization });
    };
    const api = await client();
    expect((await api.request('GET /repos/acme/old/x')).data).toMatchObject({ method: 'GET' });
    const posted = await api.request('POST /repos/acme/old/x', { name: 'r' });
    expect(posted.data).toEqual({ method: 'POST', body: '{"name":"r"}', auth: `Bearer ${token}` });
  });

  it('to another origin never gets the token', async () => {
    let reached = 0;
    const other = createServer((_request, response) => {
      reached += 1;
      json(response, 200, {});
    });
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    handler = (_request, response) =>
      response
        .writeHead(301, { location: `http://127.0.0.1:${(other.address() as AddressInfo).port}/` })
        .end();
    expect(await failure((await client()).request('GET /x'))).toMatchObject({ code: 'forge-unreachable' });
    expect(reached).toBe(0);
    other.close();
  });

  it('to a download elsewhere is handed to who asked', async () => {
    handler = (_request, response) =>
      response.writeHead(302, { location: 'https://blob.example/log?sig=1' }).end();
    const answer = await (await client()).request('GET /repos/acme/site/actions/jobs/1/logs');
    expect(answer).toMatchObject({ status: 302, headers: { location: 'https://blob.example/log?sig=1' } });
  });

  it('in circles ends', async () => {
    handler = (_request, response) => response.writeHead(301, { location: '/api/v3/x' }).end();
    expect((await failure((await client()).request('GET /x'))).message).toContain('in circles');
    expect(asked.length).toBeLessThan(15);
  });
});

describe('refusals', () => {
  it('401: the token is not accepted, with the page of tokens', async () => {
    const found = await failing(401, { message: 'Bad credentials', documentation_url: docs, status: '401' });
    expect(found).toMatchObject({ code: 'unauthorized', subject: 'me', link: `${origin}/settings/tokens` });
    expect(found.message).toContain('The token of the account me (octo) is not accepted');
  });

  it('403: the permission that is missing, in words', async () => {
    const found = await failing(
      403,
      { message: 'Resource not accessible by personal access token', documentation_url: docs, status: '403' },
      { 'x-accepted-github-permissions': 'administration=write' },
      'POST /repos/{owner}/{repo}/actions/runners/generate-jitconfig',
    );
    expect(found.code).toBe('forbidden');
    expect(found.message).toBe(
      'The account me (octo) may not register runners at the repository acme/site: it lacks the repository permission Administration (write).',
    );
  });

  it('403: the scope that a classic token lacks', async () => {
    const headers = { 'x-oauth-scopes': 'gist', 'x-accepted-oauth-scopes': 'admin:org' };
    const found = await failing(403, { message: 'Must have admin rights' }, headers);
    expect(found.message).toContain('it lacks the scope admin:org');
  });

  it('403: single sign-on leads to the page of the forge itself, and to no other', async () => {
    const link = `${origin}/orgs/acme/sso?authorization_request=A`;
    const body = { message: 'Resource protected by organization SAML enforcement.' };
    expect(await failing(403, body, { 'x-github-sso': `required; url=${link}` })).toMatchObject({
      code: 'forbidden',
      link,
    });
    const foreign = await failing(403, body, { 'x-github-sso': 'required; url=https://evil.example/sso' });
    expect(foreign.link).toBeUndefined();
  });

  it('403: an archived repository is said', async () => {
    const found = await failing(403, { message: 'Repository was archived so is read-only.' });
    expect(found).toMatchObject({ code: 'forbidden', message: expect.stringContaining('archived') });
  });

  it('404: not there or not visible', async () => {
    const found = await failing(404, { message: 'Not Found', documentation_url: docs, status: '404' });
    expect(found.code).toBe('not-found');
    expect(found.message).toContain('the repository acme/site');
    expect(asked).toHaveLength(1);
  });

  it('404 that is a page of something else is no proof of absence', async () => {
    handler = (_request, response) =>
      response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>proxy</h1>');
    const found = await failure((await client()).request('DELETE /repos/acme/site/actions/runners/1'));
    expect(found.code).toBe('forge-unreachable');
  });

  it('409: the name is taken', async () => {
    const message = 'Already exists - A runner with the name X already exists.';
    expect((await failing(409, { message, status: '409' })).code).toBe('name-taken');
  });

  it('422: with the words of GitHub, as texts or objects', async () => {
    handler = (_request, response) =>
      json(response, 422, { message: 'Validation Failed', errors: ['bad label', { message: 'bad group' }] });
    const thrown = await (await client()).request('POST /x').catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(RefusedError);
    expect(thrown).toMatchObject({ status: 422, words: 'Validation Failed; bad label; bad group' });
    const busy = await failing(422, { message: 'Bad request - Runner "X" is still running a job"' });
    expect(busy.message).toContain('is still running a job');
  });
});

describe('limits', () => {
  const primary = (reset: number) => ({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) });
  const words = { message: 'API rate limit exceeded for user ID 1.', documentation_url: docs };

  it.each([403, 429])(
    '%i: the hourly limit tells when it ends, by the clock of the forge',
    async (status) => {
      const found = await failing(status, words, primary(now / 1000 + 600));
      expect(found).toMatchObject({ code: 'rate-limited', retryAt: now + 601_000 });
    },
  );

  it.each([403, 429])('%i: a secondary limit holds all back until retry-after', async (status) => {
    handler = (_request, response) =>
      json(
        response,
        status,
        { message: 'You have exceeded a secondary rate limit.' },
        { 'retry-after': '60' },
      );
    const api = await client();
    expect(await failure(api.request('GET /x', {}, 'poll'))).toMatchObject({
      code: 'rate-limited',
      retryAt: now + 60_000,
    });
    expect(await failure(api.request('GET /x', {}, 'must'))).toMatchObject({ retryAt: now + 60_000 });
    expect(asked).toHaveLength(1);
    now += 60_000;
    handler = (_request, response) => json(response, 200, {});
    expect((await api.request('GET /x', {}, 'poll')).status).toBe(200);
  });

  it('without a time: a minute that doubles until a request succeeds', async () => {
    const limited: Handler = (_request, response) => json(response, 429, { message: 'Too many requests' });
    handler = limited;
    const api = await client();
    for (const minutes of [1, 2, 4]) {
      const found = await failure(api.request('GET /x'));
      expect(found.retryAt).toBe(now + minutes * 60_000);
      now = found.retryAt ?? 0;
    }
    handler = (_request, response) => json(response, 200, {});
    await api.request('GET /x');
    handler = limited;
    expect((await failure(api.request('GET /x'))).retryAt).toBe(now + 60_000);
  });

  it('polls leave the last twentieth of the hour to registrations', async () => {
    handler = (_request, response) =>
      json(
        response,
        200,
        {},
        {
          'x-ratelimit-limit': '5000',
          'x-ratelimit-remaining': '250',
          'x-ratelimit-reset': String(now / 1000 + 900),
        },
      );
    const api = await client();
    await api.request('GET /x', {}, 'poll');
    expect(await failure(api.request('GET /x', {}, 'poll'))).toMatchObject({ retryAt: now + 900_000 });
    expect((await api.request('GET /x', {}, 'must')).status).toBe(200);
  });
});

describe('no answer', () => {
  it.each([500, 502, 503])(
    '%i is an outage; a GET that must succeed is asked three times, the rest once',
    async (status) => {
      handler = (_request, response) =>
        response.writeHead(status, { 'content-type': 'text/html' }).end('<html>oops');
      const api = await client();
      expect((await failure(api.request('GET /x'))).code).toBe('forge-unreachable');
      expect(asked).toHaveLength(3);
      await failure(api.request('GET /x', {}, 'poll'));
      await failure(api.request('POST /x'));
      expect(asked).toHaveLength(5);
    },
  );

  it('an empty body of an outage, a page instead of JSON, half a JSON', async () => {
    handler = (_request, response) => response.writeHead(502).end();
    expect((await failure((await client()).request('POST /x'))).code).toBe('forge-unreachable');
    handler = (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in to the WLAN');
    expect((await failure((await client()).request('GET /x'))).message).toContain(
      'Something else than the API',
    );
    handler = (_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"runners": [');
    expect((await failure((await client()).request('GET /x'))).code).toBe('forge-unreachable');
  });

  it('too slow', async () => {
    handler = () => {};
    const found = await failure((await client({ timeoutMs: 200 })).request('POST /x'));
    expect(found).toMatchObject({
      code: 'forge-unreachable',
      message: expect.stringContaining('within 0.2 s'),
    });
  });

  it('broken off, and nobody there', async () => {
    handler = (request) => request.socket.destroy();
    expect((await failure((await client()).request('POST /x'))).message).toContain(
      'broke the connection off',
    );
    const gone = account({ apiUrl: 'http://127.0.0.1:1/api/v3' });
    const found = await failure((await client({ account: gone })).request('POST /x'));
    expect(found.code).toBe('forge-unreachable');
  });
});

describe('credentials', () => {
  it('a 401 is asked again with a newer token, once', async () => {
    handler = (request, response) =>
      request.headers.authorization === 'Bearer new'
        ? json(response, 200, { ok: true })
        : json(response, 401, { message: 'Bad credentials' });
    const renewed = await client({ renewed: { kind: 'token', token: 'new' } });
    expect((await renewed.request('GET /x')).data).toEqual({ ok: true });
    const same = await client({ renewed: { kind: 'token', token } });
    expect((await failure(same.request('GET /x'))).code).toBe('unauthorized');
    expect(asked).toHaveLength(3);
  });

  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ type: 'pkcs1', format: 'pem' }) as string;
  /** A GitHub that accepts what the App signed by the forge's own clock. */
  const appForge =
    (made: string[]): Handler =>
    (request, response) => {
      const bearer = String(request.headers.authorization).replace('Bearer ', '');
      if (!request.url?.endsWith('/access_tokens')) {
        if (bearer === made.at(-1)) json(response, 200, { ok: true });
        else json(response, 401, { message: 'Bad credentials' });
        return;
      }
      const [head = '', claim = '', signature = ''] = bearer.split('.');
      const { iat, exp, iss } = JSON.parse(Buffer.from(claim, 'base64url').toString()) as Record<
        string,
        number
      >;
      const seconds = Date.parse(String(response.getHeader('date'))) / 1000;
      const right = createVerify('RSA-SHA256')
        .update(`${head}.${claim}`)
        .verify(publicKey, signature, 'base64url');
      if (
        !right ||
        iat! > seconds ||
        exp! > seconds + 600 ||
        exp! < seconds ||
        iss !== ('Iv1.abc' as never)
      ) {
        json(response, 401, { message: "'Expiration time' claim ('exp') is too far in the future" });
        return;
      }
      made.push(`ghs_${made.length}`);
      json(response, 201, {
        token: made.at(-1),
        expires_at: new Date((seconds + 3600) * 1000).toISOString(),
      });
    };
  const app = () => account({ kind: 'app', app: { id: 'Iv1.abc', installation: 5 } });

  it('an App makes one token for an hour, and another when it is refused', async () => {
    const made: string[] = [];
    handler = appForge(made);
    const api = await client({ account: app(), credential: { kind: 'app', key } });
    await Promise.all([api.request('GET /x'), api.request('GET /y')]);
    expect(made).toHaveLength(1);
    made.push('revoked');
    expect((await api.request('GET /x')).data).toEqual({ ok: true });
    expect(made).toHaveLength(3);
    now += 56 * 60_000;
    await api.request('GET /x');
    expect(made).toHaveLength(4);
  });

  it.each([1, -1])('a clock that is off by %i h breaks no App', async (hours) => {
    const forge = appForge([]);
    handler = (request, response, body) => {
      response.setHeader('date', new Date(now - hours * 3_600_000).toUTCString());
      forge(request, response, body);
    };
    const api = await client({ account: app(), credential: { kind: 'app', key } });
    expect((await api.request('GET /x')).data).toEqual({ ok: true });
  });
});
