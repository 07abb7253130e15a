/** What works while no supervisor runs: pools, pauses and the history, on what the next start reads. */
import path from 'node:path';
import { openStore } from '../adapters/db/open.ts';
import { localForge } from '../adapters/forges/local/forge.ts';
import { ensureHome } from '../adapters/os/paths.ts';
import { jobFolder, logFileOf } from '../adapters/runtimes/process/job-folder.ts';
import { machinePresence } from '../adapters/presence/machine.ts';
import type { ConfigDesk } from '../app/config-commands.ts';
import type { ConfigPort } from '../app/deps.ts';
import type { Offline } from '../cli/world.ts';
import type { HostProfile } from '../contract/host.ts';
import type { Log, Store } from '../core/ports.ts';
import type { Account } from '../contract/account.ts';
import { configOf } from './config.ts';
import { detectorFor } from './detection.ts';
import { environmentOf } from './environment.ts';
import { locked } from './lock.ts';
import { clock, homeOf, hostArch, type Place, placeOf, uidOf } from './machine.ts';
import { offlineAccounts } from './offline-accounts.ts';
import { offlineApi } from './offline-api.ts';
import { reportSource } from './report.ts';

type Machine = () => Promise<HostProfile | null>;

function deskOf(
  place: Place,
  config: ConfigPort,
  store: Store,
  machine: Machine,
  environmentAccount: Account | null,
): ConfigDesk {
  // Jobs go on without a supervisor.
  const running = () => store.runners().filter((record) => record.job !== null);
  return {
    config,
    home: place.layout.home,
    hostArch,
    environmentPool: null,
    environmentAccount,
    overlay: (unchanged) => unchanged,
    busy: (pool) => running().filter((record) => record.pool === pool).length,
    changed: () => undefined,
    async surroundings() {
      const profile = await machine();
      return {
        machine: profile === null ? null : { threads: profile.cpu.threads, memoryMiB: profile.memoryMiB },
        diskFreeMiB: await machinePresence(place.layout.home, place.bootId).diskFreeMiB(),
        runningJobs: running().length,
        keptJobs: store.jobs(1).total,
        supervised: false,
      };
    },
  };
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
    const config = configOf(home);
    const environment = await environmentOf(process.cwd(), hostArch);
    const detector = detectorFor(place, () => config.read().config);
    const machine = () => detector.profile(false).catch(() => null);
    const desk = deskOf(place, config, store, machine, environment.account);
    const accounts = offlineAccounts({ place, desk, environment, store, log, detector });
    return offlineApi({
      store,
      notes: setAside === null ? [] : [`${setAside.message} ${setAside.hint}`],
      desk,
      accounts: accounts.handlers,
      check: (pool) => (pool.forge === 'github' ? accounts.check(pool) : local.preflight(pool)),
      report: reportSource(place, config),
      machine,
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
