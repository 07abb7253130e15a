/** The history of a stretch of time, out of the store; the same with a supervisor and without one. */
import type { History } from '../contract/history.ts';
import { spansOf } from '../core/history.ts';
import type { Store, StoredEvent } from '../core/ports.ts';

/** As the contract says; more would not fit a picture, nor be read. */
const jobsShown = 2000;

/**
 * Jobs and spans from `from` to `now`, wall-clock milliseconds. `end`: where no supervisor runs, how the last one ended
 * without having said so.
 */
export function historyOf(store: Store, from: number, now: number, end: StoredEvent | null = null): History {
  const events = [...store.spanEvents(from), ...(end === null ? [] : [end])];
  return { from, to: now, jobs: store.jobsBetween(from, now, jobsShown), spans: spansOf(events, from, now) };
}
