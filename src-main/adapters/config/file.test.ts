import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { problemOf } from '../../contract/problem.ts';
import { poolDefaults } from '../../core/config/defaults.ts';
import { defaultConfig } from '../../core/config/schema.ts';
import { configFile } from './file.ts';

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'config-'));
  file = path.join(dir, 'config.json');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const open = () => configFile({ path: file, arch: 'x64', now: () => Date.UTC(2026, 10, 24, 10, 11, 12) });
const put = (value: unknown) =>
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
const onDisk = () => JSON.parse(readFileSync(file, 'utf8')) as unknown;
const changed = { ...defaultConfig, namePrefix: 'new', pools: [poolDefaults('a', 'auto', 'x64')] };
const problemIn = (fn: () => unknown) => {
  try {
    fn();
  } catch (thrown) {
    return problemOf(thrown);
  }
  throw new Error('nothing was thrown');
};

describe('replace', () => {
  it('keeps a copy of whatever stood there, for the owner alone', () => {
    put({ ...defaultConfig, namePrefix: 'old' });
    const before = readFileSync(file, 'utf8');
    const config = open();
    expect(config.replace(changed)).toBe(`${file}.before-20261124T101112Z`);
    expect(readFileSync(`${file}.before-20261124T101112Z`, 'utf8')).toBe(before);
    expect(config.replace(defaultConfig)).toBe(`${file}.before-20261124T101112Z-2`);
    expect(statSync(`${file}.before-20261124T101112Z-2`).mode & 0o777).toBe(0o600);
    expect(config.read().config).toEqual(defaultConfig);
  });

  it('has nothing to keep where there was nothing, and keeps what was no configuration', () => {
    expect(open().replace(changed)).toBeNull();
    put('{"half');
    const kept = open().replace(defaultConfig) ?? '';
    expect(readFileSync(kept, 'utf8')).toBe('{"half');
  });
});

describe('unwritable', () => {
  it('is null where it can be written, and a Problem where a newer version wrote it', () => {
    expect(open().unwritable()).toBeNull();
    put(defaultConfig);
    expect(open().unwritable()).toBeNull();
    put({ version: 99 });
    expect(open().unwritable()).toMatchObject({ code: 'config-newer' });
  });

  it('is told of a folder that may not be written', ({ skip }) => {
    if (process.getuid?.() === 0) skip('root may write everywhere');
    chmodSync(dir, 0o500);
    expect(open().unwritable()).toMatchObject({ code: 'forbidden', subject: file });
    chmodSync(dir, 0o700);
  });
});

describe('read and write', () => {
  it('is the defaults where there is no file, and makes none by reading', () => {
    expect(open().read()).toEqual({ config: defaultConfig, problems: [], readOnly: false });
    expect(readdirSync(dir)).toEqual([]);
  });

  it('reads back what it wrote, for the owner alone, and leaves nothing else', () => {
    open().write(changed);
    expect(open().read()).toEqual({ config: changed, problems: [], readOnly: false });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(dir)).toEqual(['config.json']);
  });

  it('makes an open file private when it writes', () => {
    put(defaultConfig);
    chmodSync(file, 0o644);
    open().write(changed);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('takes a byte order mark and other line ends', () => {
    put(`\uFEFF{\r\n "version": 1, "namePrefix": "x" }`);
    expect(open().read()).toMatchObject({ config: { namePrefix: 'x' }, problems: [] });
  });

  it('writes through a symbolic link', () => {
    const real = path.join(dir, 'real.json');
    writeFileSync(real, '{"version":1}');
    symlinkSync(real, file);
    open().write(changed);
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(readFileSync(real, 'utf8')).toContain('"namePrefix": "new"');
  });

  it('removes drafts that a crash left, and no fresh ones', () => {
    writeFileSync(`${file}.new-1`, 'old');
    utimesSync(`${file}.new-1`, 1, 1);
    writeFileSync(`${file}.new-2`, 'of another process, just now');
    open().write(changed);
    expect(readdirSync(dir).sort()).toEqual(['config.json', 'config.json.new-2']);
  });
});

describe('a wrong field', () => {
  it('leaves the file as it is, and is kept when something is written', () => {
    const text = '{"version":1,"limits":{"nice":"low"}}';
    put(text);
    const { config, problems } = open().read();
    expect(problems).toMatchObject([{ code: 'config-field', subject: 'limits.nice' }]);
    expect(readFileSync(file, 'utf8')).toBe(text);
    open().write({ ...config, namePrefix: 'new' });
    expect(onDisk()).toMatchObject({ namePrefix: 'new', limits: { nice: 10 } });
    expect(readFileSync(`${file}.before-20261124T101112Z`, 'utf8')).toBe(text);
  });

  it('needs no copy where it is only unknown', () => {
    put({ version: 1, later: 1 });
    open().write({ ...open().read().config, namePrefix: 'new' });
    expect(onDisk()).toMatchObject({ namePrefix: 'new', later: 1 });
    expect(readdirSync(dir)).toEqual(['config.json']);
  });
});

describe('versions', () => {
  it('keeps the older file before it is written in the new form, each one', () => {
    put({ namePrefix: 'old' });
    const first = open();
    first.write({ ...first.read().config, namePrefix: 'new' });
    expect(readFileSync(path.join(dir, 'config.v0.json'), 'utf8')).toBe('{"namePrefix":"old"}');
    put({ namePrefix: 'older' });
    const second = open();
    second.write(second.read().config);
    expect(readFileSync(path.join(dir, 'config.v0.json'), 'utf8')).toBe('{"namePrefix":"old"}');
    expect(readFileSync(path.join(dir, 'config.v0.json-2'), 'utf8')).toBe('{"namePrefix":"older"}');
  });

  it('never writes over a newer file', () => {
    put({ version: 9, pools: 'other' });
    const config = open();
    expect(config.read()).toMatchObject({
      readOnly: true,
      problems: [{ code: 'config-newer' }, { subject: 'pools' }],
    });
    expect(problemIn(() => config.write(changed)).code).toBe('config-newer');
    expect(onDisk()).toEqual({ version: 9, pools: 'other' });
    expect(readdirSync(dir)).toEqual(['config.json']);
  });
});

describe('what is no configuration', () => {
  it.each(['', '{"version": 1,', 'null', '[]', '"x"', '\0\0\0\0'])(
    '%j is kept beside, and the start goes on',
    (text) => {
      put(text);
      const config = open();
      const kept = `${file}.unreadable-20261124T101112Z`;
      for (let times = 0; times < 2; times += 1) {
        const { config: used, problems, readOnly } = config.read();
        expect({ used, readOnly }).toEqual({ used: defaultConfig, readOnly: false });
        expect(problems).toHaveLength(1);
        expect(problems[0]).toMatchObject({ code: 'config-field', subject: file });
        expect(problems[0]?.message).toContain(kept);
      }
      expect(readFileSync(kept, 'utf8')).toBe(text);
      expect(existsSync(file)).toBe(false);
      config.write(changed);
      expect(config.read()).toEqual({ config: changed, problems: [], readOnly: false });
    },
  );

  it('keeps each of several', () => {
    for (const text of ['{1', '{2']) {
      put(text);
      open().read();
    }
    expect(readdirSync(dir).sort()).toEqual([
      'config.json.unreadable-20261124T101112Z',
      'config.json.unreadable-20261124T101112Z-2',
    ]);
  });

  it('may be half of a change by hand: what was read before goes on until the file is whole again', () => {
    put({ version: 1, namePrefix: 'a' });
    const config = open();
    config.read();
    put('{"version": 1, "namePr');
    expect(config.read()).toMatchObject({
      config: { namePrefix: 'a' },
      problems: [{ code: 'config-field' }],
    });
    expect(readFileSync(file, 'utf8')).toBe('{"version": 1, "namePr');
    put({ version: 1, namePrefix: 'b' });
    expect(config.read()).toMatchObject({ config: { namePrefix: 'b' }, problems: [] });
  });

  it('is kept when something is written over it', () => {
    put({ version: 1 });
    const config = open();
    config.read();
    put('{half');
    config.write(changed);
    expect(readFileSync(`${file}.unreadable-20261124T101112Z`, 'utf8')).toBe('{half');
    expect(open().read().config).toEqual(changed);
  });
});

describe('a change by hand', () => {
  it('that was not read yet is kept when something is written over it', () => {
    put({ version: 1, namePrefix: 'a' });
    const config = open();
    const { config: read } = config.read();
    put({ version: 1, namePrefix: 'by-hand' });
    config.write({ ...read, namePrefix: 'c' });
    expect(onDisk()).toMatchObject({ namePrefix: 'c' });
    expect(readFileSync(`${file}.before-20261124T101112Z`, 'utf8')).toContain('by-hand');
  });

  it('tells of a change by hand that something else has read before', async () => {
    put({ version: 1, namePrefix: 'old' });
    const config = open();
    config.read();
    const told: string[] = [];
    const end = config.watch(() => told.push(config.read().config.namePrefix));
    put({ version: 1, namePrefix: 'changed' });
    config.read();
    await vi.waitFor(() => expect(told).toEqual(['changed']), 5000);
    end();
  });

  it('is told once it has settled; what we write ourselves is not', async () => {
    put({ version: 1 });
    const config = open();
    config.read();
    const seen: string[] = [];
    const end = config.watch(() => seen.push(config.read().config.namePrefix));
    try {
      config.write({ ...defaultConfig, namePrefix: 'ours' });
      writeFileSync(path.join(dir, 'state.db'), 'x');
      // The events of both are through once a change after them has been told.
      await vi.waitFor(
        () => {
          put({ version: 1, namePrefix: 'theirs' });
          expect(seen).toContain('theirs');
        },
        { timeout: 10_000, interval: 500 },
      );
      expect(seen).not.toContain('ours');
    } finally {
      end();
    }
  });
});

describe('without the right to', () => {
  it('read: says so, and neither uses nor changes it', () => {
    mkdirSync(file);
    const config = open();
    expect(config.read()).toMatchObject({
      config: defaultConfig,
      readOnly: true,
      problems: [{ code: 'forbidden' }],
    });
    const found = problemIn(() => config.write(changed));
    expect(found).toMatchObject({ code: 'forbidden', subject: file });
    expect(found.message).toContain('a folder of that name is in the way');
    expect(existsSync(file)).toBe(true);
  });

  it('write: says so, and nothing has changed', () => {
    const found = problemIn(() =>
      configFile({ path: '/proc/config.json', arch: 'x64', now: () => 0 }).write(changed),
    );
    expect(found).toMatchObject({ code: 'forbidden', subject: '/proc/config.json' });
    expect(found.message).toMatch(/could not be written \(.+\); it is as it was\.$/);
  });

  it('more space: says so, and the file is as it was', (context) => {
    const small = path.join(dir, 'small');
    mkdirSync(small);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8k', 'tmpfs', small]).status === 0;
    if (!mounted) context.skip('a small file system cannot be mounted here');
    try {
      const config = configFile({ path: path.join(small, 'config.json'), arch: 'x64', now: () => 0 });
      config.write(defaultConfig);
      const found = problemIn(() => config.write({ ...changed, unusablePools: ['x'.repeat(20_000)] }));
      expect(found).toMatchObject({ code: 'disk-reserve' });
      expect(config.read()).toEqual({ config: defaultConfig, problems: [], readOnly: false });
      expect(readdirSync(small)).toEqual(['config.json']);
    } finally {
      spawnSync('umount', [small]);
    }
  });
});
