import { beforeEach, describe, expect, it } from 'vitest';
import type { Light } from '../../../../contract/commands.ts';
import type { Pool } from '../../../../contract/pool.ts';
import type { MemoryGitHub } from '../memory.test-kit.ts';
import {
  approval,
  asAccount,
  bad,
  blocking,
  checkAt,
  forks,
  gitHubOfAnn,
  O,
  R,
  repository,
  type Lights,
  writeProbe,
} from './preflight.test-kit.ts';

let github: MemoryGitHub;
beforeEach(() => {
  github = gitHubOfAnn();
});
const check = (pool?: Partial<Pool>): Promise<Lights> => checkAt(github, pool);

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
        ...['public', 'pull-request-target', 'runner-version', 'scope', 'tools', 'workflows'],
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
    [writeProbe(R), 'forbidden', 'permission'],
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
    github = asAccount(github, { kind: 'app' });
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
    github = asAccount(github, { url: 'https://ghe.example', apiUrl: 'https://ghe.example/api/v3' });
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
