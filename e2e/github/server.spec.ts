/** GitHub as a server of one's own (GHES), and the versions that an enterprise takes. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Light } from '../../src-main/contract/commands.ts';
import { cleared } from './agents.ts';
import { firstVersion, GitHubSite } from './site.ts';

let site: GitHubSite;
afterEach(async () => {
  expect(site.github.violations).toEqual([]);
  await site.dispose();
});

const labels = ['self-hosted', 'linux'];
const wanted = { repository: 'ann/tools', labels, name: 'build' };
const small = ['--cores', '0.1', '--memory', '64m'];

/** One command with what is read from its standard input. */
async function cli(args: readonly string[], input = ''): Promise<{ code: number | null; stderr: string }> {
  const child = site.home.spawn(args);
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin?.end(input);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stderr };
}
const accountAdd = (url: string, ...more: readonly string[]) =>
  cli(['account', 'add', '--forge', 'github', '--url', url, '--token-stdin', ...more], `${site.token}\n`);

/** What is told makes the check end with 1. */
async function lightsOf(pool: string): Promise<readonly Light[]> {
  const { stdout } = await site.home.cli(['pool', 'check', pool, '--json']);
  return (JSON.parse(stdout) as { lights: Light[] }).lights;
}

describe('a server of one’s own', () => {
  it('is reached below /api/v3, gives its own agent by a token of its own, and does a job to its end', async () => {
    site = await GitHubSite.open();
    const { github, home } = site;
    const tokens = (github.world.downloadTokens = new Set<string>());
    await home.run();
    // Plain http leaves this machine for nobody.
    for (const [url, ...more] of [
      ['http://github.example.org'],
      ['https://github.example.org', '--api-url', 'http://github.example.org/api/v3'],
    ] as const)
      expect(await accountAdd(url, ...more)).toEqual({
        code: 2,
        stderr: expect.stringMatching(/https address/),
      });
    expect(github.requests).toEqual([]);

    expect(github.apiUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/v3$/);
    expect(await accountAdd(github.url, '--api-url', github.apiUrl)).toMatchObject({ code: 0 });
    const at = ['--url', github.url, '--api-url', github.apiUrl];
    await home.json(['pool', 'add', '--forge', 'github', '--scope', 'ann/tools', ...at, ...small]);
    const [job = 0] = github.queueJob(wanted);
    const [done] = await site.ended(1);
    expect(done).toMatchObject({ state: 'succeeded' });
    expect(done?.url?.startsWith(`${github.url}/ann/tools/`)).toBe(true);
    expect(github.jobRuns.get(job)).toBe(1);
    // What came with the answer of this scope, and not the releases of all.
    const asked = github.requests.map(({ path: to, status }) => `${status} ${to}`);
    expect(asked).toContain('200 /repos/ann/tools/actions/runners/downloads');
    expect(asked.filter((request) => request.includes('/repos/actions/runner/'))).toEqual([]);
    expect(asked.filter((request) => request.startsWith('401'))).toEqual([]);
    expect(tokens.size).toBeGreaterThan(0);
    for (const file of readdirSync(home.path, { recursive: true, encoding: 'utf8' })) {
      const where = path.join(home.path, file);
      const text =
        statSync(where, { throwIfNoEntry: false })?.isFile() === true ? readFileSync(where, 'latin1') : '';
      expect([file, ...[...tokens].filter((token) => text.includes(token))]).toEqual([file]);
    }
    await cleared(site);
  });

  it('that is too old for runners of one job says so, and has runners that persist', async () => {
    site = await GitHubSite.open();
    const { github, home } = site;
    github.world.hasJit = false;
    await site.run(['--max', '1']);
    const [job = 0] = github.queueJob(wanted);
    const told = await site.once((s) => s.pools[0]?.problem?.code === 'config-field', 'it is said');
    expect(told.pools[0]?.problem).toMatchObject({
      message: expect.stringMatching(
        /^The GitHub at 127\.0\.0\.1:\d+ cannot register a runner for one job alone/,
      ),
      hint: expect.stringContaining('homerunner pool edit github --mode manual --min 1'),
    });
    await home.json(['pool', 'edit', 'github', '--mode', 'manual', '--min', '1']);
    await site.ended(1);
    expect(github.jobRuns.get(job)).toBe(1);
  });
});

describe('an enterprise', () => {
  it('is told when GitHub will take the version of its runners no more', async () => {
    site = await GitHubSite.open({ login: 'gh' });
    const { github, home } = site;
    github.world.endsOfVersions = new Map();
    await site.run();
    const light = async (): Promise<Light | undefined> =>
      (await lightsOf('github')).find(({ name }) => name === 'runner-version');
    expect(await light()).toMatchObject({ ok: true });
    await home.cli(['stop', '--now']);
    const soon = Date.now() + 3 * 24 * 3_600_000;
    github.world.endsOfVersions.set(firstVersion, { registration: null, runtime: soon });
    expect(await light()).toMatchObject({
      ...{ ok: false, blocks: false },
      message: `GitHub takes the runner's version ${firstVersion} until ${new Date(soon).toISOString().slice(0, 10)}.`,
    });
  });
});
