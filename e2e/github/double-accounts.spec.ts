import { createSign, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ask, get, github, jit, repository, runners, token, use } from './double-kit.ts';

describe('who asks', () => {
  test('an unknown, revoked or expired token is refused', async () => {
    const short = github.addToken({ login: 'ann', expiresAt: Date.now() + 60_000 });
    use(short);
    const good = await get('/user');
    expect(good.body.login).toBe('ann');
    expect(good.headers.get('github-authentication-token-expiration')).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/,
    );
    github.world.clockOffset = 120_000;
    expect((await get('/user')).body.message).toBe('Bad credentials');
    github.world.clockOffset = 0;
    github.revokeToken(short);
    expect((await get('/user')).status).toBe(401);
  });

  test('a private repository does not exist for those who cannot see it', async () => {
    github.addUser('bob');
    use(github.addToken({ login: 'bob' }));
    expect((await get(`/repos/${repository}`)).status).toBe(404);
    github.makePublic(repository);
    expect((await get(`/repos/${repository}`)).body).toMatchObject({
      private: false,
      permissions: { admin: false },
    });
    const refused = await get(runners);
    expect([refused.status, refused.body.message]).toEqual([403, 'Must have admin rights to Repository.']);
  });

  test('a classic token shows its scopes and needs repo', async () => {
    expect((await get('/user')).headers.get('x-oauth-scopes')).toContain('repo');
    use(github.addToken({ login: 'ann', scopes: [] }));
    expect((await get(runners)).status).toBe(404);
  });

  test('a fine-grained token is told which permission it lacks', async () => {
    use(github.addToken({ login: 'ann', kind: 'fine-grained', permissions: { administration: 'read' } }));
    expect((await get(runners)).status).toBe(200);
    const refused = await jit('r1');
    expect(refused.status).toBe(403);
    expect(refused.headers.get('x-accepted-github-permissions')).toBe('administration=write');
  });

  test('single sign-on guards an organisation and hides it from lists', async () => {
    github.addOrganization('acme', { admins: ['ann'], sso: true });
    github.addRepository('acme/secret');
    const refused = await get('/orgs/acme/actions/runners');
    expect(refused.headers.get('x-github-sso')).toMatch(/^required; url=/);
    const own = await get('/user/repos?sort=pushed&per_page=100');
    expect(own.body.map((one) => one.full_name)).toEqual([repository]);
    expect(own.headers.get('x-github-sso')).toMatch(/^partial-results/);
    use(github.addToken({ login: 'ann', scopes: ['repo', 'admin:org'], sso: ['acme'] }));
    expect((await get('/orgs/acme/actions/runners')).status).toBe(200);
    expect((await get('/orgs/acme/repos')).body).toHaveLength(1);
    expect((await get('/user/orgs')).body[0]!.login).toBe('acme');
    expect((await get('/user/memberships/orgs?state=active')).body[0]).toMatchObject({
      ...{ state: 'active', organization: { login: 'acme' } },
    });
    expect((await get('/user/memberships/orgs?state=pending')).body).toEqual([]);
    expect(github.violations).toEqual([]);
  });

  test('an app proves itself and gets tokens for its installation', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const permissions = { administration: 'write' } as const;
    const app = github.addApp({
      slug: 'lender',
      owner: 'ann',
      publicKey: pem,
      installations: [{ account: 'ann', permissions }],
    });
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const sign = (shift = 0) => {
      const now = Math.floor(Date.now() / 1000) + shift;
      const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iss: app.clientId, iat: now - 30, exp: now + 540 })}`;
      return `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url')}`;
    };
    use(sign(3600));
    expect((await get('/app')).body.message).toContain("'Issued at' claim");
    use(`${sign()}x`);
    expect((await get('/app')).status).toBe(401);
    use(sign());
    expect((await get('/app')).body.slug).toBe('lender');
    const installations = await get('/app/installations');
    expect(installations.body[0]!.account.login).toBe('ann');
    expect((await get(`/repos/${repository}/installation`)).body.id).toBe(installations.body[0]!.id);
    const given = await ask('POST', `/app/installations/${installations.body[0]!.id}/access_tokens`);
    use(given.body.token);
    expect((await jit('r1')).status).toBe(201);
    expect((await get('/installation/repositories')).body.total_count).toBe(1);
    const user = await get('/user');
    expect([user.status, user.body.message]).toEqual([403, 'Resource not accessible by integration']);
    expect((await get(`/repos/${repository}/actions/runs`)).status).toBe(403);
    expect(github.violations).toEqual([]);
  });

  test('the device flow is pending until the person answers, and asks not to be hurried', async () => {
    github.world.clients.add('client');
    // Long, so that the second question comes too early on any machine.
    github.world.waits.deviceInterval = 60_000;
    const start = async () =>
      (await ask('POST', `${github.url}/login/device/code`, { client_id: 'client', scope: 'repo' })).body;
    const claim = async (code: string) =>
      (
        await ask('POST', `${github.url}/login/oauth/access_token`, {
          client_id: 'client',
          device_code: code,
          grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        })
      ).body;
    const code = await start();
    expect((await claim(code.device_code)).error).toBe('authorization_pending');
    expect((await claim(code.device_code)).error).toBe('slow_down');
    const denied = await start();
    github.answerDevice(denied.user_code, 'denied');
    expect((await claim(denied.device_code)).error).toBe('access_denied');
    const granted = await start();
    github.answerDevice(granted.user_code, { token });
    expect(await claim(granted.device_code)).toEqual({
      access_token: token,
      token_type: 'bearer',
      scope: 'repo',
    });
    const late = await start();
    github.world.deviceCodes.forEach((one) => Object.assign(one, { expiresAt: 0 }));
    expect((await claim(late.device_code)).error).toBe('expired_token');
    expect((await ask('POST', `${github.url}/login/device/code`, { client_id: 'other' })).status).toBe(404);
  });
});
