/** A terminal that keeps what was printed, and a world of one supervisor in memory. */
import type { StreamItems } from '../contract/api.ts';
import type { CommandName } from '../contract/commands.ts';
import { type Job, notEnded } from '../contract/job.ts';
import { problem, problemOf } from '../contract/problem.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import { main } from './main.ts';
import type { Terminal } from './terminal.ts';
import type { Connected, Hosted, Offline, World } from './world.ts';

export const now = 1_800_000_000_000;

export class Paper implements Terminal {
  readonly cwd = '/somewhere';
  readonly env = {};
  interactive = false;
  readonly columns = 80;
  stdout = '';
  stderr = '';
  /** What a person answers, in turn. */
  answers: (string | null)[] = [];
  /** What standard input holds. */
  input: string | null = null;
  closed: () => void = () => undefined;

  print(text: string): void {
    this.stdout += `${text}\n`;
  }
  write(data: Uint8Array): Promise<void> {
    this.stdout += Buffer.from(data).toString('latin1');
    return Promise.resolve();
  }
  json(value: unknown): void {
    this.stdout += `${JSON.stringify(value)}\n`;
  }
  note(sentence: string): void {
    this.stderr += `${sentence}\n`;
  }
  ask(question: string): Promise<string | null> {
    this.stderr += question;
    return Promise.resolve(this.answers.shift() ?? null);
  }
  secret(): Promise<string | null> {
    return Promise.resolve(this.input);
  }
  onClosed(fn: () => void): void {
    this.closed = fn;
  }
  now(): number {
    return now;
  }
  /** The lines of a JSON stream. */
  get documents(): Record<string, unknown>[] {
    return this.stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }
}

type Handlers = Partial<Record<CommandName, (args: never) => unknown>>;

export const noSupervisor = () =>
  problem('no-supervisor', 'No supervisor runs.', 'Start one with `homerunner run`.');

async function* nothing(): AsyncGenerator<StreamItems['log']> {
  await Promise.resolve();
  yield* [];
}

/** What the commands reach; a test says what it answers. */
export class MemoryWorld implements World {
  readonly version = '1.2.3';
  readonly asked: [string, unknown][] = [];
  handlers: Handlers = {};
  snapshot: Partial<Snapshot> = {
    runners: [],
    supervisor: { pid: 999_999_999, version: '1', host: 'headless' },
  };
  log: (cursor: number, signal: AbortSignal) => AsyncIterable<StreamItems['log']> = nothing;
  /** Each connection: null where none can be had, once an entry; the last one stays. */
  reachable: boolean[] = [true];
  offlineHandlers: Handlers | null = null;
  offlineNotes: string[] = [];
  /** What a file of variables amounts to. */
  read: Awaited<ReturnType<World['environment']>> = {
    pool: null,
    account: null,
    token: () => null,
    warnings: ['RUNNER_ARCH has no effect.'],
    problems: [],
  };
  connections = 0;
  drop: () => void = () => undefined;

  home(flag: string | null): string {
    return flag ?? '/home';
  }

  connect(): Promise<Connected> {
    const reachable = this.reachable.length > 1 ? this.reachable.shift() : this.reachable[0];
    if (reachable !== true) return Promise.reject(noSupervisor());
    this.connections += 1;
    return Promise.resolve(this.#api(this.handlers));
  }

  offline(): Promise<Offline> {
    return this.offlineHandlers === null
      ? Promise.reject(problem('already-running', 'Held.', 'Wait.'))
      : Promise.resolve({ ...this.#api(this.offlineHandlers), notes: this.offlineNotes });
  }

  host(): Promise<Hosted> {
    return Promise.reject(problem('already-running', 'Another supervisor runs.', 'See `homerunner status`.'));
  }

  detect(): ReturnType<World['detect']> {
    return Promise.reject(problem('capture-unreadable', 'No such recording.', 'Look at the name.'));
  }

  config(): ReturnType<World['config']> {
    return { file: '/home/config.json', config: { version: 1 }, problems: [] };
  }

  environment(): ReturnType<World['environment']> {
    return Promise.resolve(this.read);
  }

  #api(handlers: Handlers): Connected {
    let close: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => (close = resolve));
    this.drop = close;
    const { asked } = this;
    return {
      closed,
      close,
      snapshot: () => Promise.resolve(this.snapshot as Snapshot),
      subscribe: () => () => undefined,
      async execute(name, args) {
        asked.push([name, args]);
        try {
          const handler = handlers[name] as ((args: unknown) => unknown) | undefined;
          if (handler === undefined)
            throw problem('not-found', `There is no ${name} here.`, 'Look elsewhere.');
          return { ok: true, value: (await handler(args)) as never };
        } catch (error) {
          return { ok: false, problem: problemOf(error) };
        }
      },
      stream: (_name, args, signal) => this.log('cursor' in args ? args.cursor : 0, signal) as never,
    };
  }
}

export interface Outcome {
  readonly code: number;
  readonly paper: Paper;
  readonly world: MemoryWorld;
}

/** Runs one command line. */
export async function cli(
  argv: readonly string[],
  world: MemoryWorld = new MemoryWorld(),
  paper: Paper = new Paper(),
): Promise<Outcome> {
  return { code: await main(argv, paper, world), paper, world };
}

export function makeJob(more: Partial<Job> = {}): Job {
  return {
    id: 'j1',
    forge: 'local',
    pool: 'local',
    runner: null,
    name: 'make test',
    url: null,
    labels: [],
    arch: null,
    state: 'queued',
    createdAt: now,
    startedAt: null,
    ...notEnded,
    ...more,
  };
}
