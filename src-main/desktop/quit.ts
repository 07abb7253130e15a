/** The one way out: the menu, the window, a signal and the session's end all come here. */
import type { StopHow } from '../contract/commands.ts';
import type { Log } from '../core/ports.ts';
import type { Supervision } from './supervision.ts';

/** Electron may deliver one signal twice: those this close together are one. */
const sameSignalMs = 500;

export interface QuitWish {
  readonly supervision: Pick<Supervision, 'here' | 'jobsHere' | 'stop'>;
  /** Asks the owner about running jobs, by name; null: the owner thought better of it. */
  readonly ask: (jobs: readonly string[]) => Promise<StopHow | null>;
  /** Ends the process. */
  readonly exit: () => void;
  readonly log: Log;
}

export class Quit {
  readonly #wish: QuitWish;
  #asking = false;
  #signalled = -Infinity;
  #stopping: StopHow | null = null;

  constructor(wish: QuitWish) {
    this.#wish = wish;
  }

  /** Has an end been asked for that is on its way? */
  get stopping(): boolean {
    return this.#stopping !== null;
  }

  /**
   * Ends the application. A supervisor elsewhere goes on; one in this process is stopped first. False: the owner thought
   * better of it, or is being asked already.
   */
  async request(how: 'ask' | StopHow): Promise<boolean> {
    const chosen = how === 'ask' ? await this.#choose() : how;
    if (chosen === null) return false;
    if (this.#wish.supervision.here) await this.#stop(chosen);
    else this.#wish.exit();
    return true;
  }

  /** A signal: finish the jobs; once more, end them. `at` is monotonic milliseconds. */
  signal(at: number): void {
    const again = at - this.#signalled < sameSignalMs;
    this.#signalled = at;
    if (again) return;
    void this.request(this.#stopping === null ? 'drain' : 'now');
  }

  async #choose(): Promise<StopHow | null> {
    const { supervision, ask } = this.#wish;
    const jobs = await supervision.jobsHere();
    if (jobs.length === 0) return this.#stopping ?? 'drain';
    if (this.#asking) return null;
    this.#asking = true;
    try {
      return await ask(jobs);
    } finally {
      this.#asking = false;
    }
  }

  async #stop(how: StopHow): Promise<void> {
    this.#stopping = how;
    const { supervision, log } = this.#wish;
    const jobs = await supervision.stop(how);
    log.info('Homerunner is quitting.', { how, jobs });
  }
}
