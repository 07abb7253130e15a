import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { failure, smallForge } from '../api/api.test-kit.ts';
import { accessTo, type Routes, serve, wishAt } from './accounts.test-kit.ts';

const forge = smallForge();

describe('an App', () => {
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    type: 'pkcs1',
    format: 'pem',
  }) as string;
  const way = (more = {}) => wishAt(forge, { kind: 'app', app: '12', key, installation: null, ...more });
  const installation = (id: number, login: string, more = {}) => ({
    id,
    account: { login },
    permissions: { administration: 'write' },
    suspended_at: null,
    ...more,
  });
  const installed = (...all: object[]): Routes => ({
    'GET /app': [200, { slug: 'runners' }],
    'GET /app/installations': [200, all],
  });

  it('uses its only installation', async () => {
    serve(forge, installed(installation(7, 'acme')));
    const { account, secret } = await accessTo(forge).accounts.signIn(way());
    expect(account).toMatchObject({ kind: 'app', login: 'acme', app: { id: '12', installation: 7 } });
    expect(JSON.parse(secret ?? '')).toEqual({ kind: 'app', key });
  });

  it('names several, none, a wrong, a suspended and a weak one', async () => {
    const hint = async (...all: object[]) => {
      serve(forge, installed(...all));
      return JSON.stringify(await failure(accessTo(forge).accounts.signIn(way())));
    };
    expect(await hint(installation(7, 'acme'), installation(8, 'beta'))).toContain('acme (7), beta (8)');
    expect(await hint()).toContain('installed nowhere');
    expect(await hint(installation(7, 'acme', { suspended_at: '2026-01-01' }))).toContain('suspended');
    expect(await hint(installation(7, 'acme', { permissions: {} }))).toContain('Self-hosted runners (write)');
    serve(forge, installed(installation(7, 'acme')));
    expect((await failure(accessTo(forge).accounts.signIn(way({ installation: 9 })))).hint).toContain(
      'acme (7)',
    );
  });

  it('has its key checked before anything is asked, and then by the forge', async () => {
    expect((await failure(accessTo(forge).accounts.signIn(way({ key: 'no key' })))).code).toBe('usage');
    expect(forge.asked).toEqual([]);
    serve(forge, { 'GET /app': [401, { message: 'A JSON web token could not be decoded' }] });
    expect((await failure(accessTo(forge).accounts.signIn(way()))).message).toContain(
      'does not accept this key',
    );
  });
});
