import { beforeEach, describe, expect, it } from 'vitest';
import type { Light } from '../../../../contract/commands.ts';
import type { Pool } from '../../../../contract/pool.ts';
import { MemoryGitHub } from '../memory.test-kit.ts';
import { placeOf } from './place.ts';
import { preflight } from './preflight.ts';

const basePool: Pool = {
  id: 'p',
  name: 'p',
  forge: 'github',
  scope: 'ann/app',
  account: 'me',
  group: null,
  publicAllowed: false,
  arch: 'x64',
  runtime: 'process',
  size: 'standard',
  cores: null,
  memoryMiB: null,
  mode: 'auto',
  scaling: 'aggressive',
  overrides: {},
  min: 0,
  max: 4,
  weight: 1,
  labels: [],
  idleTimeoutSeconds: 300,
  maxLifetimeSeconds: 0,
};
const host = {
  os: 'linux',
  arch: 'x64',
  hostLabels: ['self-hosted', 'linux', 'x64'],
  docker: false,
  hasTool: () => false,
} as const;

const R = 'GET /repos/ann/app';
const O = 'GET /orgs/acme';
let github: MemoryGitHub;

type Lights = Record<string, Light>;

async function check(pool: Partial<Pool> = {}): Promise<Lights> {
  const lights = await preflight({ apis: github }).check({ ...basePool, ...pool }, host);
  expect(new Set(lights.map(({ name }) => name)).size).toBe(lights.length);
  for (const light of lights) {
    expect(light.message).toMatch(/^[^\n]*[.!]$/);
    expect(light.ok ? light.hint : (light.hint ?? '').length > 0).toBe(light.ok ? null : true);
    if (light.ok) expect(light.blocks).toBe(false);
  }
  return Object.fromEntries(lights.map((light) => [light.name, light]));
}

const blocking = (lights: Lights): string[] =>
  Object.values(lights)
    .filter(({ blocks }) => blocks)
    .map(({ name }) => name);

const bad = (lights: Lights): string[] =>
  Object.values(lights)
    .filter(({ ok }) => !ok)
    .map(({ name }) => name);

function workflows(at: string, files: Record<string, string>): void {
  const names = Object.keys(files);
  github.on(
    `${at}/contents/.github/workflows`,
    names.map((name) => ({ type: 'file', name, size: files[name]!.length })),
  );
  for (const name of names) {
    const content = Buffer.from(files[name]!).toString('base64');
    github.on(`${at}/contents/.github/workflows/${name}`, { content, encoding: 'base64' });
  }
}

const repository = (name: string, more: object = {}): object => ({
  full_name: name,
  private: true,
  archived: false,
  pushed_at: '2026-01-01T00:00:00Z',
  owner: { login: name.split('/')[0], type: 'User' },
  permissions: { admin: true },
  ...more,
});

const safeForks = { run_workflows_from_fork_pull_requests: false };
const forks = `${R}/actions/permissions/fork-pr-workflows-private-repos`;
const approval = `${R}/actions/permissions/fork-pr-contributor-approval`;
const good = 'on: push\njobs: { build: { runs-on: [self-hosted, linux], steps: [{ run: echo hi }] } }';

beforeEach(() => {
  github = new MemoryGitHub()
    .on('GET /user', { login: 'ann' })
    .on(R, repository('ann/app'))
    .on(`${R}/actions/runners`, { total_count: 0, runners: [] })
    .on(`${R}/actions/permissions`, { enabled: true })
    .on(forks, safeForks);
  workflows(R, { 'ci.yml': good });
});

describe('a repository', () => {
  it('has only good lights where all is well, each once', async () => {
    const lights = await check();
    expect(bad(lights)).toEqual([]);
    expect(Object.keys(lights).sort()).toEqual(
      [
        ...[
          'account',
          'actions',
          'archived',
          'docker',
          'fork-pull-requests',
          'group',
          'labels',
          'permission',
        ],
        ...['public', 'pull-request-target', 'scope', 'tools', 'workflows'],
      ].sort(),
    );
  });

  it('asks as an owner would, who is not put off', async () => {
    await check();
    expect(github.asked.every(({ urgency }) => urgency === 'must')).toBe(true);
    expect(github.asked.length).toBeLessThan(12);
  });

  it.each([
    ['GET /user', 'unauthorized', 'account'],
    [R, 'forge-unreachable', 'scope'],
    [R, 'not-found', 'scope'],
    [`${R}/actions/runners`, 'forbidden', 'permission'],
    [`${R}/actions/permissions`, 'forbidden', 'actions'],
    [`${R}/actions/permissions`, 'rate-limited', 'actions'],
    [forks, 'forbidden', 'fork-pull-requests'],
    [forks, 'not-found', 'fork-pull-requests'],
    [`${R}/contents/.github/workflows`, 'forge-unreachable', 'workflows'],
  ] as const)('blocks where %s answers %s: it could not be asked', async (path, code, light) => {
    github.fail(path, code);
    const lights = await check();
    expect(blocking(lights)).toEqual([light]);
    expect(lights[light]!.message).toContain(`GitHub says ${code}`);
    expect(lights[light]!.hint).toBe(`Mend ${code}.`);
  });

  it('blocks where the secret of the account is gone', async () => {
    github.gone = true;
    expect(await check()).toMatchObject({ account: { ok: false, blocks: true } });
  });

  it.each([
    [{ account: null }, 'account'],
    [{ scope: null }, 'scope'],
    [{ scope: 'a/b/c' }, 'scope'],
    [{ scope: '../x' }, 'scope'],
  ])('blocks for a pool with %j', async (pool, light) => {
    expect(blocking(await check(pool))).toEqual([light]);
    expect(github.asked).toEqual([]);
  });

  it('blocks where the person is no administrator', async () => {
    github.on(R, repository('ann/app', { permissions: { admin: false } }));
    expect(blocking(await check())).toEqual(['permission']);
  });

  it.each([
    ['repo, read:org', false],
    ['public_repo', true],
    ['read:org', true],
    ['', false],
  ])('a classic token with the scopes "%s": blocks %s', async (scopes, blocks) => {
    github.headers = { 'x-oauth-scopes': scopes };
    const { permission } = await check();
    expect(permission!.blocks).toBe(blocks);
    if (blocks) expect(permission!.link).toBe('https://github.com/settings/tokens/new?scopes=repo');
  });

  it('needs no role of a person for an App', async () => {
    const before = github;
    github = new MemoryGitHub({ kind: 'app' });
    for (const [path, reply] of before.replies) github.on(path, reply);
    github.replies.delete('GET /user');
    github.on(R, repository('ann/app', { permissions: {} })).on('GET /installation/repositories', {});
    expect(bad(await check())).toEqual([]);
  });

  it('blocks where it is archived, renamed, or has Actions disabled', async () => {
    github
      .on(R, repository('ann/new', { archived: true }))
      .on(`${R}/actions/permissions`, { enabled: false });
    for (const [path, reply] of [...github.replies]) github.on(path.replace('ann/app', 'ann/new'), reply);
    const lights = await check();
    expect(blocking(lights).sort()).toEqual(['actions', 'archived', 'scope']);
    expect(lights['scope']!.hint).toContain('ann/new');
  });

  it('says that a group is of no use', async () => {
    expect(await check({ group: 'big' })).toMatchObject({ group: { ok: false, blocks: false } });
  });
});

describe('a public repository', () => {
  beforeEach(() => {
    github.on(R, repository('ann/app', { private: false }));
    github.on(approval, { approval_policy: 'all_external_contributors' });
  });

  it.each([
    [{}, false],
    [{ publicAllowed: true }, false],
    [{ publicAllowed: true, runtime: 'container' }, true],
    [{ publicAllowed: true, runtime: 'vm', mode: 'ephemeral' }, true],
    [{ publicAllowed: true, runtime: 'container', mode: 'manual' }, false],
    [{ publicAllowed: false, runtime: 'container' }, false],
  ] as const)('with %j is allowed: %s', async (pool, allowed) => {
    const lights = await check(pool);
    expect(blocking(lights)).toEqual(allowed ? [] : ['public']);
  });

  it('is what a repository is of which it is not said', async () => {
    github.on(R, repository('ann/app', { private: undefined }));
    expect(blocking(await check())).toEqual(['public']);
  });

  it.each([
    ['all_external_contributors', true],
    ['first_time_contributors', false],
    ['first_time_contributors_new_to_github', false],
    ['something new', false],
  ])('with the policy %s is safe from forks: %s', async (policy, ok) => {
    github.on(approval, { approval_policy: policy });
    expect((await check())['fork-pull-requests']).toMatchObject({ ok, blocks: false });
  });
});

describe('forks of a private repository', () => {
  it.each([
    [{ run_workflows_from_fork_pull_requests: false }, true],
    [{ run_workflows_from_fork_pull_requests: true, require_approval_for_fork_pr_workflows: true }, true],
    [{ run_workflows_from_fork_pull_requests: true, require_approval_for_fork_pr_workflows: false }, false],
    [{}, false],
  ])('with %j are safe: %s', async (policy, ok) => {
    github.on(forks, policy);
    expect((await check())['fork-pull-requests']).toMatchObject({ ok, blocks: false });
  });

  it('cannot be where it cannot be forked', async () => {
    github.fail(forks, 'forbidden').on(R, repository('ann/app', { allow_forking: false }));
    expect(bad(await check())).toEqual([]);
  });

  it('are only warned of on an older GitHub that has no such question', async () => {
    const before = github;
    github = new MemoryGitHub({ url: 'https://ghe.example', apiUrl: 'https://ghe.example/api/v3' });
    for (const [path, reply] of before.replies) github.on(path, reply);
    github.fail(forks, 'not-found');
    expect((await check())['fork-pull-requests']).toMatchObject({ ok: false, blocks: false });
  });
});

describe('runners of repositories in an organisation', () => {
  const settings = `${O}/actions/permissions/self-hosted-runners`;
  beforeEach(() => {
    for (const [path, reply] of [...github.replies]) github.on(path.replace('ann/app', 'acme/app'), reply);
    const owner = { login: 'acme', type: 'Organization' };
    github.on('GET /repos/acme/app', repository('acme/app', { owner }));
    github.on(`${settings}/repositories`, { repositories: [repository('acme/app')] });
  });
  const light = async (): Promise<Light> => (await check({ scope: 'acme/app' }))['self-hosted']!;

  it.each([
    ['all', true],
    ['selected', true],
    ['none', false],
    ['???', false],
  ])('are allowed for %s: %s', async (which, ok) => {
    github.on(settings, { enabled_repositories: which });
    expect(await light()).toMatchObject({ ok, blocks: !ok });
  });

  it('are refused where only others are selected', async () => {
    github.on(settings, { enabled_repositories: 'selected' });
    github.on(`${settings}/repositories`, { repositories: [repository('acme/other')] });
    expect(await light()).toMatchObject({ ok: false, blocks: true });
  });

  it('are only warned of where this person may not ask, and block where GitHub cannot be asked', async () => {
    github.fail(settings, 'forbidden');
    expect(await light()).toMatchObject({ ok: false, blocks: false });
    github.fail(settings, 'forge-unreachable');
    expect(await light()).toMatchObject({ ok: false, blocks: true });
  });
});

describe('workflows', () => {
  const one = async (text: string, name: string): Promise<Light> => {
    workflows(R, { 'ci.yml': text });
    return (await check())[name]!;
  };

  it.each([
    ['on: pull_request', true],
    ['on: { pull_request_target: { types: [opened] } }', false],
  ])('%s is good: %s', async (on, ok) => {
    const light = await one(`${on}\njobs: {}`, 'pull-request-target');
    expect(light).toMatchObject({ ok, blocks: false });
    if (!ok) expect(light.message).toContain('ci.yml');
  });

  it.each([
    ['[self-hosted, linux]', true],
    ['"${{ inputs.runner }}"', true],
    ['[self-hosted, windows]', false],
    ['macos-latest', false],
    ['ubuntu-latest', false],
  ])('a job on %s comes here: %s', async (runsOn, ok) => {
    const light = await one(`on: push\njobs: { build: { runs-on: ${runsOn} } }`, 'labels');
    expect(light).toMatchObject({ ok, blocks: false });
    if (!ok) expect(light.message).toContain('build in ci.yml');
  });

  it('tells hosted jobs apart and is content where others come', async () => {
    const light = await one(
      'on: push\njobs: { a: { runs-on: ubuntu-latest }, b: { runs-on: linux } }',
      'labels',
    );
    expect(light).toMatchObject({ ok: true });
    expect(light.message).toContain('1 of 2 jobs comes');
    expect(light.message).toContain('On machines of GitHub: a in ci.yml (ubuntu-latest)');
  });

  it('names the job that needs Docker, or programs', async () => {
    const text =
      'on: push\njobs: { build: { runs-on: linux, container: alpine, steps: [{ run: "sudo jq ." }] } }';
    expect(await one(text, 'docker')).toMatchObject({ ok: false, blocks: false });
    expect((await one(text, 'docker')).message).toContain('build in ci.yml (a job container)');
    const tools = await one(text, 'tools');
    expect(tools).toMatchObject({ ok: false, blocks: false });
    expect(tools.message).toContain('build in ci.yml (jq)');
    expect(tools.message).toContain('sudo: build in ci.yml');
  });

  it.each([
    ['on: [push\njobs: {}', 'its YAML cannot be read'],
    ['- a list', 'it is no list of fields'],
  ])('that are no workflows are a sentence: %#', async (text, why) => {
    const light = await one(text, 'workflows');
    expect(light).toMatchObject({ ok: false, blocks: false });
    expect(light.message).toContain(why);
    expect(light.message.length).toBeLessThan(400);
  });

  it('that are too big are not fetched, and other files neither', async () => {
    github.on(`${R}/contents/.github/workflows`, [
      { type: 'file', name: 'big.yml', size: 10_000_000 },
      { type: 'file', name: 'README.md', size: 1 },
      { type: 'dir', name: 'more.yml' },
    ]);
    const { message } = (await check())['workflows']!;
    expect(message).toBe('Not looked at: big.yml (it is too big to be looked at).');
    expect(github.asked.filter(({ request }) => /\.ya?ml|README/.test(request))).toEqual([]);
  });

  it('may be missing', async () => {
    github.fail(`${R}/contents/.github/workflows`, 'not-found');
    expect((await check())['workflows']).toMatchObject({ ok: false, blocks: false });
  });

  it('one file that cannot be had is told, and the others are looked at', async () => {
    workflows(R, { 'a.yml': good, 'b.yml': 'on: pull_request_target\njobs: {}' });
    github.fail(`${R}/contents/.github/workflows/a.yml`, 'forge-unreachable');
    const lights = await check();
    expect(lights['workflows']!.message).toContain('a.yml');
    expect(lights['pull-request-target']!.ok).toBe(false);
  });
});

describe('all repositories of an owner', () => {
  const names = ['ann/a', 'ann/b', 'ann/c'];
  const list = (repositories: object[]): void => void github.on('GET /user/repos', repositories);
  beforeEach(() => {
    github.on('GET /users/ann', { login: 'ann', type: 'User' });
    for (const name of names) {
      github.on(`GET /repos/${name}/actions/permissions/fork-pr-workflows-private-repos`, safeForks);
      workflows(`GET /repos/${name}`, { 'ci.yml': good });
    }
    list([...names.map((name) => repository(name)), repository('other/x')]);
  });
  const many = (pool: Partial<Pool> = {}): Promise<Lights> => check({ scope: 'ann/*', ...pool });

  it('have good lights where all is well', async () => {
    const lights = await many();
    expect(bad(lights)).toEqual([]);
    expect(lights['scope']!.message).toContain('3 repositories of ann');
  });

  it.each([
    [{ mode: 'auto', min: 0 }, true],
    [{ mode: 'ephemeral', min: 0 }, true],
    [{ mode: 'ephemeral', min: 1 }, false],
    [{ mode: 'manual' }, false],
  ] as const)('may be served by %j: %s', async (pool, ok) => {
    expect((await many(pool))['registrations']).toMatchObject({ ok, blocks: !ok });
  });

  it('leave public ones out, and say so', async () => {
    list([repository('ann/a', { private: false }), repository('ann/b')]);
    const lights = await many();
    expect(blocking(lights)).toEqual([]);
    expect(lights['public']!.message).toBe(
      '1 of 2 repositories is public, so their jobs are not taken: ann/a.',
    );
    expect(github.asked.some(({ request }) => request.includes('ann/a'))).toBe(false);
  });

  it('block where all are public, where there is none, and where none may be administered', async () => {
    list([repository('ann/a', { private: false })]);
    expect(blocking(await many())).toEqual(['public']);
    list([repository('other/x')]);
    expect(blocking(await many())).toEqual(['scope']);
    list([repository('ann/a', { permissions: {} })]);
    expect(blocking(await many())).toEqual(['permission']);
  });

  it('name those that this account cannot administer, and those open to forks', async () => {
    list([repository('ann/a'), repository('ann/b', { permissions: {} })]);
    github.on('GET /repos/ann/a/actions/permissions/fork-pr-workflows-private-repos', {
      run_workflows_from_fork_pull_requests: true,
    });
    const lights = await many();
    expect(blocking(lights)).toEqual([]);
    expect(lights['permission']!.message).toContain('ann/b');
    expect(lights['fork-pull-requests']!.message).toContain('ann/a');
  });

  it('block where one of them cannot be asked for its forks', async () => {
    github.fail('GET /repos/ann/b/actions/permissions/fork-pr-workflows-private-repos', 'forbidden');
    expect(blocking(await many())).toEqual(['fork-pull-requests']);
  });

  it('are looked at up to twenty, the last pushed', async () => {
    const all = Array.from({ length: 60 }, (_, i) =>
      repository(`ann/r${i}`, {
        allow_forking: false,
        pushed_at: `2026-01-01T00:00:${String(i).padStart(2, '0')}Z`,
      }),
    );
    list(all);
    const lights = await many();
    expect(lights['scope']!.message).toContain('20 repositories');
    const looked = github.asked.filter(({ request }) => request.endsWith('/workflows'));
    expect(looked.map(({ request }) => request)).toContain('GET /repos/ann/r59/contents/.github/workflows');
    expect(looked).toHaveLength(20);
  });

  it('are those of an App where it is installed', async () => {
    const before = github;
    github = new MemoryGitHub({ kind: 'app' });
    for (const [path, reply] of before.replies) github.on(path, reply);
    github.on('GET /installation/repositories', { repositories: [repository('ann/a')] });
    expect(bad(await many())).toEqual([]);
  });
});

describe('an organisation', () => {
  const group = {
    id: 1,
    name: 'Default',
    default: true,
    visibility: 'all',
    allows_public_repositories: false,
  };
  const groups = (...made: object[]): void =>
    void github.on(`${O}/actions/runner-groups`, { runner_groups: made });
  beforeEach(() => {
    github
      .on('GET /users/acme', { login: 'acme', type: 'Organization' })
      .on(`${O}/repos`, [repository('acme/a')])
      .on(`${O}/actions/runners`, { runners: [] })
      .on(`${O}/actions/permissions`, { enabled_repositories: 'all' })
      .on(`${O}/actions/permissions/fork-pr-workflows-private-repos`, safeForks);
    groups(group);
    workflows('GET /repos/acme/a', { 'ci.yml': good });
  });
  const org = (pool: Partial<Pool> = {}): Promise<Lights> => check({ scope: 'acme', ...pool });

  it('has good lights where all is well', async () => {
    expect(bad(await org())).toEqual([]);
  });

  it('is not a person', async () => {
    github.on('GET /users/acme', { login: 'acme', type: 'User' });
    const lights = await org();
    expect(blocking(lights)).toEqual(['scope']);
    expect(lights['scope']!.hint).toContain('acme/*');
  });

  it.each([
    [`${O}/actions/runners`, 'permission'],
    [`${O}/actions/permissions`, 'actions'],
    [`${O}/actions/runner-groups`, 'group'],
    [`${O}/actions/permissions/fork-pr-workflows-private-repos`, 'fork-pull-requests'],
    [`${O}/repos`, 'scope'],
  ])('blocks where %s cannot be asked', async (path, light) => {
    github.fail(path, 'forbidden');
    expect(blocking(await org())).toEqual([light]);
  });

  it('needs admin:org of a classic token', async () => {
    github.headers = { 'x-oauth-scopes': 'repo, read:org' };
    expect(blocking(await org())).toEqual(['permission']);
    github.headers = { 'x-oauth-scopes': 'repo, admin:org' };
    expect(blocking(await org())).toEqual([]);
  });

  it.each([
    ['all', []],
    ['selected', []],
    ['none', ['actions']],
  ])('with Actions enabled for %s blocks %j', async (enabled, expected) => {
    github.on(`${O}/actions/permissions`, { enabled_repositories: enabled });
    expect(blocking(await org())).toEqual(expected);
  });

  it('blocks where its group is not there, naming those that are', async () => {
    const lights = await org({ group: 'Big' });
    expect(blocking(lights)).toEqual(['group']);
    expect(lights['group']!.hint).toContain('Default');
    groups(group, { ...group, id: 2, name: 'big', default: false });
    expect((await org({ group: 'Big' }))['group']!.ok).toBe(true);
  });

  it('blocks where its group lets public repositories in, or does not say', async () => {
    groups({ ...group, allows_public_repositories: true });
    expect(blocking(await org())).toEqual(['group']);
    groups({ id: 1, name: 'Default', default: true });
    expect(blocking(await org())).toEqual(['group']);
    groups({ ...group, allows_public_repositories: true });
    expect(blocking(await org({ publicAllowed: true, runtime: 'container' }))).toEqual([]);
  });

  it('says whom a group of some repositories lets in', async () => {
    groups({ ...group, visibility: 'selected' });
    const at = `${O}/actions/runner-groups/1/repositories`;
    github.on(at, { repositories: [repository('acme/a')] });
    expect((await org())['group']!.message).toContain('acme/a');
    github.on(at, { repositories: [] });
    expect((await org())['group']).toMatchObject({ ok: false, blocks: false });
  });
});

describe('an enterprise', () => {
  const E = 'GET /enterprises/big';
  beforeEach(() => {
    github
      .on(`${E}/actions/runners`, { runners: [] })
      .on(`${E}/actions/permissions`, { enabled_organizations: 'all' })
      .on(`${E}/actions/permissions/fork-pr-workflows-private-repos`, safeForks)
      .on(`${E}/actions/runner-groups`, {
        runner_groups: [{ id: 1, name: 'Default', default: true, allows_public_repositories: false }],
      });
  });

  it('blocks nothing where all is well, and says what was not looked at', async () => {
    const lights = await check({ scope: 'enterprises/big' });
    expect(blocking(lights)).toEqual([]);
    expect(bad(lights)).toEqual(['scope']);
  });

  it('blocks where it cannot be asked', async () => {
    github.fail(`${E}/actions/runners`, 'not-found').fail(`${E}/actions/runner-groups`, 'forbidden');
    expect(blocking(await check({ scope: 'enterprises/big' })).sort()).toEqual(['group', 'permission']);
  });
});

describe('a scope', () => {
  it.each([
    ['ann/app', 'repository'],
    ['ann/*', 'owner'],
    ['acme', 'organisation'],
    ['enterprises/big', 'enterprise'],
    ['', undefined],
    ['a/', undefined],
    ['/a', undefined],
    ['a b', undefined],
    ['a/..', undefined],
    ['*', undefined],
    ['*/a', undefined],
  ])('%s is %s', (text, kind) => {
    expect(placeOf(text)?.kind).toBe(kind);
  });
});
