/** Random worlds of a forge elsewhere: pools over repositories, jobs with labels, answers that lag, others' runners. */
import * as fc from 'fast-check';
import type { Pool } from '../../contract/pool.ts';
import { matches } from '../labels.ts';
import { makePool, wideHost } from './make.ts';
import {
  calm,
  type Chaos,
  crash,
  makeWorld,
  reboot,
  type SimJob,
  type SimPool,
  submit,
  wake,
  type World,
} from './world.ts';
import { troubles } from './troubles.test-kit.ts';
import { run } from './world-loop.ts';
import { takenByAnother } from './world-truth.ts';

const second = 1000;
const usual = ['self-hosted', 'linux', 'x64'];
const repositories = ['ann/app', 'ann/lib', 'ann/site'] as const;

interface PoolWish {
  readonly scope: string;
  readonly mode: Pool['mode'];
  readonly scaling: Pool['scaling'];
  readonly min: number;
  readonly max: number;
  readonly weight: number;
  readonly idleTimeoutSeconds: number;
  readonly maxLifetimeSeconds: number;
  readonly hasGpu: boolean;
  readonly cores: number;
}

type Event =
  | { kind: 'job'; repository: number; labels: readonly string[]; seconds: number; count: number }
  | { kind: 'pause' | 'remove'; pool: number }
  | { kind: 'outage'; seconds: number }
  | { kind: 'ghost' | 'another' | 'crash' | 'reboot' | 'drain' | 'leave-running' };

export interface Scenario {
  readonly seed: number;
  readonly chaos: Chaos;
  readonly slots: number | null;
  readonly cores: number;
  readonly pools: readonly PoolWish[];
  readonly events: readonly { readonly after: number; readonly what: Event }[];
}

const poolWish: fc.Arbitrary<PoolWish> = fc.record({
  scope: fc.constantFrom('ann/app', 'ann/lib', 'ann/*', 'ann'),
  mode: fc.constantFrom('auto', 'manual', 'ephemeral'),
  scaling: fc.constantFrom('lazy', 'balanced', 'aggressive'),
  min: fc.integer({ min: 0, max: 2 }),
  max: fc.integer({ min: 1, max: 5 }),
  weight: fc.constantFrom(0.5, 1, 3),
  idleTimeoutSeconds: fc.constantFrom(0, 30, 300),
  maxLifetimeSeconds: fc.constantFrom(0, 0, 600),
  hasGpu: fc.boolean(),
  cores: fc.integer({ min: 1, max: 4 }),
});

const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('job' as const),
      repository: fc.nat({ max: 2 }),
      labels: fc.constantFrom(['self-hosted'], ['linux'], ['self-hosted', 'x64'], ['gpu'], ['linux', 'gpu']),
      seconds: fc.integer({ min: 0, max: 120 }),
      count: fc.constantFrom(1, 1, 1, 4, 8),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('pause', 'remove'), pool: fc.nat({ max: 3 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('outage' as const), seconds: fc.integer({ min: 5, max: 600 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'ghost',
        'another',
        'another',
        'crash',
        'crash',
        'reboot',
        'drain',
        'leave-running',
      ),
    }),
  },
);

const chaos: fc.Arbitrary<Chaos> = fc.record({
  ...troubles,
  pollMs: fc.constantFrom(0, 3000, 15_000),
  staleMs: fc.constantFrom(0, 3000, 10_000),
  handoverMs: fc.constantFrom(0, 1000, 20_000),
});

export const scenario: fc.Arbitrary<Scenario> = fc.record({
  seed: fc.nat(),
  chaos,
  slots: fc.constantFrom(null, 1, 3),
  cores: fc.integer({ min: 4, max: 9 }),
  pools: fc.array(poolWish, { minLength: 1, maxLength: 4 }),
  events: fc.array(fc.record({ after: fc.integer({ min: 0, max: 90 }), what: event }), { maxLength: 40 }),
});

/** A pool as the configuration takes it: what has no registration without a job keeps none ready. */
export function simPool(id: string, wish: Partial<PoolWish>): SimPool {
  const { hasGpu = false, cores = 1, ...rest } = wish;
  const isMany = rest.scope?.endsWith('/*') === true;
  const mode = isMany && rest.mode === 'manual' ? 'auto' : (rest.mode ?? 'auto');
  const min = isMany || mode === 'auto' ? 0 : Math.min(rest.min ?? 0, rest.max ?? 4);
  const labels = hasGpu ? [...usual, 'gpu'] : usual;
  return {
    pool: makePool({
      account: 'ann',
      scope: 'ann/app',
      ...rest,
      ...{ id, name: id, forge: 'github', mode, min },
    }),
    runner: { cores, memoryMiB: 1024 * cores, pids: 100, fast: false },
    labels,
    paused: false,
  };
}

/** Where each pool registers for a job of this repository, by the pools that reach it. */
export function reachOf(w: World, repository: string): Readonly<Record<string, string>> {
  const reach: Record<string, string> = {};
  for (const { pool } of w.pools.values()) {
    const [owner = ''] = repository.split('/');
    if (pool.scope === repository || pool.scope === `${owner}/*`) reach[pool.id] = repository;
    else if (pool.scope === owner) reach[pool.id] = owner;
  }
  return reach;
}

/** A job of this repository comes in. */
export function queue(w: World, scope: string, labels: readonly string[], seconds: number): SimJob {
  const reach = reachOf(w, scope);
  return submit(w, { forge: 'github', pool: null, scope, labels, reach, durationMs: seconds * second });
}

/** Do its pools take this job? */
export function isTaken(w: World, job: SimJob): boolean {
  return Object.keys(job.reach ?? {}).some((id) => {
    const sim = w.pools.get(id);
    return sim !== undefined && matches(job.labels, 'x64', sim.labels ?? usual, 'x64');
  });
}

function happen(w: World, e: Event): void {
  const pools = [...w.pools.values()];
  const sim = 'pool' in e ? pools[e.pool % pools.length] : undefined;
  switch (e.kind) {
    case 'job':
      for (let n = 0; n < e.count; n += 1)
        queue(w, repositories[e.repository] ?? 'ann/app', e.labels, e.seconds);
      break;
    case 'pause':
      if (sim !== undefined) sim.paused = !sim.paused;
      break;
    case 'remove':
      if (sim !== undefined && pools.length > 1) w.pools.delete(sim.pool.id);
      break;
    case 'outage':
      w.outageUntil = w.now + e.seconds * second;
      break;
    case 'another':
      takenByAnother(w);
      break;
    case 'ghost':
      plant(w);
      break;
    case 'crash':
      crash(w);
      break;
    case 'reboot':
      reboot(w);
      break;
    case 'drain':
    case 'leave-running':
      w.stop = e.kind;
  }
  wake(w);
}

/** A registration of ours of which nothing is here. */
function plant(w: World): void {
  w.serial += 1;
  const nothing = { fenced: false, job: null, takesAt: null };
  const where = { forge: 'github', id: `g${w.serial}`, pool: 'p0', labels: usual, scope: 'ann/app' } as const;
  w.registrations.set(`ghost-${w.serial}`, { ...where, ...nothing, oneJob: true });
}

export function worldOf(s: Scenario): World {
  const pools = s.pools.map((wish, n) => simPool(`p${n}`, wish));
  const capacity = { ...wideHost, cores: s.cores, memoryMiB: 1024 * s.cores, slots: s.slots };
  return Object.assign(makeWorld(s.seed, capacity, pools), { chaos: s.chaos });
}

export function play(w: World, s: Scenario): void {
  for (const { after, what } of s.events) {
    run(w, w.now + after * second);
    happen(w, what);
  }
  run(w, w.now + 60 * second);
}

/** From now on all answers are right, nothing is paused, no life is limited, and the supervisor has just been started. */
export function calmDown(w: World): void {
  w.chaos = calm;
  w.outageUntil = 0;
  for (const sim of w.pools.values()) {
    sim.paused = false;
    sim.pool = { ...sim.pool, maxLifetimeSeconds: 0 };
  }
  crash(w);
}
