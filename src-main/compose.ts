/** The composition: the only place that names concrete adapters. Read it, and you have read the architecture. */
import path from 'node:path';
import { configFile } from './adapters/config/file.ts';
import { connect } from './adapters/control/client.ts';
import { acquireLock } from './adapters/control/lock.ts';
import { announce } from './adapters/control/endpoint.ts';
import { serve } from './adapters/control/server.ts';
import { openStore } from './adapters/db/open.ts';
import { localForge } from './adapters/forges/local/forge.ts';
import { openLog } from './adapters/log/file.ts';
import { createRedactor } from './adapters/log/redact.ts';
import { ensureHome } from './adapters/os/paths.ts';
import { processTable } from './adapters/os/process-table.ts';
import type { ConfigPort } from './app/deps.ts';
import { Supervisor } from './app/supervisor.ts';
import type { Connected, Hosted, HostWish, World } from './cli/world.ts';
import { detectOnce } from './compose/detection.ts';
import { environmentOf, readEnvironmentFile } from './compose/environment.ts';
import { clock, endpointHere, endpointThere, homeOf, identity, placeOf, uidOf } from './compose/machine.ts';
import { offlineApi } from './compose/offline.ts';
import { partsOf } from './compose/parts.ts';
import { type Problem, problem, problemOf } from './contract/problem.ts';
import type { Arch } from './contract/job.ts';
import type { Log } from './core/ports.ts';

const hostArch = process.arch as Arch;

/** Everything that the command line needs of the world. */
export const world: World = {
  version: identity.version,
  home: homeOf,
  connect: (flag) => connect(endpointThere(homeOf(flag)), identity),
  offline,
  host,
  detect({ home: flag, record, replay }) {
    const home = homeOf(flag);
    return detectOnce(home, configOf(home).read().config, { record, replay });
  },
  config(flag) {
    const home = homeOf(flag);
    const { config, problems } = configOf(home).read();
    return { file: path.join(home, 'config.json'), config, problems };
  },
  environment: (file) => Promise.resolve(readEnvironmentFile(file, hostArch)),
};

function configOf(home: string): ConfigPort {
  return configFile({ path: path.join(home, 'config.json'), arch: hostArch, now: () => clock.now() });
}

/** Takes the home's lock; throws `already-running`. */
async function locked(home: string): Promise<{ release: () => Promise<void> }> {
  const endpoint = endpointHere(home);
  const processes = processTable(process.platform, '');
  const lock = await acquireLock(endpoint, home, {
    platform: process.platform,
    pid: process.pid,
    startTimeOf: async (pid) => (await processes.startTimeOf(pid)) ?? null,
  });
  if (lock !== null) return lock;
  throw problem(
    'already-running',
    `Another supervisor runs for the home ${home}.`,
    'See `homerunner status`; end it with `homerunner stop`.',
  );
}

/** The supervisor in this process: lock, store, parts, loop, socket, in this order; given back in the reverse one. */
async function host(wish: HostWish): Promise<Hosted> {
  process.umask(0o077);
  const home = homeOf(wish.home);
  ensureHome(home, uidOf());
  const lock = await locked(home);
  try {
    return await hosted(home, wish, lock.release);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function hosted(home: string, wish: HostWish, release: () => Promise<void>): Promise<Hosted> {
  const place = await placeOf(home);
  const config = configOf(home);
  const environment = environmentOf(wish.cwd, hostArch);
  const settings = environment.apply(config.read().config);
  const redactor = createRedactor();
  const { level, file } = settings.log;
  const log = openLog({
    file: file === null ? place.layout.log : path.resolve(wish.cwd, file),
    level,
    redactor,
    now: () => clock.now(),
    human: null,
  });
  const { store, problem: setAside } = openStore(place.layout.database);
  for (const sentence of environment.warnings) wish.say(sentence);
  const startProblems: Problem[] = setAside === null ? [] : [setAside];
  for (const found of [...startProblems, ...config.read().problems, ...environment.problems]) {
    wish.say(`${found.message} ${found.hint}`);
  }
  const deps = await partsOf({
    place,
    config,
    environment,
    redactor,
    log,
    store,
    say: wish.say,
    startProblems,
  });
  const supervisor = new Supervisor(deps);
  const endpoint = endpointHere(home);
  const server = await serve(supervisor, endpoint, identity, log);
  announce(home, endpoint, identity);
  log.info(`The supervisor ${identity.version} started (pid ${identity.pid}, home ${home}).`);
  void supervisor.start().catch((error: unknown) => {
    log.error('The supervisor could not begin.', { error: problemOf(error).message });
    wish.say(`${problemOf(error).message} ${problemOf(error).hint}`);
  });
  const ended = supervisor.ended.then(async () => {
    log.info('The supervisor stopped.');
    await server.close();
    store.close();
    await release();
  });
  return { api: supervisor, pid: process.pid, home, stop: (how) => supervisor.stop(how), ended };
}

async function offline(flag: string | null): Promise<Connected> {
  const home = homeOf(flag);
  ensureHome(home, uidOf());
  const lock = await locked(home);
  try {
    const place = await placeOf(home);
    const { store } = openStore(place.layout.database);
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
      config: configOf(home),
      hostArch,
      bootId: place.bootId,
      now: () => clock.now(),
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
