/** When a stop is done: what may still be there, by the way of stopping. */
import type { PlanInput } from '../core/plan-types.ts';
import { isAtWork } from '../core/phase.ts';
import type { State } from './state.ts';

/** A runner that could not be cleaned up after so many tries is left to the next start. */
const triesAtStop = 3;

/**
 * What "now" could not end by then (a process that the kernel does not let go) is left to the next start. An agent may
 * take a minute to end its job in order before it is killed.
 */
const longestNowMs = 90_000;

/** Has the stop been carried out, as far as it can be? */
export function hasEnded(state: State, input: PlanInput): boolean {
  const now = state.stop === 'now' && state.stopAt !== null;
  if (now && input.now - (state.stopAt ?? input.now) > longestNowMs) return true;
  if (state.inFlight.size > 0) return false;
  return [...state.records.values()].every((record) => {
    const o = input.observations.find((seen) => seen.name === record.name);
    const runs = o?.instance?.state === 'running';
    const works = record.job !== null || (o !== undefined && isAtWork(o));
    if (runs && works) return state.stop === 'leave-running';
    if (state.stop === 'now' && state.unwritten.has(record.name)) return false;
    // A forge that has yet to notice that its job was lost takes its time: the next start goes on with it.
    if (!runs && o?.worker === 'none' && (typeof o.forge === 'string' ? false : o.forge.busy)) return true;
    if (state.agentJobs.get(record.name)?.goneAt != null) return true;
    return (state.resting.get(record.name)?.failures ?? 0) >= triesAtStop;
  });
}
