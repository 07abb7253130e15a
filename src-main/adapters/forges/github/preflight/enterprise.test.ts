import { beforeEach, describe, expect, it } from 'vitest';
import type { Pool } from '../../../../contract/pool.ts';
import type { MemoryGitHub } from '../memory.test-kit.ts';
import {
  bad,
  blocking,
  checkAt,
  gitHubOfAnn,
  type Lights,
  repository,
  safeForks,
  workflowsAt,
  writeProbe,
} from './preflight.test-kit.ts';

const E = 'GET /enterprises/big';
let github: MemoryGitHub;
const check = (pool: Partial<Pool> = {}): Promise<Lights> =>
  checkAt(github, { scope: 'enterprises/big', ...pool });

/** The organisations that GraphQL tells of; those in `foreign` without the account. */
const has = (logins: readonly string[], foreign: readonly string[] = [], errors?: readonly object[]) => {
  const nodes = logins.map((login) => ({ login, viewerIsAMember: !foreign.includes(login) }));
  const pageInfo = { hasNextPage: false, endCursor: null };
  const data = { enterprise: { organizations: { nodes, pageInfo } } };
  github.on('POST /graphql', errors === undefined ? { data } : { data, errors });
};

beforeEach(() => {
  github = gitHubOfAnn()
    .on(`${E}/actions/runners`, { runners: [] })
    .on(writeProbe(E), { token: 'AAAA' })
    .on(`${E}/actions/permissions`, { enabled_organizations: 'all' })
    .on(`${E}/actions/permissions/fork-pr-workflows-private-repos`, safeForks)
    .on(`${E}/actions/runner-groups`, {
      runner_groups: [{ id: 1, name: 'Default', default: true, allows_public_repositories: false }],
    })
    .on('GET /orgs/acme/repos', [repository('acme/a'), repository('acme/open', { private: false })])
    .on('GET /orgs/shop/repos', [repository('shop/b')]);
  has(['acme', 'shop']);
  workflowsAt(github, 'GET /repos/acme/a', { 'ci.yml': 'on: push\njobs: { x: { runs-on: windows } }' });
  workflowsAt(github, 'GET /repos/shop/b', {});
});

describe('an enterprise', () => {
  it('has the repositories of its organisations looked at, and blocks nothing where all is well', async () => {
    const lights = await check();
    expect(blocking(lights)).toEqual([]);
    expect(lights['scope']!.message).toContain('2 organisations; 3 repositories');
    expect(lights['public']!.message).toContain('acme/open');
    expect(Object.values(lights).some(({ message }) => message.includes('windows'))).toBe(true);
  });

  it('blocks where it cannot be asked', async () => {
    github.fail(`${E}/actions/runners`, 'not-found').fail(`${E}/actions/runner-groups`, 'forbidden');
    expect(blocking(await check()).sort()).toEqual(['group', 'permission']);
  });

  it('names all scopes that a token needs there', async () => {
    github.headers = { 'x-oauth-scopes': 'repo, read:enterprise' };
    const lights = await check();
    expect(blocking(lights)).toEqual(['permission']);
    expect(lights['permission']!.hint).toContain('manage_runners:enterprise, read:enterprise, repo');
  });

  it('that may not list its organisations has no runners by demand; others only say so', async () => {
    github.headers = { 'x-oauth-scopes': 'repo, manage_runners:enterprise' };
    github.on('POST /graphql', { data: { enterprise: null } });
    const lights = await check();
    expect(blocking(lights)).toEqual(['scope']);
    expect(lights['scope']).toMatchObject({
      message: expect.stringContaining('it lacks the scope read:enterprise'),
      link: 'https://github.com/settings/tokens',
    });
    for (const mode of ['manual', 'ephemeral'] as const) {
      const others = await check({ mode });
      expect([blocking(others), bad(others)]).toEqual([[], ['scope']]);
    }
  });

  it('without organisations is told of', async () => {
    has([]);
    expect(blocking(await check())).toEqual(['scope']);
  });

  it('says of which organisations not all is seen', async () => {
    has(['acme', 'shop'], ['shop']);
    const seen = async () => (await check())['organisations'];
    expect(await seen()).toMatchObject({ ok: false, blocks: false });
    expect((await seen())!.message).toContain('ann is no member of shop');
    github.fail('GET /orgs/shop/repos', 'forbidden');
    expect((await seen())!.message).toContain('repositories of shop');
    has(['acme'], [], [{ type: 'FORBIDDEN', message: 'Resource protected by SAML.' }]);
    expect((await seen())!.message).toContain('protected by SAML.');
  });
});
