/** Sections 3 and 4 of the design to the letter, at a forge whose agents wait: how many runners are there, and when. */
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { queue, simPool } from './elsewhere.test-kit.ts';
import { t0, wideHost } from './make.ts';
import { makeWorld, type World } from './world.ts';
import { run } from './world-loop.ts';
import { takenByAnother } from './world-truth.ts';

// Hundreds of turns of a whole world, beside all the other tests.
vi.setConfig({ testTimeout: 60_000 });

const second = 1000;
const minute = 60_000;
const modes = ['auto', 'manual', 'ephemeral'] as const;
const presets = ['lazy', 'balanced', 'aggressive'] as const;
const each = modes.flatMap((mode) => presets.map((scaling) => [mode, scaling] as const));

function worldWith(pool: Parameters<typeof simPool>[1], cores = 64): World {
  return makeWorld(1, { ...wideHost, cores }, [
    simPool('p', { max: 20, ...pool, scope: pool.scope ?? 'ann/app' }),
  ]);
}

const jobs = (w: World, count: number, seconds = 600, repository = 'ann/app') =>
  Array.from({ length: count }, () => queue(w, repository, ['self-hosted'], seconds));
const made = (w: World): number[] =>
  w.done.flatMap(({ action }) => (action.do === 'intend' ? [action.record.intendedAt] : []));
const live = (w: World): number => w.journal.size;
const running = (w: World): number => [...w.jobs.values()].filter((j) => j.starts === 1).length;

describe('a matrix of 8 jobs', () => {
  it('starts as many runners at once as capacity and max allow, in every mode and preset', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...each),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 12 }),
        fc.nat({ max: 2 }),
        ([mode, scaling], cores, max, wishedMin) => {
          const min = Math.min(wishedMin, max, cores);
          const w = worldWith({ mode, scaling, max, min }, cores);
          run(w, t0 + minute);
          const kept = mode === 'auto' ? 0 : min;
          expect(live(w)).toBe(kept);
          const before = w.turns;
          jobs(w, 8);
          run(w, w.now);
          // One turn, and the rest is registering.
          expect(w.turns - before).toBeLessThanOrEqual(2);
          const wanted = Math.min(8, cores, max);
          run(w, w.now + 2 * second);
          expect(made(w).filter((at) => at > t0 + minute - 1).length).toBeGreaterThanOrEqual(wanted - kept);
          expect(live(w)).toBeLessThanOrEqual(Math.min(cores, max));
          run(w, w.now + 5 * second);
          expect(running(w)).toBe(wanted);
          expect(w.broken).toEqual([]);
        },
      ),
      { numRuns: 40, seed: 1 },
    );
  });

  it('of different labels gets a runner for each job, with exactly its labels', () => {
    const w = makeWorld(1, wideHost, [simPool('p', { max: 8, hasGpu: true })]);
    const labels = [['gpu'], ['linux'], ['self-hosted', 'x64'], ['linux', 'gpu']];
    const queued = labels.map((own) => queue(w, 'ann/app', own, 600));
    run(w, t0 + second);
    const records = [...w.journal.values()].slice(0, 4);
    expect(records.map((r) => [r.madeFor, r.labels])).toEqual(queued.map((j) => [j.id, j.labels]));
    run(w, w.now + 5 * second);
    // Also where one was given another's job, for which a runner is made then.
    expect(running(w)).toBe(4);
  });
});

describe('the presets', () => {
  it.each([
    ['lazy', 1, 120],
    ['lazy', 4, 120],
    ['lazy', 5, 0],
    ['balanced', 1, 10],
    ['balanced', 2, 0],
    ['aggressive', 1, 0],
  ] as const)('%s: %i waiting jobs get their runners after %i s', (scaling, count, seconds) => {
    for (const mode of modes) {
      const w = worldWith({ mode, scaling });
      run(w, t0 + minute);
      const at = w.now;
      jobs(w, count);
      if (seconds > 0) {
        run(w, at + (seconds - 1) * second);
        expect(made(w)).toEqual([]);
      }
      run(w, at + (seconds + 1) * second);
      // All in one step; what is kept warm beside the jobs follows when these run.
      const [first = 0, ...others] = made(w);
      expect(others.filter((one) => one === first)).toHaveLength(count - 1);
    }
  });

  it.each([
    ['auto', 'aggressive', 0],
    ['ephemeral', 'lazy', 0],
    ['ephemeral', 'balanced', 1],
    ['ephemeral', 'aggressive', 3],
    ['manual', 'lazy', 0],
    ['manual', 'balanced', 1],
    ['manual', 'aggressive', 3],
  ] as const)(
    '%s, %s: after 3 jobs at once %i stay warm for 10 minutes, and the rest ends after the cooldown',
    (mode, scaling, warm) => {
      const cooldown = { lazy: 120, balanced: 60, aggressive: 30 }[scaling] * second;
      const w = worldWith({ mode, scaling });
      jobs(w, scaling === 'lazy' ? 5 : 3, 60);
      run(w, t0 + 30 * second);
      for (const job of [...w.jobs.values()].slice(3)) job.endsAt = w.now;
      run(w, t0 + 70 * second);
      expect([...w.jobs.values()].every((j) => j.outcomes.length === 1)).toBe(true);
      // What is fenced at its cooldown's end takes up to a minute to go.
      run(w, t0 + 70 * second + cooldown + 2 * minute);
      const peak = scaling === 'aggressive' ? Math.min(live(w), 5) : live(w);
      expect(peak).toBe(warm);
      run(w, t0 + 14 * minute + cooldown);
      expect(live(w)).toBe(0);
      expect(w.broken).toEqual([]);
    },
  );

  it('no new job and no refill waits for a cooldown', () => {
    const w = worldWith({ mode: 'ephemeral', min: 2, scaling: 'lazy' });
    run(w, t0 + minute);
    expect(live(w)).toBe(2);
    for (let n = 0; n < 4; n += 1) {
      jobs(w, 2, 5);
      run(w, w.now + 20 * second);
      expect([...w.jobs.values()].every((j) => j.outcomes.length === 1)).toBe(true);
      expect(
        [...w.journal.values()].filter(
          (r) => r.jobsDone === 0 && w.instances.get(r.name)?.state === 'running',
        ),
      ).toHaveLength(2);
    }
  });
});

describe('many repositories in one pool', () => {
  const many = (pool: Parameters<typeof simPool>[1], cores: number) =>
    worldWith({ scope: 'ann/*', mode: 'auto', ...pool }, cores);

  it('take turns: beside a long queue of one, the job of another is among the next', () => {
    for (const mode of ['auto', 'ephemeral'] as const) {
      const w = many({ mode, scaling: 'lazy' }, 2);
      jobs(w, 12, 60);
      run(w, t0 + 10 * second);
      const other = queue(w, 'ann/lib', ['linux'], 60);
      const third = queue(w, 'ann/site', ['linux'], 60);
      run(w, w.now + 80 * second);
      expect([other.starts, third.starts]).toEqual([1, 1]);
      expect(w.broken).toEqual([]);
    }
  });

  it('take turns where there is room for one runner only', () => {
    const w = many({}, 1);
    const order = (): string[] =>
      [...w.jobs.values()]
        .filter((j) => j.starts > 0)
        .sort((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0))
        .map((j) => j.scope ?? '');
    jobs(w, 6, 30);
    run(w, t0 + 10 * second);
    for (const repository of ['ann/lib', 'ann/lib', 'ann/site']) queue(w, repository, ['linux'], 30);
    run(w, w.now + 6 * minute);
    expect(order().slice(0, 6)).toEqual(['ann/app', 'ann/lib', 'ann/site', 'ann/app', 'ann/lib', 'ann/app']);
    expect(order()).toHaveLength(9);
  });

  it('have registrations only where work is, and none when it is over', () => {
    const w = many({ mode: 'ephemeral' }, 8);
    run(w, t0 + minute);
    expect(w.registrations.size).toBe(0);
    jobs(w, 2, 30);
    queue(w, 'ann/lib', ['x64'], 30);
    run(w, w.now + 10 * second);
    expect([...w.registrations.values()].map((r) => r.scope).sort()).toEqual([
      'ann/app',
      'ann/app',
      'ann/lib',
    ]);
    run(w, w.now + 15 * minute);
    expect(w.registrations.size + w.journal.size).toBe(0);
  });
});

describe('pools that share the host', () => {
  it('a waiting job starts within 10 minutes beside others that always have work', () => {
    for (const mode of ['auto', 'ephemeral'] as const) {
      const w = makeWorld(3, { ...wideHost, cores: 2 }, [
        simPool('a', { scope: 'ann/app', mode, max: 4 }),
        simPool('b', { scope: 'ann/lib', mode, max: 4, cores: 2 }),
      ]);
      const feed = (until: number): void => {
        while (w.now < until) {
          const waiting = [...w.jobs.values()].filter(
            (j) => j.scope === 'ann/app' && j.runner === null,
          ).length;
          jobs(w, 6 - waiting, 30);
          run(w, w.now + 20 * second);
        }
      };
      feed(t0 + 10 * minute);
      const job = queue(w, 'ann/lib', ['linux'], 60);
      feed(w.now + 10 * minute);
      expect(job.starts).toBe(1);
      expect(w.broken).toEqual([]);
    }
  });
});

describe('what forges elsewhere do', () => {
  it('a runner whose job another one took serves the next, or ends; no second one is made for what runs', () => {
    const w = worldWith({ mode: 'auto', idleTimeoutSeconds: 300 });
    w.chaos = { ...w.chaos, pollMs: 5000, staleMs: 8000, handoverMs: 0 };
    const [lost] = jobs(w, 1);
    run(w, t0 + 8 * second);
    takenByAnother(w);
    expect(lost?.outcomes).toEqual(['elsewhere']);
    run(w, w.now + 15 * second);
    expect(live(w)).toBe(1);
    const [next] = jobs(w, 1, 30);
    run(w, w.now + 5 * second);
    expect(next?.starts).toBe(1);
    run(w, w.now + 10 * minute);
    expect(made(w)).toHaveLength(1);
    expect(live(w)).toBe(0);
  });

  it('answers that are old make no second runner for a job that has begun', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        // Those that keep none warm beside the jobs.
        fc.constantFrom(...each.filter(([mode, scaling]) => mode === 'auto' || scaling === 'lazy')),
        fc.integer({ min: 0, max: 10_000 }),
        (seed, [mode, scaling], staleMs) => {
          const w = makeWorld(seed, wideHost, [simPool('p', { mode, scaling, max: 20 })]);
          w.chaos = { ...w.chaos, pollMs: 5000, staleMs, handoverMs: 1000 };
          jobs(w, 6, 300);
          run(w, t0 + 4 * minute);
          expect(running(w)).toBe(6);
          expect(made(w)).toHaveLength(6);
        },
      ),
      { numRuns: 12, seed: 1 },
    );
  });

  it('a job that is handed over in the last moment before its runner’s end is done, whatever the forge says of it', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.constantFrom('ephemeral', 'manual'),
        fc.integer({ min: 0, max: 3000 }),
        (seed, mode, early) => {
          const w = makeWorld(seed, wideHost, [simPool('p', { mode, min: 2, max: 2 })]);
          run(w, t0 + minute);
          w.chaos = { ...w.chaos, handoverMs: 20_000, lies: 0.5, latencyMs: 2000 };
          const [job] = jobs(w, 1, 60);
          run(w, w.now + early);
          w.stop = 'drain';
          run(w, w.now + 10 * minute);
          expect(job?.outcomes).toEqual(['succeeded']);
          expect(w.broken).toEqual([]);
          expect(live(w)).toBe(0);
        },
      ),
      { numRuns: 20, seed: 1 },
    );
  });

  it('an outage ends nothing, and makes nothing; afterwards all goes on', () => {
    for (const [mode, scaling] of each) {
      const w = worldWith({ mode, scaling, min: mode === 'auto' ? 0 : 1, idleTimeoutSeconds: 30 });
      const [job] = jobs(w, 1, 10 * 60);
      run(w, t0 + 3 * minute);
      const before = [...w.journal.keys()];
      w.outageUntil = w.now + 5 * minute;
      jobs(w, 3, 60);
      run(w, w.outageUntil - 1);
      expect([...w.journal.keys()].sort()).toEqual(before.sort());
      run(w, w.now + 10 * minute);
      expect([...w.jobs.values()].every((j) => j.outcomes.join() === 'succeeded')).toBe(true);
      expect(job?.starts).toBe(1);
      expect(w.broken).toEqual([]);
    }
  });
});
