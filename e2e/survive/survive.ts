/** What these specs share: homes with a pool from the first start on, jobs that wait for a sign, and what must be gone. */
import { chownSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ControlClient } from '../../src-main/adapters/control/client.ts';
import type { Job, Submission } from '../../src-main/contract/job.ts';
import { ask, connectTo, submissionOf } from '../support/control.ts';
import { marked } from '../support/processes.ts';
import type { Home } from '../support/product.ts';
import { until } from '../support/until.ts';

/** Set for the long form of the tests: more repetitions, longer waits. */
export const long = (process.env['HOMERUNNER_LONG'] ?? '') !== '';

/** Writes config.json: one local pool with so many slots, whatever the machine; `more` goes beside it. */
export function configure(home: Home, slots: number, more: object = {}): void {
  const pool = { id: 'local', forge: 'local', mode: 'auto', max: slots, cores: 0.1, memoryMiB: 256 };
  const config = { version: 1, capacity: { slots }, diskReserveGiB: 0, pools: [pool], ...more };
  const file = path.join(home.path, 'config.json');
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  if (home.user !== undefined) chownSync(file, home.user.uid, home.user.gid);
}

/** Jobs that write down each start, and end with a code of their own when they get the sign. */
export class Gate {
  readonly ledger: string;
  readonly #sign: string;

  constructor(home: Home) {
    this.ledger = path.join(home.path, 'ledger');
    this.#sign = path.join(home.path, 'sign');
  }

  /** Waits for `open()`, then exits with `code`. */
  command(code: number): string[] {
    const script =
      'echo "$HOMERUNNER_JOB" >> "$1"; while [ ! -e "$2" ]; do sleep 0.1; done; echo over; exit "$3"';
    return ['sh', '-c', script, 'sh', this.ledger, this.#sign, String(code)];
  }

  open(): void {
    writeFileSync(this.#sign, '');
  }

  /** How often each job has begun. */
  starts(): Record<string, number> {
    const counts: Record<string, number> = {};
    const text = existsSync(this.ledger) ? readFileSync(this.ledger, 'utf8') : '';
    for (const id of text.split('\n').filter(Boolean)) counts[id] = (counts[id] ?? 0) + 1;
    return counts;
  }
}

/** Runs `use` with a connection of its own. */
export async function withControl<T>(home: Home, use: (control: ControlClient) => Promise<T>): Promise<T> {
  const control = await connectTo(home);
  try {
    return await use(control);
  } finally {
    control.close();
    await control.closed;
  }
}

/** Submits a job in place over the control socket and gives its id. */
export function submit(
  home: Home,
  command: readonly string[],
  more: Partial<Submission> = {},
): Promise<string> {
  return withControl(home, async (control) => {
    const { job } = await ask(control, 'submit', submissionOf(command, home.path, more));
    return job.id;
  });
}

/** Waits until a job is as `is` wants it; asked over one connection. */
export function jobThat(
  home: Home,
  id: string,
  what: string,
  is: (job: Job) => boolean,
  limitMs?: number,
): Promise<Job> {
  return withControl(home, (control) =>
    until(
      async () => {
        const { job } = await ask(control, 'job.show', { job: id });
        return is(job) ? job : null;
      },
      `job ${id} ${what}`,
      limitMs,
    ),
  );
}

export function running(home: Home, id: string): Promise<Job> {
  return jobThat(home, id, 'runs', (job) => job.state === 'running');
}

export function ended(home: Home, id: string, limitMs?: number): Promise<Job> {
  return jobThat(home, id, 'has ended', (job) => job.endedAt !== null, limitMs);
}

/** The process of the runner that has this job. */
export async function pidOf(home: Home, job: string): Promise<number> {
  return withControl(home, (control) =>
    until(async () => {
      const { runners } = await control.snapshot();
      return runners.find((runner) => runner.job?.id === job)?.pid;
    }, `job ${job} has a process`),
  );
}

export function isAlive(pid: number): boolean {
  try {
    // A zombie is dead: only its parent has not looked yet.
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** After a stop: what is left of runners, in sentences. */
export function left(home: Home): string[] {
  const runners = path.join(home.path, 'runners');
  return [
    ...(existsSync(runners) ? readdirSync(runners) : []).map((name) => `The folder runners/${name} is left.`),
    ...marked(home.path).map((p) => `Process ${p.pid} of ${p.runner} is left: ${p.command}`),
  ];
}

/** Resident memory of a process in MiB. */
export function residentMiB(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}
