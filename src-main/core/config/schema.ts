/** The configuration: its fields, their defaults, and how a file becomes one without losing anything. */
import type { Account } from '../../contract/account.ts';
import type { Arch } from '../../contract/job.ts';
import type { Pool } from '../../contract/pool.ts';
import type { Problem } from '../../contract/problem.ts';
import { type Settings, SettingsSchema } from '../../contract/settings.ts';
import { readAccounts } from './accounts.ts';
import { fieldProblem, isRecord, nothingFound, readFields, replaced, type Wrong } from './fields.ts';
import { currentVersion, migrate, versionOf } from './migrate.ts';
import { readPools } from './pools.ts';

export interface Config extends Settings {
  readonly version: 1;
  readonly accounts: readonly Account[];
  /** Entries of `accounts` that cannot be used, kept likewise. */
  readonly unusableAccounts: readonly unknown[];
  readonly pools: readonly Pool[];
  /** Entries of `pools` that cannot be used: kept here so that writing the file loses none of them. */
  readonly unusablePools: readonly unknown[];
}

export const defaultConfig: Config = {
  version: 1,
  namePrefix: 'hr',
  reserve: { cpuPercent: 20, memoryPercent: 15 },
  capacity: { slots: null },
  // Enough that the machine itself goes on working. A share of the volume (10 %, or 20 GB) would stop small machines
  // and nearly full large disks for good, where most jobs need far less.
  diskReserveGiB: 2,
  // A niceness that a person at the desk feels and that costs a job nothing on an idle machine.
  limits: { cpuAffinity: true, enforce: true, nice: 10 },
  resyncSeconds: 15,
  registrationStaggerSeconds: 0,
  history: { jobs: 1000 },
  github: { apiTimeoutSeconds: 30, runnerVersion: null, autoUpdate: true, clientId: null },
  log: { level: 'info', file: null },
  accounts: [],
  unusableAccounts: [],
  pools: [],
  unusablePools: [],
};

export interface ParsedConfig {
  readonly config: Config;
  readonly problems: readonly Problem[];
  /** A newer version wrote it: it must not be written. */
  readonly readOnly: boolean;
  /** A wrong value was replaced by its default: writing this configuration would lose what stood there. */
  readonly lossy: boolean;
  /** All that is wrong in it, pools that cannot be used too. */
  readonly wrong: readonly Wrong[];
  /** The version that the file had. */
  readonly version: number;
}

/**
 * A configuration of whatever stood in the file: what is right is used, what is wrong is answered with its default
 * and a problem, what is unknown is kept.
 */
export function parseConfig(raw: unknown, host: { readonly arch: Arch }): ParsedConfig {
  const findings = nothingFound();
  if (!isRecord(raw)) {
    replaced(findings, 'config.json', 'an object with fields', 'every default');
    return {
      config: defaultConfig,
      problems: findings.problems,
      readOnly: false,
      lossy: true,
      wrong: findings.wrong,
      version: currentVersion,
    };
  }
  const said = versionOf(raw);
  if (said === null) replaced(findings, 'version', 'a whole number', String(currentVersion));
  const version = said ?? currentVersion;
  const { pools, accounts, version: _, ...settings } = migrate(raw, version);
  const signedIn = readAccounts(accounts, findings);
  const read = readPools(pools, host, findings);
  const config: Config = {
    ...readFields(SettingsSchema, defaultConfig, settings, '', findings),
    version: 1,
    accounts: signedIn.accounts,
    unusableAccounts: signedIn.unusable,
    pools: read.pools,
    unusablePools: read.unusable,
  };
  const readOnly = version > currentVersion;
  const more = readOnly ? [newer(version)] : unknownFields(findings.unknown);
  return {
    config,
    problems: [...more, ...findings.problems],
    readOnly,
    lossy: findings.replaced.length > 0,
    wrong: findings.wrong,
    version,
  };
}

/** What is written to the file: plain JSON from which `parseConfig` makes the same configuration again. */
export function serializeConfig(config: Config): unknown {
  const { version, pools, unusablePools, accounts, unusableAccounts, ...settings } = config;
  return {
    version,
    ...settings,
    accounts: [...accounts, ...unusableAccounts],
    pools: [...pools, ...unusablePools],
  };
}

function newer(version: number): Problem {
  return {
    code: 'config-newer',
    message: `The configuration was written by a newer Homerunner (version ${version} of the file, this one knows ${currentVersion}): it is used as far as it is understood, and not changed.`,
    hint: 'Update Homerunner, or choose another home folder with --home.',
    subject: 'version',
  };
}

function unknownFields(paths: readonly string[]): readonly Problem[] {
  const [first] = paths;
  if (first === undefined) return [];
  const shown =
    paths.length > 5 ? `${paths.slice(0, 5).join(', ')} and ${paths.length - 5} more` : paths.join(', ');
  const message = `This version knows nothing of ${shown} in config.json: kept, and without effect.`;
  return [fieldProblem(message, first)];
}
