/** submit --wait: the output as it comes, over retries, restarts and the end of the supervisor, and the job's exit code. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Job, Submission } from '../contract/job.ts';
import { problem, problemOf } from '../contract/problem.ts';
import { exitAfter } from './exit-code.ts';
import { Interruption } from './interruption.ts';
import { LogOutput } from './log-output.ts';
import { ask } from './reach.ts';
import type { Call } from './spec.ts';
import { tell } from './terminal.ts';
import type { Connected } from './world.ts';

/** A supervisor that was restarted is waited for so long. */
const reconnectMs = 60_000;
const reconnectPauseMs = 250;
/** How often the history is read meanwhile: seldom, as it takes the lock that a supervisor which starts needs. */
const historyMs = 1_000;

/** Submits, streams, and gives the exit code of the last attempt. Our own codes count only before it was accepted. */
export async function follow(call: Call, submission: Submission): Promise<number> {
  const api = await call.world.connect(call.home);
  let accepted: Follower | null = null;
  try {
    const { job, notes } = await ask(api, 'submit', submission);
    for (const note of notes) call.terminal.note(note);
    if (call.json) call.terminal.json({ submitted: job });
    else call.terminal.note(`Submitted as ${job.id}.`);
    accepted = new Follower(call, api, job.id);
    return await accepted.follow();
  } catch (error) {
    if (accepted === null) throw error;
    // The job was accepted, so that 1 to 4 would be taken for its own code.
    tell(problemOf(error), call.json, call.terminal);
    return exitAfter.lost;
  } finally {
    (accepted ?? { close: () => api.close() }).close();
  }
}

/** One job from its acceptance to its end, over all of its attempts. */
class Follower {
  readonly #call: Call;
  readonly #interruption: Interruption;
  #api: Connected;
  #id: string;
  #output: LogOutput;
  /** For a supervisor to come back. */
  #waiting = false;

  constructor(call: Call, api: Connected, id: string) {
    this.#call = call;
    this.#api = api;
    this.#id = id;
    this.#output = new LogOutput(call);
    this.#interruption = new Interruption(
      call,
      () => this.#id,
      async () => {
        await ask(this.#api, 'job.cancel', { job: this.#id });
      },
      async () =>
        !this.#waiting && (await ask(this.#api, 'job.show', { job: this.#id })).job.endedAt !== null,
    );
    // Whoever read the output has gone, but not because the job is done.
    call.terminal.onClosed(() => process.exit(exitAfter.brokenPipe));
  }

  close(): void {
    this.#interruption.dispose();
    this.#api.close();
  }

  async follow(): Promise<number> {
    const { leave } = this.#interruption;
    for (;;) {
      const job = await this.#attempt().catch((error: unknown) => {
        if (!isLost(error)) throw error;
        this.#waiting = true;
        return this.#reconnect().finally(() => (this.#waiting = false));
      });
      if (job !== null && job.retriedAs === null) return this.#conclude(job);
      if (job !== null) this.#next(job, job.retriedAs ?? '');
      if (leave.aborted) return this.#left();
    }
  }

  /** Follows the present attempt to its end; null when it goes on, as its log could not be followed or the job is left. */
  async #attempt(): Promise<Job | null> {
    await this.#output.copy(
      this.#api,
      { job: this.#id, runner: null, follow: true },
      this.#interruption.leave,
    );
    if (this.#interruption.leave.aborted) return null;
    const { job } = await ask(this.#api, 'job.show', { job: this.#id });
    return job.endedAt === null ? null : job;
  }

  #next(job: Job, retriedAs: string): void {
    if (this.#call.json) this.#call.terminal.json({ retried: job, as: retriedAs });
    else this.#call.terminal.note(`${job.result ?? 'It failed.'} It is tried again as ${retriedAs}.`);
    this.#id = retriedAs;
    this.#output = new LogOutput(this.#call);
  }

  #conclude(job: Job): number {
    if (this.#call.json) this.#call.terminal.json({ job });
    else if (job.state !== 'succeeded')
      this.#call.terminal.note(`homerunner: ${job.result ?? `The job is ${job.state}.`}`);
    return jobExitCode(job);
  }

  #left(): number {
    this.#call.terminal.note(
      `The job goes on. See it with \`homerunner job logs -f ${this.#id}\`, end it with \`homerunner job cancel ${this.#id}\`.`,
    );
    if (this.#call.json) this.#call.terminal.json({ left: this.#id });
    return exitAfter.cancelled;
  }

  /** Waits for a supervisor to come back, or for the job to have ended without: then it is given. */
  async #reconnect(): Promise<Job | null> {
    this.#api.close();
    const end = performance.now() + reconnectMs;
    const { leave } = this.#interruption;
    let [told, readAt] = [false, -Infinity];
    while (performance.now() < end) {
      await delay(reconnectPauseMs, undefined, { signal: leave }).catch(() => undefined);
      if (leave.aborted || (await this.#connected())) return null;
      if (performance.now() - readAt >= historyMs) {
        const job = await this.#ended();
        if (job !== null) return job;
        readAt = performance.now();
      }
      if (!told) this.#call.terminal.note('The supervisor has gone; waiting for it to come back …');
      told = true;
    }
    throw problem(
      'no-supervisor',
      `The supervisor did not come back; the job ${this.#id} is not lost.`,
      `Start it with \`homerunner run\`, then see \`homerunner job show ${this.#id}\`.`,
    );
  }

  async #connected(): Promise<boolean> {
    try {
      this.#api = await this.#call.world.connect(this.#call.home);
      return true;
    } catch (error) {
      if (isLost(error)) return false;
      throw error;
    }
  }

  /** The job as the last supervisor left it, its output copied to the end; null when it has not ended. */
  async #ended(): Promise<Job | null> {
    const { home, world } = this.#call;
    const left = await world.offline(home).catch((error: unknown) => {
      // A supervisor still ends, or starts: it knows more.
      if (problemOf(error).code === 'already-running') return null;
      throw error;
    });
    if (left === null) return null;
    try {
      const { job } = await ask(left, 'job.show', { job: this.#id });
      if (job.endedAt === null) return null;
      this.#interruption.withdraw();
      const log = { job: job.id, runner: null, follow: false };
      await this.#output.copy(left, log, this.#interruption.leave);
      return job;
    } finally {
      left.close();
      await left.closed;
    }
  }
}

/** What a job's outcome is as an exit code: its own, 128 + n for a signal, 130 cancelled, 125 lost. */
export function jobExitCode(job: Pick<Job, 'state' | 'exitCode'>): number {
  if (job.state === 'cancelled') return exitAfter.cancelled;
  if (job.state === 'lost') return exitAfter.lost;
  if (job.state === 'succeeded') return 0;
  return job.exitCode === null || job.exitCode === 0 ? 1 : job.exitCode;
}

/** Was the connection lost, rather than the command refused? */
function isLost(error: unknown): boolean {
  return problemOf(error).code === 'no-supervisor';
}
