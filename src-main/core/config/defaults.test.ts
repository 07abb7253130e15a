import { describe, expect, it } from 'vitest';
import type { Pool, PoolEdit } from '../../contract/pool.ts';
import { problemOf } from '../../contract/problem.ts';
import { editPool, newPool, poolDefaults, refuse } from './defaults.ts';

const host = { arch: 'x64' } as const;
const make = (edit: PoolEdit, existing: string[] = [], id: string | null = null) =>
  newPool(edit, host, existing, id).pool;
const refusalOf = (edit: PoolEdit) => {
  try {
    make(edit);
    return null;
  } catch (thrown) {
    return problemOf(thrown);
  }
};

describe('newPool', () => {
  it('has a default for everything, by mode', () => {
    expect(make({})).toEqual({
      id: 'local',
      name: 'local',
      forge: 'local',
      scope: null,
      account: null,
      group: null,
      publicAllowed: false,
      fallback: false,
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
    });
    expect(make({ mode: 'manual' })).toMatchObject({ min: 1, max: 4 });
    expect(make({ mode: 'ephemeral' })).toMatchObject({ min: 1, max: 4 });
  });

  it('takes what the owner named', () => {
    const edit: PoolEdit = {
      mode: 'ephemeral',
      min: 2,
      max: 9,
      weight: 3,
      labels: ['mine'],
      cores: 0.5,
      memoryMiB: 512,
    };
    expect(make(edit)).toMatchObject(edit);
  });

  it('raises the default maximum to a higher minimum', () => {
    expect(make({ mode: 'manual', min: 6 })).toMatchObject({ min: 6, max: 6 });
  });

  it('finds a free id', () => {
    expect(make({}, ['local']).id).toBe('local-2');
    expect(make({}, ['local', 'local-2']).id).toBe('local-3');
    expect(make({ name: 'My Big Pool!' })).toMatchObject({ id: 'my-big-pool', name: 'My Big Pool!' });
    expect(make({ name: 'Übung' }, ['bung'])).toMatchObject({ id: 'bung-2' });
    expect(make({ name: '日本' }).id).toBe('local');
    expect(make({}, [], 'mine')).toMatchObject({ id: 'mine', name: 'mine' });
  });

  it('refuses an id that is taken', () => {
    expect(() => make({}, ['mine'], 'mine')).toThrow('There is a pool mine already.');
  });

  it('says what has no effect', () => {
    expect(newPool({ mode: 'auto', min: 2 }, host, []).notes).toEqual([
      'The minimum of 2 has no effect in auto mode, where runners exist only while there is work.',
    ]);
    expect(newPool({ mode: 'manual', min: 2 }, host, []).notes).toEqual([]);
  });
});

describe('refuse', () => {
  it.each<[PoolEdit, string]>([
    [{ forge: 'gitlab' }, 'Pools of GitLab are not part of this version yet.'],
    [{ forge: 'gitea' }, 'Pools of Gitea are not part of this version yet.'],
    [{ forge: 'forgejo' }, 'Pools of Forgejo are not part of this version yet.'],
    [{ runtime: 'container' }, 'Runners in a container are not part of this version yet.'],
    [{ runtime: 'vm' }, 'Runners in a virtual machine are not part of this version yet.'],
    [{ size: 'gpu' }, 'Runners that lease a GPU are not part of this version yet.'],
    [
      { arch: 'arm64' },
      'This machine is x64; runners for arm64 need emulation, which is not part of this version yet.',
    ],
    [{ scope: 'o/r' }, 'The local forge has no repositories to choose from, so the scope o/r means nothing.'],
    [{ account: 'octo' }, 'The local forge has no accounts.'],
    [{ group: 'lab' }, 'The local forge has no groups.'],
    [{ publicAllowed: true }, 'The local forge has no public repositories: only you give it jobs.'],
    [{ min: 3, max: 2 }, 'A minimum of 3 runners is more than the maximum of 2.'],
    [
      { mode: 'manual', min: 0, max: 1, labels: ['arm64'] },
      'The label arm64 names an architecture, and the runners of this pool are x64.',
    ],
  ])('%j', (edit, message) => {
    const refusal = refusalOf(edit);
    expect(refusal).toMatchObject({ code: 'usage', message });
    expect(refusal?.hint).toMatch(/\.$/);
  });

  it('lets what can be had pass', () => {
    const pool: Pool = {
      ...poolDefaults('a', 'manual', 'x64'),
      labels: ['x64', 'linux', 'gpu'],
      size: 'large',
    };
    expect(refuse(pool, host)).toBeNull();
  });
});

describe('at GitHub', () => {
  const at = (edit: PoolEdit): PoolEdit => ({ forge: 'github', scope: 'o/r', account: 'octo', ...edit });

  it.each<PoolEdit>([
    {},
    { scope: 'o/r.js', mode: 'manual', min: 2 },
    { scope: 'o/r', mode: 'ephemeral', publicAllowed: true },
    { scope: 'my-org', mode: 'auto', group: 'lab machines' },
    { scope: 'o/*', mode: 'auto' },
    { scope: 'o/*', mode: 'ephemeral' },
    { scope: 'octo_corp/*', mode: 'ephemeral', min: 0 },
    { scope: 'enterprises/big', mode: 'ephemeral', group: 'lab' },
    { scope: 'enterprises/big', mode: 'manual' },
    { scope: 'enterprises/big', mode: 'auto' },
  ])('takes %j', (edit) => {
    expect(make(at(edit))).toMatchObject({ forge: 'github', ...at(edit) });
  });

  it('keeps none ready over repositories where nothing is said', () => {
    expect(make(at({ scope: 'o/*', mode: 'ephemeral' })).min).toBe(0);
    expect(make(at({ mode: 'ephemeral' })).min).toBe(1);
  });

  it.each<[PoolEdit, RegExp]>([
    [{ scope: null }, /needs to know whose jobs/],
    [{ scope: 'o/r/x' }, /The scope o\/r\/x is nothing that GitHub has/],
    [{ scope: 'https://github.com/o/r' }, /is nothing that GitHub has/],
    [{ scope: 'o/..' }, /is nothing that GitHub has/],
    [{ scope: '*' }, /is nothing that GitHub has/],
    [{ scope: 'o r' }, /is nothing that GitHub has/],
    [{ account: null }, /needs an account/],
    [{ scope: 'o/*', mode: 'manual' }, /as work appears, which manual runners cannot be/],
    [{ scope: 'o/*', mode: 'ephemeral', min: 1 }, /No runner can be kept ready/],
    [{ group: 'lab' }, /only organisations and enterprises have groups/],
    [{ scope: 'o/*', group: 'lab' }, /only organisations and enterprises have groups/],
    [{ mode: 'manual', publicAllowed: true }, /no jobs of public repositories/],
    [{ runtime: 'container' }, /Runners in a container are not part/],
    [{ arch: 'arm64' }, /need emulation/],
    [{ min: 3, max: 2 }, /A minimum of 3/],
    [{ labels: ['arm64'] }, /The label arm64 names an architecture/],
  ])('refuses %j', (edit, message) => {
    const refusal = refusalOf(at(edit));
    expect(refusal).toMatchObject({ code: 'usage', message: expect.stringMatching(message) });
    expect(refusal?.hint).toMatch(/\.$/);
  });
});

describe('editPool', () => {
  it('changes what is named and leaves the rest, unknown fields too', () => {
    const before = { ...poolDefaults('a', 'auto', 'x64'), color: 'red' };
    expect(editPool(before, { max: 7, name: undefined })).toEqual({ ...before, max: 7 });
  });
});
