import { describe, expect, it } from 'vitest';
import { eachInAWorld, pass, poolAt, type World } from './demand.test-kit.ts';

const hour = 3_600_000;
let world: World;
eachInAWorld((made) => (world = made));

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
    for (let i = 0; i < 50; i += 1) world.github.repository(`acme/r${i}`);
    const demand = world.open([poolAt('acme/*')]);
    const waits: number[] = [];
    let unknown = 0;
    for (let minute = 0; minute < minutes; minute += 1) {
      const name = `acme/r${minute % 5}`;
      world.github.repositories.get(name)!.pushedAt = Date.now();
      const queued = world.github.queue(name, ['linux'], ['linux'], ['linux'], ['linux']);
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
        if (second === 30) for (const job of queued) world.github.begin(job, null);
        if (second === 58) for (const job of queued) world.github.end(job);
      }
    }
    waits.sort((a, b) => a - b);
    return { waits, unknown };
  };

  it('holds with 50 repositories: under 200 requests in any minute, and a fifth of the limit in any hour', async () => {
    const { waits, unknown } = await workFor(75);
    const times = world.github.requests.map(({ at }) => at);
    expect(most(times, 60_000)).toBeLessThan(200);
    expect(most(world.direct.counted, hour)).toBeLessThan(1000);
    // Found soon all the same.
    expect(waits.length).toBeGreaterThan(70);
    expect(waits[Math.floor(waits.length / 2)]).toBeLessThanOrEqual(10_000);
    expect(unknown).toBeLessThan(30);
  }, 60_000);

  it('holds where no ETag does', async () => {
    world.github.hasEtags = false;
    const { unknown } = await workFor(75);
    expect(
      most(
        world.github.requests.map(({ at }) => at),
        60_000,
      ),
    ).toBeLessThan(200);
    expect(most(world.direct.counted, hour)).toBeLessThan(1000);
    expect(unknown).toBeLessThan(30);
  }, 60_000);
});
