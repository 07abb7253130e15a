/** submit --wait: the output as it comes, over retries and restarts of the supervisor; Ctrl-C asks what to do with the job. */
import type { Job, Submission } from '../contract/job.ts';
import { problem } from '../contract/problem.ts';
import { isLost, jobExitCode } from './commands/submit.ts';
import { copyLog } from './log-output.ts';
import { ask } from './reach.ts';
import type { Call } from './spec.ts';
import type { Connected } from './world.ts';

/** A supervisor that was restarted is waited for so long. */
const reconnectMs = 60_000;
const reconnectPauseMs = 250;

const ended = ['succeeded', 'failed', 'cancelled', 'lost'];

/** Submits, streams, and gives the exit code of the last attempt. Our own codes count only before it was accepted. */
export async function follow(call: Call, submission: Submission): Promise<number> {
  let api = await call.world.connect(call.home);
  const { job: first, notes } = await ask(api, 'submit', submission);
  for (const note of notes) call.terminal.note(note);
  if (call.json) call.terminal.json({ submitted: first });
  else call.terminal.note(`Submitted as ${first.id}.`);
  const wish = new Interruption(call);
  let id = first.id;
  let cursor = 0;
  try {
    for (;;) {
      try {
        const job = await watch(call, api, id, cursor, wish, (at) => (cursor = at));
        if (job === null) return left(call, id);
        if (job.retriedAs === null) return conclude(call, job);
        call.terminal.note(`${job.result ?? 'It failed.'} It is tried again as ${job.retriedAs}.`);
        [id, cursor] = [job.retriedAs, 0];
      } catch (error) {
        if (!isLost(error)) throw error;
        api.close();
        api = await reconnect(call, id);
      }
    }
  } finally {
    wish.dispose();
    api.close();
  }
}

/** Follows one attempt to its end; null when the person leaves it running. */
async function watch(
  call: Call,
  api: Connected,
  id: string,
  cursor: number,
  wish: Interruption,
  moved: (cursor: number) => void,
): Promise<Job | null> {
  const leave = wish.during(api, id);
  let from = cursor;
  for (;;) {
    const note = (at: number): void => {
      from = at;
      moved(at);
    };
    await copyLog(call, api, { job: id, runner: null, cursor: from, follow: true }, note, leave);
    if (leave.aborted) return null;
    const { job } = await ask(api, 'job.show', { job: id });
    if (ended.includes(job.state)) return job;
  }
}

function conclude(call: Call, job: Job): number {
  if (call.json) call.terminal.json({ job });
  else if (job.state !== 'succeeded')
    call.terminal.note(`homerunner: ${job.result ?? `The job is ${job.state}.`}`);
  return jobExitCode(job);
}

function left(call: Call, id: string): number {
  call.terminal.note(
    `The job goes on. See it with \`homerunner job logs -f ${id}\`, end it with \`homerunner job cancel ${id}\`.`,
  );
  if (call.json) call.terminal.json({ left: id });
  return 130;
}

async function reconnect(call: Call, id: string): Promise<Connected> {
  call.terminal.note('The supervisor has gone; waiting for it to come back …');
  const end = performance.now() + reconnectMs;
  while (performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, reconnectPauseMs));
    try {
      return await call.world.connect(call.home);
    } catch (error) {
      if (!isLost(error)) throw error;
    }
  }
  throw problem(
    'no-supervisor',
    `The supervisor did not come back; the job ${id} is not lost.`,
    `Start it with \`homerunner run\`, then see \`homerunner job show ${id}\`.`,
  );
}

/**
 * Ctrl-C while a job is followed. At a terminal it asks: leave the job running, cancel it, or go on; a second Ctrl-C
 * leaves. Without a terminal there is nobody to ask: the job is left running, as nothing should be lost by accident.
 */
class Interruption {
  readonly #call: Call;
  readonly #onSignal: () => void;
  #leave = new AbortController();
  #api: Connected | null = null;
  #job = '';
  #asking = false;

  constructor(call: Call) {
    this.#call = call;
    this.#onSignal = () => void this.#interrupted();
    process.on('SIGINT', this.#onSignal);
    process.on('SIGTERM', this.#onSignal);
  }

  /** From now on it is about this job; the signal says that it is left. */
  during(api: Connected, job: string): AbortSignal {
    this.#api = api;
    this.#job = job;
    return this.#leave.signal;
  }

  dispose(): void {
    process.off('SIGINT', this.#onSignal);
    process.off('SIGTERM', this.#onSignal);
  }

  async #interrupted(): Promise<void> {
    if (this.#asking || !this.#call.terminal.interactive) {
      this.#leave.abort();
      return;
    }
    this.#asking = true;
    const answer = await this.#call.terminal
      .ask(`\nThe job ${this.#job} runs. [l]eave it running, [c]ancel it, or [g]o on? `)
      .catch(() => 'l');
    this.#asking = false;
    if (/^c/i.test(answer.trim()) && this.#api !== null)
      await ask(this.#api, 'job.cancel', { job: this.#job });
    else if (!/^g/i.test(answer.trim())) this.#leave.abort();
  }
}
