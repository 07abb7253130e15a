import { beforeEach, describe, expect, it } from 'vitest';
import type { Pool } from '../../../../contract/pool.ts';
import type { MemoryGitHub } from '../memory.test-kit.ts';
import {
  asAccount,
  bad,
  blocking,
  checkAt,
  gitHubOfAnn,
  good,
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

describe('all repositories of an owner', () => {
  const names = ['ann/a', 'ann/b', 'ann/c'];
  const list = (repositories: object[]): void => void github.on('GET /user/repos', repositories);
  beforeEach(() => {
    github.on('GET /users/ann', { login: 'ann', type: 'User' });
    for (const name of names) {
      github.on(`GET /repos/${name}/actions/runners`, { runners: [] });
      github.on(writeProbe(`GET /repos/${name}`), { token: 'AAAA' });
      github.on(`GET /repos/${name}/actions/permissions/fork-pr-workflows-private-repos`, safeForks);
      workflowsAt(github, `GET /repos/${name}`, { 'ci.yml': good });
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

  it('of a person have no variable by which jobs could fall back', async () => {
    const lights = await many({ fallback: true });
    expect(bad(lights)).toEqual(['fallback']);
    expect(blocking(lights)).toEqual([]);
    expect(lights['fallback']!.message).toContain('ann is a person');
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

  it('block where the token may not register, which shows when it is tried at one', async () => {
    github.fail(writeProbe('GET /repos/ann/a'), 'forbidden');
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
    github = asAccount(github, { kind: 'app' });
    github.on('GET /installation/repositories', { repositories: [repository('ann/a')] });
    expect(bad(await many())).toEqual([]);
  });
});
