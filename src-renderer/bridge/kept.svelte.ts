/** Longer lists that are read when they are needed, and read again when the snapshot shows that they have changed. */
import type { Job } from '../../src-main/contract/job.ts';
import type { History } from '../../src-main/contract/history.ts';
import type { HostProfile } from '../../src-main/contract/host.ts';
import type { Problem } from '../../src-main/contract/problem.ts';

/** A value that is asked for: the last good one stays, with the problem of the newest question beside it. */
export class Kept<T> {
  value = $state.raw<T | null>(null);
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);
  at = $state(0);
  readonly #ask: () => Promise<
    { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem }
  >;
  #again = false;

  constructor(
    ask: () => Promise<
      { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem }
    >,
  ) {
    this.#ask = ask;
  }

  /** Asks once more; while a question is under way, the next one waits for its answer. */
  async refresh(): Promise<void> {
    if (this.busy) {
      this.#again = true;
      return;
    }
    this.busy = true;
    try {
      for (let again = true; again; again = this.#takeAgain()) {
        const answer = await this.#ask();
        if (answer.ok) {
          this.value = answer.value;
          this.at = Date.now();
        }
        this.problem = answer.ok ? null : answer.problem;
      }
    } finally {
      this.busy = false;
    }
  }

  /** Was it asked for while a question was under way? */
  #takeAgain(): boolean {
    const again = this.#again;
    this.#again = false;
    return again;
  }
}

export const mostJobs = 2000;

/** The newest jobs that are kept, and how many there are in all. */
export const jobList = new Kept<{ readonly jobs: readonly Job[]; readonly total: number }>(() =>
  window.homerunner.execute('job.list', { limit: mostJobs }),
);

/** The last 24 hours. */
export const dayHistory = new Kept<History>(() =>
  window.homerunner.execute('history', { from: Date.now() - 86_400_000 }),
);

/** What detection knows of this machine. */
export const profile = new Kept<HostProfile>(() => window.homerunner.execute('detect', { fresh: false }));
