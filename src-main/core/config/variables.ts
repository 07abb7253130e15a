/** The predecessor's environment variables: a table of what each accepts and does. */
import * as v from 'valibot';
import { modes, PoolSchema, presets } from '../../contract/pool.ts';
import { architectureList, by, labelList, oneOf, type Reader, truth } from './readers.ts';
import { SettingsSchema } from '../../contract/settings.ts';
import { forgeVariables } from './environment-forge.ts';
import type { Config } from './schema.ts';

type ValueOf<R> = R extends Reader<infer T> ? T : never;

const pool = PoolSchema.entries;
const settings = SettingsSchema.entries;
const configured = 'the value of the configuration';
const gigabytes = v.pipe(v.number(), v.minValue(0.1), v.maxValue(1_000_000));

/** What describes the pool: any of these being set makes it. */
export const poolVariables = {
  RUNNER_MODE: oneOf(modes, 'auto'),
  RUNNER_EPHEMERAL: truth('false'),
  RUNNER_IDLE_TIMEOUT: by(pool.idleTimeoutSeconds, 'the default of 300 seconds'),
  RUNNER_MAX_LIFETIME: by(pool.maxLifetimeSeconds, 'the default of 0 (no limit)'),
  RUNNER_COUNT: by(pool.max, 'the default of 1'),
  RUNNER_ENABLE_DYNAMIC_SCALING: truth('false'),
  RUNNER_SCALING_MODE: oneOf(presets, 'balanced'),
  RUNNER_MIN_COUNT: by(pool.min, 'the default of 1'),
  RUNNER_MAX_COUNT: by(pool.max, 'the default of 10'),
  RUNNER_SCALE_UP_THRESHOLD: by(pool.max, 'the number of the scaling mode'),
  RUNNER_SCALE_COOLDOWN: by(pool.idleTimeoutSeconds, 'the number of the scaling mode'),
  RUNNER_LABELS: labelList,
  RUNNER_TARGET_ARCHITECTURES: architectureList,
  RUNNER_CPU_CORES: by(pool.cores.wrapped, "the cores of the pool's size"),
  RUNNER_MEMORY_GB: by(gigabytes, "the memory of the pool's size"),
} as const;

/** What says how, and makes no pool by itself. */
export const poolSwitches = {
  RUNNER_ENABLE_EMULATION: truth('false'),
  RUNNER_CLEAN_ON_DEREGISTER: truth('true'),
} as const;

type Readers = typeof poolVariables & typeof poolSwitches;
export type PoolValues = { readonly [K in keyof Readers]?: ValueOf<Readers[K]> };

export interface Setting {
  readonly accepts: string;
  readonly otherwise: string;
  /** What this text changes in the configuration; null is garbage. */
  readonly read: (text: string) => ((config: Config) => Config) | null;
}

function setting<T>(reader: Reader<T>, put: (config: Config, value: T) => Config): Setting {
  const read = (text: string) => {
    const value = reader.read(text);
    return value === null ? null : (config: Config) => put(config, value);
  };
  return { accepts: reader.accepts, otherwise: reader.otherwise, read };
}

const logLevels = ['debug', 'info', 'warn', 'warning', 'error', 'critical'] as const;
const levelNames = {
  debug: 'debug',
  info: 'info',
  warn: 'warn',
  warning: 'warn',
  error: 'error',
  critical: 'error',
} as const;

/** `v` before it, and `latest`, as the predecessor took them. */
const version: Reader<string> = {
  accepts: 'a version such as 2.330.0, or latest',
  otherwise: configured,
  read: (text) => {
    const number = text.toLowerCase().replace(/^v/, '');
    return number === 'latest' || v.is(settings.github.entries.runnerVersion.wrapped, number) ? number : null;
  },
};

/** What is laid over the configuration, for this run only. "GB" are GiB here, as the predecessor counted them. */
export const hostVariables: Readonly<Record<string, Setting>> = {
  RUNNER_CHECK_INTERVAL: setting(by(settings.resyncSeconds, configured), (c, resyncSeconds) => ({
    ...c,
    resyncSeconds,
  })),
  RUNNER_NAME_PREFIX: setting(by(settings.namePrefix, configured), (c, namePrefix) => ({ ...c, namePrefix })),
  RUNNER_DEPLOYMENT_STAGGER: setting(by(settings.registrationStaggerSeconds, configured), (c, value) => ({
    ...c,
    registrationStaggerSeconds: value,
  })),
  RUNNER_HOST_CPU_RESERVE_PERCENT: setting(
    by(settings.reserve.entries.cpuPercent, configured),
    (c, cpuPercent) => ({
      ...c,
      reserve: { ...c.reserve, cpuPercent },
    }),
  ),
  RUNNER_HOST_MEMORY_RESERVE_PERCENT: setting(
    by(settings.reserve.entries.memoryPercent, configured),
    (c, value) => ({
      ...c,
      reserve: { ...c.reserve, memoryPercent: value },
    }),
  ),
  RUNNER_USE_CPU_AFFINITY: setting(truth(configured), (c, cpuAffinity) => ({
    ...c,
    limits: { ...c.limits, cpuAffinity },
  })),
  RUNNER_ENABLE_RESOURCE_OPTIMIZATION: setting(truth(configured), (c, enforce) => ({
    ...c,
    limits: { ...c.limits, enforce },
  })),
  RUNNER_DISK_THRESHOLD_GB: setting(by(settings.diskReserveGiB, configured), (c, diskReserveGiB) => ({
    ...c,
    diskReserveGiB,
  })),
  GITHUB_API_TIMEOUT: setting(
    by(settings.github.entries.apiTimeoutSeconds, configured),
    (c, apiTimeoutSeconds) => ({ ...c, github: { ...c.github, apiTimeoutSeconds } }),
  ),
  RUNNER_VERSION: setting(version, (c, said) => ({
    ...c,
    github: { ...c.github, runnerVersion: said === 'latest' ? null : said },
  })),
  RUNNER_DISABLE_AUTO_UPDATE: setting(truth(configured), (c, isDisabled) => ({
    ...c,
    github: { ...c.github, autoUpdate: !isDisabled },
  })),
  LOG_LEVEL: setting(oneOf(logLevels, configured), (c, level) => ({
    ...c,
    log: { ...c.log, level: levelNames[level] },
  })),
  LOG_FILE: setting(by(settings.log.entries.file.wrapped, configured), (c, file) => ({
    ...c,
    log: { ...c.log, file },
  })),
};

interface Later {
  /** What is missing, before "not part of this version yet". */
  readonly what: string;
  /** What these words ask for is what happens anyway. */
  readonly fulfilled?: readonly string[];
}

const off = ['false', 'no', 'off', '0'];
const gpu = 'leases of GPUs are';
const metrics = 'the metrics file is';
const emulation = 'emulation is';

/** What is not built yet. */
export const laterVariables: Readonly<Record<string, Later>> = {
  RUNNER_EMULATION_METHOD: { what: emulation },
  RUNNER_EMULATION_AUTO_INSTALL: { what: emulation, fulfilled: off },
  DOCKER_CLEANUP_THRESHOLD_GB: { what: 'cleaning up behind container engines is' },
  RUNNER_ENABLE_GPU: { what: gpu, fulfilled: off },
  RUNNER_GPU_VENDOR: { what: gpu },
  RUNNER_GPU_PER_RUNNER: { what: gpu },
  RUNNER_INFERENCE_ONLY: { what: gpu, fulfilled: off },
  ENABLE_METRICS: { what: metrics, fulfilled: off },
  METRICS_FILE: { what: metrics },
};

/** What has no meaning any more, and what took its place. */
export const replacedVariables: Readonly<Record<string, string>> = {
  RUNNER_ARCH: 'the architecture of the machine is detected; RUNNER_TARGET_ARCHITECTURES asks for another',
  RUNNER_WORK_DIR:
    'each runner works in its own folder below the home folder, which --home or HOMERUNNER_HOME sets',
  RUNNER_INSTALL_DIR: 'everything lies below the home folder, which --home or HOMERUNNER_HOME sets',
  RUNNER_FALLBACK_VERSION: 'a runner program is used only in a version that could be verified',
  RUNNER_REPLACE_EXISTING:
    'runners of this installation are recognised by their names and never collide with others',
  RUNNER_ADDITIONAL_FLAGS: 'what it was used for is set by the options of `pool add`',
  RUNNER_DEPLOYMENT_STRATEGY:
    'runners are made side by side; RUNNER_DEPLOYMENT_STAGGER sets the least gap between two',
  RUNNER_SCALE_DOWN_THRESHOLD: 'runners end by RUNNER_SCALE_COOLDOWN and RUNNER_IDLE_TIMEOUT',
  RUNNER_CLEAN_DOCKER: 'only what carries the mark of this installation is ever removed',
  GITHUB_VERSION_CHECK_TIMEOUT: 'there is one time limit for all requests',
};

/** Every variable that is read, in the order of the tables. */
export const variableNames: readonly string[] = [
  ...forgeVariables,
  ...Object.keys(poolVariables),
  ...Object.keys(poolSwitches),
  ...Object.keys(hostVariables),
  ...Object.keys(laterVariables),
  ...Object.keys(replacedVariables),
];
