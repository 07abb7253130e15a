/** submit --wait: the output as it comes, over retries and restarts of the supervisor, and the job's exit code. */
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
      try {
        const job = await this.#attempt();
        if (job !== null && job.retriedAs === null) return this.#conclude(job);
        if (job !== null) this.#next(job, job.retriedAs ?? '');
      } catch (error) {
        if (!isLost(error)) throw error;
        await this.#reconnect();
      }
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

  async #reconnect(): Promise<void> {
    this.#api.close();
    this.#call.terminal.note('The supervisor has gone; waiting for it to come back …');
    const end = performance.now() + reconnectMs;
    while (performance.now() < end) {
      const { leave } = this.#interruption;
      if (leave.aborted) return;
      await delay(reconnectPauseMs, undefined, { signal: leave }).catch(() => undefined);
      try {
        this.#api = await this.#call.world.connect(this.#call.home);
        return;
      } catch (error) {
        if (!isLost(error)) throw error;
      }
    }
    throw problem(
      'no-supervisor',
      `The supervisor did not come back; the job ${this.#id} is not lost.`,
      `Start it with \`homerunner run\`, then see \`homerunner job show ${this.#id}\`.`,
    );
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
