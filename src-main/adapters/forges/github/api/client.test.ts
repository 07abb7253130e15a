import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { clientOf, failure, json, smallForge, token } from './api.test-kit.ts';

const forge = smallForge();

describe('a request', () => {
  it('goes to the API with token, version and our name', async () => {
    let headers: IncomingMessage['headers'] = {};
    forge.handler = (request, response) => {
      headers = request.headers;
      json(response, 200, { login: 'octo' });
    };
    const answer = await (await clientOf(forge)).request('GET /user');
    expect(answer).toMatchObject({ status: 200, data: { login: 'octo' }, unchanged: false, date: forge.now });
    expect(forge.asked).toEqual(['GET /api/v3/user']);
    expect(headers).toMatchObject({
      authorization: `Bearer ${token}`,
      'x-github-api-version': '2022-11-28',
      'user-agent': expect.stringContaining('homerunner-test'),
    });
  });

  it('is conditional where an ETag is known, and a 304 gives what was answered before', async () => {
    forge.handler = (request, response) => {
      if (request.headers['if-none-match'] === '"1"') response.writeHead(304, { etag: '"1"' }).end();
      else json(response, 200, [1, 2], { etag: '"1"', link: '<x>; rel="last"' });
    };
    const api = await clientOf(forge);
    expect(await api.request('GET /user/repos')).toMatchObject({ data: [1, 2], unchanged: false });
    const again = await api.request('GET /user/repos');
    expect(again).toMatchObject({ status: 304, data: [1, 2], unchanged: true });
    expect(again.headers['link']).toBe('<x>; rel="last"');
    expect(forge.asked).toHaveLength(2);
    // Another page is another answer.
    expect(await api.request('GET /user/repos', { page: 2 })).toMatchObject({ unchanged: false });
  });

  it('reads all pages, and only so many', async () => {
    forge.handler = (request, response) => {
      const page = Number(new URL(request.url ?? '', forge.origin).searchParams.get('page') ?? 1);
      const link = page < 3 ? { link: `<https://elsewhere.example/steal?page=${page + 1}>; rel="next"` } : {};
      json(response, 200, { total_count: 3, runners: [page] }, link);
    };
    const api = await clientOf(forge);
    const route = 'GET /orgs/{org}/actions/runners';
    expect((await api.all(route, { org: 'acme' }, { key: 'runners' })).items).toEqual([1, 2, 3]);
    expect((await api.all(route, { org: 'acme' }, { key: 'runners', pages: 2 })).items).toEqual([1, 2]);
    expect(forge.asked[0]).toBe('GET /api/v3/orgs/acme/actions/runners?per_page=100');
    expect(forge.asked[1]).toBe('GET /api/v3/orgs/acme/actions/runners?per_page=100&page=2');
    expect((await failure(api.all(route, { org: 'acme' }))).code).toBe('forge-unreachable');
  });

  it('sends eight registrations at once', async () => {
    forge.handler = (_request, response) => setTimeout(() => json(response, 201, {}), 100);
    const api = await clientOf(forge);
    await api.request('POST /warm');
    const before = performance.now();
    await Promise.all(Array.from({ length: 8 }, () => api.request('POST /x')));
    expect(performance.now() - before).toBeLessThan(1500);
  });
});

describe('a redirect', () => {
  it('of a renamed repository is followed with method and body', async () => {
    forge.handler = (request, response, body) => {
      if (request.url?.includes('/repos/acme/old')) {
        response
          .writeHead(request.method === 'GET' ? 301 : 307, { location: `/api/v3/repositories/7/x` })
          .end();
      } else json(response, 200, { method: request.method, body, auth: request.headers.authorization });
    };
    const api = await clientOf(forge);
    expect((await api.request('GET /repos/acme/old/x')).data).toMatchObject({ method: 'GET' });
    const posted = await api.request('POST /repos/acme/old/x', { name: 'r' });
    expect(posted.data).toEqual({ method: 'POST', body: '{"name":"r"}', auth: `Bearer ${token}` });
  });

  it('to another forge.origin never gets the token', async () => {
    let reached = 0;
    const other = createServer((_request, response) => {
      reached += 1;
      json(response, 200, {});
    });
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    forge.handler = (_request, response) =>
      response
        .writeHead(301, { location: `http://127.0.0.1:${(other.address() as AddressInfo).port}/` })
        .end();
    expect(await failure((await clientOf(forge)).request('GET /x'))).toMatchObject({
      code: 'forge-unreachable',
    });
    expect(reached).toBe(0);
    other.close();
  });

  it('to a download elsewhere is handed to who asked', async () => {
    forge.handler = (_request, response) =>
      response.writeHead(302, { location: 'https://blob.example/log?sig=1' }).end();
    const answer = await (await clientOf(forge)).request('GET /repos/acme/site/actions/jobs/1/logs');
    expect(answer).toMatchObject({ status: 302, headers: { location: 'https://blob.example/log?sig=1' } });
    // As of a network that wants a sign-in of its own first: nothing was deleted.
    const deleting = (await clientOf(forge)).request('DELETE /repos/acme/site/actions/runners/1');
    expect(await failure(deleting)).toMatchObject({ code: 'forge-unreachable' });
  });

  it('in circles ends', async () => {
    forge.handler = (_request, response) => response.writeHead(301, { location: '/api/v3/x' }).end();
    expect((await failure((await clientOf(forge)).request('GET /x'))).message).toContain('in circles');
    expect(forge.asked.length).toBeLessThan(15);
  });
});
