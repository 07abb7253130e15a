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
    [{ forge: 'github', scope: 'o/r' }, 'Pools of GitHub are not part of this version yet.'],
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

describe('editPool', () => {
  it('changes what is named and leaves the rest, unknown fields too', () => {
    const before = { ...poolDefaults('a', 'auto', 'x64'), color: 'red' };
    expect(editPool(before, { max: 7, name: undefined })).toEqual({ ...before, max: 7 });
  });
});
