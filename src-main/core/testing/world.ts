/**
 * A simulated world for the plan: forges, machine and journal as they truly are, a virtual clock, and a loop that
 * carries the plan out like app/ does, with answers that are late, doubled, contradictory or missing, and crashes
 * between any two steps. It judges by the truth, and writes every broken promise down in `broken`.
 */
import type { ForgeId } from '../../contract/job.ts';
import type { Pool } from '../../contract/pool.ts';
import type { StopHow } from '../../contract/commands.ts';
import type { Action } from '../actions.ts';
import type { Capacity } from '../budget.ts';
import type { PlanInput, PoolMemory, RunnerSpec } from '../plan-types.ts';
import type { RunnerRecord } from '../runner.ts';
import type { Taken } from '../taken.ts';
import { t0 } from './make.ts';

export interface SimPool {
  pool: Pool;
  readonly runner: RunnerSpec;
  /** What its runners offer; a few usual ones where absent. */
  readonly labels?: readonly string[];
  paused: boolean;
}

/** A job as it truly is. `outcomes` and `starts` must both end at one. */
export interface SimJob {
  readonly id: string;
  readonly forge: ForgeId;
  readonly pool: string | null;
  readonly labels: readonly string[];
  /** Of forges with several repositories: which one, and where each pool registers for it. */
  readonly scope: string | null;
  readonly reach: Readonly<Record<string, string>> | null;
  readonly createdAt: number;
  readonly durationMs: number;
  readonly timeLimitMs: number | null;
  cancel: boolean;
  runner: string | null;
  starts: number;
  startedAt: number | null;
  endsAt: number | null;
  outcomes: string[];
}

/** What truly runs of a runner on the machine. */
export interface SimInstance {
  state: 'prepared' | 'running' | 'ended';
  job: string | null;
  /** When a stop signal will have ended it. */
  stopsAt: number | null;
}

export interface SimRegistration {
  readonly forge: ForgeId;
  readonly id: string;
  readonly oneJob: boolean;
  readonly pool: string;
  readonly labels: readonly string[];
  readonly scope: string | null;
  fenced: boolean;
  job: string | null;
  /** When its agent will have taken the job that it was handed; null: it has none, or is at it. */
  takesAt: number | null;
}

/** What a forge elsewhere answered when it was asked last. */
export interface Poll {
  readonly at: number;
  /** When it is asked anew. */
  readonly nextAt: number;
  readonly jobs: readonly SimJob[];
  readonly runners: Map<
    string,
    { readonly online: boolean; readonly busy: boolean; readonly fenced: boolean }
  >;
}

/** One action under way: its effects, each durable before the next; a crash loses those that are left. */
export interface Flight {
  readonly action: Action;
  readonly effects: (() => void)[];
  dueAt: number;
}

/** Likelihoods, 0 to 1, and the longest time that one effect takes. */
export interface Chaos {
  readonly blind: number;
  readonly forgeUnknown: number;
  readonly demandUnknown: number;
  readonly lies: number;
  readonly workerUnknown: number;
  readonly failure: number;
  readonly doubled: number;
  readonly agentDies: number;
  readonly latencyMs: number;
  /** Forges elsewhere are asked this often at most, what they answer is as old as the second, and a job reaches its agent after the third. */
  readonly pollMs: number;
  readonly staleMs: number;
  readonly handoverMs: number;
}

export const calm: Chaos = {
  blind: 0,
  forgeUnknown: 0,
  demandUnknown: 0,
  lies: 0,
  workerUnknown: 0,
  failure: 0,
  doubled: 0,
  agentDies: 0,
  latencyMs: 20,
  pollMs: 0,
  staleMs: 0,
  handoverMs: 0,
};

export interface World {
  now: number;
  chaos: Chaos;
  readonly random: () => number;
  readonly capacity: Capacity;
  readonly pools: Map<string, SimPool>;
  readonly jobs: Map<string, SimJob>;
  // The truth, which survives a crash.
  readonly journal: Map<string, RunnerRecord>;
  readonly instances: Map<string, SimInstance>;
  readonly registrations: Map<string, SimRegistration>;
  // The supervisor's memory, which a crash loses.
  memory: Map<string, PoolMemory>;
  flights: Flight[];
  resting: Map<string, { until: number; failures: number }>;
  ghostSince: Map<string, number>;
  offlineSince: Map<string, number>;
  taken: Map<string, Taken>;
  polls: Map<ForgeId, Poll>;
  lastExchangeAt: number | null;
  stop: StopHow | null;
  nextWake: number;
  input: PlanInput | null;
  /** Until then no forge elsewhere answers; jobs are handed out all the same. */
  outageUntil: number;
  // What is counted and judged.
  readonly broken: string[];
  readonly exchanges: number[];
  readonly done: { readonly at: number; readonly action: Action }[];
  readonly coreMs: Map<string, number>;
  turns: number;
  serial: number;
}

/** A generator of numbers in [0, 1) that is the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = Math.imul(state ^ (state >>> 15), state | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function makeWorld(seed: number, capacity: Capacity, pools: readonly SimPool[]): World {
  return {
    now: t0,
    chaos: calm,
    random: randomFrom(seed),
    capacity,
    pools: new Map(pools.map((p) => [p.pool.id, { ...p }])),
    jobs: new Map(),
    journal: new Map(),
    instances: new Map(),
    registrations: new Map(),
    memory: new Map(),
    flights: [],
    resting: new Map(),
    ghostSince: new Map(),
    offlineSince: new Map(),
    taken: new Map(),
    polls: new Map(),
    lastExchangeAt: null,
    stop: null,
    nextWake: t0,
    outageUntil: 0,
    input: null,
    broken: [],
    exchanges: [],
    done: [],
    coreMs: new Map(),
    turns: 0,
    serial: 0,
  };
}

/** A new job comes in at the forge, and the loop is woken. */
export function submit(
  w: World,
  job: Pick<SimJob, 'forge' | 'pool' | 'durationMs'> &
    Partial<Pick<SimJob, 'timeLimitMs' | 'labels' | 'scope' | 'reach'>>,
): SimJob {
  w.serial += 1;
  const made: SimJob = {
    ...{ timeLimitMs: null, labels: [], scope: null, reach: null },
    ...job,
    id: `j${w.serial}`,
    createdAt: w.now,
    cancel: false,
    runner: null,
    starts: 0,
    startedAt: null,
    endsAt: null,
    outcomes: [],
  };
  w.jobs.set(made.id, made);
  wake(w);
  return made;
}

export function wake(w: World): void {
  w.nextWake = Math.min(w.nextWake, w.now);
}

/** kill -9 of the supervisor, and its next start: only the truth is left. */
export function crash(w: World): void {
  w.memory = new Map();
  w.flights = [];
  w.resting = new Map();
  w.ghostSince = new Map();
  w.offlineSince = new Map();
  w.taken = new Map();
  w.polls = new Map();
  w.lastExchangeAt = null;
  w.stop = null;
  w.input = null;
  wake(w);
}

/** The machine goes down and comes up: no process survives. */
export function reboot(w: World): void {
  for (const instance of w.instances.values()) if (instance.state === 'running') instance.state = 'ended';
  for (const registration of w.registrations.values()) {
    const job = registration.job === null ? undefined : w.jobs.get(registration.job);
    if (job === undefined || registration.forge === 'local') continue;
    if (registration.takesAt === null) job.outcomes.push('lost');
    else job.runner = null;
    registration.job = registration.takesAt = null;
  }
  crash(w);
}

export function breaks(w: World, promise: string): void {
  w.broken.push(`${((w.now - t0) / 1000).toFixed(1)} s: ${promise}`);
}
