import { describe, expect, it } from 'vitest';
import { accountAt, clientOf, docs, failure, type Handler, json, smallForge } from './api.test-kit.ts';
import { RefusedError } from './refusals.ts';

const forge = smallForge();
const failing = async (
  status: number,
  data: unknown,
  headers: Record<string, string> = {},
  route = 'GET /repos/{owner}/{repo}/actions/runners',
) => {
  forge.handler = (_request, response) => json(response, status, data, headers);
  return failure((await clientOf(forge)).request(route, { owner: 'acme', repo: 'site' }));
};

describe('refusals', () => {
  it('401: the token is not accepted, with the page of tokens', async () => {
    const found = await failing(401, { message: 'Bad credentials', documentation_url: docs, status: '401' });
    expect(found).toMatchObject({
      code: 'unauthorized',
      subject: 'me',
      link: `${forge.origin}/settings/tokens`,
    });
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
    const link = `${forge.origin}/orgs/acme/sso?authorization_request=A`;
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
    expect(forge.asked).toHaveLength(1);
  });

  it('404 that is a page of something else is no proof of absence', async () => {
    forge.handler = (_request, response) =>
      response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>proxy</h1>');
    const found = await failure((await clientOf(forge)).request('DELETE /repos/acme/site/actions/runners/1'));
    expect(found.code).toBe('forge-unreachable');
  });

  it('409: the name is taken', async () => {
    const message = 'Already exists - A runner with the name X already exists.';
    expect((await failing(409, { message, status: '409' })).code).toBe('name-taken');
  });

  it('422: with the words of GitHub, as texts or objects', async () => {
    forge.handler = (_request, response) =>
      json(response, 422, { message: 'Validation Failed', errors: ['bad label', { message: 'bad group' }] });
    const thrown = await (await clientOf(forge)).request('POST /x').catch((error: unknown) => error);
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
      const found = await failing(status, words, primary(forge.now / 1000 + 600));
      expect(found).toMatchObject({ code: 'rate-limited', retryAt: forge.now + 601_000 });
    },
  );

  it.each([403, 429])('%i: a secondary limit holds all back until retry-after', async (status) => {
    forge.handler = (_request, response) =>
      json(
        response,
        status,
        { message: 'You have exceeded a secondary rate limit.' },
        { 'retry-after': '60' },
      );
    const api = await clientOf(forge);
    expect(await failure(api.request('GET /x', {}, 'poll'))).toMatchObject({
      code: 'rate-limited',
      retryAt: forge.now + 60_000,
    });
    expect(await failure(api.request('GET /x', {}, 'must'))).toMatchObject({ retryAt: forge.now + 60_000 });
    expect(forge.asked).toHaveLength(1);
    forge.now += 60_000;
    forge.handler = (_request, response) => json(response, 200, {});
    expect((await api.request('GET /x', {}, 'poll')).status).toBe(200);
  });

  it('without a time: a minute that doubles until a request succeeds', async () => {
    const limited: Handler = (_request, response) => json(response, 429, { message: 'Too many requests' });
    forge.handler = limited;
    const api = await clientOf(forge);
    for (const minutes of [1, 2, 4]) {
      const found = await failure(api.request('GET /x'));
      expect(found.retryAt).toBe(forge.now + minutes * 60_000);
      forge.now = found.retryAt ?? 0;
    }
    forge.handler = (_request, response) => json(response, 200, {});
    await api.request('GET /x');
    forge.handler = limited;
    expect((await failure(api.request('GET /x'))).retryAt).toBe(forge.now + 60_000);
  });

  it('polls leave the last twentieth of the hour to registrations', async () => {
    forge.handler = (_request, response) =>
      json(
        response,
        200,
        {},
        {
          'x-ratelimit-limit': '5000',
          'x-ratelimit-remaining': '250',
          'x-ratelimit-reset': String(forge.now / 1000 + 900),
        },
      );
    const api = await clientOf(forge);
    await api.request('GET /x', {}, 'poll');
    expect(await failure(api.request('GET /x', {}, 'poll'))).toMatchObject({ retryAt: forge.now + 900_000 });
    expect((await api.request('GET /x', {}, 'must')).status).toBe(200);
  });
});

describe('no answer', () => {
  it.each([500, 502, 503])(
    '%i is an outage; a GET that must succeed is asked three times, the rest once',
    async (status) => {
      forge.handler = (_request, response) =>
        response.writeHead(status, { 'content-type': 'text/html' }).end('<html>oops');
      const api = await clientOf(forge);
      expect((await failure(api.request('GET /x'))).code).toBe('forge-unreachable');
      expect(forge.asked).toHaveLength(3);
      await failure(api.request('GET /x', {}, 'poll'));
      await failure(api.request('POST /x'));
      expect(forge.asked).toHaveLength(5);
    },
  );

  it('an empty body of an outage, a page instead of JSON, half a JSON', async () => {
    forge.handler = (_request, response) => response.writeHead(502).end();
    expect((await failure((await clientOf(forge)).request('POST /x'))).code).toBe('forge-unreachable');
    forge.handler = (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in to the WLAN');
    expect((await failure((await clientOf(forge)).request('GET /x'))).message).toContain(
      'Something else than the API',
    );
    forge.handler = (_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"runners": [');
    expect((await failure((await clientOf(forge)).request('GET /x'))).code).toBe('forge-unreachable');
  });

  it('too slow', async () => {
    forge.handler = () => {};
    const found = await failure((await clientOf(forge, { timeoutMs: 200 })).request('POST /x'));
    expect(found).toMatchObject({
      code: 'forge-unreachable',
      message: expect.stringContaining('within 0.2 s'),
    });
  });

  it('broken off, and nobody there', async () => {
    forge.handler = (request) => request.socket.destroy();
    expect((await failure((await clientOf(forge)).request('POST /x'))).message).toContain(
      'broke the connection off',
    );
    const gone = accountAt(forge.origin, { apiUrl: 'http://127.0.0.1:1/api/v3' });
    const found = await failure((await clientOf(forge, { account: gone })).request('POST /x'));
    expect(found.code).toBe('forge-unreachable');
  });
});
