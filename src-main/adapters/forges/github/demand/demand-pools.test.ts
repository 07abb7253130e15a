import { describe, expect, it } from 'vitest';
import { makePool } from '../../../../core/testing/make.ts';
import { eachInAWorld, ids, jobs, pass, poolAt, type World } from './demand.test-kit.ts';

let world: World;
eachInAWorld((made) => (world = made));

describe('several pools', () => {
  it('count a job once that two accounts see, and tell how each reaches it; the oldest first', async () => {
    world.github.repository('acme/site');
    world.github.repository('acme/shop');
    const [first] = world.github.queue('acme/shop', ['linux']);
    await pass(5000);
    const [second] = world.github.queue('acme/site', ['linux']);
    const demand = world.open([
      poolAt('acme/site', { id: 'a' }),
      poolAt('ACME/*', { id: 'b', account: 'other' }),
      poolAt('acme', { id: 'c' }),
    ]);
    await pass(2000);
    expect(jobs(demand.demand()).map(({ id, reach }) => [id, reach])).toEqual([
      [`gh-${first?.id}`, { b: 'acme/shop', c: 'acme' }],
      [`gh-${second?.id}`, { a: 'acme/site', b: 'acme/site', c: 'acme' }],
    ]);
  });

  it('go on where the token of one is revoked, which is unknown alone', async () => {
    world.github.repository('acme/site');
    world.github.repository('acme/shop');
    world.github.queue('acme/site', ['linux']);
    world.github.queue('acme/shop', ['linux']);
    const demand = world.open([
      poolAt('acme/site', { id: 'a' }),
      poolAt('acme/shop', { id: 'b', account: 'other' }),
    ]);
    await pass(500);
    expect(ids(demand)).toHaveLength(2);
    world.direct.revoked.add('other');
    await pass(11_000);
    expect(demand.demand()).toMatchObject({
      total: 1,
      unknown: ['b'],
      jobs: [{ reach: { a: 'acme/site' } }],
    });
    expect(demand.problems()).toMatchObject([{ code: 'unauthorized' }]);
    world.direct.revoked.clear();
    await pass(61_000);
    expect(ids(demand)).toHaveLength(2);
  });

  it('come and go, with those of other forges left out', async () => {
    world.github.repository('acme/site');
    world.github.repository('acme/shop');
    world.github.queue('acme/shop', ['linux']);
    let pools = [poolAt('acme/site')];
    const demand = world.open(() => [...pools, makePool({ id: 'local' })]);
    await pass(500);
    expect(ids(demand)).toEqual([]);
    pools = [poolAt('acme/shop')];
    demand.nudge();
    expect(demand.demand()).toBe('unknown');
    await pass(500);
    expect(ids(demand)).toHaveLength(1);
    pools = [];
    demand.nudge();
    expect(demand.demand()).toEqual({ jobs: [], total: 0 });
    const asked = world.github.requests.length;
    await pass(60_000);
    expect(world.github.requests.length).toBe(asked);
  });

  it('know nothing where a pool has no account', async () => {
    const demand = world.open([poolAt('acme/site', { account: null })]);
    await pass(500);
    expect(demand.demand()).toBe('unknown');
    expect(world.github.requests).toEqual([]);
  });
});

describe('all repositories of an owner', () => {
  it('finds the job of one that was just pushed to within 10 s, and of a quiet one within a minute or so', async () => {
    for (let i = 0; i < 50; i += 1) world.github.repository(`acme/r${i}`);
    const demand = world.open([poolAt('acme/*')]);
    await pass(70_000);
    expect(ids(demand)).toEqual([]);
    const pushed = world.github.repositories.get('acme/r40')!;
    pushed.pushedAt = Date.now();
    world.github.queue('acme/r40', ['linux']);
    await pass(14_000);
    expect(jobs(demand.demand())).toMatchObject([{ scope: 'acme/r40', reach: { p: 'acme/r40' } }]);
    world.github.queue('acme/r7', ['linux']);
    await pass(75_000);
    expect(ids(demand)).toHaveLength(2);
    expect(demand.repositories(poolAt('acme/*'))).toHaveLength(50);
  });

  it('leaves out archived ones and those of others, and follows what is made and deleted', async () => {
    world.github.repository('acme/site');
    world.github.repository('acme/old', { isArchived: true });
    world.github.repository('other/site');
    const demand = world.open([poolAt('acme/*')]);
    await pass(1000);
    const pool = poolAt('acme/*');
    expect(demand.repositories(pool)).toEqual(['acme/site']);
    world.github.repository('acme/new', { pushedAt: Date.now() });
    await pass(11_000);
    expect(demand.repositories(pool)).toEqual(['acme/site', 'acme/new']);
    world.github.repositories.delete('acme/site');
    await pass(400_000);
    expect(demand.repositories(pool)).toEqual(['acme/new']);
    expect(demand.demand()).toEqual({ jobs: [], total: 0 });
    expect(demand.problems()).toEqual([]);
  });

  it('goes on where one of its repositories is refused, and says which', async () => {
    world.github.repository('acme/site');
    world.github.repository('acme/secret', { pushedAt: Date.now() });
    world.github.queue('acme/site', ['linux']);
    world.github.fault = (_, path) => (path.includes('secret') ? { status: 403 } : null);
    const demand = world.open([poolAt('acme/*')]);
    await pass(2000);
    expect(ids(demand)).toHaveLength(1);
    expect(demand.problems()).toMatchObject([{ code: 'forbidden', subject: 'p' }]);
    expect(demand.problems()[0]?.message).toContain('acme/secret');
  });

  it('is unknown while its list, or a repository of it, gives no answer', async () => {
    world.github.repository('acme/site');
    world.github.repository('acme/shop');
    const demand = world.open([poolAt('acme/*')]);
    await pass(2000);
    world.down('/user/repos');
    await pass(40_000);
    expect(demand.demand()).toBe('unknown');
    world.well();
    await pass(61_000);
    expect(ids(demand)).toEqual([]);
    world.down('shop');
    await pass(120_000);
    expect(demand.demand()).toBe('unknown');
  });

  it('tells the jobs of its other repositories while one gives no answer', async () => {
    world.github.repository('acme/site');
    world.github.repository('acme/shop');
    const demand = world.open([poolAt('acme/*')]);
    await pass(2000);
    world.down('shop');
    await pass(120_000);
    world.github.queue('acme/site', ['linux']);
    await pass(70_000);
    expect(demand.demand()).toMatchObject({ jobs: [{ scope: 'acme/site' }], unknown: ['p'] });
  });

  it('bars jobs that the runner group is closed to', async () => {
    world.github.groups = [
      { id: 1, name: 'Default', default: true, visibility: 'all', repositories: [] },
      { id: 7, name: 'fast', default: false, visibility: 'selected', repositories: ['acme/site'] },
    ];
    world.github.repository('acme/site');
    world.github.repository('acme/shop');
    world.github.queue('acme/site', ['linux']);
    world.github.queue('acme/shop', ['linux']);
    const demand = world.open([poolAt('acme', { group: 'Fast' })]);
    await pass(2000);
    const told = Object.fromEntries(jobs(demand.demand()).map((job) => [job.scope, [job.reach, job.barred]]));
    expect(told).toEqual({
      'acme/site': [{ p: 'acme' }, undefined],
      'acme/shop': [{}, 'The runner group fast is closed to the repository acme/shop.'],
    });
  });
});

describe('a job that asks for a machine of GitHub', () => {
  const names = (demand: ReturnType<World['open']>) =>
    jobs(demand.demand()).map(({ labels }) => labels.join());

  it('is not one that waits for us, unless a pool offers what it asks for', async () => {
    world.github.repository('acme/site');
    world.github.queue('acme/site', ['ubuntu-latest'], ['Windows-2025'], ['macos-15', 'large']);
    world.github.queue('acme/site', ['self-hosted', 'ubuntu-24.04'], ['linux']);
    const ours = ['linux', 'self-hosted,ubuntu-24.04'];
    const demand = world.open([poolAt('acme/site')]);
    const offering = world.open([poolAt('acme/site', { labels: ['Ubuntu-Latest'] })]);
    await pass(500);
    expect(names(demand).sort()).toEqual(ours);
    expect(names(offering).sort()).toEqual([...ours, 'ubuntu-latest']);
  });
});
