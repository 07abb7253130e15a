/** The real program in a home of its own: started, asked, killed; as this user or as a plain one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Job } from '../../src-main/contract/job.ts';
import type { Snapshot } from '../../src-main/contract/snapshot.ts';
import { remove } from './remove.ts';
import { until } from './until.ts';

/** The test build: with fault points. */
export const program = path.resolve('dist-test/cli.cjs');

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface User {
  readonly uid: number;
  readonly gid: number;
}

export interface HomeOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly user?: User;
  /** A folder to make the home in; the system's temporary one by default. */
  readonly under?: string;
  /** A folder made around the home, which goes with it. */
  readonly around?: string;
}

/** A home folder with the program around it; `dispose` ends what it started and removes it. */
export class Home {
  readonly path: string;
  readonly env: Record<string, string>;
  readonly user: User | undefined;
  readonly #children = new Set<ChildProcess>();
  readonly #around: string | null;

  constructor(options: HomeOptions = {}) {
    this.path = mkdtempSync(path.join(options.under ?? tmpdir(), 'hr-home-'));
    this.user = options.user;
    this.#around = options.around ?? null;
    this.env = { ...plainEnvironment(), HOMERUNNER_HOME: this.path, ...options.env };
  }

  /** Starts the program; stdin is closed unless it is written to. */
  spawn(args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}): ChildProcess {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: options.cwd ?? this.path,
      env: { ...this.env, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      ...this.user,
    });
    this.#children.add(child);
    child.once('exit', () => this.#children.delete(child));
    child.stdin.on('error', () => undefined);
    return child;
  }

  /** Runs one command to its end. */
  async cli(
    args: readonly string[],
    options: { cwd?: string; env?: Record<string, string> } = {},
  ): Promise<Finished> {
    const child = this.spawn(args, options);
    child.stdin?.end();
    return finished(child);
  }

  /** Runs one command with --json and gives its one document; throws when it failed. */
  async json<T>(args: readonly string[], options: { cwd?: string } = {}): Promise<T> {
    const split = args.indexOf('--');
    const at = split < 0 ? args.length : split;
    const done = await this.cli([...args.slice(0, at), '--json', ...args.slice(at)], options);
    if (done.code !== 0)
      throw new Error(`${args.join(' ')}: exit ${done.code}: ${done.stdout}${done.stderr}`);
    return JSON.parse(done.stdout) as T;
  }

  /** A supervisor that accepts commands. */
  async run(options: { env?: Record<string, string>; args?: readonly string[] } = {}): Promise<Running> {
    const child = this.spawn(['run', ...(options.args ?? [])], options);
    child.stdin?.end();
    const running = new Running(child);
    await until(() => {
      if (child.exitCode !== null || child.signalCode !== null) {
        throw new Error(
          `run ended: ${child.exitCode ?? child.signalCode}\n${running.stdout}\n${running.stderr}`,
        );
      }
      return running.stdout.includes('homerunner ready');
    }, 'the supervisor is ready');
    return running;
  }

  async status(): Promise<Snapshot> {
    return this.json<Snapshot>(['status']);
  }

  async jobs(): Promise<readonly Job[]> {
    return (await this.json<{ jobs: readonly Job[] }>(['job', 'list'])).jobs;
  }

  async job(id: string): Promise<Job> {
    return (await this.json<{ job: Job }>(['job', 'show', id])).job;
  }

  /** Submits a job in place and gives its id. */
  async submit(
    command: readonly string[],
    options: { args?: readonly string[]; cwd?: string } = {},
  ): Promise<string> {
    const answer = await this.json<{ job: Job }>(
      ['submit', ...(options.args ?? ['--in-place']), '--', ...command],
      options.cwd === undefined ? {} : { cwd: options.cwd },
    );
    return answer.job.id;
  }

  /** Waits until a job has its outcome. */
  async outcome(id: string, limitMs?: number): Promise<Job> {
    return until(
      async () => {
        const job = await this.job(id);
        return job.endedAt === null ? null : job;
      },
      `job ${id} has ended`,
      limitMs,
    );
  }

  /** Ends what it started, in whatever state: for a program that is about to end itself. */
  kill(): void {
    for (const child of this.#children) child.kill('SIGKILL');
  }

  async dispose(): Promise<void> {
    this.kill();
    await endMarked(this.path);
    await remove(this.path);
    if (this.#around !== null) await remove(this.#around);
  }
}

/** A supervisor in the foreground. */
export class Running {
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';

  constructor(child: ChildProcess) {
    this.child = child;
    child.stdout?.on('data', (data: Buffer) => (this.stdout += data.toString()));
    child.stderr?.on('data', (data: Buffer) => (this.stderr += data.toString()));
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async ended(): Promise<Finished> {
    if (this.alive) await new Promise((resolve) => this.child.once('exit', resolve));
    return {
      code: this.child.exitCode,
      signal: this.child.signalCode,
      stdout: this.stdout,
      stderr: this.stderr,
    };
  }

  /** kill -9, as power users and out-of-memory killers do. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended();
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Finished> {
    this.child.kill(signal);
    return this.ended();
  }
}

/** Collects what a child prints until it ends. */
export async function finished(child: ChildProcess): Promise<Finished> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (stderr += data.toString()));
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.once('close', (exit: number | null, by: NodeJS.Signals | null) => {
      resolve([exit, by]);
    });
  });
  return { code, signal, stdout, stderr };
}

/** Only what a program needs: no variable of the machine that runs the tests gets through. */
function plainEnvironment(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'USER', 'LANG', 'TMPDIR'];
  return Object.fromEntries(
    kept.flatMap((name): [string, string][] => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Ends processes that a failed test left: those whose environment names a runner of this home. */
async function endMarked(home: string): Promise<void> {
  const { marked } = await import('./processes.ts');
  for (const { pid } of marked(home)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}
