import { generateKeyPairSync } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Account, AccountAdd } from '../../../../contract/account.ts';
import type { AccountSecrets } from '../../../../core/ports.ts';
import { accountAt, failure, json, noLog, smallForge, token } from '../api/api.test-kit.ts';
import { requestBudget } from '../api/budget.ts';
import { type AccessOptions, githubAccess } from './accounts.ts';

const forge = smallForge();

type Reply = [status: number, data: unknown, headers?: Record<string, string>];
type Routes = Record<string, Reply | ((request: IncomingMessage, body: string) => Reply)>;
/** Answers by "METHOD path" without the query; what is not named is not found. */
const serve = (routes: Routes) => {
  forge.handler = (request, response, body) => {
    const route = routes[`${request.method} ${request.url?.split('?')[0]?.replace('/api/v3', '')}`];
    const [status, data, headers] = (typeof route === 'function' ? route(request, body) : route) ?? [
      404,
      { message: 'Not Found' },
    ];
    json(response, status, data, headers);
  };
};

const memory = () => {
  const kept = new Map<string, string>();
  const secrets: AccountSecrets = {
    get: async (account) => kept.get(account) ?? null,
    set: async (account, secret) => {
      kept.set(account, secret);
      return 'keyring';
    },
    remove: async (account) => void kept.delete(account),
    placeOf: () => 'keyring',
  };
  return { kept, secrets };
};
const access = (more: Partial<AccessOptions> = {}) =>
  githubAccess({
    userAgent: 'homerunner-test',
    log: noLog,
    now: () => forge.now,
    budget: requestBudget({ now: () => forge.now, load: () => null, save: () => undefined }),
    retryMs: 5,
    accounts: () => [],
    secrets: memory().secrets,
    environment: () => null,
    clientId: null,
    changed: () => undefined,
    gh: async () => null,
    ...more,
  });
const wish = (way: AccountAdd['way']): AccountAdd => ({
  id: null,
  forge: 'github',
  url: forge.origin,
  apiUrl: null,
  way,
});
const byToken = () => wish({ kind: 'token', token });
const at = () => ({ forge: 'github' as const, url: forge.origin, apiUrl: null });
const user = (headers: Record<string, string> = {}): Routes => ({
  'GET /user': [200, { login: 'octo' }, headers],
});

describe('a token', () => {
  it('tells its login, what it serves and when it ends; it is kept as a credential', async () => {
    serve(
      user({
        'x-oauth-scopes': 'repo, read:org',
        'github-authentication-token-expiration': '2026-06-01 12:00:00 UTC',
      }),
    );
    const { account, secret, notes } = await access().accounts.signIn(byToken());
    expect(account).toEqual({
      forge: 'github',
      kind: 'token',
      login: 'octo',
      url: forge.origin,
      apiUrl: `${forge.origin}/api/v3`,
      app: null,
    });
    expect(JSON.parse(secret ?? '')).toEqual({ kind: 'token', token });
    expect(notes.join(' ')).toMatch(/admin:org.*ends on 2026-06-01/s);
    expect(notes.join(' ')).not.toContain(token);
  });

  it('that is wrong leads to the page that makes one', async () => {
    serve({ 'GET /user': [401, { message: 'Bad credentials' }] });
    const found = await failure(access().accounts.signIn(byToken()));
    expect(found).toMatchObject({
      code: 'unauthorized',
      link: expect.stringContaining('scopes=repo,read:org'),
    });
  });

  it('that can serve nothing is refused with the scope that is missing', async () => {
    serve(user({ 'x-oauth-scopes': 'gist' }));
    const found = await failure(access().accounts.signIn(byToken()));
    expect(found.code).toBe('forbidden');
    expect(found.message).toBe('The token of octo lacks the scope repo: it has gist.');
  });

  it('of the fine-grained kind is tried at a repository', async () => {
    const repository = { full_name: 'octo/site', permissions: { admin: true } };
    const lacks: Reply = [
      403,
      { message: 'Resource not accessible by personal access token' },
      { 'x-accepted-github-permissions': 'administration=read' },
    ];
    const routes: Routes = { ...user(), 'GET /user/repos': [200, [repository]], 'GET /user/orgs': [200, []] };
    serve({ ...routes, 'GET /repos/octo/site/actions/runners': lacks });
    expect((await failure(access().accounts.signIn(byToken()))).message).toContain('Administration (read)');
    serve({ ...routes, 'GET /repos/octo/site/actions/runners': [200, { total_count: 0, runners: [] }] });
    expect((await access().accounts.signIn(byToken())).account.login).toBe('octo');
  });
});

describe('gh', () => {
  it('is offered with its login, is used, and nothing of it is kept', async () => {
    serve(user({ 'x-oauth-scopes': 'repo' }));
    const { accounts } = access({ gh: async () => token });
    expect(await accounts.ways(at())).toEqual({
      gh: 'octo',
      device: false,
      tokenPage: `${forge.origin}/settings/tokens/new?description=Homerunner&scopes=repo,read:org`,
    });
    expect(await accounts.signIn(wish({ kind: 'gh' }))).toMatchObject({
      account: { kind: 'gh' },
      secret: null,
    });
  });

  it('is asked again when its token is refused, and once a process otherwise', async () => {
    const tokens = ['old', 'new'];
    const account = accountAt(forge.origin, { kind: 'gh' });
    serve({
      'GET /user': ({ headers }) =>
        headers.authorization === 'Bearer new'
          ? [200, { login: 'octo' }]
          : [401, { message: 'Bad credentials' }],
    });
    let asked = 0;
    const gh = async () => tokens[Math.min(asked++, 1)] ?? null;
    const api = await access({ accounts: () => [account], gh }).apis.of('me');
    await api.request('GET /user');
    await api.request('GET /user');
    expect(asked).toBe(2);
  });

  it('without a login says what to do', async () => {
    expect(await failure(access().accounts.signIn(wish({ kind: 'gh' })))).toMatchObject({
      code: 'unauthorized',
      hint: expect.stringContaining('gh auth login'),
    });
  });
});

describe('an App', () => {
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    type: 'pkcs1',
    format: 'pem',
  }) as string;
  const way = (more = {}) => wish({ kind: 'app', app: '12', key, installation: null, ...more });
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
    serve(installed(installation(7, 'acme')));
    const { account, secret } = await access().accounts.signIn(way());
    expect(account).toMatchObject({ kind: 'app', login: 'acme', app: { id: '12', installation: 7 } });
    expect(JSON.parse(secret ?? '')).toEqual({ kind: 'app', key });
  });

  it('names several, none, a wrong, a suspended and a weak one', async () => {
    const hint = async (...all: object[]) => {
      serve(installed(...all));
      return JSON.stringify(await failure(access().accounts.signIn(way())));
    };
    expect(await hint(installation(7, 'acme'), installation(8, 'beta'))).toContain('acme (7), beta (8)');
    expect(await hint()).toContain('installed nowhere');
    expect(await hint(installation(7, 'acme', { suspended_at: '2026-01-01' }))).toContain('suspended');
    expect(await hint(installation(7, 'acme', { permissions: {} }))).toContain('Self-hosted runners (write)');
    serve(installed(installation(7, 'acme')));
    expect((await failure(access().accounts.signIn(way({ installation: 9 })))).hint).toContain('acme (7)');
  });

  it('has its key checked before anything is asked, and then by the forge', async () => {
    expect((await failure(access().accounts.signIn(way({ key: 'no key' })))).code).toBe('usage');
    expect(forge.asked).toEqual([]);
    serve({ 'GET /app': [401, { message: 'A JSON web token could not be decoded' }] });
    expect((await failure(access().accounts.signIn(way()))).message).toContain('does not accept this key');
  });
});

describe('a code', () => {
  const codes: Routes = {
    'POST /login/device/code': () => [
      200,
      {
        device_code: 'd',
        user_code: 'AB-CD',
        verification_uri: 'https://evil.example/',
        expires_in: 900,
        interval: 0.01,
      },
    ],
  };

  it('is waited for, and its page is the forge’s own', async () => {
    let typed = false;
    serve({
      ...codes,
      ...user({ 'x-oauth-scopes': 'repo' }),
      'POST /login/oauth/access_token': () =>
        typed
          ? [200, { access_token: 'gho_1', token_type: 'bearer', scope: 'repo' }]
          : [200, { error: 'authorization_pending', error_description: 'x', error_uri: 'x' }],
    });
    const { accounts } = access({ clientId: 'Ov23abc' });
    expect((await accounts.ways(at())).device).toBe(true);
    const begun = await accounts.begin(at());
    expect(begun).toMatchObject({
      code: 'AB-CD',
      page: `${forge.origin}/login/device`,
      expiresAt: forge.now + 900_000,
    });
    const signedIn = accounts.signIn(wish({ kind: 'device', signIn: begun.id }));
    setTimeout(() => (typed = true), 50);
    expect((await signedIn).account).toMatchObject({ kind: 'device', login: 'octo' });
    expect(JSON.parse((await signedIn).secret ?? '')).toMatchObject({ token: 'gho_1', refresh: null });
    expect((await failure(accounts.signIn(wish({ kind: 'device', signIn: begun.id })))).code).toBe('usage');
  });

  it('that was declined, and a build that has no client id', async () => {
    serve({
      ...codes,
      'POST /login/oauth/access_token': [
        200,
        { error: 'access_denied', error_description: 'x', error_uri: 'x' },
      ],
    });
    const { accounts } = access({ clientId: 'Ov23abc' });
    const { id } = await accounts.begin(at());
    expect((await failure(accounts.signIn(wish({ kind: 'device', signIn: id })))).message).toContain(
      'declined',
    );
    expect((await failure(access().accounts.begin(at()))).code).toBe('usage');
  });

  it('near its end is exchanged once for all who ask, and the new one kept', async () => {
    const { kept, secrets } = memory();
    const account = accountAt(forge.origin, { kind: 'device' });
    const expiresAt = forge.now + 60_000;
    kept.set('me', JSON.stringify({ kind: 'device', token: 'ghu_1', refresh: 'ghr_1', expiresAt }));
    let exchanges = 0;
    serve({
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
    const api = await access({ accounts: () => [account], secrets, clientId: 'Iv1.abc' }).apis.of('me');
    await Promise.all([api.request('GET /user'), api.request('GET /user')]);
    expect(exchanges).toBe(1);
    expect(JSON.parse(kept.get('me') ?? '')).toMatchObject({ token: 'ghu_2', refresh: 'ghr_2' });
  });
});

describe('a view', () => {
  const settled = () => new Promise((done) => setTimeout(done, 150));
  const seen = async (kept: string | null, account: Account) => {
    const { kept: all, secrets } = memory();
    if (kept !== null) all.set('me', kept);
    let changes = 0;
    const { accounts } = access({ accounts: () => [account], secrets, changed: () => (changes += 1) });
    expect(accounts.view(account)).toMatchObject({ scopes: null, problem: null });
    accounts.view(account);
    await settled();
    expect(changes).toBe(1);
    expect(forge.asked.length).toBeLessThanOrEqual(1);
    return { view: accounts.view(account), accounts, all };
  };

  it('is asked for once, and tells scopes and end', async () => {
    serve(
      user({ 'x-oauth-scopes': 'repo', 'github-authentication-token-expiration': '2026-06-01 12:00:00 UTC' }),
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
    serve({ 'GET /user': [401, { message: 'Bad credentials' }] });
    const { view, accounts } = await seen(token, accountAt(forge.origin));
    expect(view.problem).toMatchObject({ code: 'unauthorized', subject: 'me' });
    accounts.forget('me');
    serve(user({ 'x-oauth-scopes': 'repo' }));
    forge.now += 60_000;
    accounts.view(accountAt(forge.origin));
    await settled();
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
    serve(routes);
    const { kept, secrets } = memory();
    kept.set('me', JSON.stringify(credential));
    return access({ accounts: () => [account], secrets }).accounts.scopes(account);
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
