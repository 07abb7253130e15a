import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { modes, type Pool, presets, sizes } from '../../contract/pool.ts';
import { type Config, defaultConfig, parseConfig, serializeConfig } from './schema.ts';
import { SettingsSchema } from '../../contract/settings.ts';

const host = { arch: 'x64' } as const;
const parse = (raw: unknown) => parseConfig(raw, host);
/** What a file holds after writing and reading. */
const stored = (config: Config): unknown => JSON.parse(JSON.stringify(serializeConfig(config)));

const poolArbitrary: fc.Arbitrary<Pool> = fc
  .record({
    id: fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,31}$/),
    name: fc.string({ minLength: 1, maxLength: 64 }),
    forge: fc.constant('local' as const),
    scope: fc.constant(null),
    account: fc.constant(null),
    group: fc.constant(null),
    publicAllowed: fc.constant(false),
    fallback: fc.constant(false),
    arch: fc.constant('x64' as const),
    runtime: fc.constant('process' as const),
    size: fc.constantFrom(...sizes.filter((size) => size !== 'gpu')),
    cores: fc.option(fc.double({ min: 0.1, max: 4096, noNaN: true })),
    memoryMiB: fc.option(fc.integer({ min: 16, max: 1_000_000 })),
    mode: fc.constantFrom(...modes),
    scaling: fc.constantFrom(...presets),
    overrides: fc.record(
      { threshold: fc.integer({ min: 1, max: 1000 }), warm: fc.integer({ min: 0, max: 1000 }) },
      { requiredKeys: [] },
    ),
    min: fc.integer({ min: 0, max: 1000 }),
    max: fc.integer({ min: 1, max: 1000 }),
    weight: fc.double({ min: 0.01, max: 1000, noNaN: true }),
    labels: fc.array(fc.constantFrom('gpu', 'linux', 'x64', 'my-label')),
    idleTimeoutSeconds: fc.integer({ min: 0, max: 86_400 }),
    maxLifetimeSeconds: fc.integer({ min: 0, max: 86_400 }),
  })
  .map((pool) => ({ ...pool, min: Math.min(pool.min, pool.max) }));

const configArbitrary: fc.Arbitrary<Config> = fc.record({
  version: fc.constant(1 as const),
  namePrefix: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$/),
  reserve: fc.record({
    cpuPercent: fc.integer({ min: 0, max: 95 }),
    memoryPercent: fc.integer({ min: 0, max: 95 }),
  }),
  capacity: fc.record({ slots: fc.option(fc.integer({ min: 1, max: 1000 })) }),
  diskReserveGiB: fc.double({ min: 0, max: 1e6, noNaN: true }).map((size) => size + 0),
  limits: fc.record({
    cpuAffinity: fc.boolean(),
    enforce: fc.boolean(),
    nice: fc.integer({ min: 0, max: 19 }),
  }),
  resyncSeconds: fc.integer({ min: 1, max: 3600 }),
  registrationStaggerSeconds: fc.integer({ min: 0, max: 3600 }),
  history: fc.record({ jobs: fc.integer({ min: 0, max: 1e6 }) }),
  github: fc.record({
    apiTimeoutSeconds: fc.integer({ min: 1, max: 600 }),
    runnerVersion: fc.option(fc.constant('2.330.0')),
    autoUpdate: fc.boolean(),
    clientId: fc.option(fc.stringMatching(/^[\w.-]{1,64}$/)),
  }),
  log: fc.record({
    level: fc.constantFrom('debug' as const, 'info' as const, 'warn' as const, 'error' as const),
    file: fc.option(fc.string({ minLength: 1 })),
  }),
  accounts: fc.constant([
    {
      id: 'octocat',
      forge: 'github' as const,
      kind: 'token' as const,
      login: 'octocat',
      url: 'https://github.com',
      apiUrl: 'https://api.github.com',
      app: null,
    },
  ]),
  unusableAccounts: fc.constant([]),
  pools: fc.uniqueArray(poolArbitrary, { selector: (pool) => pool.id, maxLength: 4 }),
  unusablePools: fc.array(fc.oneof(fc.constant(7), fc.constant({ forge: 'x' }), fc.constant({ id: 'A B' }))),
});

describe('parseConfig', () => {
  it('makes the same configuration of what serializeConfig writes', () => {
    fc.assert(
      fc.property(configArbitrary, (config) => {
        const read = parse(stored(config));
        expect(read.config).toEqual(JSON.parse(JSON.stringify(config)));
        expect(read.lossy).toBe(false);
      }),
    );
  });

  it('says nothing about an empty file and about the defaults', () => {
    for (const raw of [{}, { version: 1 }, stored(defaultConfig)]) {
      const { config, problems } = parse(raw);
      expect(config).toEqual(defaultConfig);
      expect(problems).toEqual([]);
    }
  });

  it('makes a valid configuration of anything, and twice the same', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue())), (raw) => {
        const { config, readOnly } = parse(raw);
        expect(v.is(SettingsSchema, config)).toBe(true);
        expect(parse(stored(config)).config).toEqual(JSON.parse(JSON.stringify(config)));
        expect(readOnly).toBe(false);
      }),
    );
  });

  const garbage = [null, 'x', -1, 1e9, true, [], {}, [{}]];
  const paths = Object.entries(SettingsSchema.entries).flatMap(([key, schema]) =>
    schema.type === 'object' ? Object.keys(schema.entries).map((inner) => [key, inner]) : [[key]],
  );
  it.each(paths.map((path) => [path.join('.'), path] as const))(
    'answers garbage in %s with its default and its path',
    (dotted, path) => {
      const put = (value: unknown) => path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
      const wrong = garbage.filter((value) => parse(put(value)).lossy);
      expect(wrong.length).toBeGreaterThanOrEqual(5);
      for (const value of wrong) {
        const { config, problems } = parse(put(value));
        expect(config).toEqual(defaultConfig);
        expect(problems).toHaveLength(1);
        expect(problems[0]).toMatchObject({ code: 'config-field', subject: dotted });
        expect(problems[0]?.message).toContain(`The field ${dotted} in config.json is not valid (expected: `);
      }
    },
  );

  it('says what is expected and what is used instead, and never what stands there', () => {
    const { problems } = parse({ limits: { nice: 'ghp_0123456789' }, log: { level: 'loud' }, reserve: 3 });
    expect(problems.map((p) => p.message)).toEqual([
      'The field reserve in config.json is not valid (expected: an object with fields); every default in it is used.',
      'The field limits.nice in config.json is not valid (expected: a whole number from 0 to 19); the default 10 is used.',
      'The field log.level in config.json is not valid (expected: one of debug, info, warn, error); the default "info" is used.',
    ]);
  });

  it('keeps unknown fields and mentions them once', () => {
    const raw = {
      version: 1,
      later: { a: 1 },
      limits: { nice: 3, io: 'low' },
      pools: [{ id: 'a', color: 'red' }],
    };
    const { config, problems, lossy } = parse(raw);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toBe(
      'This version knows nothing of pools[0].color, limits.io, later in config.json: kept, and without effect.',
    );
    expect(lossy).toBe(false);
    expect(serializeConfig({ ...config, namePrefix: 'x' })).toMatchObject({ ...raw, namePrefix: 'x' });
  });

  it('is not led astray by names that objects have by nature', () => {
    const raw: unknown = JSON.parse(
      '{"__proto__": {"namePrefix": "evil"}, "constructor": 1, "limits": {"toString": 1}}',
    );
    const { config } = parse(raw);
    expect(config.namePrefix).toBe('hr');
    expect(JSON.stringify(serializeConfig(config))).toContain('"__proto__":{"namePrefix":"evil"}');
  });

  it.each([null, 1, 'x', [], [{ id: 'a' }]].map((raw) => ({ raw })))(
    'takes the defaults where the file holds $raw',
    ({ raw }) => {
      const { config, problems, lossy } = parse(raw);
      expect({ config, codes: problems.map((p) => p.code), lossy }).toEqual({
        config: defaultConfig,
        codes: ['config-field'],
        lossy: true,
      });
    },
  );
});

describe('versions', () => {
  it('reads a newer file as far as it understands it, and only reads it', () => {
    const { config, problems, readOnly, version } = parse({ version: 7, namePrefix: 'x', later: true });
    expect({ readOnly, version, prefix: config.namePrefix }).toEqual({
      readOnly: true,
      version: 7,
      prefix: 'x',
    });
    expect(problems.map((p) => p.code)).toEqual(['config-newer']);
  });

  it('takes a file without a number as version 0', () => {
    const { config, problems, version } = parse({ namePrefix: 'x' });
    expect({ version, problems, prefix: config.namePrefix }).toEqual({
      version: 0,
      problems: [],
      prefix: 'x',
    });
  });

  it.each(['1', -1, 1.5, null, true])('says that %j is no version', (version) => {
    const { config, problems, readOnly } = parse({ version, namePrefix: 'x' });
    expect(problems.map((p) => p.subject)).toEqual(['version']);
    expect({ readOnly, prefix: config.namePrefix }).toEqual({ readOnly: false, prefix: 'x' });
  });
});

describe('pools', () => {
  it('fills them with the defaults of their mode', () => {
    const { config, problems } = parse({
      version: 1,
      pools: [{ id: 'a' }, { id: 'b', mode: 'manual', max: 2 }],
    });
    expect(problems).toEqual([]);
    expect(config.pools).toMatchObject([
      { id: 'a', name: 'a', forge: 'local', arch: 'x64', mode: 'auto', min: 0, max: 4 },
      { id: 'b', mode: 'manual', min: 1, max: 2, scaling: 'aggressive', idleTimeoutSeconds: 300 },
    ]);
  });

  it('lose only the field that is wrong', () => {
    const raw = { id: 'a', mode: 'often', weight: 3, overrides: { threshold: 0, warm: 2 }, labels: ['a b'] };
    const { config, problems } = parse({ version: 1, pools: [raw] });
    expect(config.pools).toMatchObject([
      { id: 'a', mode: 'auto', weight: 3, overrides: { warm: 2 }, labels: [] },
    ]);
    expect(problems.map((p) => p.subject)).toEqual([
      'pools[0].mode',
      'pools[0].overrides.threshold',
      'pools[0].labels',
    ]);
    expect(problems[1]?.message).toContain('the number of the scaling preset is used');
  });

  it('lower a minimum to the maximum', () => {
    const { config, problems } = parse({ version: 1, pools: [{ id: 'a', min: 9, max: 3 }] });
    expect(config.pools).toMatchObject([{ min: 3, max: 3 }]);
    expect(problems.map((p) => p.subject)).toEqual(['pools[0].min']);
  });

  it.each<[string, unknown, string]>([
    ['no object', 7, 'pools[0]'],
    ['no id', { mode: 'auto' }, 'pools[0].id'],
    ['a wrong id', { id: 'Ä' }, 'pools[0].id'],
    ['an unknown forge', { id: 'a', forge: 'sourcehut' }, 'pools[0].forge'],
    [
      'an unknown runtime, which might have been an isolation',
      { id: 'a', runtime: 'contianer' },
      'pools[0].runtime',
    ],
    ['a forge of a later version', { id: 'a', forge: 'github', scope: 'o/r' }, 'pools[0]'],
    ['another architecture', { id: 'a', arch: 'arm64' }, 'pools[0]'],
  ])('with %s are set aside and stay in the file', (_, raw, subject) => {
    const { config, problems, lossy } = parse({ version: 1, pools: [raw, { id: 'good' }] });
    expect(config.pools.map((pool) => pool.id)).toEqual(['good']);
    expect(problems.map((p) => p.subject)).toEqual([subject]);
    expect(lossy).toBe(false);
    expect((serializeConfig(config) as { pools: unknown[] }).pools).toContainEqual(raw);
  });

  it('of the same id: the first counts', () => {
    const { config, problems } = parse({
      version: 1,
      pools: [
        { id: 'a', max: 2 },
        { id: 'a', max: 3 },
      ],
    });
    expect(config.pools).toMatchObject([{ id: 'a', max: 2 }]);
    expect(config.unusablePools).toEqual([{ id: 'a', max: 3 }]);
    expect(problems[0]).toMatchObject({ code: 'config-field', subject: 'pools[1].id' });
  });

  it('that are no list are answered as any wrong field', () => {
    expect(parse({ version: 1, pools: { a: 1 } }).problems).toMatchObject([{ subject: 'pools' }]);
  });
});
