/** The parts of a supervisor, made from what was opened for it. */
import path from 'node:path';
import { localForge } from '../adapters/forges/local/forge.ts';
import { machineLoad } from '../adapters/hardware/load.ts';
import type { Redactor } from '../adapters/log/redact.ts';
import { processTable } from '../adapters/os/process-table.ts';
import { machinePresence } from '../adapters/presence/machine.ts';
import { openLimits } from '../adapters/runtimes/process/limits/open-limits.ts';
import { keepLog, readLog, renameLog } from '../adapters/runtimes/process/log-file.ts';
import { ProcessRuntime } from '../adapters/runtimes/process/runtime.ts';
import {
  headlessAccountSecrets,
  keyringAccounts,
  type SecretsFileLike,
} from '../adapters/secrets/accounts.ts';
import { headlessSecrets } from '../adapters/secrets/headless.ts';
import type { ConfigPort, Deps } from '../app/deps.ts';
import type { Problem } from '../contract/problem.ts';
import type { AccountSecrets, Log, Secrets, Store } from '../core/ports.ts';
import { remembering } from './config.ts';
import { detectorFor } from './detection.ts';
import type { ReadEnvironment } from './environment.ts';
import { github } from './github.ts';
import { clock, formatClock, hostArch, identity, type Place } from './machine.ts';
import { reportSource } from './report.ts';

export interface PartsWish {
  readonly place: Place;
  readonly config: ConfigPort;
  readonly environment: ReadEnvironment;
  readonly redactor: Redactor;
  readonly log: Log;
  readonly store: Store;
  readonly say: (sentence: string) => void;
  readonly startProblems: readonly Problem[];
  readonly as: 'tray' | 'headless';
  /** Where the desktop keeps secrets of jobs and of accounts; null where there is no desktop. */
  readonly keyring: Keyring | null;
}

/** The desktop's two places for secrets: no job can name those of accounts. */
export interface Keyring {
  readonly jobs: Secrets;
  readonly accounts: SecretsFileLike;
}

/** The runtime, the forges and all else that the app is given. */
export async function partsOf(wish: PartsWish): Promise<Deps> {
  const { place, environment, log, store, say, startProblems } = wish;
  const config = remembering(wish.config);
  const { install, bootId, layout } = place;
  const local = localForge({
    store,
    home: layout.home,
    clock,
    random: Math.random,
    secrets: unprinted(
      inTurn(wish.keyring?.jobs ?? null, headlessSecrets({ env: process.env })),
      wish.redactor,
    ),
    log,
    environment: process.env,
    platform: process.platform,
  });
  const logOf = (job: string): string => path.join(layout.jobs, job, 'log');
  const hub = github({ ...wish, config: () => config.last().config, secrets: accountSecrets(wish) });
  const runtime = await processRuntime(wish);
  const detector = detectorFor(place, () => environment.apply(config.read().config));
  return {
    ...identity,
    host: wish.as,
    install,
    home: layout.home,
    hostArch,
    clock,
    random: Math.random,
    store,
    local,
    forges: [local, hub.kit({ detector, runtime })],
    accounts: hub.accounts,
    accountSecrets: hub.secrets,
    runtime,
    detector,
    load: machineLoad(process.platform),
    config,
    environment,
    presence: machinePresence(layout.home, bootId),
    logs: {
      ...{ read: readLog, ofJob: logOf },
      keep: (file, job, from) => keepLog(file, logOf(job), from),
      rename: (job, named) => renameLog(logOf(job), logOf(named)),
    },
    log,
    report: reportSource(place, config, wish.redactor),
    say,
    formatClock,
    startProblems,
  };
}

function accountSecrets({ keyring }: PartsWish): AccountSecrets {
  return keyring === null ? headlessAccountSecrets({ env: process.env }) : keyringAccounts(keyring.accounts);
}

async function processRuntime({ place, config, environment }: PartsWish): Promise<ProcessRuntime> {
  const { install, bootId, layout } = place;
  const { platform } = process;
  const settings = environment.apply(config.read().config).limits;
  return new ProcessRuntime({
    root: layout.runners,
    install,
    bootId,
    platform,
    clock,
    processes: processTable(platform, bootId),
    limits: await openLimits({ platform, install, settings, path: process.env['PATH'] ?? '' }),
  });
}

/** The desktop's own secrets first: what the owner typed into the window is meant. */
function inTurn(first: Secrets | null, second: Secrets): Secrets {
  return first === null ? second : { get: (name) => eitherOf(first, second, name) };
}

/** A keyring that is locked hides no secret that is elsewhere too. */
async function eitherOf(first: Secrets, second: Secrets, name: string): Promise<string | null> {
  try {
    const found = await first.get(name);
    if (found !== null) return found;
  } catch (failure) {
    const found = await second.get(name).catch(() => null);
    if (found !== null) return found;
    throw failure;
  }
  return second.get(name);
}

/** Every secret that is handed out is from then on masked in our own log too. */
function unprinted(secrets: Secrets, redactor: Redactor): Secrets {
  return {
    async get(name) {
      const value = await secrets.get(name);
      if (value !== null) redactor.register(value);
      return value;
    },
  };
}
