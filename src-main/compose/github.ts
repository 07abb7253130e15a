/** GitHub: its accounts, how it is asked, and the agent that it hands jobs to. */
import { AgentStore } from '../adapters/agents/store.ts';
import { type AccessOptions, githubAccess } from '../adapters/forges/github/accounts/accounts.ts';
import { foreignAgents } from '../adapters/forges/github/agent/foreign.ts';
import { AgentWatch } from '../adapters/forges/github/agent/look.ts';
import { agentPlatform } from '../adapters/forges/github/agent/platform.ts';
import { Refusals } from '../adapters/forges/github/agent/refusals.ts';
import { Releases } from '../adapters/forges/github/agent/releases.ts';
import { requestBudget } from '../adapters/forges/github/api/budget.ts';
import type { GitHubApis } from '../adapters/forges/github/api/types.ts';
import { githubForge } from '../adapters/forges/github/forge.ts';
import { preflight } from '../adapters/forges/github/preflight/preflight.ts';
import { programsOn } from '../adapters/forges/github/preflight/programs.ts';
import type { Redactor } from '../adapters/log/redact.ts';
import { processTable } from '../adapters/os/process-table.ts';
import { allAccounts, allPools } from '../app/pool-commands.ts';
import type { Account } from '../contract/account.ts';
import type { Pool } from '../contract/pool.ts';
import type { Config } from '../core/config/schema.ts';
import type { ForgeKit } from '../core/forge-port.ts';
import type { AccountForge, AccountSecrets, Detector, Log, Runtime, Store } from '../core/ports.ts';
import type { ReadEnvironment } from './environment.ts';
import { latest } from './latest.ts';
import { environmentFetch } from './proxy.ts';
import { clock, hostOs, identity, type Place } from './machine.ts';

export interface GitHubWish {
  readonly place: Place;
  /** As it was read last: it is asked in every turn, which must not touch the disk. */
  readonly config: () => Config;
  readonly environment: Pick<ReadEnvironment, 'account' | 'pool' | 'apply' | 'token'>;
  readonly store: Store;
  readonly log: Log;
  readonly redactor: Redactor;
  readonly secrets: AccountSecrets;
}

export interface GitHub {
  readonly accounts: AccountForge;
  readonly secrets: AccountSecrets;
  /** The forge itself, for a supervisor; it begins to ask as soon as there is a pool. */
  readonly kit: (machine: { readonly detector: Detector; readonly runtime: Runtime }) => ForgeKit;
  /** What `pool.check` asks; the same without a supervisor. */
  readonly check: (pool: Pool, detector: Detector) => ReturnType<ReturnType<typeof preflight>['check']>;
}

const budgetKey = 'githubRequests';
const refusalsKey = 'githubRunnerRefusals';
const passedKey = 'githubPreflights';
/** Agents that are not ours are looked for this often. */
const foreignMs = 60_000;

/** Everything of GitHub. Nothing is asked, and no client loaded, before somebody needs it. */
export function github(wish: GitHubWish): GitHub {
  const { config, environment, store, log } = wish;
  const settings = (): Config => environment.apply(config());
  const accounts = (): readonly Account[] => allAccounts(config(), environment.account);
  const secrets = unprinted(wish.secrets, wish.redactor);
  const { apiTimeoutSeconds, clientId } = settings().github;
  const wakes = new Set<(why: string) => void>();
  const fetch = environmentFetch(process.env, wish.redactor);
  const access = githubAccess({
    ...({ accounts, secrets, log } satisfies Partial<AccessOptions>),
    environment: () => printedNever(environment.token(), wish.redactor),
    clientId: clientId ?? process.env['HOMERUNNER_GITHUB_CLIENT_ID'] ?? null,
    userAgent: `homerunner/${identity.version}`,
    now: () => clock.now(),
    timeoutMs: apiTimeoutSeconds * 1000,
    fetch,
    budget: budgetIn(store),
    changed: () => {
      for (const wake of wakes) wake('What is known of an account has changed.');
    },
  });
  const agents = new AgentStore({ root: wish.place.layout.agents, now: () => clock.now(), log, fetch });
  const releases = releasesOf(agents, settings, store);
  const check = checkBy(access.apis, releases);
  return {
    accounts: access.accounts,
    secrets,
    check,
    kit: ({ detector, runtime }) => {
      const kit = forgeOf(wish, {
        access,
        settings,
        accounts,
        runtime,
        agents,
        releases,
        check: (pool) => check(pool, detector),
        changed: () => {
          for (const wake of wakes) wake('An agent has said something.');
        },
      });
      return {
        ...kit,
        watch(wake) {
          wakes.add(wake);
          const unwatch = kit.watch(wake);
          return () => {
            wakes.delete(wake);
            unwatch();
          };
        },
      };
    },
  };
}

/** The preflight, with what this machine is and has. */
function checkBy(apis: GitHubApis, releases: Releases): GitHub['check'] {
  const asked = preflight({
    apis,
    versions: (api, scope, arch) => releases.look(api, scope, agentPlatform(process.platform, arch)),
  });
  const hasTool = programsOn(process.env['PATH'] ?? '', hostOs);
  return async (pool, detector) => {
    const profile = await detector.profile(false);
    const docker = profile.engines.some((engine) => engine.running);
    const { os, arch, labels } = profile;
    return asked.check(pool, { os, arch, hostLabels: labels, docker, hasTool });
  };
}

/** Which version of the agent to run: what was refused is remembered over a restart. */
function releasesOf(folders: AgentStore, settings: () => Config, store: Store): Releases {
  return new Releases({
    folders,
    pin: settings().github.runnerVersion,
    updates: () => settings().github.autoUpdate,
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    refusals: new Refusals({
      now: () => clock.now(),
      ...kept(store, refusalsKey),
    }),
  });
}

/** What was asked of GitHub within the hour, whoever asked: the next supervisor goes on counting. */
function budgetIn(store: Store): ReturnType<typeof requestBudget> {
  return requestBudget({ now: () => clock.now(), ...kept(store, budgetKey) });
}

/** What the next supervisor shall know too. */
function kept(store: Store, key: string): { load(): unknown; save(value: unknown): void } {
  return {
    load: () => parsed(store.meta(key)),
    save(value) {
      store.setMeta(key, JSON.stringify(value));
    },
  };
}

/** What cannot be read counts as nothing. */
function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null') as unknown;
  } catch {
    return null;
  }
}

interface Asking {
  readonly access: ReturnType<typeof githubAccess>;
  readonly settings: () => Config;
  readonly accounts: () => readonly Account[];
  readonly runtime: Runtime;
  readonly agents: AgentStore;
  readonly releases: Releases;
  readonly check: (pool: Pool) => ReturnType<ReturnType<typeof preflight>['check']>;
  /** An agent has said something. */
  readonly changed: () => void;
}

function forgeOf(
  wish: GitHubWish,
  { access, settings, accounts, runtime, agents, releases, check, changed }: Asking,
): ForgeKit {
  const { place, environment, store, log } = wish;
  const { platform, env } = process;
  const processes = processTable(platform, place.bootId);
  const watch = new AgentWatch({ processes, clock, changed });
  const ask = { runners: place.layout.runners, userHome: env['HOME'] ?? '', platform, processes };
  const lookAround = () => foreignAgents(ask);
  const foreign = latest(lookAround, [], {
    everyMs: foreignMs,
    now: () => clock.monotonic(),
  });
  return githubForge({
    ...{ apis: access.apis, accounts, install: place.install, clock, log, platform, check },
    pools: () => allPools(settings(), environment.pool),
    passed: kept(store, passedKey),
    records: store.runners(),
    environment: env,
    folders: agents,
    work: () => agents.work(),
    cancelWork: (id) => agents.cancel(id),
    look: (record, folder, instance) =>
      watch.look(record, folder, instance, runtime.logFile(record.name, null)),
    foreignAgents: foreign.value,
    lookAround: foreign.fresh,
    releases,
    checkMs: () => fixedMs(wish),
  });
}

/** What RUNNER_CHECK_INTERVAL says; null where it is not set: what is nothing stays so. */
function fixedMs({ config, environment }: GitHubWish): number | null {
  const { resyncSeconds } = environment.apply({ ...config(), resyncSeconds: NaN });
  return Number.isNaN(resyncSeconds) ? null : resyncSeconds * 1000;
}

/** Every secret of an account is masked in our log from when it was first seen, whatever it is wrapped in. */
function unprinted(secrets: AccountSecrets, redactor: Redactor): AccountSecrets {
  const mask = (text: string | null): string | null => {
    if (text === null) return null;
    for (const value of valuesIn(text)) redactor.register(value);
    return text;
  };
  return {
    get: async (account) => mask(await secrets.get(account)),
    set: (account, secret) => secrets.set(account, mask(secret) ?? secret),
    lasts: () => secrets.lasts(),
    remove: (account) => secrets.remove(account),
    placeOf: (account) => secrets.placeOf(account),
  };
}

function valuesIn(text: string): readonly string[] {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value !== 'object' || value === null) return [text];
    return Object.values(value).filter((one): one is string => typeof one === 'string' && one.length > 12);
  } catch {
    return [text];
  }
}

function printedNever(token: string | null, redactor: Redactor): string | null {
  if (token !== null) redactor.register(token);
  return token;
}
