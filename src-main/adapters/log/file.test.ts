import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FileLog, type LogOptions, openLog } from './file.ts';
import { createRedactor } from './redact.ts';

let dir: string;
let file: string;
const logs: FileLog[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'log-'));
  file = join(dir, 'logs', 'homerunner.log');
});
afterEach(() => {
  for (const log of logs.splice(0)) log.close();
  rmSync(dir, { recursive: true, force: true });
});

const at = Date.UTC(2026, 10, 24, 10, 11, 12);
const open = (options: Partial<LogOptions> = {}): FileLog => {
  const log = openLog({
    file,
    level: 'info',
    redactor: createRedactor(),
    now: () => at,
    human: null,
    ...options,
  });
  logs.push(log);
  return log;
};
const linesOf = (path = file) => readFileSync(path, 'utf8').split('\n').slice(0, -1);
const events = (path = file) => linesOf(path).map((line) => JSON.parse(line) as Record<string, unknown>);

describe('the file', () => {
  it('gets one event a line, from the level on', () => {
    const log = open();
    log.debug('Not written.');
    log.info('Runner made.', { runner: 'hr-1', took: 3 });
    log.warn('Two\nlines.');
    log.error('Failed.', { error: new Error('no space') });
    expect(events()).toMatchObject([
      { at: '2026-11-24T10:11:12.000Z', level: 'info', message: 'Runner made.', runner: 'hr-1', took: 3 },
      { level: 'warn', message: 'Two\nlines.' },
      { level: 'error', error: expect.stringContaining('no space') },
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('goes on where it was', () => {
    open().info('one');
    open().info('two');
    expect(events().map((event) => event['message'])).toEqual(['one', 'two']);
  });

  it('becomes the previous one when it is full, and only one is kept', () => {
    const log = open({ maxBytes: 1000 });
    for (let n = 0; n < 100; n += 1) log.info(`event ${n}`);
    expect(readdirSync(join(dir, 'logs')).sort()).toEqual(['homerunner.log', 'homerunner.log.1']);
    expect(statSync(file).size).toBeLessThanOrEqual(1000);
    expect(statSync(`${file}.1`).size).toBeLessThanOrEqual(1000);
    const kept = [...events(`${file}.1`), ...events()].map((event) => event['message']);
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, n) => `event ${100 - kept.length + n}`));
  });

  it('has no secret in it, in the message, a field, a name or a nested value', () => {
    const redactor = createRedactor();
    redactor.register('registered "value"');
    const human: string[] = [];
    const log = open({ redactor, human: (line) => human.push(line) });
    const token = 'ghp_A1b2C3d4E5f6G7h8I9j0';
    log.info(`token ${token} and registered "value"`, {
      url: 'https://me:pa55@host/',
      nested: { list: [{ header: `Bearer ${token}` }], password: 'letmein' },
      [token]: 1,
      token: 12_345,
      error: new Error(`failed with ${token}`),
      at: 'a field',
    });
    for (const text of [readFileSync(file, 'utf8'), ...human]) {
      for (const secret of ['A1b2C3d4', 'registered', 'pa55', 'letmein', '12345'])
        expect(text).not.toContain(secret);
      expect(text).toContain('***');
    }
    expect(events()).toMatchObject([{ at: '2026-11-24T10:11:12.000Z', at_: 'a field' }]);
  });

  it('lets no part of a secret through where long text is cut', () => {
    const redactor = createRedactor();
    redactor.register('s3cr3t-'.repeat(20));
    const log = open({ redactor });
    const key = `-----BEGIN KEY-----${'k'.repeat(64 * 1024 - 100)}-----END KEY-----`;
    log.info(`${key}${'s3cr3t-'.repeat(20)}${'x'.repeat(1000)}`);
    log.info(`${'x'.repeat(8 * 1024 - 20)}${'s3cr3t-'.repeat(20)}`);
    expect(readFileSync(file, 'utf8')).not.toContain('s3cr3t');
  });

  it('takes whatever it is given', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const trap = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('trap');
        },
      },
    );
    const log = open();
    log.info('odd', {
      circle,
      trap,
      big: 10n,
      nan: NaN,
      none: null,
      missing: undefined,
      fn: () => 1,
      symbol: Symbol('s'),
      bytes: new Uint8Array(3),
      date: new Date(NaN),
      long: 'x'.repeat(100_000),
      many: Array.from({ length: 1000 }, (_, n) => n),
      surrogate: '\ud800',
    });
    const [line = ''] = linesOf();
    expect(line.length).toBeLessThan(10_000);
    expect(events()).toMatchObject([
      { big: '10', nan: 'NaN', none: null, bytes: '(3 bytes)', trap: '(cannot be read)' },
    ]);
  });
});

describe('what people read', () => {
  it('is a line with the fields, and no control characters', () => {
    const lines: string[] = [];
    const log = open({ human: (line) => lines.push(line) });
    log.info('Ready.', { pool: 'local', none: undefined });
    log.warn('Bad \u001b[31mred\u009b and\nnext', { n: 1 });
    const time = new Date(at).toTimeString().slice(0, 8);
    expect(lines).toEqual([`${time} Ready. pool=local`, `${time} warn Bad ?[31mred? and\n  next n=1`]);
  });

  it('may fail without harm', () => {
    const log = open({
      human: () => {
        throw new Error('EPIPE');
      },
    });
    log.info('still written');
    expect(events()).toHaveLength(1);
  });
});

describe('what goes wrong', () => {
  it('never throws, and counts what was lost', () => {
    mkdirSync(join(dir, 'logs'));
    mkdirSync(file);
    const log = open();
    log.info('lost');
    log.info('lost, too');
    rmSync(file, { recursive: true });
    log.info('found');
    expect(events()).toMatchObject([
      { level: 'warn', message: '2 lines of this log could not be written.' },
      { message: 'found' },
    ]);
  });

  it('is no folder that can be made: no loop, no throw', () => {
    open({ file: '/proc/none/homerunner.log' }).info('x');
    expect(existsSync('/proc/none')).toBe(false);
  });

  it('writes on when somebody moves the file away and the log is opened again', () => {
    const log = open();
    log.info('one');
    renameSync(file, `${file}.mine`);
    log.close();
    log.info('two');
    expect(events(`${file}.mine`)).toMatchObject([{ message: 'one' }]);
    expect(events()).toMatchObject([{ message: 'two' }]);
  });

  it('does not rename what is no file', (context) => {
    if (!existsSync('/dev/null')) context.skip('there is no /dev/null here');
    const log = open({ file: '/dev/null', maxBytes: 10 });
    for (let n = 0; n < 5; n += 1) log.info('more than ten bytes');
    expect(existsSync('/dev/null.1')).toBe(false);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('does not wait for a pipe that nobody reads', (context) => {
    const pipe = join(dir, 'pipe');
    if (spawnSync('mkfifo', [pipe]).status !== 0) context.skip('there is no mkfifo here');
    open({ file: pipe }).info('x');
  });

  it('is a full disk: no half lines, and it goes on when there is space', (context) => {
    const small = join(dir, 'small');
    mkdirSync(small);
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', small]).status !== 0)
      context.skip('a small file system cannot be mounted here');
    const path = join(small, 'homerunner.log');
    const log = open({ file: path });
    try {
      writeFileSync(join(small, 'filler'), 'x'.repeat(40_000));
      for (let n = 0; n < 100; n += 1) log.info(`event ${n} ${'y'.repeat(1000)}`);
      const before = events(path).length;
      expect(before).toBeLessThan(100);
      rmSync(join(small, 'filler'));
      log.info('space again');
      expect(events(path).slice(before)).toMatchObject([
        { message: `${100 - before} lines of this log could not be written.` },
        { message: 'space again' },
      ]);
    } finally {
      log.close();
      spawnSync('umount', [small]);
    }
  });
});
