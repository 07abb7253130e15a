/** Signing in at GitHub in each way, and what an account refuses and is refused; with a supervisor. */
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { AccountView } from '../../src-main/contract/account.ts';
import { finished, type Finished } from '../support/product.ts';
import { until } from '../support/until.ts';
import { allow } from './held.ts';
import { GitHubSite, type SiteOptions } from './site.ts';

let site: GitHubSite;
const open = async (options: SiteOptions = {}): Promise<GitHubSite> => {
  site = await GitHubSite.open(options);
  allow(site.home, 4);
  return site;
};

afterEach(async () => {
  expect(site.github.violations).toEqual([]);
  await site.dispose();
});

const add = (...way: readonly string[]): Promise<Finished> =>
  site.home.cli(['account', 'add', '--forge', 'github', '--url', site.github.url, ...way]);

/** Signs in by a token on stdin. */
async function paste(token: string, ...more: readonly string[]): Promise<Finished> {
  const { home, github } = site;
  const child = home.spawn(['account', 'add', '--url', github.url, '--token-stdin', ...more]);
  child.stdin?.end(`${token}\n`);
  return finished(child);
}

const accounts = async () =>
  (await site.home.json<{ accounts: AccountView[] }>(['account', 'list'])).accounts;

describe('an account', () => {
  it('is added by a token, shows what it may do, and stays while a pool uses it', async () => {
    const { github, home } = await open();
    const running = await home.run();
    const expiresAt = Date.now() + 30 * 86_400_000;
    const token = github.addToken({ login: 'ann', scopes: ['repo', 'read:org'], expiresAt });
    const added = await paste(token, '--name', 'work');
    expect([added.code, added.stdout]).toEqual([
      0,
      expect.stringMatching(/^Signed in as ann at 127\.0\.0\.1/),
    ]);
    expect(added.stderr).toContain('The token ends on');
    expect(await accounts()).toMatchObject([
      {
        id: 'work',
        kind: 'token',
        login: 'ann',
        scopes: ['repo', 'read:org'],
        kept: 'memory',
        problem: null,
      },
    ]);
    await site.pool('ann/tools', ['--account', 'work']);
    const refused = await home.cli(['account', 'remove', 'work']);
    expect([refused.code, refused.stderr]).toEqual([
      4,
      expect.stringContaining('is used by the pool github.'),
    ]);
    await home.json(['pool', 'remove', 'github']);
    const removed = await home.cli(['account', 'remove', 'work']);
    expect([removed.code, removed.stderr]).toEqual([0, expect.stringContaining('stays valid')]);
    expect(await accounts()).toEqual([]);

    github.addOrganization('acme', { admins: ['ann'], sso: true });
    github.addRepository('acme/site');
    const fine = (permissions: Record<string, 'read' | 'write'>) =>
      github.addToken({ login: 'ann', kind: 'fine-grained', permissions });
    const tokens = {
      weak: github.addToken({ login: 'ann', scopes: ['read:org'] }),
      past: github.addToken({ login: 'ann', expiresAt: Date.now() - 1000 }),
      unknown: 'ghp_0123456789abcdef0123456789abcdef0123',
      fine: fine({ contents: 'read' }),
    };
    for (const [text, words] of [
      [tokens.weak, /lacks the scope repo: it has read:org/],
      [tokens.past, /wrong, has expired or was revoked/],
      [tokens.unknown, /wrong, has expired or was revoked/],
      [tokens.fine, /administration/i],
    ] as const) {
      const { code, stdout, stderr } = await paste(text);
      expect([code, stderr]).toEqual([1, expect.stringMatching(words)]);
      expect(stdout + stderr).not.toContain(text);
      expect(stderr).toContain(github.url);
    }
    expect((await paste(site.token)).code).toBe(0);
    const sso = await home.cli(['pool', 'add', '--forge', 'github', '--scope', 'acme']);
    expect([sso.code, sso.stderr]).toEqual([4, expect.stringMatching(/orgs\/acme\/sso/)]);

    github.revokeToken(site.token);
    const lights = await home.cli(['pool', 'add', '--forge', 'github', '--scope', 'ann/tools']);
    expect([lights.code, lights.stderr]).toEqual([4, expect.stringMatching(/token/)]);
    const log = readFileSync(path.join(home.path, 'logs', 'homerunner.log'), 'utf8');
    for (const text of [token, site.token, ...Object.values(tokens)])
      expect(log + running.stdout + running.stderr).not.toContain(text);
  });

  it('is an App with its key, which serves the organisation that it is installed at', async () => {
    const { github, home } = await open();
    github.addOrganization('acme');
    github.addRepository('acme/site');
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const app = github.addApp({
      slug: 'lender',
      owner: 'acme',
      publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      installations: [
        {
          account: 'acme',
          permissions: {
            metadata: 'read',
            actions: 'read',
            contents: 'read',
            administration: 'write',
            organization_administration: 'read',
            organization_self_hosted_runners: 'write',
          },
        },
      ],
    });
    await home.run();
    const key = path.join(home.path, 'app.pem');
    writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    const wrong = await add('--app', '4711', '--key-file', key);
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('does not accept this key')]);
    const added = await add('--app', String(app.id), '--key-file', key);
    expect([added.code, added.stderr]).toEqual([
      0,
      expect.stringContaining('the App lender installed at acme'),
    ]);
    await site.pool('acme');
    const [job = 0] = github.queueJob({ repository: 'acme/site', labels: ['self-hosted'], script: 'true' });
    expect(await site.ended(1)).toMatchObject([{ id: `gh-${job}`, state: 'succeeded' }]);
  });

  it('is signed in by a code that is typed in a browser', async () => {
    const { github, home } = await open({
      double: { waits: { online: 2000, deviceInterval: 200, deviceCode: 60_000 } },
      env: { HOMERUNNER_GITHUB_CLIENT_ID: 'lender' },
    });
    github.world.clients.add('lender');
    await home.run();
    for (const answer of ['denied', { token: site.token }] as const) {
      const more = answer === 'denied' ? [] : ['--organisations'];
      const child = home.spawn(['account', 'add', '--url', github.url, '--device', ...more]);
      let said = '';
      child.stderr?.on('data', (part: Buffer) => (said += part.toString()));
      const code = await until(() => /type the code (\S+)/.exec(said)?.[1], 'the code is told');
      expect(said).toContain(`Open ${github.url}/login/device`);
      expect(github.world.deviceCodes.at(-1)?.scope).toBe(`repo ${more.length > 0 ? 'admin' : 'read'}:org`);
      const done = finished(child);
      github.answerDevice(code, answer);
      const { code: exit, stdout } = await done;
      if (answer === 'denied') expect([exit, said]).toEqual([1, expect.stringContaining('was declined')]);
      else expect([exit, stdout]).toEqual([0, expect.stringMatching(/^Signed in as ann/)]);
    }
    expect(await accounts()).toMatchObject([{ id: 'ann', kind: 'device', problem: null }]);
  });

  it('is the login of gh, which a pool takes by itself where there is no other', async () => {
    const { github, home } = await open();
    const bin = path.join(home.path, 'bin');
    mkdirSync(bin);
    const gh = path.join(bin, 'gh');
    const { host } = new URL(github.url);
    writeFileSync(
      gh,
      `#!/bin/sh\n[ "$*" = 'auth token --hostname ${host}' ] || exit 1\necho '${site.token}'\n`,
    );
    chmodSync(gh, 0o755);
    home.env['PATH'] = `${bin}:${home.env['PATH'] ?? ''}`;
    await home.run();
    const added = await home.cli([
      ...['pool', 'add', '--forge', 'github', '--scope', 'ann/tools', '--url', github.url],
      ...['--cores', '0.1', '--memory', '64m'],
    ]);
    expect([added.code, added.stderr]).toEqual([
      0,
      expect.stringContaining('The login of the gh program, ann, is used.'),
    ]);
    expect(await accounts()).toMatchObject([{ id: 'ann', kind: 'gh', kept: 'elsewhere', problem: null }]);
    const [job = 0] = github.queueJob({ repository: 'ann/tools', labels: ['linux'], script: 'true' });
    expect(await site.ended(1)).toMatchObject([{ id: `gh-${job}`, state: 'succeeded' }]);
    await home.json(['pool', 'remove', 'github']);
    const removed = await home.cli(['account', 'remove', 'ann']);
    expect([removed.code, removed.stderr]).toEqual([0, expect.stringContaining('itself stays')]);
  });
});
