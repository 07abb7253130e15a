/** What follows when an action could not be done: the step is repeated later, or the runner replaced after a back-off. */
import { type Problem, reactionTo } from '../contract/problem.ts';
import type { Action } from '../core/actions.ts';
import { delayAfter, failed } from '../core/backoff.ts';
import { giveUpJob } from './act.ts';
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
  const record = state.records.get(action.key);
  const making =
    action.do === 'register' || action.do === 'prepare' || (action.do === 'start' && record?.job == null);
  if (making && record !== undefined) {
    state.setMemory(record.pool, (m) => ({ ...m, backoff: failed(m.backoff, state.now(), deps.random()) }));
    const { retryAt } = state.memoryOf(record.pool).backoff;
    state.poolProblems.set(record.pool, {
      ...reason,
      retryAt: deps.clock.now() + Math.max(0, retryAt - state.now()),
    });
    state.put({ ...record, failure: { problem: reason, at: state.now() } });
    return;
  }
  const failures = (state.resting.get(action.key)?.failures ?? 0) + 1;
  if (action.do === 'start' && record !== undefined && failures >= startTries) {
    await giveUpJob(record, reason, deps, state);
    state.resting.delete(action.key);
    return;
  }
  const rest = Math.max(
    leastRestMs,
    Math.min(longestRest(action, reason), delayAfter(failures, deps.random())),
  );
  state.resting.set(action.key, { until: state.now() + rest, failures, problem: reason });
}

/** What only waits for space on the disk goes on soon after there is some; a start fills it again, so that is not hurried. */
function longestRest(action: Action, reason: Problem): number {
  return reason.code === 'disk-reserve' && action.do !== 'start' ? fullDiskRestMs : Infinity;
}
