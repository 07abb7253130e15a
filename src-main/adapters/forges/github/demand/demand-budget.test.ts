import { describe, expect, it } from 'vitest';
import { makeRecord } from '../../../../core/testing/make.ts';
import type { FakeJob } from '../fake-dto.test-kit.ts';
import { githubRunners } from '../runners/runners.ts';
import type { GitHubDemand } from './demand.ts';
import { eachInAWorld, install, jobs, pass, poolAt, type World } from './demand.test-kit.ts';

const hour = 3_600_000;
let world: World;
eachInAWorld((made) => (world = made));

/** The most in any window of this length. */
const most = (times: readonly number[], windowMs: number) => {
  let from = 0;
  return times.reduce((best, at, i) => {
    while (at - (times[from] ?? 0) >= windowMs) from += 1;
    return Math.max(best, i - from + 1);
  }, 0);
};

/** Numbers from 0 to 1, the same each time. */
const random = (seed: number) => () => {
  seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
  return seed / 2 ** 31;
};

interface Work {
  readonly at: number;
  readonly repository: string;
  readonly pushed: boolean;
  /** How long GitHub needs from the push to the run. */
  readonly runAfterMs: number;
  readonly lastsMs: number;
}

/** 75 runs of one job within an hour: four of five by a push to one of eight repositories, the others without, anywhere. */
function workOf(seed: number): readonly Work[] {
  const next = random(seed);
  return Array.from({ length: 75 }, (): Work => {
    const pushed = next() < 0.8;
    return {
      at: Math.floor(next() * hour),
      repository: `acme/r${Math.floor(next() * (pushed ? 8 : 50))}`,
      pushed,
      runAfterMs: pushed ? 1000 + Math.floor(next() * 7000) : 0,
      lastsMs: 20_000 + Math.floor(next() * 100_000),
    };
  }).sort((a, b) => a.at - b.at);
}

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** One hour of it, and what is asked of GitHub besides looks: registrations, lists of runners, the ends of jobs. */
class Hour {
  readonly waits: { readonly ms: number; readonly pushed: boolean }[] = [];
  unknown = 0;
  readonly #demand: GitHubDemand;
  readonly #runners = githubRunners({
    apis: world.direct.apis,
    install,
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    log,
    wake: () => undefined,
    jobOn: () => null,
    isOver: (name) => this.#demand.isOver(name),
    hasEnded: (name, account) => this.#demand.hasEnded(name, account),
  });
  readonly #queued = new Map<string, { job: FakeJob; work: Work; at: number }>();
  readonly #later: { readonly at: number; readonly do: () => unknown }[] = [];
  readonly #used = new Set<string>();

  constructor() {
    for (let i = 0; i < 50; i += 1) world.github.repository(`acme/r${i}`);
    this.#demand = world.open([poolAt('acme/*')]);
  }

  async pass(all: readonly Work[]): Promise<void> {
    // The first look at all is over.
    await this.#until(Date.now() + 15 * 60_000);
    const begin = Date.now();
    for (const work of all) this.#after(begin + work.at - Date.now(), () => this.#come(work));
    await this.#until(begin + hour + 20 * 60_000);
  }

  async #until(end: number): Promise<void> {
    while (Date.now() < end) {
      await pass(1000);
      for (const [index, { at }] of [...this.#later.entries()].reverse())
        if (at <= Date.now()) for (const due of this.#later.splice(index, 1)) await due.do();
      this.#runners.list([...this.#used].map((scope) => ({ account: 'me', scope })));
      const now = this.#demand.demand();
      if (now === 'unknown') this.unknown += 1;
      else for (const { id } of jobs(now)) await this.#found(id);
    }
  }

  #after(ms: number, act: () => unknown): void {
    this.#later.push({ at: Date.now() + ms, do: act });
  }

  #come(work: Work): void {
    if (work.pushed) world.github.repositories.get(work.repository)!.pushedAt = Date.now();
    this.#after(work.runAfterMs, () => {
      for (const job of world.github.queue(work.repository, ['linux']))
        this.#queued.set(`gh-${job.id}`, { job, work, at: Date.now() });
    });
  }

  async #found(id: string): Promise<void> {
    const found = this.#queued.get(id);
    if (found === undefined) return;
    const { job, work, at } = found;
    this.#queued.delete(id);
    this.waits.push({ ms: Date.now() - at, pushed: work.pushed });
    this.#used.add(work.repository);
    const name = `hr-${install}-p-${String(100_000 + this.waits.length)}`;
    const of = { account: 'me', scope: work.repository, oneJob: true, labels: ['linux'], madeFor: id };
    const record = makeRecord({ ...of, name, forge: 'github', registration: null });
    await this.#runners.register(record);
    const row = () => world.github.runners.get(work.repository)?.find((one) => one.name === name);
    this.#after(3000, () => {
      world.github.begin(job, name);
      Object.assign(row() ?? {}, { status: 'online', busy: true });
    });
    this.#after(3000 + work.lastsMs, async () => {
      world.github.end(job);
      const rows = world.github.runners.get(work.repository) ?? [];
      world.github.runners.set(
        work.repository,
        rows.filter((one) => one.name !== name),
      );
      const told = { name: job.name, startedAt: 0, endedAt: Date.now(), result: null };
      await this.#demand.jobOf(record, { ...told, repository: work.repository, run: null });
      await this.#runners.remove({ ...record, registration: '1' });
    });
  }
}

/** How long the jobs waited to be found, in seconds: of them all, the middle and the longest. */
const figuresOf = (waits: readonly { readonly ms: number }[]) => {
  const all = waits.map(({ ms }) => ms / 1000).sort((a, b) => a - b);
  return { median: all[Math.floor(all.length / 2)] ?? Infinity, worst: all.at(-1) ?? Infinity };
};

describe('an hour of 75 jobs at 50 repositories', () => {
  const passed = async (seed: number) => {
    const here = new Hour();
    await here.pass(workOf(seed));
    const asked = world.github.requests.map(({ at }) => at);
    expect(here.waits).toHaveLength(75);
    expect(here.unknown).toBeLessThan(30);
    // All that is asked, not looks alone.
    expect(most(asked, 60_000)).toBeLessThanOrEqual(200);
    expect(most(world.direct.counted, hour)).toBeLessThanOrEqual(1000);
    const [pushed, others] = [true, false].map((is) => here.waits.filter((one) => one.pushed === is));
    return { all: figuresOf(here.waits), pushed: figuresOf(pushed ?? []), others: figuresOf(others ?? []) };
  };

  it('finds each within seconds where ETags hold, within minutes what nothing announces', async () => {
    const { all, pushed, others } = await passed(1);
    expect(all.median).toBeLessThanOrEqual(5);
    expect(pushed.worst).toBeLessThanOrEqual(15);
    expect(others.worst).toBeLessThanOrEqual(180);
  }, 60_000);

  it.each([1, 2])(
    'finds each where no ETag holds: pushes soon, the others in turn (%i)',
    async (seed) => {
      world.github.hasEtags = false;
      const { all, pushed, others } = await passed(seed);
      expect(all.median).toBeLessThanOrEqual(20);
      expect(pushed.worst).toBeLessThanOrEqual(60);
      expect(others.median).toBeLessThanOrEqual(500);
      expect(others.worst).toBeLessThanOrEqual(1500);
    },
    60_000,
  );
});

describe('while very much must be asked', () => {
  it('looks go on, in parts where one takes more than is left', async () => {
    world.github.repository('acme/site');
    const queued = Array.from({ length: 25 }, () => world.github.queue('acme/site', ['linux'])).flat();
    const api = await world.direct.apis.of('me');
    const debt = async (requests: number) => {
      for (let n = 0; n < requests; n += 1) await api.request('GET /repos/{owner}/{repo}', site);
    };
    const site = { owner: 'acme', repo: 'site' };
    await debt(150);
    const demand = world.open([poolAt('acme/site')]);
    for (let second = 0; second < 90; second += 1) {
      await debt(4);
      await pass(1000);
    }
    expect(jobs(demand.demand())).toHaveLength(queued.length);
  });
});
