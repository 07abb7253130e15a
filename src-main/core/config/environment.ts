/**
 * What environment variables ask for: one pool, `env`, and values laid over the configuration; neither is written
 * down. The pool is made when a variable that describes it is set (`poolVariables`). Variables that describe the
 * machine, a token alone, and what has no meaning any more make none; a repository makes one at its forge.
 * No value is ever repeated in a sentence: it may be a secret on the wrong line.
 */
import type { Account } from '../../contract/account.ts';
import type { Arch } from '../../contract/job.ts';
import type { Os } from '../../contract/host.ts';
import type { Mode, Pool } from '../../contract/pool.ts';
import type { Problem } from '../../contract/problem.ts';
import { labelsOf } from '../labels.ts';
import { isOverRepositories, poolDefaults, refuse } from './defaults.ts';
import { type ForgeWish, readForge } from './environment-forge.ts';
import { archOf } from './readers.ts';
import type { Config } from './schema.ts';
import {
  hostVariables,
  laterVariables,
  poolSwitches,
  poolVariables,
  type PoolValues,
  replacedVariables,
} from './variables.ts';

export type Variables = Readonly<Record<string, string | undefined>>;
export interface EnvironmentHost {
  readonly os: Os;
  readonly arch: Arch;
  /** The `gh` program has a login for the forge that is asked for; absent: nobody has looked. */
  readonly gh?: boolean;
}

export interface Environment {
  readonly pool: Pool | null;
  /** The login that the pool registers by, and the variable that holds its token. */
  readonly account: Account | null;
  readonly tokenVariable: string | null;
  /** The host at which a login is missing, which the `gh` program may have: then read again with `gh`. */
  readonly loginWanted: string | null;
  /** Lays the values that describe the machine over the configuration. */
  readonly apply: (config: Config) => Config;
  readonly warnings: readonly string[];
  readonly problems: readonly Problem[];
}

/** Reads the predecessor's variables; `vars` is the environment with what `.env` adds to it. */
export function readEnvironment(vars: Variables, host: EnvironmentHost): Environment {
  const warnings: string[] = [];
  const changes = readSettings(vars, warnings);
  const values = readPoolValues(vars, warnings);
  const forge = readForge(
    (name) => textOf(vars, name),
    host.gh === true,
    warnings,
    (name, reader) => warnings.push(garbage(name, reader)),
  );
  warnings.push(...notBuilt(vars, values), ...withoutMeaning(vars));
  const none = {
    pool: null,
    account: null,
    tokenVariable: null,
    loginWanted: forge.loginWanted,
    apply: (config: Config) => changes.reduce((changed, change) => change(changed), config),
    warnings,
    problems: forge.problems,
  };
  const wanted = forge.named || Object.keys(poolVariables).some((name) => textOf(vars, name) !== null);
  if (!wanted || forge.place === null) return none;
  warnings.push(...beatenPreset(vars));
  const { pool, problems } = poolFrom(values, forge.place, host, warnings);
  if (pool === null) return { ...none, problems };
  return { ...none, pool, problems, account: forge.account, tokenVariable: forge.tokenVariable };
}

/** The text of a variable; null where it is not set or blank. */
function textOf(vars: Variables, name: string): string | null {
  const text = Object.hasOwn(vars, name) ? (vars[name] ?? '').trim() : '';
  return text === '' ? null : text;
}

function garbage(name: string, reader: { readonly accepts: string; readonly otherwise: string }): string {
  return `${name} is not valid (expected: ${reader.accepts}); used instead: ${reader.otherwise}.`;
}

function readSettings(vars: Variables, warnings: string[]): ((config: Config) => Config)[] {
  return Object.entries(hostVariables).flatMap(([name, setting]) => {
    const text = textOf(vars, name);
    if (text === null) return [];
    const change = setting.read(text);
    if (change !== null) return [change];
    warnings.push(garbage(name, setting));
    return [];
  });
}

function readPoolValues(vars: Variables, warnings: string[]): PoolValues {
  const found = Object.entries({ ...poolVariables, ...poolSwitches }).flatMap(([name, reader]) => {
    const text = textOf(vars, name);
    if (text === null) return [];
    const value = reader.read(text);
    if (value !== null) return [[name, value] as const];
    warnings.push(garbage(name, reader));
    return [];
  });
  // Each value was read by the reader of its name.
  return Object.fromEntries(found);
}

function notBuilt(vars: Variables, values: PoolValues): string[] {
  const warnings = Object.entries(laterVariables).flatMap(([name, { what, fulfilled }]) => {
    const text = textOf(vars, name);
    if (text === null || fulfilled?.includes(text.toLowerCase()) === true) return [];
    return [`${name} has no effect: ${what} not part of this version yet.`];
  });
  if (values.RUNNER_ENABLE_EMULATION === true)
    warnings.push('RUNNER_ENABLE_EMULATION has no effect: emulation is not part of this version yet.');
  if (values.RUNNER_CLEAN_ON_DEREGISTER === false)
    warnings.push(
      'RUNNER_CLEAN_ON_DEREGISTER=false has no effect: the folder of a runner always goes with it; `submit --out` keeps what a job should leave.',
    );
  return warnings;
}

function withoutMeaning(vars: Variables): string[] {
  return Object.entries(replacedVariables).flatMap(([name, instead]) =>
    textOf(vars, name) === null ? [] : [`${name} has no effect any more: ${instead}.`],
  );
}

type PoolAnswer = Pick<Environment, 'pool' | 'problems'>;

function poolFrom(
  values: PoolValues,
  place: NonNullable<ForgeWish['place']>,
  host: EnvironmentHost,
  warnings: string[],
): PoolAnswer {
  const targets = values.RUNNER_TARGET_ARCHITECTURES ?? [host.arch];
  const problems = targets.filter((arch) => arch !== host.arch).map((arch) => foreign(arch, host, values));
  if (!targets.includes(host.arch)) return { pool: null, problems };
  const mode: Mode = values.RUNNER_EPHEMERAL === true ? 'ephemeral' : (values.RUNNER_MODE ?? 'auto');
  const defaults = poolDefaults('env', mode, host.arch);
  const pool: Pool = {
    ...defaults,
    ...place,
    ...scalingFrom(values, mode, isOverRepositories(place), warnings),
    labels: labelsFrom(values.RUNNER_LABELS ?? [], host, warnings),
    cores: values.RUNNER_CPU_CORES ?? null,
    memoryMiB: values.RUNNER_MEMORY_GB === undefined ? null : Math.round(values.RUNNER_MEMORY_GB * 1024),
    idleTimeoutSeconds: values.RUNNER_IDLE_TIMEOUT ?? defaults.idleTimeoutSeconds,
    maxLifetimeSeconds: values.RUNNER_MAX_LIFETIME ?? defaults.maxLifetimeSeconds,
  };
  const refusal = refuse(pool, host);
  return refusal === null ? { pool, problems } : { pool: null, problems: [...problems, refusal] };
}

function foreign(arch: Arch, host: EnvironmentHost, values: PoolValues): Problem {
  const on = values.RUNNER_ENABLE_EMULATION === true;
  return {
    code: 'emulation-missing',
    message: `RUNNER_TARGET_ARCHITECTURES asks for ${arch}, which this ${host.arch} machine can run only by emulation, ${
      on ? 'and that is not part of this version yet' : 'and RUNNER_ENABLE_EMULATION is not true'
    }.`,
    hint: on
      ? `Leave ${arch} out of RUNNER_TARGET_ARCHITECTURES.`
      : `Leave ${arch} out of RUNNER_TARGET_ARCHITECTURES; RUNNER_ENABLE_EMULATION=true will do once emulation is part of Homerunner.`,
    subject: 'RUNNER_TARGET_ARCHITECTURES',
  };
}

const scalingNames = [
  'RUNNER_SCALING_MODE',
  'RUNNER_MIN_COUNT',
  'RUNNER_MAX_COUNT',
  'RUNNER_SCALE_UP_THRESHOLD',
  'RUNNER_SCALE_COOLDOWN',
] as const;

type Scaling = Pick<Pool, 'min' | 'max' | 'scaling' | 'overrides'>;

/** A fixed number, or scaling between two; balanced, as it was there. */
function scalingFrom(values: PoolValues, mode: Mode, overRepositories: boolean, warnings: string[]): Scaling {
  // Auto that is also ephemeral: one job each, and only while there is work.
  const onDemand =
    mode === 'auto' || values.RUNNER_MODE === 'auto' || (overRepositories && mode === 'ephemeral');
  if (values.RUNNER_ENABLE_DYNAMIC_SCALING !== true) {
    const idle = scalingNames.filter((name) => values[name] !== undefined);
    if (idle.length > 0)
      warnings.push(`Without RUNNER_ENABLE_DYNAMIC_SCALING=true there is no effect of ${idle.join(', ')}.`);
    const count = values.RUNNER_COUNT ?? 1;
    return { min: onDemand ? 0 : count, max: count, scaling: 'balanced', overrides: {} };
  }
  if (values.RUNNER_COUNT !== undefined)
    warnings.push('RUNNER_COUNT has no effect with RUNNER_ENABLE_DYNAMIC_SCALING=true.');
  if (onDemand && (values.RUNNER_MIN_COUNT ?? 0) > 0)
    warnings.push(
      'RUNNER_MIN_COUNT has no effect where runners exist only while there is work (auto mode, or all repositories of an owner).',
    );
  return { ...rangeFrom(values, onDemand, warnings), ...presetFrom(values) };
}

function rangeFrom(values: PoolValues, onDemand: boolean, warnings: string[]): Pick<Pool, 'min' | 'max'> {
  const max = values.RUNNER_MAX_COUNT ?? 10;
  const min = onDemand ? 0 : (values.RUNNER_MIN_COUNT ?? 1);
  if (min > max)
    warnings.push('RUNNER_MIN_COUNT is more than RUNNER_MAX_COUNT; used instead: the latter for both.');
  return { min: Math.min(min, max), max };
}

function presetFrom(values: PoolValues): Pick<Pool, 'scaling' | 'overrides'> {
  const threshold = values.RUNNER_SCALE_UP_THRESHOLD;
  const cooldownSeconds = values.RUNNER_SCALE_COOLDOWN;
  return {
    scaling: values.RUNNER_SCALING_MODE ?? 'balanced',
    overrides: {
      ...(threshold !== undefined && { threshold }),
      ...(cooldownSeconds !== undefined && { cooldownSeconds }),
    },
  };
}

const thresholdNames = [
  'RUNNER_SCALE_UP_THRESHOLD',
  'RUNNER_SCALE_DOWN_THRESHOLD',
  'RUNNER_SCALE_COOLDOWN',
] as const;

/** The predecessor's example file sets all three: who then chooses a mode would not get it. */
function beatenPreset(vars: Variables): string[] {
  const all = ['RUNNER_SCALING_MODE', ...thresholdNames].every((name) => textOf(vars, name) !== null);
  if (!all) return [];
  return [
    `${thresholdNames.join(', ')} beat the numbers of RUNNER_SCALING_MODE: remove them to get those of the mode.`,
  ];
}

/** Labels that every runner here carries are left out, and those that name another machine. */
function labelsFrom(labels: readonly string[], host: EnvironmentHost, warnings: string[]): string[] {
  const given = new Set(labelsOf(host));
  const foreignLabels = labels.filter((label) => !given.has(label) && namesAnother(label, host));
  if (foreignLabels.length > 0)
    warnings.push(
      `RUNNER_LABELS has ${foreignLabels.length === 1 ? 'a label that names' : 'labels that name'} another system or architecture than this ${host.os} ${host.arch} machine: left out.`,
    );
  return [...new Set(labels.filter((label) => !given.has(label) && !foreignLabels.includes(label)))];
}

function namesAnother(label: string, host: EnvironmentHost): boolean {
  const arch = archOf(label);
  if (arch !== null) return arch !== host.arch;
  return ['linux', 'macos', 'windows'].includes(label) && label !== host.os;
}
