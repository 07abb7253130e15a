/** What each pool wants, and in which turn the host's capacity goes to them. */
import type { Action } from './actions.ts';
import { nextRegistration, registrationsLeft, registrationsPerHour } from './backoff.ts';
import { fits, pickCpus, type Use, useOf } from './budget.ts';
import { assign, type PoolOffer } from './demand.ts';
import { provenIdle } from './phase.ts';
import { oneJobOf } from './plan-runner.ts';
import type { ForgeTraits, PlanInput, PoolPlan, PoolState, RunnerState } from './plan-types.ts';
import type { WaitingJob } from './ports.ts';
import type { Resources, RunnerRecord } from './runner.ts';
import { peakJobs } from './memory.ts';
import { scalingOf, type Want, wantOf } from './scale.ts';
import { shareOf } from './share.ts';

/** One exchange of an idle runner for a waiting job at most this often. */
export const exchangeMs = 30_000;
/** A live runner counts as this much use to come, so that one pool does not take all free slots at once. */
const projectedMs = 60_000;

type Wake = (at: number) => void;

/** A pool with what the plan found out about it; `made` counts the runners planned in this turn. */
export interface PoolTurn {
  readonly state: PoolState;
  readonly traits: ForgeTraits;
  /** Runners that count: not ending, not failed. */
  readonly runners: readonly RunnerState[];
  readonly busy: number;
  readonly ready: number;
  readonly waiting: readonly WaitingJob[] | null;
  /** What it wishes, whatever the host has room for. */
  readonly want: Want;
  /** The most that the host has room for beside the others. */
  readonly room: number;
  readonly oldestWaitMs: number;
  /** Faded use and use to come, by weight. */
  share: number;
  made: number;
  short: string | null;
}

/** Each pool's jobs and wishes, before anything is made; and the jobs that no pool takes. */
export function turnsOf(
  input: PlanInput,
  byPool: ReadonlyMap<string, readonly RunnerState[]>,
  use: Use,
  wake: Wake,
): { turns: PoolTurn[]; unmatched: readonly WaitingJob[] } {
  const counted = input.pools.flatMap((state) => {
    const traits = input.forges[state.pool.forge];
    return traits === undefined ? [] : [count(state, traits, byPool.get(state.pool.id) ?? [], input, use)];
  });
  const jobs = waitingJobs(input);
  const given = assign(
    jobs,
    counted.map((c) => c.offer),
    input.hostArch,
  );
  const placed = new Set([...given.values()].flat());
  const turns = counted.map((c) => turnOf(c, given.get(c.offer.pool.id) ?? [], input, wake));
  return { turns, unmatched: jobs.filter((job) => !placed.has(job)) };
}

interface Counted {
  readonly state: PoolState;
  readonly traits: ForgeTraits;
  readonly runners: readonly RunnerState[];
  readonly busy: number;
  readonly ready: number;
  readonly room: number;
  readonly share: number;
  readonly offer: PoolOffer;
}

function count(
  state: PoolState,
  traits: ForgeTraits,
  all: readonly RunnerState[],
  input: PlanInput,
  use: Use,
): Counted {
  const { pool, allowance, runner, memory } = state;
  const runners = all.filter((r) => counts(r));
  const busy = runners.filter((r) => isBusy(r, input)).length;
  const more = fits(input.capacity, use, runner, allowance.share);
  const room = runners.length + more;
  const faded = shareOf(memory.usage, pool.weight, input.now);
  const projected = (runner.cores * runners.length * projectedMs) / 1000 / pool.weight;
  return {
    state,
    traits,
    runners,
    busy,
    ready: runners.length - busy,
    room,
    share: faded + projected,
    offer: {
      pool,
      labels: state.labels,
      cores: runner.cores,
      share: faded,
      room: Math.min(pool.max, allowance.ceiling, room) - busy,
    },
  };
}

/** Does this runner count for its pool's number? Not when it is ending, failed or done. */
function counts(r: RunnerState): boolean {
  return (
    r.record.ending === null &&
    r.record.failure === null &&
    r.view.phase !== 'removing' &&
    r.view.phase !== 'stuck'
  );
}

/** At a job, or just being given one. */
function isBusy(r: RunnerState, input: PlanInput): boolean {
  return r.view.phase === 'busy' || (r.view.phase === 'idle' && input.inFlight.has(r.record.name));
}

function waitingJobs(input: PlanInput): WaitingJob[] {
  return Object.values(input.demand)
    .flatMap((demand) => (demand === 'unknown' ? [] : demand.jobs))
    .filter((job) => !input.handing.has(job.id))
    .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
}

function turnOf(c: Counted, jobs: readonly WaitingJob[], input: PlanInput, wake: Wake): PoolTurn {
  const { pool } = c.state;
  const known = input.demand[pool.forge] ?? 'unknown';
  const waiting = known === 'unknown' ? null : jobs;
  const oldest = waiting?.[0]?.createdAt;
  const oldestWaitMs = oldest === undefined ? 0 : Math.max(0, input.now - oldest);
  const want = wantOf({
    pool,
    busy: c.busy,
    ready: c.ready,
    waiting: waiting?.length ?? null,
    oldestWaitMs,
    peakJobs: peakJobs(c.state.memory, input.now),
    limit: Math.min(pool.max, c.state.allowance.ceiling),
  });
  if (oldest !== undefined) wake(oldest + scalingOf(pool).oldestWaitMs);
  const { state, traits, runners, busy, ready, room, share } = c;
  return {
    state,
    traits,
    runners,
    busy,
    ready,
    room,
    waiting,
    want,
    oldestWaitMs,
    share,
    made: 0,
    short: null,
  };
}

/** New runners in turn of share: first those that waiting jobs need, then warmth and `min`. */
export function creations(
  turns: readonly PoolTurn[],
  input: PlanInput,
  held: Resources[],
  wake: Wake,
): Action[] {
  const actions: Action[] = [];
  for (const target of [(t: PoolTurn) => t.want.forJobs, (t: PoolTurn) => t.want.total]) {
    let blockedAbove = Infinity;
    const done = new Set<PoolTurn>();
    for (;;) {
      const next = lowest(turns, (t) => !done.has(t) && target(t) > t.busy + t.ready + t.made);
      if (next === null) break;
      const reason =
        next.share > blockedAbove
          ? 'A pool that has waited longer goes first.'
          : create(next, input, held, actions, wake);
      if (reason === null) continue;
      done.add(next);
      next.short = reason;
      if (reason === noCapacity && isStarved(next)) blockedAbove = next.share;
    }
  }
  return actions;
}

const noCapacity = 'The host has no capacity left for one more runner of this pool.';

/** Its jobs have waited through a whole exchange interval. */
function isStarved(t: PoolTurn): boolean {
  return t.oldestWaitMs >= exchangeMs;
}

function lowest(turns: readonly PoolTurn[], accept: (t: PoolTurn) => boolean): PoolTurn | null {
  let best: PoolTurn | null = null;
  for (const t of turns) {
    if (accept(t) && (best === null || t.share < best.share)) best = t;
  }
  return best;
}

/** One more runner of this pool into `actions`, or the reason why not. */
function create(
  t: PoolTurn,
  input: PlanInput,
  held: Resources[],
  actions: Action[],
  wake: Wake,
): string | null {
  const { state } = t;
  const { backoff } = state.memory;
  // Registering at the local forge costs nobody anything: only back-off holds it.
  const quota = t.traits.agent.waits ? registrationsPerHour : Infinity;
  const next = nextRegistration(backoff, input.now, quota);
  if (next.at > input.now) {
    wake(next.at);
    return next.why;
  }
  if (registrationsLeft(backoff, input.now, quota) <= t.made) {
    return `${quota} runners registered within an hour without one finished job.`;
  }
  if (fits(input.capacity, useOf(held), state.runner, state.allowance.share) < 1) return noCapacity;
  const record = newRecord(t, input, held);
  held.push(record.resources);
  actions.push({ do: 'intend', key: record.name, why: t.want.why, record });
  t.made += 1;
  t.share += (state.runner.cores * projectedMs) / 1000 / state.pool.weight;
  return null;
}

function newRecord(t: PoolTurn, input: PlanInput, held: readonly Resources[]): RunnerRecord {
  const { pool, runner, labels } = t.state;
  const cpus = pickCpus(input.capacity.topology, held, runner.cores, runner.fast) ?? runner.cores;
  return {
    name: input.nameOf(pool, t.made),
    pool: pool.id,
    forge: pool.forge,
    scope: pool.scope,
    arch: pool.arch,
    labels,
    resources: { cpus, memoryMiB: runner.memoryMiB, pids: runner.pids, gpus: [] },
    oneJob: oneJobOf(pool, t.traits),
    intendedAt: input.now,
    notBefore: input.now + t.made * input.staggerMs,
    registration: null,
    preparedAt: null,
    process: null,
    startedAt: null,
    job: null,
    jobsDone: 0,
    idleSince: null,
    ending: null,
    fencedAt: null,
    signalledAt: null,
    removedAt: null,
    failure: null,
  };
}

/**
 * The idle runner to end so that a waiting job of another pool gets room: of the pool furthest above its share.
 * Where that pool has waiting jobs itself, only for one that has waited through an exchange interval.
 */
export function exchange(turns: readonly PoolTurn[], input: PlanInput, wake: Wake): Action | null {
  const needy = lowest(turns, (t) => t.short === noCapacity && unmetJobs(t) > 0 && couldFit(t, input));
  if (needy === null) return null;
  if (input.lastExchangeAt !== null && input.now - input.lastExchangeAt < exchangeMs) {
    wake(input.lastExchangeAt + exchangeMs);
    return null;
  }
  const givers = turns
    .filter((t) => t !== needy && (spare(t) > 0 || (isStarved(needy) && t.share > needy.share)))
    .sort((a, b) => b.share - a.share);
  for (const giver of givers) {
    const idle = giver.runners.find((r) => r.view.phase === 'idle' && r.free && provenIdle(r.o));
    if (idle === undefined) continue;
    const why = `It makes room for a waiting job of the pool ${needy.state.pool.id}.`;
    return { do: 'fence', key: idle.record.name, why, now: false };
  }
  if (!isStarved(needy)) wake(input.now - needy.oldestWaitMs + exchangeMs);
  return null;
}

/** Runners that waiting jobs need and that are not there. */
function unmetJobs(t: PoolTurn): number {
  return Math.max(0, t.want.forJobs - t.busy - t.ready - t.made);
}

/** Ready runners that no waiting job needs. */
function spare(t: PoolTurn): number {
  return t.ready - (t.waiting?.length ?? 0);
}

/** On an empty host there would be room: else no exchange helps. */
function couldFit(t: PoolTurn, input: PlanInput): boolean {
  const empty: Use = { runners: 0, cores: 0, memoryMiB: 0 };
  return fits(input.capacity, empty, t.state.runner, t.state.allowance.share) > 0;
}

/** Hands waiting jobs to idle runners that begin with their job, oldest first. */
export function handovers(t: PoolTurn, fenced: ReadonlySet<string>): Action[] {
  if (t.traits.agent.waits || !t.state.allowance.newRunners) return [];
  const idle = t.runners.filter((r) => r.view.phase === 'idle' && r.free && !fenced.has(r.record.name));
  return (t.waiting ?? []).slice(0, idle.length).flatMap((job, i) => {
    const runner = idle[i];
    return runner === undefined
      ? []
      : [{ do: 'start' as const, key: runner.record.name, why: 'A job waits and it is idle.', job: job.id }];
  });
}

/** Idle runners beyond what is wanted, once the surplus has lasted through the cooldown. Longest idle first. */
export function shrink(t: PoolTurn, input: PlanInput, taken: ReadonlySet<string>, wake: Wake): Action[] {
  const extra = t.busy + t.ready - wanted(t);
  const { surplusSince } = t.state.memory;
  if (extra <= 0 || t.waiting === null) return [];
  const end = (surplusSince ?? input.now) + scalingOf(t.state.pool).cooldownMs;
  if (input.now < end) {
    wake(end);
    return [];
  }
  return t.runners
    .filter((r) => r.view.phase === 'idle' && r.free && !taken.has(r.record.name))
    .sort((a, b) => (a.record.idleSince ?? 0) - (b.record.idleSince ?? 0))
    .slice(0, extra)
    .map((r) => ({
      do: 'fence' as const,
      key: r.record.name,
      why: `Not needed any more: ${t.want.why}`,
      now: false,
    }));
}

/** The wish, cut to what the host has room for. */
function wanted(t: PoolTurn): number {
  return Math.min(t.want.total, Math.max(t.room, t.busy + t.ready));
}

/** For the snapshot: what each pool wants and has. */
export function poolPlanOf(t: PoolTurn): PoolPlan {
  return {
    want: wanted(t),
    why: t.want.why,
    waiting: t.waiting,
    busy: t.busy,
    ready: t.ready + t.made,
    surplus: t.busy + t.ready > wanted(t),
    short: t.short,
  };
}
