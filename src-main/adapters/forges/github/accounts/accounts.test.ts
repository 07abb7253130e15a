import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import type { Account } from '../../../../contract/account.ts';
import { accountAt, smallForge, token } from '../api/api.test-kit.ts';
import { accessTo, memorySecrets, type Routes, serve, userWith } from './accounts.test-kit.ts';

const forge = smallForge();

describe('a view', () => {
  const seen = async (kept: string | null, account: Account) => {
    const { kept: all, secrets } = memorySecrets();
    if (kept !== null) all.set('me', kept);
    let changes = 0;
    const { accounts } = accessTo(forge, {
      accounts: () => [account],
      secrets,
      changed: () => (changes += 1),
    });
    expect(accounts.view(account)).toMatchObject({ scopes: null, problem: null });
    accounts.view(account);
    await vi.waitFor(() => expect(changes).toBe(1), 5000);
    expect(forge.asked.length).toBeLessThanOrEqual(1);
    return { view: accounts.view(account), accounts, all };
  };

  it('is asked for once, and tells scopes and end', async () => {
    serve(
      forge,
      userWith({
        'x-oauth-scopes': 'repo',
        'github-authentication-token-expiration': '2026-06-01 12:00:00 UTC',
      }),
    );
    const { view } = await seen(token, accountAt(forge.origin));
    expect(view).toMatchObject({
      login: 'octo',
      scopes: ['repo'],
      expiresAt: Date.UTC(2026, 5, 1, 12),
      problem: null,
    });
  });

  it('tells that the token is refused, and forgets it with the account', async () => {
    serve(forge, { 'GET /user': [401, { message: 'Bad credentials' }] });
    const { view, accounts } = await seen(token, accountAt(forge.origin));
    expect(view.problem).toMatchObject({ code: 'unauthorized', subject: 'me' });
    accounts.forget('me');
    serve(forge, userWith({ 'x-oauth-scopes': 'repo' }));
    // At once: a new secret of the same account is no reason to wait.
    await accounts.asked(accountAt(forge.origin));
    expect(accounts.view(accountAt(forge.origin))).toMatchObject({ scopes: ['repo'], problem: null });
  });

  it('tells that the secret is gone', async () => {
    expect((await seen(null, accountAt(forge.origin))).view.problem?.message).toContain('no secret');
  });
});

describe('offers', () => {
  const repository = (full_name: string, pushed_at: string, more = {}) => ({
    full_name,
    pushed_at,
    private: true,
    owner: { login: full_name.split('/')[0], type: 'User' },
    permissions: { admin: true },
    ...more,
  });
  const offers = async (account: Account, credential: object, routes: Routes) => {
    serve(forge, routes);
    const { kept, secrets } = memorySecrets();
    kept.set('me', JSON.stringify(credential));
    return accessTo(forge, { accounts: () => [account], secrets }).accounts.scopes(account);
  };

  it('of a person: all of its own, organisations that it owns, repositories by last push', async () => {
    const found = await offers(
      accountAt(forge.origin),
      { kind: 'token', token },
      {
        'GET /user/repos': [
          200,
          [
            repository('octo/old', '2026-01-01T00:00:00Z', { private: false }),
            repository('acme/site', '2026-04-01T00:00:00Z'),
            repository('acme/read', '2026-04-02T00:00:00Z', { permissions: { admin: false } }),
            repository('octo/gone', '2026-04-03T00:00:00Z', { archived: true }),
          ],
        ],
        'GET /user/memberships/orgs': [
          200,
          [
            { role: 'admin', organization: { login: 'acme' } },
            { role: 'member', organization: { login: 'beta' } },
          ],
        ],
      },
    );
    expect(found).toEqual([
      { scope: 'octo/*', kind: 'repositories', isPublic: true, admin: true },
      { scope: 'acme', kind: 'organisation', isPublic: false, admin: true },
      { scope: 'acme/site', kind: 'repository', isPublic: false, admin: true },
      { scope: 'octo/old', kind: 'repository', isPublic: true, admin: true },
    ]);
  });

  it('of a token that may not read memberships: what it may read', async () => {
    const found = await offers(
      accountAt(forge.origin),
      { kind: 'token', token },
      {
        'GET /user/repos': [200, [repository('octo/site', '2026-01-01T00:00:00Z')]],
        'GET /user/memberships/orgs': [403, { message: 'Resource not accessible' }],
      },
    );
    expect(found.map(({ scope }) => scope)).toEqual(['octo/*', 'octo/site']);
  });

  it('of an App: its organisation and the repositories that it was given', async () => {
    const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const pem = key.export({ type: 'pkcs8', format: 'pem' });
    const app = accountAt(forge.origin, { kind: 'app', login: 'acme', app: { id: '12', installation: 7 } });
    const found = await offers(
      app,
      { kind: 'app', key: pem },
      {
        'POST /app/installations/7/access_tokens': [
          201,
          { token: 'ghs_1', expires_at: '2026-05-01T13:00:00Z' },
        ],
        'GET /installation/repositories': [
          200,
          {
            repositories: [
              repository('acme/site', '2026-01-01T00:00:00Z', {
                owner: { login: 'acme', type: 'Organization' },
              }),
            ],
          },
        ],
      },
    );
    expect(found.map(({ scope }) => scope)).toEqual(['acme', 'acme/site']);
  });
});
