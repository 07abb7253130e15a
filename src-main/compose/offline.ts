/** What works while no supervisor runs: pools, pauses and the history, on what the next start reads. */
import path from 'node:path';
import type { StreamArgs, StreamItems } from '../contract/api.ts';
import type { CommandArgs, CommandName, CommandResults } from '../contract/commands.ts';
import { type Answer, problem, problemOf } from '../contract/problem.ts';
import type { ConfigPort } from '../app/deps.ts';
import { pauseFor } from '../app/pauses.ts';
import { addPool, editOf, listPools, type PoolDesk, poolOf, removePool } from '../app/pool-commands.ts';
import { forgetStoredUnclean } from '../app/unclean.ts';
import type { Arch } from '../contract/job.ts';
import type { Log, Store } from '../core/ports.ts';
import type { Offline } from '../cli/world.ts';
import { noSupervisor } from '../adapters/control/client.ts';
import { openStore } from '../adapters/db/open.ts';
import { localForge } from '../adapters/forges/local/forge.ts';
import { ensureHome } from '../adapters/os/paths.ts';
import { jobFolder, logFileOf } from '../adapters/runtimes/process/job-folder.ts';
import { readLog } from '../adapters/runtimes/process/log-file.ts';

import { configOf } from './config.ts';
import { locked } from './lock.ts';
import { clock, homeOf, hostArch, placeOf, uidOf } from './machine.ts';

interface OfflineParts {
  readonly store: Store;
  readonly notes: readonly string[];
  readonly config: ConfigPort;
  readonly hostArch: Arch;
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
function offlineApi(parts: OfflineParts): Offline {
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
    stream: (_name, args) => keptLog(args, parts),
    get closed() {
      return close();
    },
    close() {
      void close();
    },
  };
}

type AnyCommand = { [K in CommandName]: { readonly name: K; readonly args: CommandArgs<K> } }[CommandName];

function answer(command: AnyCommand, parts: OfflineParts): unknown {
  const desk: PoolDesk = {
    config: parts.config,
    hostArch: parts.hostArch,
    environmentPool: null,
    busy: () => 0,
    changed: () => undefined,
  };
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
    case 'pause': {
      if (command.args.pool !== null) poolOf(desk, command.args.pool);
      const stored = pauseFor(command.args, parts.now(), parts.bootId);
      parts.store.putPause(stored);
      return stored.pause;
    }
    case 'resume': {
      const { pool } = command.args;
      const unclean = pool === null && forgetStoredUnclean(parts.store);
      const resumed = parts.store.deletePause(pool) || unclean;
      if (!resumed && pool !== null) poolOf(desk, pool);
      return { resumed };
    }
    case 'job.list': {
      const { rows, total } = parts.store.jobs(command.args.limit);
      return { jobs: rows.map((row) => row.job), total };
    }
    case 'job.show':
      return parts.detail(command.args.job);
    case 'stop':
    case 'pool.check':
    case 'runner.list':
    case 'runner.restart':
    case 'runner.remove':
    case 'submit':
    case 'job.cancel':
    case 'job.get':
    case 'why':
    case 'detect':
      throw noSupervisor();
  }
}

const chunkBytes = 256 * 1024;

async function* keptLog(args: StreamArgs<'log'>, parts: OfflineParts): AsyncGenerator<StreamItems['log']> {
  const row = args.job === null ? null : parts.store.job(args.job);
  if (row === null)
    throw problem('not-found', `There is no job called ${args.job ?? ''}.`, 'See `homerunner job list`.');
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

/** Opens what the next start reads, under the home's lock; throws `already-running`. */
export async function offline(flag: string | null): Promise<Offline> {
  const home = homeOf(flag);
  ensureHome(home, uidOf());
  const lock = await locked(home);
  try {
    const place = await placeOf(home);
    const { store, problem: setAside } = openStore(place.layout.database);
    const log: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const local = localForge({
      store,
      home,
      clock,
      random: Math.random,
      secrets: { get: () => Promise.resolve(null) },
      log,
      environment: process.env,
      platform: process.platform,
    });
    return offlineApi({
      store,
      notes: setAside === null ? [] : [`${setAside.message} ${setAside.hint}`],
      config: configOf(home),
      hostArch,
      bootId: place.bootId,
      now: () => clock.now(),
      runningLogOf: (runner, job) => logFileOf(jobFolder(path.join(place.layout.runners, runner), job)),
      logOf: (job) => path.join(place.layout.jobs, job, 'log'),
      detail: (job) => local.detail(job),
      async release() {
        store.close();
        await lock.release();
      },
    });
  } catch (error) {
    await lock.release();
    throw error;
  }
}
