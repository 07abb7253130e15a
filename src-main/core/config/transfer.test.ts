import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { poolDefaults } from './defaults.ts';
import { type Config, defaultConfig, parseConfig } from './schema.ts';
import { exportText, parseText, settingsOf } from './transfer.ts';

const host = { arch: 'x64' } as const;
const pool = { ...poolDefaults('tests', 'ephemeral', 'x64'), min: 2, labels: ['gpu'] };
const read = (text: string) => parseText(text, host);
const refused = (raw: unknown) => {
  try {
    read(typeof raw === 'string' ? raw : JSON.stringify(raw));
  } catch (error) {
    return error;
  }
  throw new Error('it was taken');
};

describe('exportText', () => {
  it('is what parseText reads', () => {
    const config: Config = {
      ...defaultConfig,
      namePrefix: 'my',
      reserve: { cpuPercent: 50, memoryPercent: 0 },
      capacity: { slots: 3 },
      pools: [pool],
    };
    expect(read(exportText(config))).toEqual({ config, notes: [] });
    expect(exportText(config)).toMatch(/^\{\n {2}"version": 1,[^]*\}\n$/);
  });

  it('has nothing of what this version does not know: it may be a secret on a wrong line', () => {
    const secret = 'ghp_0123456789abcdef';
    const raw = {
      version: 1,
      token: secret,
      reserve: { cpuPercent: 9, token: secret },
      pools: [
        { id: 'a', token: secret },
        { id: 'NO', token: secret },
      ],
    };
    const { config } = parseConfig(raw, host);
    expect(config.unusablePools).toHaveLength(1);
    expect(exportText(config)).not.toContain(secret);
    expect(read(exportText(config)).config).toMatchObject({
      reserve: { cpuPercent: 9 },
      pools: [{ id: 'a' }],
    });
    expect(settingsOf(config)).not.toHaveProperty('token');
  });
});

describe('parseText', () => {
  it('takes what a person wrote, and says what has no effect', () => {
    const { config, notes } = read('\uFEFF{"reserve": {"cpuPercent": 10}, "colour": "red"}');
    expect(config.reserve).toEqual({ cpuPercent: 10, memoryPercent: 15 });
    expect(notes).toEqual([expect.stringMatching(/nothing of colour/)]);
  });

  it.each([
    [{ reserve: { cpuPercent: 96 } }, 'reserve.cpuPercent', /expected: a whole number from 0 to 95/],
    [{ log: 'loud' }, 'log', /field log is not valid/],
    [{ pools: {} }, 'pools', /a list of pools/],
    [{ pools: [{ id: 'a', max: 0 }] }, 'pools[0].max', /pools\[0\]\.max/],
    [{ pools: [{ id: 'a' }, { id: 'a' }] }, 'pools[1].id', /another one called a/],
    [{ pools: [{ id: 'a', forge: 'github', scope: 'o/r' }] }, 'pools[0]', /needs an account/],
    [{ version: 'x' }, 'version', /whole number/],
    [[], 'config.json', /object with fields/],
  ])('refuses %j whole and names the field', (raw, subject, message) => {
    expect(refused(raw)).toMatchObject({
      problem: { code: 'config-field', subject, message: expect.stringMatching(message) },
    });
  });

  it('says how much more is wrong', () => {
    expect(refused({ resyncSeconds: 0, namePrefix: '', log: 1 })).toMatchObject({
      message: expect.stringMatching(/^The field namePrefix .* 2 more things are wrong in it\.$/),
    });
  });

  it('does not repeat a text that is no JSON, which may be a secret', () => {
    expect(refused('{"a": 1,\n ghp_secret}')).toMatchObject({
      problem: { message: expect.not.stringContaining('ghp') },
    });
    expect(refused('')).toMatchObject({ problem: { code: 'config-field' } });
  });

  it('refuses what a newer version wrote', () => {
    expect(refused({ version: 99, reserve: 7 })).toMatchObject({ problem: { code: 'config-newer' } });
  });

  it('throws nothing but Problems, whatever it is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        try {
          expect(read(text).config.version).toBe(1);
        } catch (error) {
          expect(error).toHaveProperty('problem.hint');
        }
      }),
    );
  });
});
