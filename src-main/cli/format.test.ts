import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Job } from '../contract/job.ts';
import type { RunnerView, Snapshot } from '../contract/snapshot.ts';
import { ago, facts, jobTable, poolListText, printable, statusText, table } from './format.ts';

const now = 1_800_000_000_000;

const job: Job = {
  id: '2n73mts6rv',
  forge: 'local',
  pool: 'local',
  runner: 'hr-36769d-local-4xkabc',
  name: 'sh -c make very-long-target-name another-one and-so-on && make install DESTDIR=/somewhere',
  url: null,
  labels: [],
  arch: null,
  state: 'failed',
  createdAt: now - 65_000,
  startedAt: now - 60_000,
  endedAt: now - 30_000,
  exitCode: 2,
  result: 'It failed with exit code 2.',
  endedBy: 'job',
  peak: { cpu: null, memoryMiB: null },
  attempt: 1,
  retryOf: null,
  retriedAs: null,
};

const runner: RunnerView = {
  name: 'hr-36769d-local-4xkabc',
  pool: 'local',
  phase: 'busy',
  why: `Works on ${job.name}.`,
  since: now - 90_000,
  pid: 1,
  container: null,
  job: { id: job.id, name: job.name, url: null, startedAt: now },
  resources: { cores: null, cpus: null, memoryMiB: null, notEnforced: [] },
  problem: null,
};

const snapshot: Snapshot = {
  schema: 1,
  version: 1,
  at: now,
  supervisor: { pid: 1, version: '1', host: 'headless' },
  machine: null,
  sentence: 'Running 1 job. 12 jobs wait.',
  state: 'working',
  pause: null,
  allowance: { newRunners: true, ceiling: 4, reasons: [] },
  capacity: {
    cores: { total: 8, reserve: 2, used: 4, free: 2 },
    memoryMiB: { total: 16_384, reserve: 2458, used: 8192, free: 5734 },
    gpus: { total: 0, reserve: 0, used: 0, free: 0 },
  },
  pools: [],
  runners: [runner],
  waiting: Array.from({ length: 12 }, (_, i) => ({
    job: `waiting-${i}`,
    name: `waiting-${i}`,
    url: null,
    pool: 'local',
    forge: 'local' as const,
    scope: null,
    labels: [],
    since: now - 5000,
    why: i === 0 ? [] : ['Paused by you.'],
  })),
  waitingTotal: 12,
  jobs: [job],
  accounts: [],
  foreign: [],
  notEnforced: ['Memory is not limited.'],
  work: [],
  dataAge: {},
  problems: [{ code: 'disk-reserve', message: 'The disk is almost full.', hint: 'Free some space.' }],
};

const widest = (text: string): number => Math.max(...text.split('\n').map((line) => Array.from(line).length));

describe('tables', () => {
  test('columns are as wide as needed, two spaces apart, without trailing ones', () => {
    expect(
      table(
        ['A', 'LONG'],
        [
          ['aaa', 'b'],
          ['', 'cc'],
        ],
        80,
      ),
    ).toBe('A    LONG\naaa  b\n     cc');
  });

  test('the first column is whole, the widest others are cut', () => {
    expect(table(['NAME', 'X', 'Y'], [['a-long-name-stays', 'short', 'y'.repeat(50)]], 40)).toBe(
      `NAME               X      Y\na-long-name-stays  short  ${'y'.repeat(13)}…`,
    );
  });

  test('without an end nothing is cut', () => {
    expect(table(['A', 'B'], [['a', 'x'.repeat(5000)]], Infinity)).toContain('x'.repeat(5000));
  });

  test('any cells at any width: fits where it can, one line a row, no broken characters', () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 40 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell, cell), { maxLength: 5 }),
        fc.integer({ min: 1, max: 200 }),
        (rows, width) => {
          const text = table(['A', 'B', 'C'], rows, width);
          expect(text.split('\n')).toHaveLength(rows.length + 1);
          expect(text).not.toMatch(/\p{Surrogate}/u);
          const first = Math.max(1, ...rows.map(([a]) => Array.from(printable(a)).length));
          expect(widest(text)).toBeLessThanOrEqual(Math.max(width, first + 2 + 8 + 2 + 8));
        },
      ),
    );
  });
});

test('nothing that is shown can move the cursor, colour the text or turn it round', () => {
  expect(printable('a\u001b[31mred\u0007\r\nb\u009b2J')).toBe('a [31mred b 2J');
  expect(printable('safe\u202egnp.exe\u2066\u200f')).toBe('safe gnp.exe ');
  expect(printable('ü € 😀 日本')).toBe('ü € 😀 日本');
  expect(table(['A'], [['x\u001b[2Jy']], 80)).toBe('A\nx [2Jy');
});

test('times as distances', () => {
  expect(ago(now - 300, now)).toBe('just now');
  expect(ago(now + 5000, now)).toBe('just now');
  expect(ago(now - 90_000, now)).toBe('1 min 30 s ago');
});

test('status fits 80 columns, and says all that counts', () => {
  const text = statusText(snapshot, 80);
  const tables = text.split('\n').filter((line) => !/^(Capacity|Problem|Not enforced)/.test(line));
  expect(widest(tables.join('\n'))).toBeLessThanOrEqual(80);
  expect(text.split('\n')[0]).toBe('Running 1 job. 12 jobs wait.');
  expect(text).toContain(runner.name);
  expect(text).toContain('2 of 8 cores and 5.6 GiB of 16 GiB free');
  expect(text).toContain('Starts soon.');
  expect(text).toContain('… and 2 more');
  expect(text).toContain('Not enforced: Memory is not limited.');
  expect(text).toContain('Problem: The disk is almost full. Free some space.');
});

test('status tells what is not ours, what is loaded, accounts in trouble, and jobs by name', () => {
  const trouble = {
    code: 'unauthorized',
    message: 'The token ended.',
    hint: 'Make one.',
    link: 'https://x.y',
  } as const;
  const account = {
    id: 'octo',
    forge: 'github',
    kind: 'token',
    login: 'octo',
    url: 'https://github.com',
    scopes: null,
    expiresAt: null,
    kept: 'keyring',
  } as const;
  const agent = {
    ...{ folder: '/srv/r', name: 'old', url: 'https://github.com/o/r', running: false, service: false },
    commands: { stop: null, uninstall: null, remove: '' },
  };
  const [first] = snapshot.waiting;
  const text = statusText(
    {
      ...snapshot,
      waiting: first === undefined ? [] : [{ ...first, job: 'gh-123', name: 'build \u001b[31m(1)' }],
      waitingTotal: 1,
      accounts: [
        { ...account, problem: trouble },
        { ...account, id: 'fine', problem: null },
      ],
      foreign: [
        { name: 'hr-other-1', kind: 'registration', description: 'A runner of tower.', suspicious: false },
        { name: null, kind: 'agent', description: 'An unknown runner.', suspicious: true },
        { name: null, kind: 'agent', description: 'A runner.', suspicious: false, agent },
      ],
      work: [
        { id: 'a', title: 'Runner 2.330.0', done: 52_428_800, total: 209_715_200, cancellable: true },
        { id: 'b', title: 'Unpacking', done: 1_048_576, total: null, cancellable: false },
      ],
    },
    80,
  );
  expect(text).toMatch(/\ngh-123 +build {2}\[31m\(1\) +5 s +Starts soon\.\n/);
  expect(text).toContain('\nAccount octo: The token ended. Make one. https://x.y\n');
  expect(text).not.toContain('fine');
  expect(text).toContain(
    '\nNot ours\nA runner of tower. Remove it with `homerunner runner remove hr-other-1`.\nLook at this: An unknown runner.\nA runner. Take it over with `homerunner runner adopt /srv/r`.\n',
  );
  expect(text).toContain('\nRunner 2.330.0: 50 of 200 MiB (25 %)\nUnpacking: 1 MiB\n');
});

test('status of a supervisor that has nothing to do is two lines', () => {
  const empty = { ...snapshot, sentence: 'Idle.', runners: [], waiting: [], waitingTotal: 0, jobs: [] };
  expect(statusText({ ...empty, notEnforced: [], problems: [] }, 80).split('\n')).toHaveLength(3);
});

test('jobs: how they ended, how long they took, when', () => {
  const lines = jobTable(
    [job, { ...job, state: 'queued', exitCode: null, startedAt: null, endedAt: null }],
    now,
    80,
  );
  expect(widest(lines)).toBeLessThanOrEqual(80);
  expect(lines).toMatch(/2n73mts6rv +sh -c make.*… +failed +2 +30 s +30 s ago/);
  expect(lines).toMatch(/queued +1 min 5 s ago$/);
});

test('jobs have their pages where these have room', () => {
  const url = 'https://github.com/octo/app/actions/runs/1/job/2';
  const there: Job = { ...job, name: 'build', forge: 'github', url };
  expect(jobTable([there, job], now, 200)).toContain(url);
  expect(jobTable([there], now, 90)).not.toContain('PAGE');
  expect(jobTable([job], now, Infinity)).not.toContain('PAGE');
});

test('no pool: how to make one', () => {
  expect(poolListText([], 80)).toContain('homerunner pool add --forge local');
});

test('facts leave out what is empty', () => {
  expect(
    facts([
      ['A', '1'],
      ['Long', null],
      ['B', ''],
      ['CC', 'x\ny'],
    ]),
  ).toBe('A:  1\nCC: x y');
});
