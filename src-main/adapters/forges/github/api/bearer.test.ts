import { createVerify, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { accountAt, clientOf, failure, type Handler, json, smallForge, token } from './api.test-kit.ts';

const forge = smallForge();

describe('credentials', () => {
  it('what cannot be a token is not sent, and is called so', async () => {
    const asking = await clientOf(forge, { credential: { kind: 'token', token: `${token}\n${token}` } });
    const found = await failure(asking.request('GET /x'));
    expect(found).toMatchObject({ code: 'unauthorized', subject: 'me' });
    expect(found.message).toContain('not a token');
    expect(found.hint).toContain(`--url ${forge.origin} --token-stdin`);
    expect(forge.asked).toEqual([]);
  });

  it('a 401 is asked again with a newer token, once', async () => {
    forge.handler = (request, response) =>
      request.headers.authorization === 'Bearer new'
        ? json(response, 200, { ok: true })
        : json(response, 401, { message: 'Bad credentials' });
    const renewed = await clientOf(forge, { renewed: { kind: 'token', token: 'new' } });
    expect((await renewed.request('GET /x')).data).toEqual({ ok: true });
    const same = await clientOf(forge, { renewed: { kind: 'token', token } });
    expect((await failure(same.request('GET /x'))).code).toBe('unauthorized');
    expect(forge.asked).toHaveLength(3);
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
  const app = () => accountAt(forge.origin, { kind: 'app', app: { id: 'Iv1.abc', installation: 5 } });

  it('an App makes one token for an hour, and another when it is refused', async () => {
    const made: string[] = [];
    forge.handler = appForge(made);
    const api = await clientOf(forge, { account: app(), credential: { kind: 'app', key } });
    await Promise.all([api.request('GET /x'), api.request('GET /y')]);
    expect(made).toHaveLength(1);
    made.push('revoked');
    expect((await api.request('GET /x')).data).toEqual({ ok: true });
    expect(made).toHaveLength(3);
    forge.now += 56 * 60_000;
    await api.request('GET /x');
    expect(made).toHaveLength(4);
  });

  it.each([1, -1])('a clock that is off by %i h breaks no App', async (hours) => {
    const github = appForge([]);
    forge.handler = (request, response, body) => {
      response.setHeader('date', new Date(forge.now - hours * 3_600_000).toUTCString());
      github(request, response, body);
    };
    const api = await clientOf(forge, { account: app(), credential: { kind: 'app', key } });
    expect((await api.request('GET /x')).data).toEqual({ ok: true });
  });
});
