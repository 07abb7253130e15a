/** What follows when an action could not be done: the step is repeated later, or the runner replaced after a back-off. */
import { type Problem, reactionTo } from '../contract/problem.ts';
import type { Action } from '../core/actions.ts';
import { delayAfter, failed } from '../core/backoff.ts';
import { giveUpJob } from './act.ts';
import type { RunnerRecord } from '../core/runner.ts';
import type { Deps } from './deps.ts';
import type { State } from './state.ts';

/** The shortest rest of a runner after a failed action: nothing is repeated in a hot loop. */
const leastRestMs = 1000;
/** So often a job's start is tried before that is its outcome. */
const startTries = 5;
/** The longest rest of what a full disk has stopped. */
const fullDiskRestMs = 5000;

/** Notes the failure of `action`; nothing is lost by it, and what is half done is repeated. */
export async function failedAction(action: Action, reason: Problem, deps: Deps, state: State): Promise<void> {
  if (action.do === 'remove' && reactionTo(reason.code) === 'ignore') {
    const gone = state.records.get(action.key);
    if (gone !== undefined) state.put({ ...gone, removedAt: state.now() });
    return;
  }
  deps.log.warn(`${action.key}: ${action.do} failed: ${reason.message}`, {
    code: reason.code,
    hint: reason.hint,
  });
  if (action.do === 'intend') {
    // Its name never comes back: the pool waits, not the name.
    poolFailed(action.record.pool, reason, leastRestMs, deps, state);
    return;
  }
  const record = state.records.get(action.key);
  const failures = (state.resting.get(action.key)?.failures ?? 0) + 1;
  const wait = Math.min(longestRest(action, reason), delayAfter(failures, deps.random()));
  // Before anything that may fail too: whatever happens here, nothing is repeated at once.
  const rest = { until: state.now() + Math.max(leastRestMs, wait), failures, problem: reason };
  state.resting.set(action.key, rest);
  if (record === undefined) return;
  if (isMaking(action, record)) {
    poolFailed(record.pool, reason, 0, deps, state);
    state.put({ ...record, failure: { problem: reason, at: state.now() } });
    state.resting.delete(action.key);
  } else if (action.do === 'start' && failures >= startTries) {
    await giveUpJob(record, reason, deps, state);
    state.resting.delete(action.key);
  }
}

/** A step on the way to a runner that is ready: its failure is the pool's. */
function isMaking(action: Action, record: RunnerRecord): boolean {
  return (
    action.do === 'register' || action.do === 'prepare' || (action.do === 'start' && record.job === null)
  );
}

/** One more failure of a pool; it tries again after its back-off, and not before `leastMs`. */
export function poolFailed(pool: string, reason: Problem, leastMs: number, deps: Deps, state: State): void {
  const now = state.now();
  const backoff = failed(state.memoryOf(pool).backoff, now, deps.random());
  const retryAt = Math.max(backoff.retryAt, now + leastMs);
  state.setMemory(pool, (m) => ({ ...m, backoff: { ...backoff, retryAt } }));
  state.poolProblems.set(pool, { ...reason, retryAt: deps.clock.now() + retryAt - now });
}

/** What only waits for space on the disk goes on soon after there is some; a start fills it again, so that is not hurried. */
function longestRest(action: Action, reason: Problem): number {
  return reason.code === 'disk-reserve' && action.do !== 'start' ? fullDiskRestMs : Infinity;
}
