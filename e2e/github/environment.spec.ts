/** The predecessor's variables at GitHub: what `run` promises of them. */
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { allow, Held } from './held.ts';
import { GitHubSite } from './site.ts';

let site: GitHubSite;

afterEach(async () => {
  expect(site.github.violations).toEqual([]);
  await site.dispose();
});

const open = async () => {
  site = await GitHubSite.open();
  allow(site.home, 4);
  const { github, token } = site;
  const basic = {
    GITHUB_TOKEN: token,
    GITHUB_API_URL: github.apiUrl,
    RUNNER_CPU_CORES: '0.1',
    RUNNER_MEMORY_GB: '0.0625',
  };
  return { github, home: site.home, token, basic };
};

describe('variables', () => {
  it('make an organisation’s one-job runners with their group, labels and names, and leave no trace of the token', async () => {
    const { github, home, token, basic } = await open();
    github.addOrganization('acme', { admins: ['ann'] });
    github.addRepository('acme/site');
    const group = github.addGroup('acme', { name: 'Lab machines' });
    const running = await home.run({
      env: {
        ...basic,
        GITHUB_REPOSITORY: `${github.url}/acme`,
        RUNNER_LABELS: 'self-hosted,bench',
        RUNNER_GROUP: 'Lab machines',
        RUNNER_EPHEMERAL: 'true',
        RUNNER_COUNT: '2',
        RUNNER_NAME_PREFIX: 'lab7',
      },
    });
    const { pools, accounts } = await site.once(
      (s) => s.runners.filter(({ phase }) => phase === 'idle').length === 2,
      'two are ready',
    );
    expect(pools).toMatchObject([
      { id: 'env', scope: 'acme', mode: 'ephemeral', min: 2, max: 2, account: 'env' },
    ]);
    expect(accounts).toMatchObject([{ id: 'env', kind: 'environment', kept: 'elsewhere', problem: null }]);
    for (const runner of github.runners('acme')) {
      expect(runner).toMatchObject({ groupId: group.id, ephemeral: true });
      expect(runner.name).toMatch(/^lab7-[0-9a-f]{6}-env-[a-z0-9]{6}$/);
      expect(runner.labels).toEqual(expect.arrayContaining(['self-hosted', 'linux', 'bench']));
    }
    const [job = 0] = github.queueJob({
      repository: 'acme/site',
      labels: ['bench'],
      script: 'test -z "$GITHUB_TOKEN$GIT_TOKEN$RUNNER_LABELS"',
    });
    expect(await site.ended(1)).toMatchObject([{ id: `gh-${job}`, state: 'succeeded', pool: 'env' }]);
    const refused = await home.cli(['account', 'remove', 'env']);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('environment variables')]);
    expect((await home.cli(['stop'])).code).toBe(0);
    const { stdout, stderr } = await running.ended();
    expect(stdout + stderr).not.toContain(token);
    expect(github.runners()).toEqual([]);
    expect((await home.json<{ pools: unknown[] }>(['pool', 'list'])).pools).toEqual([]);
  });

  it('make runners on demand by GIT_TOKEN, and a fixed one that persists in the mode manual', async () => {
    const { github, home, token, basic } = await open();
    const at = { ...basic, GITHUB_TOKEN: 'ghp_notThisOne', GIT_TOKEN: token, GITHUB_REPOSITORY: 'ann/tools' };
    await home.run({ env: { ...at, RUNNER_MODE: 'auto', RUNNER_COUNT: '2' } });
    const held = new Held(site);
    const jobs = held.queue('leg', ['self-hosted', 'linux'], { count: 2 });
    await until(() => held.running(jobs) === 2, 'both run');
    expect(github.runners().every(({ ephemeral }) => ephemeral)).toBe(true);
    held.release('leg');
    await site.ended(2);
    expect((await home.cli(['stop'])).code).toBe(0);
    expect(github.runners()).toEqual([]);

    await home.run({ env: { ...at, RUNNER_MODE: 'manual', RUNNER_COUNT: '1' } });
    await site.once((s) => s.runners.some(({ phase }) => phase === 'idle'), 'it is ready');
    expect(github.runners()).toMatchObject([{ ephemeral: false, scope: 'ann/tools' }]);
    expect((await home.cli(['stop', '--now'])).code).toBe(0);
    expect(github.runners()).toEqual([]);
  });

  it('that name a repository and no token make nothing, and say which are missing', async () => {
    const { github, home } = await open();
    await home.run({
      env: { GITHUB_REPOSITORY: `${github.url}/ann/tools`, RUNNER_MODE: 'auto', PATH: '/nowhere' },
    });
    const { pools, problems } = await home.status();
    expect(pools).toEqual([]);
    expect(problems).toMatchObject([
      { code: 'unauthorized', message: expect.stringContaining('GITHUB_TOKEN') },
    ]);
  });
});
