/** The supervisor in this process. */
import path from 'node:path';
import { proxiesOf, saidOf } from '../adapters/os/proxies.ts';
import { announce } from '../adapters/control/endpoint.ts';
import { serve } from '../adapters/control/server.ts';
import { openStore } from '../adapters/db/open.ts';
import { type FileLog, openLog } from '../adapters/log/file.ts';
import { createRedactor, type Redactor } from '../adapters/log/redact.ts';
import { ensureHome } from '../adapters/os/paths.ts';
import { allAccounts } from '../app/pool-commands.ts';
import { Supervisor } from '../app/supervisor.ts';
import type { Hosted, HostWish } from '../cli/world.ts';
import { type Problem, problemOf } from '../contract/problem.ts';
import type { Config } from '../core/config/schema.ts';
import { configOf } from './config.ts';
import { environmentOf } from './environment.ts';
import { locked } from './lock.ts';
import { clock, endpointHere, homeOf, hostArch, identity, placeOf, uidOf } from './machine.ts';
import { type Keyring, partsOf } from './parts.ts';

/** Behind the tray the supervisor has a second place for secrets. */
interface Wish extends HostWish {
  readonly as?: 'tray' | 'headless';
  readonly keyring?: Keyring;
}

interface HostedHere extends Hosted {
  /** Looks at everything again: time has passed unseen. */
  wake(): void;
}

/** Lock, store, parts, loop, socket, in this order; given back in the reverse one. */
export async function host(wish: Wish): Promise<HostedHere> {
  process.umask(0o077);
  const home = homeOf(wish.home);
  ensureHome(home, uidOf());
  const lock = await locked(home);
  try {
    return await hosted(home, wish, () => lock.release());
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function hosted(home: string, wish: Wish, release: () => Promise<void>): Promise<HostedHere> {
  const place = await placeOf(home);
  const config = configOf(home);
  const environment = await environmentOf(wish.cwd, hostArch);
  const settings = environment.apply(config.read().config);
  const redactor = createRedactor();
  const log = logOf(settings.log, path.resolve(wish.cwd, settings.log.file ?? place.layout.log), redactor);
  const { store, problem: setAside } = openStore(place.layout.database);
  for (const sentence of environment.warnings) wish.say(sentence);
  const startProblems: Problem[] = setAside === null ? [] : [setAside];
  for (const found of [...startProblems, ...config.read().problems, ...environment.problems]) {
    wish.say(`${found.message} ${found.hint}`);
  }
  if (allAccounts(config.read().config, environment.account).length > 0) {
    for (const sentence of saidOf(proxiesOf(process.env))) wish.say(sentence);
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
    as: wish.as ?? 'headless',
    keyring: wish.keyring ?? null,
  });
  const supervisor = new Supervisor(deps);
  const endpoint = endpointHere(home);
  const server = await serve(supervisor, endpoint, identity, log);
  announce(home, endpoint, identity);
  process.on('uncaughtExceptionMonitor', (error) => {
    log.error('Something failed that should not have.', { trace: error.stack });
  });
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
  return {
    api: supervisor,
    pid: process.pid,
    home,
    stop: (how) => supervisor.stop(how),
    wake: () => {
      supervisor.woke();
    },
    ended,
  };
}

function logOf({ level }: Config['log'], file: string, redactor: Redactor): FileLog {
  return openLog({ file, level, redactor, now: () => clock.now(), human: null });
}
