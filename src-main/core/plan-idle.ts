/** What becomes of idle runners: they get a waiting job, make room for another pool's, or end because too many are there. */
import type { Action } from './actions.ts';
import { provenIdle } from './phase.ts';
import {
  couldFit,
  exchangeMs,
  isStarved,
  noCapacity,
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

/** Ready runners that no waiting job needs. */
function spare(t: PoolTurn): number {
  return t.ready - (t.waiting?.length ?? 0);
}

function isFreeIdle(r: RunnerState): boolean {
  return r.view.phase === 'idle' && r.free;
}

/** Hands waiting jobs to idle runners that begin with their job, oldest first; none to those of `leaving`. */
export function handovers(t: PoolTurn, leaving: ReadonlySet<string>): Action[] {
  if (t.traits.agent.waits || !t.state.allowance.newRunners) return [];
  const idle = t.runners.filter((r) => isFreeIdle(r) && !leaving.has(r.record.name));
  const jobs = t.waiting ?? [];
  return idle.slice(0, jobs.length).map((r, i) => ({
    do: 'start',
    key: r.record.name,
    why: 'A job waits and it is idle.',
    job: jobs[i]?.id ?? null,
  }));
}

/** Idle runners beyond what is wanted, once the surplus has lasted through the cooldown. Longest idle first. */
export function shrink(
  t: PoolTurn,
  input: PlanInput,
  leaving: ReadonlySet<string>,
  staying: ReadonlySet<string>,
  wake: Wake,
): Action[] {
  if (!t.traits.can.fence) return [];
  const alreadyLeaving = t.runners.filter((r) => leaving.has(r.record.name)).length;
  const extra = t.busy + t.ready - wanted(t) - alreadyLeaving;
  if (extra <= 0) return [];
  const end = (t.state.memory.surplusSince ?? input.now) + scalingOf(t.state.pool).cooldownMs;
  if (input.now < end) {
    wake(end);
    return [];
  }
  return t.runners
    .filter((r) => isFreeIdle(r) && !leaving.has(r.record.name) && !staying.has(r.record.name))
    .sort((a, b) => (a.record.idleSince ?? 0) - (b.record.idleSince ?? 0))
    .slice(0, extra)
    .map((r) => ({
      do: 'fence',
      key: r.record.name,
      why: `Not needed any more: ${t.want.why}`,
      now: false,
    }));
}
