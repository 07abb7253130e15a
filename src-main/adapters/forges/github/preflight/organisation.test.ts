import { beforeEach, describe, expect, it } from 'vitest';
import type { Pool } from '../../../../contract/pool.ts';
import type { MemoryGitHub } from '../memory.test-kit.ts';
import {
  bad,
  blocking,
  checkAt,
  gitHubOfAnn,
  good,
  O,
  repository,
  safeForks,
  workflowsAt,
  type Lights,
  writeProbe,
} from './preflight.test-kit.ts';

let github: MemoryGitHub;
beforeEach(() => {
  github = gitHubOfAnn();
});
const check = (pool?: Partial<Pool>): Promise<Lights> => checkAt(github, pool);

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
      .on(writeProbe(O), { token: 'AAAA' })
      .on(`${O}/actions/permissions`, { enabled_repositories: 'all' })
      .on(`${O}/actions/permissions/fork-pr-workflows-private-repos`, safeForks);
    groups(group);
    workflowsAt(github, 'GET /repos/acme/a', { 'ci.yml': good });
  });
  const org = (pool: Partial<Pool> = {}): Promise<Lights> => check({ scope: 'acme', ...pool });

  it('has good lights where all is well', async () => {
    expect(bad(await org())).toEqual([]);
  });

  it('of which no repository is seen is not said to have no workflow', async () => {
    github.on(`${O}/repos`, []);
    const lights = await org();
    expect(bad(lights)).toEqual(['scope']);
    expect(blocking(lights)).toEqual([]);
    expect(lights['workflows']).toBeUndefined();
  });

  it('is not a person', async () => {
    github.on('GET /users/acme', { login: 'acme', type: 'User' });
    const lights = await org();
    expect(blocking(lights)).toEqual(['scope']);
    expect(lights['scope']!.hint).toContain('acme/*');
  });

  it.each([
    [`${O}/actions/runners`, 'permission'],
    [writeProbe(O), 'permission'],
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
