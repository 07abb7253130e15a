import { describe, expect, it, vi } from 'vitest';
import { problem } from '../../../../contract/problem.ts';
import type { GitHubApis } from '../api/types.ts';
import { eachInAWorld, ids, jobs, pass, poolAt, type World } from './demand.test-kit.ts';

const hour = 3_600_000;
let world: World;
eachInAWorld((made) => (world = made));

describe('one repository', () => {
  it('is unknown until it was asked, then tells each queued job with labels, as it is', async () => {
    world.github.repository('acme/site');
    const demand = world.open([poolAt('acme/site')]);
    expect(demand.demand()).toBe('unknown');
    expect(demand.knownAt()).toBeNull();
    await pass(100);
    expect(demand.demand()).toEqual({ jobs: [], total: 0 });
    expect(demand.knownAt()).toBe(Date.now() - 100);
    const [x64, arm] = world.github.queue('acme/site', ['self-hosted', 'X64'], ['self-hosted', 'ARM64'], []);
    await pass(10_500);
    expect(jobs(demand.demand())).toMatchObject([
      {
        id: `gh-${x64?.id}`,
        forge: 'github',
        scope: 'acme/site',
        labels: ['self-hosted', 'X64'],
        arch: 'x64',
        pool: null,
        name: x64?.name,
        createdAt: x64?.createdAt,
        reach: { p: 'acme/site' },
      },
      { id: `gh-${arm?.id}`, arch: 'arm64' },
    ]);
    expect(jobs(demand.demand())[0]?.url).toMatch(
      /^https:\/\/github\.com\/acme\/site\/actions\/runs\/\d+\/job\/\d+$/,
    );
    expect(jobs(demand.demand())[0]).not.toHaveProperty('barred');
  });

  it('takes a queued job of a run in progress, and drops it when it begins', async () => {
    world.github.repository('acme/site');
    const [first, second] = world.github.queue('acme/site', ['linux'], ['linux']);
    world.github.begin(first!, 'somebody');
    const demand = world.open([poolAt('acme/site')]);
    await pass(500);
    expect(ids(demand)).toEqual([`gh-${second?.id}`]);
    world.github.begin(second!, 'somebody');
    await pass(4000);
    expect(ids(demand)).toEqual([]);
  });

  it('wakes those who watch when a job comes and when it goes, and not in between', async () => {
    world.github.repository('acme/site');
    const demand = world.open([poolAt('acme/site')]);
    await pass(500);
    const woken: string[] = [];
    const leave = demand.watch((why) => woken.push(why));
    await pass(60_000);
    expect(woken).toEqual([]);
    const [job] = world.github.queue('acme/site', ['linux']);
    await pass(10_500);
    expect(woken).toHaveLength(1);
    world.github.begin(job!, null);
    await pass(10_500);
    expect(woken).toHaveLength(2);
    leave();
    world.github.queue('acme/site', ['linux']);
    await pass(10_500);
    expect(woken).toHaveLength(2);
  });

  it('tells the age of a job by the clock of the forge', async () => {
    world.github.skew = hour;
    world.github.repository('acme/site');
    world.github.queue('acme/site', ['linux']);
    const made = Date.now();
    const demand = world.open([poolAt('acme/site')]);
    await pass(500);
    expect(Math.abs((jobs(demand.demand())[0]?.createdAt ?? 0) - made)).toBeLessThan(1500);
  });

  it('finds a run that was made anew although it is not among the newest', async () => {
    const { runs } = world.github.repository('acme/site');
    const [old] = world.github.queue('acme/site', ['linux']);
    for (let i = 0; i < 40; i += 1) world.github.queue('acme/site', ['linux']);
    for (const run of runs) for (const job of run.jobs) world.github.end(job);
    const demand = world.open([poolAt('acme/site')]);
    await pass(10_000);
    expect(ids(demand)).toEqual([]);
    Object.assign(old!, { status: 'queued', conclusion: null });
    Object.assign(runs.at(-1)!, { status: 'queued', updatedAt: Date.now() });
    await pass(45_000);
    expect(ids(demand)).toEqual([`gh-${old?.id}`]);
  });

  it('becomes unknown in an outage, with a problem, and never zero; and comes back', async () => {
    world.github.repository('acme/site');
    world.github.queue('acme/site', ['linux']);
    const demand = world.open([poolAt('acme/site')]);
    await pass(500);
    expect(ids(demand)).toHaveLength(1);
    world.down();
    const seen = new Set<unknown>();
    for (let i = 0; i < 60; i += 1) {
      await pass(1000);
      const now = demand.demand();
      seen.add(now === 'unknown' ? now : now.total);
    }
    expect([...seen]).toEqual([1, 'unknown']);
    expect(demand.problems()).toMatchObject([{ code: 'forge-unreachable', subject: 'p' }]);
    world.well();
    await pass(61_000);
    expect(ids(demand)).toHaveLength(1);
    expect(demand.problems()).toEqual([]);
  });

  it('says why where it may not ask at all, and that is no outage', async () => {
    world.github.repository('acme/site');
    const { apis } = world.direct;
    let free = false;
    const refused = () => {
      const until = { retryAt: Date.now() + 5000 };
      return Promise.reject(problem('rate-limited', 'It has asked as often as it may.', 'It waits.', until));
    };
    const of: GitHubApis['of'] = (account) => (free ? apis.of(account) : refused());
    const demand = world.open([poolAt('acme/site')], { apis: { ...apis, of } });
    await pass(3000);
    expect(demand.demand()).toBe('unknown');
    expect(demand.problems()).toMatchObject([{ code: 'rate-limited', subject: 'p' }]);
    free = true;
    await pass(10_000);
    expect(ids(demand)).toEqual([]);
    expect(demand.problems()).toEqual([]);
  });

  it('bears a single failure', async () => {
    world.github.repository('acme/site');
    world.github.queue('acme/site', ['linux']);
    const demand = world.open([poolAt('acme/site')]);
    await pass(500);
    let failing = 1;
    world.github.fault = () => (failing-- > 0 ? { status: 502 } : null);
    for (let i = 0; i < 20; i += 1) {
      await pass(1000);
      expect(ids(demand)).toHaveLength(1);
    }
  });

  it('knows nothing after the machine slept, until it has asked again', async () => {
    world.github.repository('acme/site');
    const demand = world.open([poolAt('acme/site')]);
    await pass(500);
    // The wall clock goes on while the machine sleeps, the monotonic one does not.
    vi.setSystemTime(Date.now() + hour);
    world.down();
    await pass(11_000);
    expect(demand.demand()).toBe('unknown');
    world.well();
    await pass(30_000);
    expect(ids(demand)).toEqual([]);
  });

  it('serves a renamed one, and says its new name', async () => {
    world.github.repository('acme/shop', { formerly: ['acme/site'] });
    world.github.queue('acme/shop', ['linux']);
    const demand = world.open([poolAt('acme/site')]);
    await pass(500);
    expect(jobs(demand.demand())).toMatchObject([{ reach: { p: 'acme/site' } }]);
    expect(demand.problems()).toMatchObject([{ code: 'not-found', subject: 'p' }]);
    expect(demand.problems()[0]?.hint).toContain('pool edit p --scope acme/shop');
  });

  it('takes nothing from one that was given to another owner', async () => {
    world.github.repository('evil/site', { formerly: ['acme/site'] });
    world.github.queue('evil/site', ['linux']);
    const demand = world.open([poolAt('acme/site')]);
    await pass(500);
    const [job] = jobs(demand.demand());
    expect(job).toMatchObject({ reach: {} });
    expect(job?.barred).toContain('belongs to another owner now');
  });

  it('says that it is archived, deleted, or public', async () => {
    world.github.repository('acme/old', { isArchived: true });
    const site = world.github.repository('acme/site');
    const pools = ['old', 'gone', 'site'].map((name) => poolAt(`acme/${name}`, { id: name }));
    const demand = world.open(pools);
    await pass(500);
    expect(demand.problems().map(({ code, subject }) => [code, subject])).toEqual([
      ['forbidden', 'old'],
      ['not-found', 'gone'],
    ]);
    expect(demand.demand()).toMatchObject({ unknown: ['gone'] });
    world.github.queue('acme/site', ['linux']);
    site.isPrivate = false;
    await pass(10_500);
    const [job] = jobs(demand.demand());
    expect(job).toMatchObject({ reach: {} });
    expect(job?.barred).toContain('is public');
  });

  it('that was made public, or went to another owner, is closed to runners that are there already', async () => {
    const site = world.github.repository('acme/site');
    const moved = world.github.repository('acme/moved');
    const pools = [poolAt('acme/site'), poolAt('acme/moved', { id: 'm' }), poolAt('acme/*', { id: 'all' })];
    const demand = world.open(pools);
    const closed = () =>
      pools.map((pool) => demand.closed(pool, pool.id === 'm' ? 'acme/moved' : 'acme/site'));
    expect(closed()).toEqual([null, null, null]);
    await pass(500);
    expect(closed()).toEqual([null, null, null]);
    site.isPrivate = false;
    world.github.repositories.delete('acme/moved');
    world.github.repository('evil/moved', { ...moved, name: 'evil/moved', formerly: ['acme/moved'] });
    await pass(70_000);
    expect(closed()).toEqual([
      expect.stringContaining('is public'),
      expect.stringContaining('another owner'),
      expect.stringContaining('is public'),
    ]);
    expect(demand.problems()).toContainEqual(
      expect.objectContaining({ code: 'refused-by-policy', subject: 'p' }),
    );
    site.isPrivate = true;
    await pass(320_000);
    expect(closed()[0]).toBeNull();
  });

  it('takes jobs of a public one where the pool may', async () => {
    world.github.repository('acme/site', { isPrivate: false });
    world.github.queue('acme/site', ['linux']);
    const demand = world.open([poolAt('acme/site')], { takesPublic: ({ id }) => id === 'p' });
    await pass(500);
    expect(demand.closed(poolAt('acme/site'), 'acme/site')).toBeNull();
    expect(demand.problems()).toEqual([]);
    expect(jobs(demand.demand())).toMatchObject([{ reach: { p: 'acme/site' } }]);
  });

  it('is asked as often as the owner says', async () => {
    world.github.repository('acme/site');
    world.open([poolAt('acme/site')], { checkMs: () => 60_000 });
    await pass(1000);
    const before = world.github.requests.length;
    await pass(58_000);
    expect(world.github.requests.length).toBe(before);
    await pass(4000);
    expect(world.github.requests.length).toBeGreaterThan(before);
  });
});
