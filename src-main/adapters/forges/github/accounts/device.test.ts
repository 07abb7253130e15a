import { describe, expect, it } from 'vitest';
import { accountAt, failure, smallForge } from '../api/api.test-kit.ts';
import {
  accessTo,
  memorySecrets,
  placeAt,
  type Reply,
  type Routes,
  serve,
  userWith,
  wishAt,
} from './accounts.test-kit.ts';

const forge = smallForge();

describe('a code', () => {
  const codes = {
    'POST /login/device/code': (): Reply => [
      200,
      {
        device_code: 'd',
        user_code: 'AB-CD',
        verification_uri: 'https://evil.example/',
        expires_in: 900,
        interval: 0.01,
      },
    ],
  } satisfies Routes;

  it('is waited for, and its page is the forge’s own', async () => {
    let typed = false;
    serve(forge, {
      ...codes,
      ...userWith({ 'x-oauth-scopes': 'repo' }),
      'POST /login/oauth/access_token': () =>
        typed
          ? [200, { access_token: 'gho_1', token_type: 'bearer', scope: 'repo' }]
          : [200, { error: 'authorization_pending', error_description: 'x', error_uri: 'x' }],
    });
    const { accounts } = accessTo(forge, { clientId: 'Ov23abc' });
    expect((await accounts.ways(placeAt(forge))).device).toBe('oauth-app');
    const begun = await accounts.begin({ ...placeAt(forge), organisations: false });
    expect(begun).toMatchObject({
      code: 'AB-CD',
      page: `${forge.origin}/login/device`,
      expiresAt: forge.now + 900_000,
    });
    const signedIn = accounts.signIn(wishAt(forge, { kind: 'device', signIn: begun.id }));
    setTimeout(() => (typed = true), 50);
    expect((await signedIn).account).toMatchObject({ kind: 'device', login: 'octo' });
    expect(JSON.parse((await signedIn).secret ?? '')).toMatchObject({ token: 'gho_1', refresh: null });
    expect((await failure(accounts.signIn(wishAt(forge, { kind: 'device', signIn: begun.id })))).code).toBe(
      'usage',
    );
  });

  it('that was declined, and a build that has no client id', async () => {
    serve(forge, {
      ...codes,
      'POST /login/oauth/access_token': [
        200,
        { error: 'access_denied', error_description: 'x', error_uri: 'x' },
      ],
    });
    const { accounts } = accessTo(forge, { clientId: 'Ov23abc' });
    const { id } = await accounts.begin({ ...placeAt(forge), organisations: false });
    expect((await failure(accounts.signIn(wishAt(forge, { kind: 'device', signIn: id })))).message).toContain(
      'declined',
    );
    expect(
      (await failure(accessTo(forge).accounts.begin({ ...placeAt(forge), organisations: false }))).code,
    ).toBe('usage');
  });

  it('asks for organisations only where they were wished for, and an App for nothing', async () => {
    const asked: unknown[] = [];
    serve(forge, {
      ...codes,
      'POST /login/device/code': (_request, body) => {
        asked.push((JSON.parse(body) as { scope?: string }).scope);
        return codes['POST /login/device/code']();
      },
      'POST /login/oauth/access_token': [200, { error: 'authorization_pending' }],
    });
    for (const [clientId, organisations] of [
      ['Ov23abc', false],
      ['Ov23abc', true],
      ['Iv1.abc', true],
    ] as const) {
      const { accounts } = accessTo(forge, { clientId });
      await accounts.begin({ ...placeAt(forge), organisations });
      expect((await accounts.ways(placeAt(forge))).device).toBe(
        clientId.startsWith('Iv') ? 'github-app' : 'oauth-app',
      );
    }
    expect(asked).toEqual(['repo read:org', 'repo admin:org', undefined]);
  });

  it('near its end is exchanged once for all who ask, and the new one kept', async () => {
    const { kept, secrets } = memorySecrets();
    const account = accountAt(forge.origin, { kind: 'device' });
    const expiresAt = forge.now + 60_000;
    kept.set('me', JSON.stringify({ kind: 'device', token: 'ghu_1', refresh: 'ghr_1', expiresAt }));
    let exchanges = 0;
    serve(forge, {
      'GET /user': ({ headers }) =>
        headers.authorization === 'Bearer ghu_2'
          ? [200, { login: 'octo' }]
          : [401, { message: 'Bad credentials' }],
      'POST /login/oauth/access_token': (_request, body) => {
        exchanges += 1;
        expect(JSON.parse(body)).toMatchObject({ grant_type: 'refresh_token', refresh_token: 'ghr_1' });
        return [200, { access_token: 'ghu_2', refresh_token: 'ghr_2', expires_in: 28_800 }];
      },
    });
    const api = await accessTo(forge, { accounts: () => [account], secrets, clientId: 'Iv1.abc' }).apis.of(
      'me',
    );
    await Promise.all([api.request('GET /user'), api.request('GET /user')]);
    expect(exchanges).toBe(1);
    expect(JSON.parse(kept.get('me') ?? '')).toMatchObject({ token: 'ghu_2', refresh: 'ghr_2' });
  });

  it('is not lost where the new one cannot be kept: the former is used up', async () => {
    const { kept, secrets } = memorySecrets();
    const account = accountAt(forge.origin, { kind: 'device' });
    const expiresAt = forge.now + 60_000;
    kept.set('me', JSON.stringify({ kind: 'device', token: 'ghu_1', refresh: 'ghr_1', expiresAt }));
    let isUsed = false;
    serve(forge, {
      'GET /user': [200, { login: 'octo' }],
      'POST /login/oauth/access_token': () => {
        if (isUsed) return [200, { error: 'bad_refresh_token' }];
        isUsed = true;
        return [200, { access_token: 'ghu_2', refresh_token: 'ghr_2', expires_in: 28_800 }];
      },
    });
    const full = { ...secrets, set: () => Promise.reject(new Error('The disk is full.')) };
    const { apis } = accessTo(forge, { accounts: () => [account], secrets: full, clientId: 'Iv1.abc' });
    await expect(apis.of('me')).rejects.toThrow('The disk is full.');
    expect((await (await apis.of('me')).request('GET /user')).status).toBe(200);
  });
});
