import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Pool } from '../../../../contract/pool.ts';
import type { Demand, WaitingJob } from '../../../../core/ports.ts';
import { makePool, makeRecord } from '../../../../core/testing/make.ts';
import { directApis } from '../fake-apis.test-kit.ts';
import { FakeGitHub } from '../fake-github.test-kit.ts';
import { type DemandParts, githubDemand, type GitHubDemand } from './demand.ts';

const install = 'abc123';
const hour = 3_600_000;
const poolAt = (scope: string, more: Partial<Pool> = {}): Pool =>
  makePool({ id: 'p', forge: 'github', account: 'me', scope, ...more });

let github: FakeGitHub;
let direct: ReturnType<typeof directApis>;
let opened: GitHubDemand[];

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-05-01T12:00:00Z') });
  github = new FakeGitHub();
  direct = directApis(github);
  opened = [];
});
afterEach(() => {
  for (const demand of opened) demand.close();
  vi.useRealTimers();
});

function open(
  pools: readonly Pool[] | (() => readonly Pool[]),
  more: Partial<DemandParts> = {},
): GitHubDemand {
  const demand = githubDemand({
    apis: direct.apis,
    pools: typeof pools === 'function' ? pools : () => pools,
    install,
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    log: { info: () => {}, warn: () => {}, error: () => {} },
    takesPublic: () => false,
    checkMs: () => null,
    ...more,
  });
  opened.push(demand);
  return demand;
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const jobs = (demand: Demand): readonly WaitingJob[] => {
  if (demand === 'unknown') throw new Error('the demand is unknown');
  return demand.jobs;
};
const ids = (demand: GitHubDemand) => jobs(demand.demand()).map(({ id }) => id);
const down = (path = '') => {
  github.fault = (_, asked) => (asked.includes(path) ? { status: 502 } : null);
};
const well = () => {
  github.fault = () => null;
};

describe('one repository', () => {
  it('is unknown until it was asked, then tells each queued job with labels, as it is', async () => {
    github.repository('acme/site');
    const demand = open([poolAt('acme/site')]);
    expect(demand.demand()).toBe('unknown');
    expect(demand.knownAt()).toBeNull();
    await pass(100);
    expect(demand.demand()).toEqual({ jobs: [], total: 0 });
    expect(demand.knownAt()).toBe(Date.now() - 100);
    const [x64, arm] = github.queue('acme/site', ['self-hosted', 'X64'], ['self-hosted', 'ARM64'], []);
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
    github.repository('acme/site');
    const [first, second] = github.queue('acme/site', ['linux'], ['linux']);
    github.begin(first!, 'somebody');
    const demand = open([poolAt('acme/site')]);
    await pass(500);
    expect(ids(demand)).toEqual([`gh-${second?.id}`]);
    github.begin(second!, 'somebody');
    await pass(4000);
    expect(ids(demand)).toEqual([]);
  });

  it('wakes those who watch when a job comes and when it goes, and not in between', async () => {
    github.repository('acme/site');
    const demand = open([poolAt('acme/site')]);
    await pass(500);
    const woken: string[] = [];
    const leave = demand.watch((why) => woken.push(why));
    await pass(60_000);
    expect(woken).toEqual([]);
    const [job] = github.queue('acme/site', ['linux']);
    await pass(10_500);
    expect(woken).toHaveLength(1);
    github.begin(job!, null);
    await pass(10_500);
    expect(woken).toHaveLength(2);
    leave();
    github.queue('acme/site', ['linux']);
    await pass(10_500);
    expect(woken).toHaveLength(2);
  });

  it('tells the age of a job by the clock of the forge', async () => {
    github.skew = hour;
    github.repository('acme/site');
    github.queue('acme/site', ['linux']);
    const made = Date.now();
    const demand = open([poolAt('acme/site')]);
    await pass(500);
    expect(Math.abs((jobs(demand.demand())[0]?.createdAt ?? 0) - made)).toBeLessThan(1500);
  });

  it('finds a run that was made anew although it is not among the newest', async () => {
    const { runs } = github.repository('acme/site');
    const [old] = github.queue('acme/site', ['linux']);
    for (let i = 0; i < 40; i += 1) github.queue('acme/site', ['linux']);
    for (const run of runs) for (const job of run.jobs) github.end(job);
    const demand = open([poolAt('acme/site')]);
    await pass(10_000);
    expect(ids(demand)).toEqual([]);
    Object.assign(old!, { status: 'queued', conclusion: null });
    Object.assign(runs.at(-1)!, { status: 'queued', updatedAt: Date.now() });
    await pass(45_000);
    expect(ids(demand)).toEqual([`gh-${old?.id}`]);
  });

  it('becomes unknown in an outage, with a problem, and never zero; and comes back', async () => {
    github.repository('acme/site');
    github.queue('acme/site', ['linux']);
    const demand = open([poolAt('acme/site')]);
    await pass(500);
    expect(ids(demand)).toHaveLength(1);
    down();
    const seen = new Set<unknown>();
    for (let i = 0; i < 60; i += 1) {
      await pass(1000);
      const now = demand.demand();
      seen.add(now === 'unknown' ? now : now.total);
    }
    expect([...seen]).toEqual([1, 'unknown']);
    expect(demand.problems()).toMatchObject([{ code: 'forge-unreachable', subject: 'p' }]);
    well();
    await pass(61_000);
    expect(ids(demand)).toHaveLength(1);
    expect(demand.problems()).toEqual([]);
  });

  it('bears a single failure', async () => {
    github.repository('acme/site');
    github.queue('acme/site', ['linux']);
    const demand = open([poolAt('acme/site')]);
    await pass(500);
    let failing = 1;
    github.fault = () => (failing-- > 0 ? { status: 502 } : null);
    for (let i = 0; i < 20; i += 1) {
      await pass(1000);
      expect(ids(demand)).toHaveLength(1);
    }
  });

  it('knows nothing after the machine slept, until it has asked again', async () => {
    github.repository('acme/site');
    const demand = open([poolAt('acme/site')]);
    await pass(500);
    // The wall clock goes on while the machine sleeps, the monotonic one does not.
    vi.setSystemTime(Date.now() + hour);
    down();
    await pass(11_000);
    expect(demand.demand()).toBe('unknown');
    well();
    await pass(30_000);
    expect(ids(demand)).toEqual([]);
  });

  it('serves a renamed one, and says its new name', async () => {
    github.repository('acme/shop', { formerly: ['acme/site'] });
    github.queue('acme/shop', ['linux']);
    const demand = open([poolAt('acme/site')]);
    await pass(500);
    expect(jobs(demand.demand())).toMatchObject([{ reach: { p: 'acme/site' } }]);
    expect(demand.problems()).toMatchObject([{ code: 'not-found', subject: 'p' }]);
    expect(demand.problems()[0]?.hint).toContain('pool edit p --scope acme/shop');
  });

  it('takes nothing from one that was given to another owner', async () => {
    github.repository('evil/site', { formerly: ['acme/site'] });
    github.queue('evil/site', ['linux']);
    const demand = open([poolAt('acme/site')]);
    await pass(500);
    const [job] = jobs(demand.demand());
    expect(job).toMatchObject({ reach: {} });
    expect(job?.barred).toContain('belongs to another owner now');
  });

  it('says that it is archived, deleted, or public', async () => {
    github.repository('acme/old', { isArchived: true });
    const site = github.repository('acme/site');
    const pools = ['old', 'gone', 'site'].map((name) => poolAt(`acme/${name}`, { id: name }));
    const demand = open(pools);
    await pass(500);
    expect(demand.problems().map(({ code, subject }) => [code, subject])).toEqual([
      ['forbidden', 'old'],
      ['not-found', 'gone'],
    ]);
    expect(demand.demand()).toMatchObject({ unknown: ['gone'] });
    github.queue('acme/site', ['linux']);
    site.isPrivate = false;
    await pass(10_500);
    const [job] = jobs(demand.demand());
    expect(job).toMatchObject({ reach: {} });
    expect(job?.barred).toContain('is public');
  });

  it('takes jobs of a public one where the pool may', async () => {
    github.repository('acme/site', { isPrivate: false });
    github.queue('acme/site', ['linux']);
    const demand = open([poolAt('acme/site')], { takesPublic: ({ id }) => id === 'p' });
    await pass(500);
    expect(jobs(demand.demand())).toMatchObject([{ reach: { p: 'acme/site' } }]);
  });

  it('is asked as often as the owner says', async () => {
    github.repository('acme/site');
    open([poolAt('acme/site')], { checkMs: () => 60_000 });
    await pass(1000);
    const before = github.requests.length;
    await pass(58_000);
    expect(github.requests.length).toBe(before);
    await pass(4000);
    expect(github.requests.length).toBeGreaterThan(before);
  });
});

describe('several pools', () => {
  it('count a job once that two accounts see, and tell how each reaches it; the oldest first', async () => {
    github.repository('acme/site');
    github.repository('acme/shop');
    const [first] = github.queue('acme/shop', ['linux']);
    await pass(5000);
    const [second] = github.queue('acme/site', ['linux']);
    const demand = open([
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
    github.repository('acme/site');
    github.repository('acme/shop');
    github.queue('acme/site', ['linux']);
    github.queue('acme/shop', ['linux']);
    const demand = open([
      poolAt('acme/site', { id: 'a' }),
      poolAt('acme/shop', { id: 'b', account: 'other' }),
    ]);
    await pass(500);
    expect(ids(demand)).toHaveLength(2);
    direct.revoked.add('other');
    await pass(11_000);
    expect(demand.demand()).toMatchObject({
      total: 1,
      unknown: ['b'],
      jobs: [{ reach: { a: 'acme/site' } }],
    });
    expect(demand.problems()).toMatchObject([{ code: 'unauthorized' }]);
    direct.revoked.clear();
    await pass(61_000);
    expect(ids(demand)).toHaveLength(2);
  });

  it('come and go, with those of other forges left out', async () => {
    github.repository('acme/site');
    github.repository('acme/shop');
    github.queue('acme/shop', ['linux']);
    let pools = [poolAt('acme/site')];
    const demand = open(() => [...pools, makePool({ id: 'local' })]);
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
    const asked = github.requests.length;
    await pass(60_000);
    expect(github.requests.length).toBe(asked);
  });

  it('know nothing where a pool has no account, and nothing is asked for an enterprise', async () => {
    const demand = open([poolAt('acme/site', { account: null })]);
    await pass(500);
    expect(demand.demand()).toBe('unknown');
    const other = open([poolAt('enterprises/big')]);
    await pass(500);
    expect(other.demand()).toEqual({ jobs: [], total: 0 });
    expect(github.requests).toEqual([]);
  });
});

describe('all repositories of an owner', () => {
  it('finds the job of one that was just pushed to within 10 s, and of a quiet one within a minute or so', async () => {
    for (let i = 0; i < 50; i += 1) github.repository(`acme/r${i}`);
    const demand = open([poolAt('acme/*')]);
    await pass(70_000);
    expect(ids(demand)).toEqual([]);
    const pushed = github.repositories.get('acme/r40')!;
    pushed.pushedAt = Date.now();
    github.queue('acme/r40', ['linux']);
    await pass(14_000);
    expect(jobs(demand.demand())).toMatchObject([{ scope: 'acme/r40', reach: { p: 'acme/r40' } }]);
    github.queue('acme/r7', ['linux']);
    await pass(75_000);
    expect(ids(demand)).toHaveLength(2);
    expect(demand.repositories(poolAt('acme/*'))).toHaveLength(50);
  });

  it('leaves out archived ones and those of others, and follows what is made and deleted', async () => {
    github.repository('acme/site');
    github.repository('acme/old', { isArchived: true });
    github.repository('other/site');
    const demand = open([poolAt('acme/*')]);
    await pass(1000);
    const pool = poolAt('acme/*');
    expect(demand.repositories(pool)).toEqual(['acme/site']);
    github.repository('acme/new', { pushedAt: Date.now() });
    await pass(11_000);
    expect(demand.repositories(pool)).toEqual(['acme/site', 'acme/new']);
    github.repositories.delete('acme/site');
    await pass(400_000);
    expect(demand.repositories(pool)).toEqual(['acme/new']);
    expect(demand.demand()).toEqual({ jobs: [], total: 0 });
    expect(demand.problems()).toEqual([]);
  });

  it('goes on where one of its repositories is refused, and says which', async () => {
    github.repository('acme/site');
    github.repository('acme/secret', { pushedAt: Date.now() });
    github.queue('acme/site', ['linux']);
    github.fault = (_, path) => (path.includes('secret') ? { status: 403 } : null);
    const demand = open([poolAt('acme/*')]);
    await pass(2000);
    expect(ids(demand)).toHaveLength(1);
    expect(demand.problems()).toMatchObject([{ code: 'forbidden', subject: 'p' }]);
    expect(demand.problems()[0]?.message).toContain('acme/secret');
  });

  it('is unknown while its list, or a repository of it, gives no answer', async () => {
    github.repository('acme/site');
    github.repository('acme/shop');
    const demand = open([poolAt('acme/*')]);
    await pass(2000);
    down('/user/repos');
    await pass(40_000);
    expect(demand.demand()).toBe('unknown');
    well();
    await pass(61_000);
    expect(ids(demand)).toEqual([]);
    down('shop');
    await pass(120_000);
    expect(demand.demand()).toBe('unknown');
  });

  it('bars jobs that the runner group is closed to', async () => {
    github.groups = [
      { id: 1, name: 'Default', default: true, visibility: 'all', repositories: [] },
      { id: 7, name: 'fast', default: false, visibility: 'selected', repositories: ['acme/site'] },
    ];
    github.repository('acme/site');
    github.repository('acme/shop');
    github.queue('acme/site', ['linux']);
    github.queue('acme/shop', ['linux']);
    const demand = open([poolAt('acme', { group: 'Fast' })]);
    await pass(2000);
    const told = Object.fromEntries(jobs(demand.demand()).map((job) => [job.scope, [job.reach, job.barred]]));
    expect(told).toEqual({
      'acme/site': [{ p: 'acme' }, undefined],
      'acme/shop': [{}, 'The runner group fast is closed to the repository acme/shop.'],
    });
  });
});

describe('the budget', () => {
  /** The most in any window of this length. */
  const most = (times: readonly number[], windowMs: number) => {
    let from = 0;
    return times.reduce((best, at, i) => {
      while (at - (times[from] ?? 0) >= windowMs) from += 1;
      return Math.max(best, i - from + 1);
    }, 0);
  };
  /** Work at five of fifty repositories: each minute a run of four jobs that take half a minute. */
  const workFor = async (minutes: number) => {
    for (let i = 0; i < 50; i += 1) github.repository(`acme/r${i}`);
    const demand = open([poolAt('acme/*')]);
    const waits: number[] = [];
    let unknown = 0;
    for (let minute = 0; minute < minutes; minute += 1) {
      const name = `acme/r${minute % 5}`;
      github.repositories.get(name)!.pushedAt = Date.now();
      const queued = github.queue(name, ['linux'], ['linux'], ['linux'], ['linux']);
      const at = Date.now();
      let isFound = false;
      for (let second = 0; second < 60; second += 1) {
        await pass(1000);
        const now = demand.demand();
        if (now === 'unknown') unknown += 1;
        if (now === 'unknown') continue;
        if (!isFound && now.jobs.some(({ id }) => id === `gh-${queued[0]?.id}`)) {
          isFound = true;
          waits.push(Date.now() - at);
        }
        if (second === 30) for (const job of queued) github.begin(job, null);
        if (second === 58) for (const job of queued) github.end(job);
      }
    }
    waits.sort((a, b) => a - b);
    return { waits, unknown };
  };

  it('holds with 50 repositories: under 200 requests in any minute, and a fifth of the limit in any hour', async () => {
    const { waits, unknown } = await workFor(75);
    const times = github.requests.map(({ at }) => at);
    expect(most(times, 60_000)).toBeLessThan(200);
    expect(most(direct.counted, hour)).toBeLessThan(1000);
    // Found soon all the same.
    expect(waits.length).toBeGreaterThan(70);
    expect(waits[Math.floor(waits.length / 2)]).toBeLessThanOrEqual(10_000);
    expect(unknown).toBeLessThan(30);
  }, 60_000);

  it('holds where no ETag does', async () => {
    github.hasEtags = false;
    const { unknown } = await workFor(75);
    expect(
      most(
        github.requests.map(({ at }) => at),
        60_000,
      ),
    ).toBeLessThan(200);
    expect(most(direct.counted, hour)).toBeLessThan(1000);
    expect(unknown).toBeLessThan(30);
  }, 60_000);
});

describe('a job', () => {
  const name = `hr-${install}-p-aaaaaa`;
  const record = makeRecord({ name, account: 'me', scope: 'acme/site', oneJob: true });
  const told = {
    name: 'build',
    startedAt: 0,
    endedAt: null,
    result: null,
    repository: null,
    run: null,
  };

  it('is known by its runner while it runs; its end is asked for once', async () => {
    github.repository('acme/site');
    const [job, other] = github.queue('acme/site', ['linux'], ['linux']);
    github.begin(job!, name);
    github.begin(other!, 'foreign');
    const demand = open([poolAt('acme/site')]);
    await pass(500);
    expect(demand.jobOn(name)).toMatchObject({
      id: `gh-${job?.id}`,
      name: job?.name,
      startedAt: job?.startedAt,
    });
    expect(demand.jobOn('foreign')).toBeNull();
    const asked = github.requests.length;
    expect(await demand.jobOf(record, told)).toMatchObject({
      id: `gh-${job?.id}`,
      result: null,
      endedAt: null,
    });
    expect(github.requests.length).toBe(asked);
    github.end(job!, 'failure');
    const run = String(github.repositories.get('acme/site')?.runs[0]?.id);
    const ended = { ...told, run, endedAt: Date.now() };
    expect(await demand.jobOf(record, ended)).toMatchObject({ id: `gh-${job?.id}`, result: 'failed' });
    expect(github.requests.length).toBe(asked + 1);
    await demand.jobOf(record, ended);
    expect(github.requests.length).toBe(asked + 1);
  });

  it('of a runner that persists is told by its name and time', async () => {
    github.repository('acme/site');
    const [first, second] = github.queue('acme/site', ['linux'], ['linux']);
    github.begin(first!, name);
    const demand = open([poolAt('acme/site')]);
    await pass(10_000);
    github.end(first!);
    await pass(20 * 60_000);
    github.begin(second!, name);
    await pass(15_000);
    const persistent = { ...record, oneJob: false };
    const of = (job: typeof first) =>
      demand.jobOf(persistent, { ...told, name: job!.name, startedAt: job!.startedAt ?? 0 });
    expect(await of(first)).toMatchObject({ id: `gh-${first?.id}` });
    expect(await of(second)).toMatchObject({ id: `gh-${second?.id}` });
  });

  it('is unknown where neither looks nor its agent tell', async () => {
    github.repository('acme/site');
    const demand = open([poolAt('acme/site')]);
    await pass(500);
    expect(await demand.jobOf(record, told)).toBeNull();
    const gone = demand.jobOf(record, { ...told, run: '999' });
    await expect(gone).rejects.toMatchObject({ problem: { code: 'not-found' } });
  });

  it('is run again, and its run cancelled, where GitHub agrees', async () => {
    github.repository('acme/site');
    const [job] = github.queue('acme/site', ['linux']);
    const demand = open([poolAt('acme/site')]);
    await pass(500);
    const run = github.repositories.get('acme/site')?.runs[0]?.id;
    const ours = {
      id: `gh-${job?.id}`,
      forge: 'github',
      pool: 'p',
      name: 'build',
      url: `https://github.com/acme/site/actions/runs/${run}/job/${job?.id}`,
    } as never;
    expect(await demand.cancel(ours)).toContain('cancels the whole run');
    github.end(job!);
    await expect(demand.cancel(ours)).rejects.toMatchObject({
      problem: { code: 'usage', message: expect.stringContaining('Cannot cancel') as string },
    });
    expect(await demand.runAgain(ours)).toContain('once more');
    expect(github.requests.filter(({ method }) => method === 'POST').map(({ path }) => path)).toEqual([
      `/repos/acme/site/actions/runs/${run}/cancel`,
      `/repos/acme/site/actions/runs/${run}/cancel`,
      `/repos/acme/site/actions/jobs/${job?.id}/rerun`,
    ]);
    const nowhere = demand.runAgain({ ...(ours as object), url: null, pool: null } as never);
    await expect(nowhere).rejects.toMatchObject({ problem: { code: 'not-found' } });
  });
});
