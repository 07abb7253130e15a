import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
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
});
