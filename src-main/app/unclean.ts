/** After the machine went down while jobs ran: the first start waits and then goes on with half of it (design 3). */
import type { Store } from '../core/ports.ts';
import type { RunnerRecord } from '../core/runner.ts';
import type { Deps } from './deps.ts';
import type { State } from './state.ts';

/** How long a headless start waits for the owner. */
const waitMs = 10 * 60_000;
const key = 'uncleanUntil';
/** The boot of which it was noted: the jobs may be without an outcome for long. */
const bootKey = 'uncleanBoot';

/** Looks whether a job was running when the machine went down; to be asked before anything is settled. */
export function noteUnclean(deps: Deps, state: State): void {
  const bootId = deps.presence.bootId();
  const cut = [...state.records.values()].filter(
    (r) => r.process !== null && r.process.bootId !== bootId && hasJob(r, deps.store),
  );
  if (cut.length > 0 && deps.store.meta(bootKey) !== bootId) {
    deps.store.transaction(() => {
      deps.store.setMeta(key, String(deps.clock.now() + waitMs));
      deps.store.setMeta(bootKey, bootId);
    });
    const jobs = `${cut.length} job${cut.length === 1 ? '' : 's'}`;
    deps.say(
      `The machine went down while ${jobs} ran. New work waits 10 minutes; \`homerunner resume\` begins at once.`,
    );
  }
  const stored = deps.store.meta(key);
  if (stored === null || stored === '') return;
  const now = deps.clock.now();
  const until = Math.min(Number(stored), now + waitMs);
  state.unclean = { until, end: deps.clock.monotonic() + until - now };
}

/** By its record, or, of an agent that waits for jobs, by the history. */
function hasJob({ name, forge, job }: RunnerRecord, store: Store): boolean {
  return job !== null || store.openJobs(forge).some((row) => row.job.runner === name);
}

/** The owner has seen it; true when there was something to forget. */
export function forgetUnclean(deps: Deps, state: State): boolean {
  if (state.unclean === null) return false;
  deps.store.setMeta(key, '');
  state.unclean = null;
  return true;
}

/** The same without a supervisor, for the next start. */
export function forgetStoredUnclean(store: Store): boolean {
  const stored = store.meta(key);
  if (stored === null || stored === '') return false;
  store.setMeta(key, '');
  return true;
}
