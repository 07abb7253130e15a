import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEnvironment, type Variables } from './environment.ts';
import { defaultConfig } from './schema.ts';
import { forgeVariables } from './environment-forge.ts';
import { hostVariables, laterVariables, poolSwitches, poolVariables, variableNames } from './variables.ts';

const host = { os: 'linux', arch: 'x64' } as const;
const read = (vars: Variables) => readEnvironment(vars, host);
const poolOf = (vars: Variables) => read(vars).pool;

/** The table of the design, row by row. */
const design = `
GIT_PLATFORM GITHUB_REPOSITORY GITLAB_PROJECT_ID GIT_API_URL GITHUB_API_URL GIT_TOKEN GITHUB_TOKEN
RUNNER_MODE RUNNER_EPHEMERAL RUNNER_IDLE_TIMEOUT RUNNER_MAX_LIFETIME RUNNER_CHECK_INTERVAL RUNNER_CLEAN_ON_DEREGISTER
RUNNER_COUNT RUNNER_ENABLE_DYNAMIC_SCALING RUNNER_SCALING_MODE RUNNER_MIN_COUNT RUNNER_MAX_COUNT
RUNNER_SCALE_UP_THRESHOLD RUNNER_SCALE_COOLDOWN
RUNNER_NAME_PREFIX RUNNER_LABELS RUNNER_GROUP RUNNER_VERSION RUNNER_DISABLE_AUTO_UPDATE RUNNER_DEPLOYMENT_STAGGER
GITHUB_API_TIMEOUT LOG_LEVEL LOG_FILE
RUNNER_TARGET_ARCHITECTURES RUNNER_ENABLE_EMULATION RUNNER_EMULATION_METHOD RUNNER_EMULATION_AUTO_INSTALL
RUNNER_CPU_CORES RUNNER_MEMORY_GB RUNNER_HOST_CPU_RESERVE_PERCENT RUNNER_HOST_MEMORY_RESERVE_PERCENT
RUNNER_USE_CPU_AFFINITY RUNNER_ENABLE_RESOURCE_OPTIMIZATION RUNNER_DISK_THRESHOLD_GB DOCKER_CLEANUP_THRESHOLD_GB
RUNNER_ENABLE_GPU RUNNER_GPU_VENDOR RUNNER_GPU_PER_RUNNER RUNNER_INFERENCE_ONLY
ENABLE_METRICS METRICS_FILE
RUNNER_ARCH RUNNER_WORK_DIR RUNNER_INSTALL_DIR RUNNER_FALLBACK_VERSION RUNNER_REPLACE_EXISTING RUNNER_ADDITIONAL_FLAGS
RUNNER_DEPLOYMENT_STRATEGY RUNNER_SCALE_DOWN_THRESHOLD RUNNER_CLEAN_DOCKER GITHUB_VERSION_CHECK_TIMEOUT`
  .trim()
  .split(/\s+/);

/** `<>` is no mode, number, truth, architecture, label list, prefix or level. */
const garbage = 'se cret, <>';
const takesAnyText = ['LOG_FILE', 'RUNNER_GROUP'];
const understood = [
  ...forgeVariables.filter((name) => name !== 'GITLAB_PROJECT_ID'),
  ...Object.keys(poolVariables),
  ...Object.keys(poolSwitches),
  ...Object.keys(hostVariables),
];

describe('the table', () => {
  it('has each variable of the design once', () => {
    expect([...variableNames].sort()).toEqual([...design].sort());
  });

  it.each(design.filter((name) => !takesAnyText.includes(name)))(
    'answers garbage in %s with a sentence that names it',
    (name) => {
      const { warnings, problems, apply } = read({ [name]: garbage });
      expect(warnings.length).toBe(1);
      expect(warnings[0]).toContain(name);
      expect(warnings[0]).toMatch(/\.$/);
      expect(warnings[0]).not.toContain(garbage);
      expect(problems).toEqual([]);
      expect(apply(defaultConfig)).toEqual(defaultConfig);
    },
  );

  it.each(understood.filter((name) => !takesAnyText.includes(name)))(
    'says what %s accepts and what is used',
    (name) => {
      expect(read({ [name]: garbage }).warnings[0]).toMatch(
        / is not valid \(expected: .+\); used instead: .+\.$/,
      );
    },
  );

  it.each(Object.keys(laterVariables))('says of %s that its part is not there yet', (name) => {
    expect(read({ [name]: 'true' }).warnings).toEqual([
      expect.stringMatching(new RegExp(`^${name} has no effect: .+ not part of this version yet\\.$`)),
    ]);
  });

  it('never repeats a value, whatever is set', () => {
    const secret = 'sEcReT0123456789';
    const all = Object.fromEntries(design.map((name) => [name, secret]));
    const { warnings, problems, pool } = read(all);
    const silent = [
      // Any word is right for these.
      ...['LOG_FILE', 'RUNNER_LABELS', 'RUNNER_NAME_PREFIX', 'GIT_TOKEN', 'GITHUB_TOKEN'],
      // No pool is made in any case, because of GITHUB_REPOSITORY.
      'GITLAB_PROJECT_ID',
    ];
    const unsaid = design.filter((name) => !warnings.some((warning) => warning.includes(name)));
    expect(unsaid.sort()).toEqual(silent.sort());
    expect(JSON.stringify({ warnings, problems, pool })).not.toContain(secret);
  });

  it('answers any text with sentences and a pool that may be', () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('true', '0', '1', '5', '1e9', '-1', 'auto', 'arm64,x64', ' '),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...design), text), (vars) => {
        const { pool, warnings } = read(vars);
        expect(pool === null || (pool.min <= pool.max && pool.id === 'env')).toBe(true);
        for (const warning of warnings) expect(warning).toMatch(/^[A-Z].*\.$/);
      }),
    );
  });

  it('ignores what is set but blank', () => {
    const blank = Object.fromEntries(design.map((name) => [name, ' ']));
    expect(read(blank)).toMatchObject({ pool: null, warnings: [], problems: [] });
  });

  it('is silent about switches that are off', () => {
    const names = ['RUNNER_ENABLE_GPU', 'RUNNER_INFERENCE_ONLY', 'ENABLE_METRICS', 'RUNNER_ENABLE_EMULATION'];
    expect(read(Object.fromEntries(names.map((name) => [name, 'false']))).warnings).toEqual([]);
  });
});

describe('which pool', () => {
  it('none without a variable that describes one', () => {
    const vars = {
      GITHUB_TOKEN: 't',
      LOG_LEVEL: 'DEBUG',
      RUNNER_ARCH: 'X64',
      RUNNER_NAME_PREFIX: 'a',
      PATH: '/bin',
    };
    expect(poolOf(vars)).toBeNull();
    expect(poolOf({ RUNNER_TEMP: '/tmp', RUNNER_OS: 'Linux' })).toBeNull();
  });

  it('by mode and count: balanced, and of a fixed number', () => {
    expect(poolOf({ RUNNER_MODE: 'AUTO' })).toMatchObject({
      id: 'env',
      forge: 'local',
      mode: 'auto',
      min: 0,
      max: 1,
      scaling: 'balanced',
      overrides: {},
      idleTimeoutSeconds: 300,
    });
    expect(poolOf({ RUNNER_COUNT: '3' })).toMatchObject({ mode: 'auto', min: 0, max: 3 });
    expect(poolOf({ RUNNER_MODE: 'manual', RUNNER_COUNT: '3' })).toMatchObject({
      mode: 'manual',
      min: 3,
      max: 3,
    });
    expect(poolOf({ RUNNER_MODE: 'ephemeral', RUNNER_COUNT: '2' })).toMatchObject({
      mode: 'ephemeral',
      min: 2,
      max: 2,
    });
  });

  it('ephemeral beside a mode: one job each, kept ready only where the mode does', () => {
    const ephemeral = { RUNNER_EPHEMERAL: 'true', RUNNER_COUNT: '2' };
    expect(poolOf({ ...ephemeral, RUNNER_MODE: 'auto' })).toMatchObject({
      mode: 'ephemeral',
      min: 0,
      max: 2,
    });
    expect(poolOf({ ...ephemeral, RUNNER_MODE: 'manual' })).toMatchObject({
      mode: 'ephemeral',
      min: 2,
      max: 2,
    });
    expect(poolOf(ephemeral)).toMatchObject({ mode: 'ephemeral', min: 2, max: 2 });
  });

  it('takes size, labels and times', () => {
    const vars = {
      RUNNER_LABELS: 'self-hosted, Linux,Mine,mine',
      RUNNER_CPU_CORES: '1.5',
      RUNNER_MEMORY_GB: '0.5',
      RUNNER_IDLE_TIMEOUT: '20',
      RUNNER_MAX_LIFETIME: '3600',
    };
    expect(read(vars)).toMatchObject({
      warnings: [],
      pool: {
        labels: ['mine'],
        cores: 1.5,
        memoryMiB: 512,
        idleTimeoutSeconds: 20,
        maxLifetimeSeconds: 3600,
      },
    });
  });

  it('leaves out labels of other machines, which the predecessor had by default', () => {
    const { pool, warnings } = read({ RUNNER_LABELS: 'self-hosted,linux,ARM64,mine,windows' });
    expect(pool?.labels).toEqual(['mine']);
    expect(warnings).toEqual([
      'RUNNER_LABELS has labels that name another system or architecture than this linux x64 machine: left out.',
    ]);
  });
});

describe('scaling', () => {
  const dynamic = { RUNNER_MODE: 'manual', RUNNER_ENABLE_DYNAMIC_SCALING: 'true' };

  it('goes from 1 to 10 by default, or as said', () => {
    expect(poolOf(dynamic)).toMatchObject({ min: 1, max: 10, scaling: 'balanced', overrides: {} });
    const said = { RUNNER_MIN_COUNT: '2', RUNNER_MAX_COUNT: '6', RUNNER_SCALING_MODE: 'lazy' };
    expect(poolOf({ ...dynamic, ...said })).toMatchObject({ min: 2, max: 6, scaling: 'lazy' });
  });

  it('sets single numbers of the preset', () => {
    const vars = { ...dynamic, RUNNER_SCALING_MODE: 'aggressive', RUNNER_SCALE_COOLDOWN: '90' };
    expect(read(vars)).toMatchObject({ pool: { overrides: { cooldownSeconds: 90 } }, warnings: [] });
  });

  it('warns where all three thresholds stand beside a mode', () => {
    const { pool, warnings } = read({
      ...dynamic,
      RUNNER_SCALING_MODE: 'aggressive',
      RUNNER_SCALE_UP_THRESHOLD: '2',
      RUNNER_SCALE_DOWN_THRESHOLD: '0',
      RUNNER_SCALE_COOLDOWN: '60',
    });
    expect(pool).toMatchObject({ scaling: 'aggressive', overrides: { threshold: 2, cooldownSeconds: 60 } });
    expect(warnings.filter((w) => w.includes('beat the numbers of RUNNER_SCALING_MODE'))).toHaveLength(1);
  });

  it('warns of what has no effect', () => {
    expect(read({ RUNNER_COUNT: '2', RUNNER_MAX_COUNT: '5', RUNNER_SCALING_MODE: 'lazy' }).warnings).toEqual([
      'Without RUNNER_ENABLE_DYNAMIC_SCALING=true there is no effect of RUNNER_SCALING_MODE, RUNNER_MAX_COUNT.',
    ]);
    expect(read({ ...dynamic, RUNNER_COUNT: '2' }).warnings).toEqual([
      'RUNNER_COUNT has no effect with RUNNER_ENABLE_DYNAMIC_SCALING=true.',
    ]);
    expect(read({ ...dynamic, RUNNER_MODE: 'auto', RUNNER_MIN_COUNT: '2' })).toMatchObject({
      pool: { min: 0 },
      warnings: [expect.stringContaining('RUNNER_MIN_COUNT has no effect where')],
    });
  });

  it('lowers a minimum beyond the maximum', () => {
    expect(read({ ...dynamic, RUNNER_MIN_COUNT: '7', RUNNER_MAX_COUNT: '3' })).toMatchObject({
      pool: { min: 3, max: 3 },
      warnings: [expect.stringContaining('RUNNER_MIN_COUNT is more than RUNNER_MAX_COUNT')],
    });
  });
});

describe('architectures', () => {
  it('of this machine, in any spelling', () => {
    expect(read({ RUNNER_TARGET_ARCHITECTURES: 'amd64' })).toMatchObject({
      pool: { arch: 'x64' },
      problems: [],
    });
  });

  it('others are refused while emulation is off, naming the variable', () => {
    const { pool, problems } = read({ RUNNER_TARGET_ARCHITECTURES: 'arm64', RUNNER_MODE: 'auto' });
    expect(pool).toBeNull();
    expect(problems).toMatchObject([{ code: 'emulation-missing', subject: 'RUNNER_TARGET_ARCHITECTURES' }]);
    expect(problems[0]?.message).toBe(
      'RUNNER_TARGET_ARCHITECTURES asks for arm64, which this x64 machine can run only by emulation, and RUNNER_ENABLE_EMULATION is not true.',
    );
  });

  it('others beside our own: ours is made', () => {
    const { pool, problems } = read({ RUNNER_TARGET_ARCHITECTURES: 'x64, riscv64' });
    expect(pool).toMatchObject({ arch: 'x64' });
    expect(problems).toHaveLength(1);
  });

  it('with emulation on it is said that it is not built yet', () => {
    const { pool, problems, warnings } = read({
      RUNNER_TARGET_ARCHITECTURES: 'arm64',
      RUNNER_ENABLE_EMULATION: 'true',
    });
    expect(pool).toBeNull();
    expect(problems[0]?.message).toContain('not part of this version yet');
    expect(warnings).toEqual([
      'RUNNER_ENABLE_EMULATION has no effect: emulation is not part of this version yet.',
    ]);
  });
});

describe('apply', () => {
  it('lays what describes the machine over the configuration', () => {
    const { apply, warnings } = read({
      RUNNER_CHECK_INTERVAL: '30',
      RUNNER_NAME_PREFIX: 'lab-7',
      RUNNER_DEPLOYMENT_STAGGER: '5',
      RUNNER_HOST_CPU_RESERVE_PERCENT: '50',
      RUNNER_HOST_MEMORY_RESERVE_PERCENT: '25',
      RUNNER_USE_CPU_AFFINITY: 'no',
      RUNNER_ENABLE_RESOURCE_OPTIMIZATION: '0',
      RUNNER_DISK_THRESHOLD_GB: '20',
      LOG_LEVEL: 'WARNING',
      LOG_FILE: './x.log',
      GITHUB_API_TIMEOUT: '60',
      RUNNER_VERSION: 'v2.330.0',
      RUNNER_DISABLE_AUTO_UPDATE: 'true',
    });
    expect(warnings).toEqual([]);
    expect(apply(defaultConfig)).toEqual({
      ...defaultConfig,
      resyncSeconds: 30,
      namePrefix: 'lab-7',
      registrationStaggerSeconds: 5,
      reserve: { cpuPercent: 50, memoryPercent: 25 },
      limits: { ...defaultConfig.limits, cpuAffinity: false, enforce: false },
      diskReserveGiB: 20,
      log: { level: 'warn', file: './x.log' },
      github: { ...defaultConfig.github, apiTimeoutSeconds: 60, runnerVersion: '2.330.0', autoUpdate: false },
    });
    expect(read({ RUNNER_VERSION: 'latest' }).apply(defaultConfig)).toEqual(defaultConfig);
  });

  it('changes nothing where nothing is set', () => {
    expect(read({}).apply(defaultConfig)).toBe(defaultConfig);
  });
});
