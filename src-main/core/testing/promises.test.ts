/** The promises of the design, kept in random worlds. HOMERUNNER_WORLDS raises the number of worlds. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pool } from '../../contract/pool.ts';
import { makePool, wideHost } from './make.ts';
import {
  calm,
  type Chaos,
  crash,
  makeWorld,
  reboot,
  type SimPool,
  submit,
  wake,
  type World,
} from './world.ts';
import { troubles } from './troubles.test-kit.ts';
import { run } from './world-loop.ts';

const worlds = Number(process.env['HOMERUNNER_WORLDS'] ?? 20);
const limitMs = Math.max(60_000, 3000 * worlds);
const seed = Number(process.env['HOMERUNNER_SEED'] ?? 1);
const second = 1000;
const hour = 3_600_000;

const poolOf = (fenced: boolean): fc.Arbitrary<Partial<Pool>> =>
  fc.record({
    forge: fc.constantFrom(
      ...(['local', 'local', 'github', 'gitlab'] as const),
      ...(fenced ? [] : ['gitea' as const]),
    ),
    mode: fc.constantFrom('auto', 'manual', 'ephemeral'),
    scaling: fc.constantFrom('lazy', 'balanced', 'aggressive'),
    min: fc.integer({ min: 0, max: 2 }),
    max: fc.integer({ min: 1, max: 5 }),
    weight: fc.constantFrom(0.5, 1, 3),
    idleTimeoutSeconds: fc.constantFrom(0, 30, 300),
    maxLifetimeSeconds: fc.constantFrom(0, 0, 600),
  });

type Event =
  | { kind: 'job'; pool: number; named: boolean; seconds: number; limited: boolean }
  | { kind: 'pause' | 'remove' | 'cancel'; pool: number }
  | { kind: 'edit'; pool: number; change: Partial<Pool>; cores: number }
  | { kind: 'crash' | 'reboot' | 'drain' | 'now' | 'leave-running' };

const which = fc.nat({ max: 3 });
const event = (fenced: boolean): fc.Arbitrary<Event> =>
  fc.oneof(
    {
      weight: 12,
      arbitrary: fc.record({
        kind: fc.constant('job' as const),
        pool: which,
        named: fc.boolean(),
        seconds: fc.integer({ min: 0, max: 120 }),
        limited: fc.boolean(),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('pause', 'remove', 'cancel'), pool: which }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('edit' as const),
        pool: which,
        change: poolOf(fenced),
        cores: fc.integer({ min: 1, max: 4 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constantFrom('crash', 'crash', 'reboot', 'drain', 'now', 'leave-running'),
      }),
    },
  );

const chaos: fc.Arbitrary<Chaos> = fc.record({
  pollMs: fc.constantFrom(0, 0, 10_000),
  staleMs: fc.constantFrom(0, 0, 8000),
  handoverMs: fc.constantFrom(0, 0, 5000),
  ...troubles,
});

const scenario = (fenced: boolean) =>
  fc.record({
    seed: fc.nat(),
    chaos,
    slots: fc.constantFrom(null, 1, 3),
    cores: fc.integer({ min: 4, max: 9 }),
    pools: fc.array(fc.record({ pool: poolOf(fenced), cores: fc.integer({ min: 1, max: 4 }) }), {
      minLength: 1,
      maxLength: 4,
    }),
    events: fc.array(fc.record({ after: fc.integer({ min: 0, max: 90 }), what: event(fenced) }), {
      maxLength: 40,
    }),
  });
type Scenario = typeof scenario extends (fenced: boolean) => fc.Arbitrary<infer T> ? T : never;

const specOf = (cores: number) => ({ cores, memoryMiB: 1024 * cores, pids: 100, fast: false });

function worldOf(s: Scenario): World {
  const pools = s.pools.map(({ pool, cores }, i): SimPool => {
    return { pool: makePool({ ...pool, id: `p${i}`, name: `p${i}` }), runner: specOf(cores), paused: false };
  });
  const capacity = { ...wideHost, cores: s.cores, memoryMiB: 12_288, slots: s.slots };
  const w = makeWorld(s.seed, capacity, pools);
  w.chaos = s.chaos;
  return w;
}

function happen(w: World, e: Event): void {
  const pools = [...w.pools.values()];
  const sim = 'pool' in e ? pools[e.pool % Math.max(1, pools.length)] : undefined;
  if (sim !== undefined && e.kind === 'job') {
    const { forge, id } = sim.pool;
    const timeLimitMs = e.limited && forge === 'local' ? 30 * second : null;
    submit(w, { forge, pool: e.named ? id : null, durationMs: e.seconds * second, timeLimitMs });
  } else if (sim !== undefined && e.kind === 'pause') sim.paused = !sim.paused;
  else if (sim !== undefined && e.kind === 'remove' && pools.length > 1) w.pools.delete(sim.pool.id);
  else if (sim !== undefined && e.kind === 'edit') {
    const pool = { ...sim.pool, ...e.change, forge: sim.pool.forge };
    w.pools.set(pool.id, { ...sim, pool, runner: specOf(e.cores) });
  } else if (e.kind === 'cancel') cancelOne(w);
  else if (e.kind === 'reboot') reboot(w);
  else if (e.kind === 'crash') crash(w);
  else if (e.kind === 'drain' || e.kind === 'now' || e.kind === 'leave-running') w.stop = e.kind;
  wake(w);
}

function cancelOne(w: World): void {
  const job = [...w.jobs.values()].find((j) => j.forge === 'local' && j.outcomes.length === 0);
  if (job === undefined) return;
  job.cancel = true;
  if (job.runner === null) job.outcomes.push('cancelled');
}

function play(w: World, s: Scenario): void {
  for (const { after, what } of s.events) {
    run(w, w.now + after * second);
    happen(w, what);
  }
  run(w, w.now + 60 * second);
}

/** From now on all answers are right, nothing is paused, no life is limited, and the supervisor has just been started. */
function calmDown(w: World): void {
  w.chaos = calm;
  for (const sim of w.pools.values()) {
    sim.paused = false;
    sim.pool = { ...sim.pool, maxLifetimeSeconds: 0 };
  }
  crash(w);
}

const isTaken = (w: World) => (job: { forge: string; pool: string | null }) =>
  [...w.pools.values()].some(({ pool }) => pool.forge === job.forge && (job.pool ?? pool.id) === pool.id);

describe('in random worlds', () => {
  it(
    'nothing that works or may work is ended, capacity and pauses hold, each job starts once and has one outcome, and all comes to rest',
    () => {
      fc.assert(
        fc.property(scenario(true), (s) => {
          const w = worldOf(s);
          play(w, s);
          calmDown(w);
          run(w, w.now + 2 * hour);
          expect(w.broken).toEqual([]);
          expect(w.turns).toBeLessThan(5000);
          const jobs = [...w.jobs.values()];
          expect(jobs.filter(isTaken(w)).filter((j) => j.outcomes.length !== 1)).toEqual([]);
          expect(jobs.filter((j) => j.outcomes.length > 1)).toEqual([]);
          const before = w.done.length;
          run(w, w.now + hour);
          expect(
            w.done.slice(before).map(({ action }) => `${action.do} ${action.key}: ${action.why}`),
          ).toEqual([]);
        }),
        { numRuns: worlds, seed, endOnFailure: true },
      );
    },
    limitMs,
  );

  it(
    'an agent that cannot be fenced is never signalled, and nothing else is broken by it',
    () => {
      fc.assert(
        fc.property(scenario(false), (s) => {
          const w = worldOf(s);
          play(w, s);
          calmDown(w);
          run(w, w.now + hour);
          expect(w.broken).toEqual([]);
          expect([...w.jobs.values()].filter((j) => j.outcomes.length > 1)).toEqual([]);
        }),
        { numRuns: Math.ceil(worlds / 2), seed, endOnFailure: true },
      );
    },
    limitMs,
  );
});
