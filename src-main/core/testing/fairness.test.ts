/** How pools share the host over time, in calm simulated worlds. */
import { describe, expect, it } from 'vitest';
import type { Pool } from '../../contract/pool.ts';
import { makePool, t0, wideHost } from './make.ts';
import { makeWorld, type SimPool, submit, type World } from './world.ts';
import { run } from './world-loop.ts';

const second = 1000;
const minute = 60_000;
const hour = 60 * minute;

function sim(pool: Partial<Pool>, cores = 1): SimPool {
  return {
    pool: makePool(pool),
    runner: { cores, memoryMiB: 1024 * cores, pids: 100, fast: false },
    paused: false,
  };
}

/** Keeps some jobs waiting for each pool, whose lengths vary around `seconds`, until then. */
function feed(w: World, hungry: readonly string[], seconds: number, until: number): void {
  while (w.now < until) {
    for (const pool of hungry) {
      const waiting = [...w.jobs.values()].filter((j) => j.pool === pool && j.runner === null).length;
      for (let n = waiting; n < 6; n += 1) {
        submit(w, { forge: 'local', pool, durationMs: Math.round(seconds * (0.5 + w.random()) * second) });
      }
    }
    run(w, w.now + 20 * second);
    for (const [id, job] of w.jobs) if (job.outcomes.length > 0) w.jobs.delete(id);
  }
}

describe('weights', () => {
  it.each([
    ['auto', 1],
    ['auto', 4],
    ['ephemeral', 1],
    ['ephemeral', 4],
  ] as const)(
    'two always hungry %s pools of weights 1 and 3 on %i cores get job time within a tenth of 1:3',
    (mode, cores) => {
      const pools = [
        sim({ id: 'one', weight: 1, mode, max: 4 }),
        sim({ id: 'three', weight: 3, mode, max: 4 }),
      ];
      const w = makeWorld(7, { ...wideHost, cores }, pools);
      const length = (cores === 1 ? 5 : 2) * hour;
      feed(w, ['one', 'three'], 30, t0 + length);
      const [one = 0, three = 0] = ['one', 'three'].map((id) => w.coreMs.get(id) ?? 0);
      expect(w.broken).toEqual([]);
      expect((one + three) / (length * cores)).toBeGreaterThan(0.8);
      expect(three / one).toBeGreaterThan(2.7);
      expect(three / one).toBeLessThan(3.3);
    },
    60_000,
  );
});

describe('no pool starves', () => {
  it.each(['auto', 'ephemeral', 'manual'] as const)(
    'a large job beside busy small %s pools starts within 10 minutes',
    (mode) => {
      const small = ['a', 'b', 'c'].map((id) => sim({ id, mode, max: 4, min: mode === 'manual' ? 2 : 0 }));
      const w = makeWorld(3, { ...wideHost, cores: 4 }, [...small, sim({ id: 'large', max: 1 }, 4)]);
      feed(w, ['a', 'b', 'c'], 30, t0 + 20 * minute);
      const job = submit(w, { forge: 'local', pool: 'large', durationMs: minute });
      feed(w, ['a', 'b', 'c'], 30, w.now + 10 * minute);
      expect(w.broken).toEqual([]);
      expect(job.starts).toBe(1);
    },
    60_000,
  );

  it('a waiting job takes the place of warmth and min, by one exchange in 30 s', () => {
    const w = makeWorld(5, { ...wideHost, cores: 3 }, [
      sim({ id: 'kept', mode: 'manual', min: 3 }),
      sim({ id: 'b' }),
    ]);
    run(w, t0 + minute);
    expect(w.journal.size).toBe(3);
    const jobs = [1, 2].map(() => submit(w, { forge: 'local', pool: 'b', durationMs: 10 * minute }));
    run(w, w.now + 10 * second);
    expect(jobs.map((j) => j.starts)).toEqual([1, 0]);
    run(w, w.now + 30 * second);
    expect(jobs.map((j) => j.starts)).toEqual([1, 1]);
    const gaps = w.exchanges.slice(1).map((at, i) => at - (w.exchanges[i] ?? 0));
    expect(w.exchanges.length).toBeGreaterThanOrEqual(2);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(30 * second);
  });
});
