/** Each pool as one turn sees it: what it has, the jobs it is given, and what it wants. */
import { fits, type Use } from './budget.ts';
import { assign, type PoolOffer } from './demand.ts';
import { inTurns, matchReady } from './made-for.ts';
import { peakEndsAt, peakJobs } from './memory.ts';
import { isAtWork } from './phase.ts';
import type { ForgeTraits, PlanInput, PoolPlan, PoolState, RunnerState, Wake } from './plan-types.ts';
import type { WaitingJob } from './forge-port.ts';
import { scalingOf, type Want, wantOf } from './scale.ts';
import { projectedShare, shareOf } from './share.ts';

/** One exchange of an idle runner for a waiting job at most this often. */
export const exchangeMs = 30_000;

export const noCapacity = 'The host has no capacity left for one more runner of this pool.';

/** Its idle runners carry other labels, or are registered elsewhere. */
export const noPlace = 'The idle runners of this pool cannot take it: one of them ends first.';

/** A pool with what the plan found out about it; what may change is what this turn makes. */
export interface PoolTurn {
  readonly state: PoolState;
  readonly traits: ForgeTraits;
  /** Runners that count: not ending, not failed. */
  readonly runners: readonly RunnerState[];
  /** Those that do not count any more and are still there. */
  readonly leaving: number;
  /** Jobs on its runners, the leaving ones too. */
  readonly jobs: number;
  /** At a job, or just being given one. */
  readonly busy: number;
  /** Idle and being made. */
  readonly ready: number;
  /** Of these, those that waiting jobs can be handed to: all, where agents begin with their job or no job is left out. */
  readonly useful: number;
  /** Ready runners that can take none of the jobs that are left out. */
  readonly idleElsewhere: readonly RunnerState[];
  /** Jobs that no ready runner can take, in the order in which runners are made for them. */
  readonly unserved: readonly WaitingJob[];
  /** Written down, and not yet at the forge. */
  readonly unregistered: number;
  /** The jobs given to it, oldest first; null while the forge's answer is unknown. */
  readonly waiting: readonly WaitingJob[] | null;
  /** False: more may wait than is known. */
  readonly isWhole: boolean;
  readonly oldestWaitMs: number;
  /** What it wishes, whatever the host has room for. */
  readonly want: Want;
  /** The most that the host has room for beside the others. */
  readonly room: number;
  /** Faded use and use to come, by weight. */
  share: number;
  /** Runners planned in this turn. */
  made: number;
  /** When its last planned runner may register; null: it has none. */
  registersAt: number | null;
  /** Why it has fewer than it wants. */
  short: string | null;
}

type Counted = Omit<
  PoolTurn,
  'waiting' | 'isWhole' | 'want' | 'oldestWaitMs' | 'useful' | 'unserved' | 'idleElsewhere'
> & { readonly offer: PoolOffer };

/** Each pool's jobs and wishes, before anything is made; and the jobs that no pool takes. */
export function turnsOf(
  input: PlanInput,
  byPool: ReadonlyMap<string, readonly RunnerState[]>,
  use: Use,
  wake: Wake,
): { turns: PoolTurn[]; unmatched: readonly WaitingJob[] } {
  const handed = new Set(input.handing.values());
  const counted = input.pools.flatMap((state) => {
    const traits = input.forges[state.pool.forge];
    const all = byPool.get(state.pool.id) ?? [];
    return traits === undefined ? [] : [count(state, traits, all, handed, use, input)];
  });
  const jobs = waitingJobs(input);
  const offers = counted.map((c) => c.offer);
  const given = assign(jobs, offers, input.hostArch);
  const placed = new Set([...given.values()].flat());
  const turns = counted.map((c) => turnOf(c, given.get(c.offer.pool.id) ?? [], input, wake));
  return { turns, unmatched: jobs.filter((job) => !placed.has(job)) };
}

function count(
  state: PoolState,
  traits: ForgeTraits,
  all: readonly RunnerState[],
  handed: ReadonlySet<string>,
  use: Use,
  input: PlanInput,
): Counted {
  const { pool, allowance, runner, memory } = state;
  const runners = all.filter((r) => counts(r));
  const busy = runners.filter((r) => r.view.phase === 'busy' || handed.has(r.record.name)).length;
  const room = runners.length + fits(input.capacity, use, runner, allowance.share);
  const share = shareOf(memory.usage, pool.weight, input.now);
  return {
    state,
    traits,
    runners,
    leaving: all.length - runners.length,
    jobs: all.filter((r) => isAtWork(r.o) || handed.has(r.record.name)).length,
    busy,
    ready: runners.length - busy,
    unregistered: runners.filter((r) => r.record.registration === null).length,
    room,
    share: share + projectedShare(runner.cores, pool.weight) * runners.length,
    made: 0,
    registersAt: all.reduce<number | null>((last, r) => Math.max(last ?? 0, r.record.notBefore), null),
    short: null,
    offer: {
      pool,
      labels: state.labels,
      ...(state.implied !== undefined && { implied: state.implied }),
      cores: runner.cores,
      memoryMiB: runner.memoryMiB,
      share,
      room: Math.min(pool.max, allowance.ceiling, room) - busy,
    },
  };
}

/** Does this runner count for its pool's number? Not when it is ending, failed or done. */
function counts(r: RunnerState): boolean {
  const { record, view } = r;
  return (
    record.ending === null && record.failure === null && view.phase !== 'removing' && view.phase !== 'stuck'
  );
}

/** Oldest first; without those that a runner has, or is being given, whatever an older answer of the forge says. */
function waitingJobs(input: PlanInput): WaitingJob[] {
  const begun = new Set(input.observations.map((o) => o.record?.job));
  return Object.values(input.demand)
    .flatMap((demand) => (demand === 'unknown' ? [] : demand.jobs))
    .filter((job) => !input.handing.has(job.id) && !begun.has(job.id))
    .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
}

function turnOf(c: Counted, jobs: readonly WaitingJob[], input: PlanInput, wake: Wake): PoolTurn {
  const { offer, ...turn } = c;
  const { pool, allowance, memory } = c.state;
  const demand = input.demand[pool.forge] ?? 'unknown';
  const isWhole = demand !== 'unknown' && demand.unknown?.includes(pool.id) !== true;
  const oldest = jobs[0]?.createdAt;
  const oldestWaitMs = oldest === undefined ? 0 : Math.max(0, input.now - oldest);
  if (oldest !== undefined) {
    wake(oldest + scalingOf(pool).oldestWaitMs);
  }
  const peakEnd = peakEndsAt(memory, input.now);
  if (peakEnd !== null) wake(peakEnd);
  // Where demand can never be asked, the owner's numbers alone decide; else a missing answer changes nothing.
  const isKnown = isWhole || jobs.length > 0;
  const waiting = isKnown ? jobs.length : c.traits.can.demand === 'none' ? 0 : null;
  const service = serviceOf(c, jobs);
  const want = wantOf({
    pool,
    busy: c.busy,
    ready: service.useful,
    waiting,
    mayBeMore: !isWhole && c.traits.can.demand !== 'none',
    oldestWaitMs,
    peakJobs: peakJobs(memory, input.now),
    limit: Math.min(pool.max, allowance.ceiling),
  });
  return { ...turn, ...service, waiting: isKnown ? jobs : null, isWhole, oldestWaitMs, want };
}

/** Who serves whom. While a job is left out, only the runners that serve others count as ready. */
function serviceOf(
  c: Counted,
  jobs: readonly WaitingJob[],
): Pick<PoolTurn, 'useful' | 'unserved' | 'idleElsewhere'> {
  if (!c.traits.agent.waits) return { useful: c.ready, unserved: jobs, idleElsewhere: [] };
  // One that its forge calls offline is handed no job.
  const ready = c.runners.filter((r) => r.view.phase !== 'busy' && r.o.offlineSince === null);
  const { useful, unserved } = matchReady(jobs, ready, c.state.pool);
  if (unserved.length === 0) return { useful: c.ready, unserved, idleElsewhere: [] };
  return {
    useful: useful.size,
    unserved: inTurns(unserved, c.runners, c.state.memory.servedAt),
    idleElsewhere: ready.filter((r) => !useful.has(r.record.name)),
  };
}

/** Its jobs have waited through a whole exchange interval. */
export function isStarved(t: PoolTurn): boolean {
  return t.oldestWaitMs >= exchangeMs;
}

/** Runners that waiting jobs need and that are not there. */
export function unmetJobs(t: PoolTurn): number {
  return Math.max(0, t.want.forJobs - t.busy - t.useful - t.made);
}

/** On an empty host there would be room: else no exchange helps. */
export function couldFit(t: PoolTurn, input: PlanInput): boolean {
  const empty: Use = { runners: 0, cores: 0, memoryMiB: 0 };
  return fits(input.capacity, empty, t.state.runner, t.state.allowance.share) > 0;
}

/** The wish, cut to what the host has room for. */
export function wanted(t: PoolTurn): number {
  return Math.min(t.want.total, Math.max(t.room, t.busy + t.ready));
}

/** For the snapshot: what each pool wants and has. */
export function poolPlanOf(t: PoolTurn): PoolPlan {
  return {
    want: wanted(t),
    why: t.want.why,
    waiting: t.waiting,
    isWhole: t.isWhole,
    jobs: t.jobs,
    busy: t.busy,
    ready: t.ready + t.made,
    surplus: t.busy + t.ready > wanted(t),
    short: t.short,
  };
}
