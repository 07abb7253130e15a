/** What becomes of idle runners: they get a waiting job, make room for another pool's, or end because too many are there. */
import type { Action } from './actions.ts';
import { provenIdle } from './phase.ts';
import {
  couldFit,
  exchangeMs,
  isStarved,
  noCapacity,
  noPlace,
  type PoolTurn,
  unmetJobs,
  wanted,
} from './plan-pools.ts';
import type { PlanInput, RunnerState, Wake } from './plan-types.ts';
import { scalingOf } from './scale.ts';

/**
 * The idle runner to end so that a waiting job of another pool gets room: of the pool furthest above its share.
 * Where that pool has waiting jobs itself, only for one that has waited through an exchange interval.
 */
export function exchange(turns: readonly PoolTurn[], input: PlanInput, wake: Wake): Action | null {
  const needy = turns
    .filter((t) => t.short === noCapacity && unmetJobs(t) > 0 && couldFit(t, input))
    .reduce<PoolTurn | null>((best, t) => (best === null || t.share < best.share ? t : best), null);
  if (needy === null) return null;
  if (input.lastExchangeAt !== null && input.now - input.lastExchangeAt < exchangeMs) {
    wake(input.lastExchangeAt + exchangeMs);
    return null;
  }
  const givers = turns
    .filter((t) => t !== needy && t.traits.can.fence)
    .filter((t) => spare(t) > 0 || (isStarved(needy) && t.share > needy.share))
    .sort((a, b) => b.share - a.share);
  for (const giver of givers) {
    const idle = giver.runners.find((r) => isFreeIdle(r) && provenIdle(r.o));
    if (idle === undefined) continue;
    const why = `It makes room for a waiting job of the pool ${needy.state.pool.id}.`;
    return { do: 'fence', key: idle.record.name, why, now: false };
  }
  if (!isStarved(needy)) wake(input.now - needy.oldestWaitMs + exchangeMs);
  return null;
}

/** What has been decided in this turn before. */
export interface Decided {
  readonly input: PlanInput;
  /** Runners that have an action. */
  readonly taken: ReadonlySet<string>;
  /** Runners whose action is their fence. */
  readonly leaving: ReadonlySet<string>;
  readonly wake: Wake;
}

/** Ready runners that no waiting job needs. */
function spare(t: PoolTurn): number {
  return t.ready - (t.waiting?.length ?? 0);
}

function isFreeIdle(r: RunnerState): boolean {
  return r.view.phase === 'idle' && r.free;
}

/** Hands waiting jobs to idle runners that begin with their job, oldest first; none to those that are `taken`. */
export function handovers(t: PoolTurn, { taken }: Decided): Action[] {
  if (t.traits.agent.waits || !t.state.allowance.newRunners) return [];
  const idle = t.runners.filter((r) => isFreeIdle(r) && !taken.has(r.record.name));
  const jobs = t.waiting ?? [];
  return idle.slice(0, jobs.length).map((r, i) => ({
    do: 'start',
    key: r.record.name,
    why: 'A job waits and it is idle.',
    job: jobs[i]?.id ?? null,
  }));
}

/** An idle runner that can take none of the waiting jobs makes room for one that can, where its pool is full. */
export function replace(t: PoolTurn, { taken }: Decided): Action[] {
  if (!t.traits.can.fence || (t.short !== noPlace && t.short !== noCapacity) || unmetJobs(t) === 0) return [];
  // Of a demand that is known in part others may wait for it.
  if (!t.isWhole) return [];
  const idle = t.idleElsewhere.find((r) => isFreeIdle(r) && provenIdle(r.o) && !taken.has(r.record.name));
  if (idle === undefined) return [];
  const why = 'It makes room for a job that it cannot take.';
  return [{ do: 'fence', key: idle.record.name, why, now: false }];
}

/** Runners of an auto pool that have been idle through its timeout, whatever is kept warm; not those that jobs wait for. */
export function expire(t: PoolTurn, { input, taken, wake }: Decided): Action[] {
  const { mode, idleTimeoutSeconds } = t.state.pool;
  if (mode !== 'auto' || !t.traits.can.fence || t.waiting === null || !t.isWhole) return [];
  const needed = t.traits.agent.waits ? t.waiting.length : 0;
  const idle = longestIdle(t, taken);
  return idle.slice(0, Math.max(0, idle.length - needed)).flatMap((r) => {
    if (r.record.idleSince === null) return [];
    const end = r.record.idleSince + idleTimeoutSeconds * 1000;
    wake(end);
    const why = `No job for ${idleTimeoutSeconds} s.`;
    return input.now < end ? [] : [{ do: 'fence', key: r.record.name, why, now: false }];
  });
}

function longestIdle(t: PoolTurn, taken: ReadonlySet<string>): RunnerState[] {
  return t.runners
    .filter((r) => isFreeIdle(r) && !taken.has(r.record.name))
    .sort((a, b) => (a.record.idleSince ?? 0) - (b.record.idleSince ?? 0));
}

/** Idle runners beyond what is wanted, once the surplus has lasted through the cooldown. Longest idle first. */
export function shrink(t: PoolTurn, { input, taken, leaving, wake }: Decided): Action[] {
  if (!t.traits.can.fence) return [];
  const alreadyLeaving = t.runners.filter((r) => leaving.has(r.record.name)).length;
  const extra = t.busy + t.ready - wanted(t) - alreadyLeaving;
  if (extra <= 0) return [];
  const end = (t.state.memory.surplusSince ?? input.now) + scalingOf(t.state.pool).cooldownMs;
  if (input.now < end) {
    wake(end);
    return [];
  }
  return longestIdle(t, taken)
    .slice(0, extra)
    .map((r) => ({
      do: 'fence',
      key: r.record.name,
      why: `Not needed any more: ${t.want.why}`,
      now: false,
    }));
}
