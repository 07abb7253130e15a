/** One unpacked agent double, started as a supervisor would. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type AgentOptions, buildAgentArchive } from '../support/github-agent/archive.ts';
import { remove } from '../support/remove.ts';
import { until } from '../support/until.ts';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export class Program {
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';
  readonly ended: Promise<Ended>;

  constructor(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv) {
    this.child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout?.setEncoding('utf8').on('data', (part: string) => (this.stdout += part));
    this.child.stderr?.setEncoding('utf8').on('data', (part: string) => (this.stderr += part));
    this.ended = new Promise((resolve) =>
      this.child.once('close', (code, signal) => {
        resolve({ code, signal });
      }),
    );
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('It did not start.');
    return this.child.pid;
  }

  /** Waits for this in what it printed. */
  async says(part: string | RegExp): Promise<void> {
    const all = () => this.stdout + this.stderr;
    await until(
      () => (typeof part === 'string' ? all().includes(part) : part.test(all())),
      `it says ${String(part)}; it said:\n${all()}`,
    );
  }

  /** To the process alone, or to its whole group. */
  signal(name: NodeJS.Signals, to: 'process' | 'group' = 'process'): void {
    process.kill(to === 'group' ? -this.pid : this.pid, name);
  }

  /** What it printed, without times. */
  get lines(): string[] {
    return this.stdout.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ: /gm, 'T: ').split('\n');
  }
}

export class AgentFolder {
  readonly root: string;
  readonly #programs: Program[] = [];

  private constructor(root: string) {
    this.root = root;
  }

  static async make(options: AgentOptions = {}, version = '2.336.0'): Promise<AgentFolder> {
    const folder = mkdtempSync(path.join(tmpdir(), 'hr-double-'));
    const { file } = await buildAgentArchive(folder, version, { time: 0.01, renewMs: 50, ...options });
    execFileSync('tar', ['xzf', file, '-C', folder]);
    return new AgentFolder(folder);
  }

  /** Programs of the folder, from the folder, in an environment of its own. */
  start(command: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Program {
    const basic = { PATH: process.env['PATH'], HOME: this.root, HOMERUNNER_DOUBLE_TIME: '0.01' };
    const program = new Program(path.join(this.root, command), args, this.root, { ...basic, ...env });
    this.#programs.push(program);
    return program;
  }

  listener(env: NodeJS.ProcessEnv = {}): Program {
    return this.start('bin/Runner.Listener', ['run'], env);
  }

  has(name: string): boolean {
    return existsSync(path.join(this.root, name));
  }

  read(name: string): string {
    return readFileSync(path.join(this.root, name), 'utf8');
  }

  /** The newest trace of this kind. */
  diag(kind: 'Runner' | 'Worker'): string {
    const names = readdirSync(path.join(this.root, '_diag')).filter((name) => name.startsWith(`${kind}_`));
    return this.read(path.join('_diag', names.sort().at(-1) ?? ''));
  }

  /** Processes of programs with this name that run in this folder now. */
  processes(name: 'Runner.Listener' | 'Runner.Worker'): number[] {
    return execFileSync('ps', ['-A', '-ww', '-o', 'pid=,args='], { encoding: 'utf8' })
      .split('\n')
      .filter((row) => row.includes(path.join(this.root, 'bin', name)))
      .map((row) => Number.parseInt(row, 10));
  }

  async dispose(): Promise<void> {
    const names = ['Runner.Listener', 'Runner.Worker'] as const;
    const left = [
      ...names.flatMap((name) => this.processes(name)),
      ...this.#programs.map((each) => -each.pid),
    ];
    for (const pid of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
    }
    await remove(this.root);
  }
}
