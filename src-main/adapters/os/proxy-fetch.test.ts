import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type SmallProxy, startProxy } from '../../../e2e/support/proxy.ts';
import { type Problem, problemOf } from '../../contract/problem.ts';
import { proxiesOf } from './proxies.ts';
import { proxyFetch } from './proxy-fetch.ts';

let proxy: SmallProxy;
let forge: http.Server;
let seen: http.IncomingHttpHeaders[];
const port = () => (forge.address() as AddressInfo).port;

beforeEach(async () => {
  proxy = await startProxy();
  seen = [];
  forge = http.createServer((request, response) => {
    seen.push(request.headers);
    if (request.url === '/away') response.writeHead(302, { location: 'http://store.test/file' }).end();
    else request.pipe(response.writeHead(200, { 'content-type': 'text/plain' }));
  });
  await new Promise<void>((resolve) => forge.listen(0, '127.0.0.1', resolve));
  for (const name of ['forge.test', 'store.test']) proxy.names.set(name, port());
});
afterEach(async () => {
  await proxy.close();
  forge.closeAllConnections();
  await new Promise((resolve) => forge.close(resolve));
});

const at = (login = '') => `http://${login}127.0.0.1:${proxy.port}`;
const by = (environment: Record<string, string>) => proxyFetch(proxiesOf(environment));
/** The problem of a request that must fail: no password is in it. */
const failure = async (asking: Promise<unknown>): Promise<Problem> => {
  const thrown: unknown = await asking.then(
    () => Promise.reject(new Error('it was answered')),
    (error: unknown) => error,
  );
  expect(`${String(thrown)} ${String((thrown as Error).stack)}`).not.toContain('s3cret');
  return problemOf(thrown);
};

it('is the fetch of Node where no proxy is named', () => {
  expect(by({})).toBe(globalThis.fetch);
  expect(by({ NO_PROXY: '*' })).toBe(globalThis.fetch);
});

it('asks through the proxy, with its name and password, which the forge never sees', async () => {
  proxy.login = 'ann:s3cret@';
  const answer = await by({ HTTP_PROXY: at('ann:s3cret%40@') })('http://forge.test/echo', {
    method: 'POST',
    body: 'hello',
    headers: { authorization: 'Bearer t' },
    signal: AbortSignal.timeout(5000),
  });
  expect([answer.status, await answer.text()]).toEqual([200, 'hello']);
  expect(proxy.asked).toEqual(['POST http://forge.test/echo']);
  expect(seen[0]).toMatchObject({ authorization: 'Bearer t', host: 'forge.test' });
  expect(seen[0]).not.toHaveProperty('proxy-authorization');
});

it('asks https through a tunnel in which TLS is spoken with the forge', async () => {
  const { cause } = (await by({ https_proxy: at() })('https://forge.test/').catch(
    (error: unknown) => error,
  )) as Error;
  expect(proxy.asked).toEqual(['CONNECT forge.test:443']);
  // A client hello; this forge does not understand it.
  expect(proxy.first[0]?.[0]).toBe(0x16);
  expect(cause).toBeInstanceOf(Error);
});

it('passes the proxy by for what NO_PROXY names, and follows a redirect to where it is needed', async () => {
  const fetch = by({ HTTP_PROXY: at(), NO_PROXY: '127.0.0.1' });
  expect((await fetch(`http://127.0.0.1:${port()}/`)).status).toBe(200);
  expect(proxy.asked).toEqual([]);
  expect((await fetch(`http://127.0.0.1:${port()}/away`)).url).toBe('http://store.test/file');
  expect(proxy.asked).toEqual(['GET http://store.test/file']);
  await by({ HTTP_PROXY: at() })(`http://127.0.0.1:${port()}/`);
  expect(proxy.asked).toHaveLength(1);
  await by({ HTTP_PROXY: at(), NO_PROXY: 'other.test' })(`http://127.0.0.1:${port()}/`);
  expect(proxy.asked).toHaveLength(2);
});

it.each(['http', 'https'])('says what is wrong with the proxy by %s, and what to do', async (scheme) => {
  const url = `${scheme}://forge.test/`;
  const variable = `${scheme.toUpperCase()}_PROXY`;
  proxy.login = 'ann:other';
  const wrong = await failure(by({ [variable]: at('ann:s3cret@') })(url));
  expect(wrong.message).toMatch(
    /^The proxy http:\/\/127.* does not accept the name and password in HTTPS?_PROXY/,
  );
  const none = await failure(by({ [variable]: at() })(url));
  expect(none.message).toMatch(/wants a name and a password/);
  expect(none.hint).toContain(`Set ${variable} to http://NAME:PASSWORD@HOST:PORT`);
  proxy.login = null;
  proxy.refused.add('forge.test');
  if (scheme === 'https') {
    const refused = await failure(by({ [variable]: at() })(url));
    expect(refused.message).toMatch(/does not let requests to forge.test through \(status 403\)/);
  }
  const gonesAddress = at('ann:s3cret@');
  await proxy.close();
  const gone = await failure(by({ [variable]: gonesAddress })(url));
  expect(gone).toMatchObject({ code: 'forge-unreachable' });
  expect(gone.message).toMatch(/cannot be reached \(ECONNREFUSED\)/);
  const unknown = await failure(by({ [variable]: 'http://proxy.invalid:1' })(url));
  expect(unknown.message).toMatch(/proxy.invalid:1, which HTTPS?_PROXY names, cannot be reached/);
  proxy = await startProxy();
});
