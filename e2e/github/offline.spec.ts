/** Accounts and checks of pools while no supervisor runs. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { GitHubSite, type SiteOptions } from './site.ts';

let site: GitHubSite;
const open = async (options: SiteOptions = {}): Promise<GitHubSite> =>
  (site = await GitHubSite.open(options));

afterEach(async () => {
  expect(site.github.violations).toEqual([]);
  await site.dispose();
});

/** A program of that name before all others; its text is the body of a shell script. */
function program(name: string, body: string): { PATH: string } {
  const folder = path.join(site.home.path, 'bin');
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
  return { PATH: `${folder}${path.delimiter}${process.env['PATH'] ?? ''}` };
}

/** As secret-tool: keeps the secret of the account that its last argument names. */
const keyring = `
verb=$1
for last; do :; done
file="$0.$last"
case "$verb" in
  store) cat > "$file" ;;
  lookup) [ -f "$file" ] && cat "$file" ;;
  clear) rm -f "$file" ;;
  *) : ;;
esac`;

const withToken = async (args: readonly string[], env: Record<string, string> = {}) => {
  const child = site.home.spawn([...args, '--json'], { env });
  let text = '';
  child.stdout?.on('data', (data: Buffer) => (text += data.toString()));
  child.stdin?.end(`${site.token}\n`);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, text, document: JSON.parse(text) as Record<string, unknown> };
};

describe('without a supervisor', () => {
  it('an account is added, listed with what it may do, used for a checked pool, and removed', async () => {
    const { github, home } = await open();
    const env = program('secret-tool', keyring);
    const at = ['--forge', 'github', '--url', github.url];
    const added = await withToken(['account', 'add', ...at, '--token-stdin'], env);
    expect(added).toMatchObject({ code: 0, document: { account: { id: 'ann', kept: 'keyring' } } });
    const list = await home.cli(['account', 'list', '--json'], { env });
    expect(JSON.parse(list.stdout)).toMatchObject({
      accounts: [{ id: 'ann', scopes: ['repo', 'read:org', 'admin:org'], problem: null }],
    });
    const made = await home.cli(
      ['pool', 'add', '--forge', 'github', '--scope', 'ann/tools', '--mode', 'ephemeral', '--json'],
      { env },
    );
    expect(made.code).toBe(0);
    expect(JSON.parse(made.stdout)).toMatchObject({ pool: { id: 'github', account: 'ann' } });
    const check = await home.cli(['pool', 'check', 'github'], { env });
    expect(check.stdout).toMatch(/^ok /m);
    github.addRepository('ann/open', { private: false });
    const refused = await home.cli(['pool', 'add', '--forge', 'github', '--scope', 'ann/open'], { env });
    expect(refused.code).toBe(4);
    const wrong = await home.cli(['pool', 'edit', 'github', '--account', 'bob'], { env });
    expect(wrong).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/no account called bob/) as string,
    });
    await home.cli(['pool', 'remove', 'github'], { env });
    expect((await home.cli(['account', 'remove', 'ann'], { env })).code).toBe(0);
    expect((await home.cli(['account', 'list', '--json'], { env })).stdout).toBe('{"accounts":[]}\n');
  });

  it('a login that only memory could hold is refused, and nothing of it is kept', async () => {
    const { github, home } = await open();
    const env = program('secret-tool', 'echo "Cannot autolaunch D-Bus" >&2; exit 1');
    const refused = await withToken(
      ['account', 'add', '--forge', 'github', '--url', github.url, '--token-stdin'],
      env,
    );
    expect(refused).toMatchObject({ code: 1, document: { problem: { code: 'no-keyring' } } });
    expect(refused.text).not.toContain(site.token);
    expect((await home.cli(['account', 'list', '--json'], { env })).stdout).toBe('{"accounts":[]}\n');
  });
});
