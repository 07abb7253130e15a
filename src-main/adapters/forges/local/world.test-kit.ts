/** For tests: a home, a store, a forge, repositories, and runners that really run what they are told to. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Submission } from '../../../contract/job.ts';
import type { LaunchSpec } from '../../../core/agent-port.ts';
import type { JobEnd, LocalForge } from '../../../core/forge-port.ts';
import type { Store } from '../../../core/ports.ts';
import { nothingDone, type RunnerRecord } from '../../../core/runner.ts';
import { openStore } from '../../db/open.ts';
import { removeTree } from './files.ts';
import { localForge } from './forge.ts';

export interface World {
  readonly folder: string;
  readonly home: string;
  readonly store: Store;
  readonly forge: LocalForge;
  readonly secrets: Map<string, string>;
  /** What the forge logged as warnings. */
  readonly warnings: string[];
  /** The same home after a crash: a new store and forge, told by the journal. */
  restart(): Promise<World>;
  /** A registered, prepared runner. */
  runner(name?: string, change?: Partial<RunnerRecord>): Promise<RunnerRecord>;
  /** Claims, launches, runs and settles; the job's output and its record afterwards. */
  run(job: string, runner: RunnerRecord): Promise<{ output: string; record: RunnerRecord }>;
  folderOf(runner: string): string;
  end(): Promise<void>;
}

export async function world(environment: NodeJS.ProcessEnv = process.env, at?: string): Promise<World> {
  const folder = at ?? realpathSync(mkdtempSync(join(tmpdir(), 'forge-')));
  const home = join(folder, 'home');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const { store } = openStore(join(home, 'state.db'));
  const secrets = new Map<string, string>();
  const warnings: string[] = [];
  const warn = (message: string, fields?: object) => warnings.push(`${message} ${JSON.stringify(fields)}`);
  const forge = localForge({
    store,
    home,
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    random: Math.random,
    secrets: { get: (name) => Promise.resolve(secrets.get(name) ?? null) },
    log: { info: warn, warn, error: warn },
    environment,
    platform: process.platform,
  });
  await forge.restore(store.runners());
  const folderOf = (runner: string) => join(home, 'runners', runner);
  return {
    folder,
    home,
    store,
    forge,
    secrets,
    warnings,
    folderOf,
    restart() {
      store.close();
      return world(environment, folder);
    },
    async runner(name = 'hr-1', change = {}) {
      const record = { ...newRecord(name), ...change };
      const registration = await forge.register(record);
      mkdirSync(folderOf(name), { recursive: true, mode: 0o700 });
      await forge.prepare(record, folderOf(name));
      const ready = { ...record, registration, preparedAt: 1, idleSince: 1 };
      store.putRunner(ready);
      return ready;
    },
    async run(job, runner) {
      const claimed = await forge.claim(job, runner);
      if (claimed === null) throw new Error(`${runner.name} could not claim ${job}`);
      const launch = await forge.launch(claimed, folderOf(runner.name));
      await forge.started(claimed, Date.now());
      const log = join(folderOf(runner.name), `job-${job}`, 'log');
      const exitCode = await execute(launch, log);
      const output = readFileSync(log, 'utf8');
      const record = await forge.settle(claimed, folderOf(runner.name), ended(job, { exitCode, log }));
      return { output, record };
    },
    async end() {
      store.close();
      await removeTree(folder);
    },
  };
}

async function execute({ argv, cwd, env }: LaunchSpec, log: string): Promise<number> {
  mkdirSync(dirname(log), { recursive: true });
  const file = openSync(log, 'a');
  const [command, ...args] = argv;
  const child = spawn(command, args, { cwd, env: { ...env }, stdio: ['ignore', file, file] });
  const [code] = (await once(child, 'close')) as [number | null];
  closeSync(file);
  return code ?? 1;
}

export function ended(job: string, change: Partial<JobEnd> = {}): JobEnd {
  return {
    job,
    exitCode: 0,
    endedAt: 1_900_000_000_000,
    by: null,
    peak: { cpu: null, memoryMiB: null },
    log: '/nowhere/log',
    problem: null,
    ...change,
  };
}

export function newRecord(name: string): RunnerRecord {
  return {
    name,
    pool: 'local',
    forge: 'local',
    scope: null,
    account: null,
    group: null,
    madeFor: null,
    arch: 'x64',
    labels: [],
    resources: { cpus: 1, memoryMiB: 512, pids: 100, gpus: [] },
    oneJob: false,
    intendedAt: 1,
    notBefore: 1,
    ...nothingDone,
  };
}

export function submission(dir: string, command: string[], change: Partial<Submission> = {}): Submission {
  return {
    command,
    dir,
    source: 'commit',
    pool: null,
    labels: [],
    arch: null,
    env: {},
    secrets: [],
    outputs: [],
    caches: [],
    timeoutSeconds: 0,
    retries: 0,
    ...change,
  };
}

/** Git as its owner would call it, with a name to commit by. */
export function git(dir: string, ...args: string[]): string {
  const names = [
    '-c',
    'user.name=Owner',
    '-c',
    'user.email=owner@example.org',
    '-c',
    'init.defaultBranch=main',
  ];
  return execFileSync('git', ['-C', dir, ...names, '-c', 'protocol.file.allow=always', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}

/** A repository of one commit with these files. */
export function repository(
  dir: string,
  files: Readonly<Record<string, string>> = { 'a.txt': 'one\n' },
): string {
  mkdirSync(dir, { recursive: true });
  git(dir, 'init', '--quiet');
  commit(dir, files);
  return dir;
}

export function commit(dir: string, files: Readonly<Record<string, string>>): string {
  write(dir, files);
  git(dir, 'add', '--all');
  git(dir, 'commit', '--quiet', '--message', 'files');
  return git(dir, 'rev-parse', 'HEAD');
}

export function write(dir: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
}
