import { describe, expect, it } from 'vitest';
import { accountAt, failure, smallForge, token } from '../api/api.test-kit.ts';
import {
  accessTo,
  byToken,
  placeAt,
  type Reply,
  type Routes,
  serve,
  userWith,
  wishAt,
} from './accounts.test-kit.ts';

const forge = smallForge();

describe('a token', () => {
  it('tells its login, what it serves and when it ends; it is kept as a credential', async () => {
    serve(
      forge,
      userWith({
        'x-oauth-scopes': 'repo, read:org',
        'github-authentication-token-expiration': '2026-06-01 12:00:00 UTC',
      }),
    );
    const { account, secret, notes } = await accessTo(forge).accounts.signIn(byToken(forge));
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
    serve(forge, { 'GET /user': [401, { message: 'Bad credentials' }] });
    const found = await failure(accessTo(forge).accounts.signIn(byToken(forge)));
    expect(found).toMatchObject({
      code: 'unauthorized',
      hint: 'Make a new one, and give it whole.',
      link: expect.stringContaining('scopes=repo,read:org'),
    });
  });

  it('that cannot be one is not sent anywhere', async () => {
    for (const text of ['two words', `${token}\nsecond line`, 'schlüssel']) {
      const way = { kind: 'token' as const, token: text };
      const found = await failure(accessTo(forge).accounts.signIn({ ...byToken(forge), way }));
      expect(found).toMatchObject({ code: 'usage', message: expect.stringContaining('not a token') });
    }
    expect(forge.asked).toEqual([]);
  });

  it('at a forge that does not answer: nobody asks again for who signs in', async () => {
    const wish = { ...byToken(forge), url: 'http://127.0.0.1:1' };
    const found = await failure(accessTo(forge).accounts.signIn(wish));
    expect(found).toMatchObject({
      code: 'forge-unreachable',
      hint: 'Check the network of this machine, then try again.',
    });
    forge.handler = (_request, response) => response.writeHead(503).end();
    expect((await failure(accessTo(forge).accounts.signIn(byToken(forge)))).hint).toContain(
      'Try again later',
    );
  });

  it('that can serve nothing is refused with the scope that is missing', async () => {
    serve(forge, userWith({ 'x-oauth-scopes': 'gist' }));
    const found = await failure(accessTo(forge).accounts.signIn(byToken(forge)));
    expect(found.code).toBe('forbidden');
    expect(found.message).toBe('The token of octo lacks the scope repo: it has gist.');
  });

  it('of the fine-grained kind is tried at a repository', async () => {
    const repository = { full_name: 'octo/site', permissions: { admin: true } };
    const lacks: Reply = [
      403,
      { message: 'Resource not accessible by personal access token' },
      { 'x-accepted-github-permissions': 'administration=write' },
    ];
    const routes: Routes = {
      ...userWith(),
      'GET /user/repos': [200, [repository]],
      'GET /user/orgs': [200, []],
    };
    const asked = 'POST /repos/octo/site/actions/runners/registration-token';
    serve(forge, { ...routes, 'GET /repos/octo/site/actions/runners': [200, {}], [asked]: lacks });
    expect((await failure(accessTo(forge).accounts.signIn(byToken(forge)))).message).toContain(
      'Administration (write)',
    );
    serve(forge, {
      ...routes,
      [asked]: [201, { token: 'AAAA', expires_at: '2026-05-01T13:00:00Z' }],
    });
    expect((await accessTo(forge).accounts.signIn(byToken(forge))).account.login).toBe('octo');
  });
});

describe('gh', () => {
  it('is offered with its login, is used, and nothing of it is kept', async () => {
    serve(forge, userWith({ 'x-oauth-scopes': 'repo' }));
    const { accounts } = accessTo(forge, { gh: async () => token });
    expect(await accounts.ways(placeAt(forge))).toEqual({
      gh: 'octo',
      device: null,
      tokenPages: {
        repositories: `${forge.origin}/settings/tokens/new?description=Homerunner&scopes=repo,read:org`,
        organisations: `${forge.origin}/settings/tokens/new?description=Homerunner&scopes=repo,admin:org`,
      },
    });
    expect(await accounts.signIn(wishAt(forge, { kind: 'gh' }))).toMatchObject({
      account: { kind: 'gh' },
      secret: null,
    });
  });

  it('is asked again when its token is refused, and once a process otherwise', async () => {
    const tokens = ['old', 'new'];
    const account = accountAt(forge.origin, { kind: 'gh' });
    serve(forge, {
      'GET /user': ({ headers }) =>
        headers.authorization === 'Bearer new'
          ? [200, { login: 'octo' }]
          : [401, { message: 'Bad credentials' }],
    });
    let asked = 0;
    const gh = async () => tokens[Math.min(asked++, 1)] ?? null;
    const api = await accessTo(forge, { accounts: () => [account], gh }).apis.of('me');
    await api.request('GET /user');
    await api.request('GET /user');
    expect(asked).toBe(2);
  });

  it('without a login says what to do', async () => {
    expect(await failure(accessTo(forge).accounts.signIn(wishAt(forge, { kind: 'gh' })))).toMatchObject({
      code: 'unauthorized',
      hint: expect.stringContaining('gh auth login'),
    });
  });
});
