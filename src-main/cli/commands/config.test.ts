import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Account } from '../../contract/account.ts';
import { poolDefaults } from '../../core/config/defaults.ts';
import { defaultConfig } from '../../core/config/schema.ts';
import { settingsOf } from '../../core/config/transfer.ts';
import { cli, makeJob, MemoryWorld } from '../cli.test-kit.ts';

describe('config', () => {
  const settings = settingsOf(defaultConfig);
  const worldWith = (handlers: MemoryWorld['handlers']) =>
    Object.assign(new MemoryWorld(), { handlers: { 'config.show': () => ({ settings }), ...handlers } });

  test('set: the group whole, and the notes', async () => {
    const world = worldWith({ 'config.edit': () => ({ settings, notes: ['Running jobs keep theirs.'] }) });
    const { code, paper } = await cli(['config', 'set', 'reserve.cpuPercent', '30'], world);
    expect([code, paper.stdout]).toEqual([0, 'reserve.cpuPercent is set.\nRunning jobs keep theirs.\n']);
    expect(world.asked.at(-1)).toEqual([
      'config.edit',
      { change: { reserve: { cpuPercent: 30, memoryPercent: 15 } } },
    ]);
    for (const [field, value, sentence] of [
      ['reserve.cpuPercent', '99', 'a whole number from 0 to 95'],
      ['reserve', '1', 'reserve has several fields'],
      ['colour', 'red', 'There is no setting colour'],
    ] as const) {
      const refused = await cli(['config', 'set', field, value], world);
      expect([refused.code, refused.paper.stderr]).toEqual([2, expect.stringContaining(sentence)]);
    }
  });

  test('export and import: by file, and what cannot be read or written', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'cli-'));
    const file = path.join(folder, 'config.json');
    const world = worldWith({
      'config.export': () => ({ text: '{"version": 1}\n' }),
      'config.import': () => ({ notes: ['The pool a is new.'] }),
    });
    expect((await cli(['config', 'export'], world)).paper.stdout).toBe('{"version": 1}\n');
    const json = await cli(['config', 'export', '--json'], world);
    expect(json.paper.documents).toEqual([{ text: '{"version": 1}\n' }]);
    expect((await cli(['config', 'export', file], world)).paper.stdout).toBe(`Wrote ${file}.\n`);
    const taken = await cli(['config', 'import', file], world);
    expect(taken.paper.stdout).toBe('The configuration is imported.\nThe pool a is new.\n');
    expect(world.asked.at(-1)).toEqual(['config.import', { text: '{"version": 1}\n' }]);
    for (const argv of [
      ['export', path.join(folder, 'none', 'x')],
      ['export', folder],
      ['import', path.join(folder, 'none')],
    ]) {
      const { code, paper } = await cli(['config', ...argv], world);
      expect([code, paper.stderr]).toEqual([2, expect.stringMatching(/cannot be (read|written)/)]);
    }
    rmSync(folder, { recursive: true });
  });
});

describe('config import-env', () => {
  const pool = {
    ...poolDefaults('env', 'auto', 'x64'),
    forge: 'github',
    scope: 'o/r',
    account: 'env',
  } as const;
  const account: Account = {
    id: 'env',
    forge: 'github',
    kind: 'environment',
    login: 'GITHUB_TOKEN',
    url: 'https://git.lab',
    apiUrl: 'https://git.lab/api/v3',
    app: null,
  };

  test.each([
    ['sEcReT', { kind: 'token', token: 'sEcReT' }],
    [null, { kind: 'gh' }],
  ])('a pool at GitHub brings its account, with the token %s', async (token, way) => {
    const world = Object.assign(new MemoryWorld(), {
      read: { pool, account, token: () => token, warnings: [], problems: [] },
      handlers: {
        'account.add': () => ({ account: { id: 'octo', login: 'octo' }, notes: [] }),
        'pool.add': () => ({ pool, notes: [] }),
      },
    });
    const { code, paper } = await cli(['config', 'import-env', '.env'], world);
    expect([code, paper.stdout]).toEqual([0, 'The pool env was made.\n']);
    const { id, ...wish } = pool;
    expect(world.asked).toEqual([
      ['account.add', { id: null, forge: 'github', url: account.url, apiUrl: account.apiUrl, way }],
      ['pool.add', { id, pool: { ...wish, account: 'octo' } }],
    ]);
    expect(paper.stderr).not.toContain('sEcReT');
  });
});

test('report, and a job again: what they answer', async () => {
  const world = new MemoryWorld();
  world.handlers = {
    report: () => ({ text: 'Homerunner report\n' }),
    'job.again': () => ({ job: makeJob({ id: 'j2' }), notes: ['It runs commit abc.'] }),
  };
  expect((await cli(['report'], world)).paper.stdout).toBe('Homerunner report\n');
  const { paper } = await cli(['job', 'again', 'j1'], world);
  expect(paper.stdout).toMatch(/^Submitted as j2\./);
  expect(paper.stderr).toBe('It runs commit abc.\n');
  expect(world.asked.at(-1)).toEqual(['job.again', { job: 'j1' }]);
  const url = 'https://github.com/o/r/actions/runs/1';
  world.handlers['job.again'] = () => ({ job: makeJob({ id: 'gh-1', forge: 'github', url }), notes: [] });
  const there = await cli(['job', 'again', 'gh-1'], world);
  expect(there.paper.stdout).toBe(`make test runs again at its forge: ${url}\n`);
});
