/** SupervisorApi without a supervisor, on what the next start reads. */
import { noSupervisor } from '../adapters/control/client.ts';
import { readLog } from '../adapters/runtimes/process/log-file.ts';
import {
  editConfig,
  exportConfig,
  importConfig,
  showConfig,
  type ConfigDesk,
} from '../app/config-commands.ts';
import type { AccountHandlers } from '../app/account-commands.ts';
import type { ReportSource } from '../app/deps.ts';
import { historyOf } from '../app/history.ts';
import { unsaidEnd } from '../app/journalist.ts';
import { pauseFor, storePause, storeResume } from '../app/pauses.ts';
import { addPool, editOf, listPools, poolOf, removePool, tried } from '../app/pool-commands.ts';
import { reportOf } from '../app/report.ts';
import { forgetStoredUnclean } from '../app/unclean.ts';
import type { Offline } from '../cli/world.ts';
import type { StreamArgs, StreamItems, StreamName } from '../contract/api.ts';
import type { CommandArgs, CommandName, CommandResults, Light } from '../contract/commands.ts';
import type { HostProfile } from '../contract/host.ts';
import type { Pool } from '../contract/pool.ts';
import { type Answer, problemOf } from '../contract/problem.ts';
import { noJob } from '../core/job-problems.ts';
import type { Store } from '../core/ports.ts';
import { snippetFor } from '../core/snippet.ts';

export interface OfflineParts {
  readonly store: Store;
  readonly notes: readonly string[];
  readonly desk: ConfigDesk;
  readonly accounts: AccountHandlers;
  /** The preflight of a pool. */
  readonly check: (pool: Pool) => Promise<readonly Light[]>;
  readonly report: ReportSource;
  /** This machine; null where it cannot be detected. */
  readonly machine: () => Promise<HostProfile | null>;
  readonly bootId: string;
  readonly now: () => number;
  /** The log of an ended job. */
  readonly logOf: (job: string) => string;
  /** That of a job which runs without a supervisor. */
  readonly runningLogOf: (runner: string, job: string) => string;
  readonly detail: (job: string) => Promise<CommandResults['job.show']>;
  readonly release: () => Promise<void>;
}

/** A SupervisorApi without a supervisor: what needs one answers `no-supervisor`. */
export function offlineApi(parts: OfflineParts): Offline {
  let closed: Promise<void> | null = null;
  const close = (): Promise<void> => (closed ??= parts.release());
  return {
    notes: parts.notes,
    snapshot: () => Promise.reject(noSupervisor()),
    subscribe: () => () => undefined,
    async execute<K extends CommandName>(name: K, args: CommandArgs<K>): Promise<Answer<CommandResults[K]>> {
      try {
        const value = await answer({ name, args } as AnyCommand, parts);
        return { ok: true, value: value as CommandResults[K] };
      } catch (error) {
        return { ok: false, problem: problemOf(error) };
      }
    },
    stream: <K extends StreamName>(name: K, args: StreamArgs<K>) => streamsOf(parts)[name](args),
    get closed() {
      return close();
    },
    close() {
      void close();
    },
  };
}

type OneOf<Name extends CommandName> = {
  [K in Name]: { readonly name: K; readonly args: CommandArgs<K> };
}[Name];
type AnyCommand = OneOf<CommandName>;
type PoolCommand = OneOf<Extract<CommandName, `pool.${string}`>>;
type AccountCommand = OneOf<Extract<CommandName, `account.${string}`>>;

function isOf<Kind extends 'pool' | 'account'>(
  kind: Kind,
  command: AnyCommand,
): command is Kind extends 'pool' ? PoolCommand : AccountCommand {
  return command.name.startsWith(`${kind}.`);
}

function answer(command: AnyCommand, parts: OfflineParts): unknown {
  if (isOf('pool', command)) return answerPool(command, parts);
  if (isOf('account', command)) return parts.accounts[command.name](command.args as never);
  return answerRest(command, parts);
}

function answerPool(command: PoolCommand, parts: OfflineParts): unknown {
  const { desk } = parts;
  switch (command.name) {
    case 'pool.add':
      return addPool(command.args, desk);
    case 'pool.edit':
      return editOf(command.args, desk);
    case 'pool.remove':
      return removePool(command.args, desk);
    case 'pool.list':
      return { pools: listPools(desk) };
    case 'pool.show':
      return { pool: poolOf(desk, command.args.pool) };
    case 'pool.snippet':
      return { workflow: snippetFor(poolOf(desk, command.args.pool)) };
    case 'pool.check':
      return lightsOf(poolOf(desk, command.args.pool), parts);
    case 'pool.try':
      return tryPool(command.args, parts);
  }
}

function answerRest(
  command: Exclude<AnyCommand, PoolCommand | AccountCommand>,
  parts: OfflineParts,
): unknown {
  const { desk, store } = parts;
  switch (command.name) {
    case 'pause': {
      if (command.args.pool !== null) poolOf(desk, command.args.pool);
      const stored = pauseFor(command.args, parts.now(), parts.bootId);
      storePause(stored, store);
      return stored.pause;
    }
    case 'resume': {
      const { pool } = command.args;
      const unclean = pool === null && forgetStoredUnclean(store);
      const resumed = storeResume(pool, 'Resumed by the owner.', parts.now(), store) || unclean;
      if (!resumed && pool !== null) poolOf(desk, pool);
      return { resumed };
    }
    case 'job.list': {
      const { rows, total } = store.jobs(command.args.limit);
      return { jobs: rows.map((row) => row.job), total };
    }
    case 'job.show':
      return parts.detail(command.args.job);
    case 'history':
      return historyOf(store, command.args.from, parts.now(), unsaidEnd(store));
    case 'config.show':
      return showConfig(desk);
    case 'config.edit':
      return editConfig(command.args, desk);
    case 'config.export':
      return exportConfig(desk);
    case 'config.import':
      return importConfig(command.args, desk);
    case 'report':
      return report(parts);
    case 'stop':
    case 'work.cancel':
    case 'runner.list':
    case 'runner.restart':
    case 'runner.adopt':
    case 'runner.adoption':
    case 'runner.remove':
    case 'submit':
    case 'job.cancel':
    case 'job.again':
    case 'job.get':
    case 'why':
    case 'detect':
      throw noSupervisor();
  }
}

async function lightsOf(pool: Pool, { check }: OfflineParts): Promise<CommandResults['pool.check']> {
  return { lights: await check(pool) };
}

async function tryPool(
  args: CommandArgs<'pool.try'>,
  parts: OfflineParts,
): Promise<CommandResults['pool.try']> {
  const pool = tried(args, parts.desk);
  return { pool, ...(await lightsOf(pool, parts)) };
}

async function report({ desk, report: source, now, machine }: OfflineParts): Promise<{ text: string }> {
  const { config } = desk;
  const { problems } = config.read();
  return reportOf({ source, config, now: now(), machine: await machine(), snapshot: null, problems });
}

type Streams = {
  readonly [K in StreamName]: (args: StreamArgs<K>) => AsyncIterable<StreamItems[K]>;
};

const streamsOf = (parts: OfflineParts): Streams => ({
  log: (args) => keptLog(args, parts),
  load: () => {
    throw noSupervisor();
  },
});

const chunkBytes = 256 * 1024;

async function* keptLog(args: StreamArgs<'log'>, parts: OfflineParts): AsyncGenerator<StreamItems['log']> {
  const row = args.job === null ? null : parts.store.job(args.job);
  if (row === null) throw noJob(args.job ?? '');
  const { job } = row;
  const file =
    job.endedAt === null && job.runner !== null
      ? parts.runningLogOf(job.runner, job.id)
      : parts.logOf(job.id);
  for (let { cursor } = args; ;) {
    const part = await readLog(file, cursor, chunkBytes);
    if (part.data.length === 0) return;
    yield { data: part.data.toString('base64'), cursor: part.cursor, skipped: part.skipped };
    ({ cursor } = part);
  }
}
