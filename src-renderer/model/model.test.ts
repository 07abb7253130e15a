import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Span } from '../../src-main/contract/history.ts';
import type { Job } from '../../src-main/contract/job.ts';
import { speechOf } from '../texts/speech.ts';
import { groupReasons } from './demand.ts';
import { age, figures, length, listed, memory, memoryOf, nextMorning, stopwatch, took } from './format.ts';
import { csvOf, filterJobs, groupJobs, merged, noFilter } from './jobs.ts';
import { gpuSeries, keptSamples, sparkOf, withLoad, withMachine } from './load.ts';
import { commandsIn } from './machine.ts';
import { pauseChoices } from './pause.ts';
import { hashFromTray, hashOf, routeOf, views } from './route.ts';
import { layout } from './timeline.ts';
import { aJob, aWaiting } from './model.test-kit.ts';

const english = speechOf('en', 'en-GB');
const german = speechOf('de');
const minute = 60_000;
const hour = 60 * minute;
const noon = new Date(2026, 10, 24, 12, 0).getTime();

describe('numbers and times', () => {
  test.each([
    [0, '0:00'],
    [41_900, '0:41'],
    [17 * minute + 4000, '17:04'],
    [hour + 2 * minute + 30_000, '1:02:30'],
    [-5, '0:00'],
  ])('%d ms run as %s', (ms, text) => expect(stopwatch(ms)).toBe(text));

  test.each([
    [41_000, '41 s'],
    [10 * minute, '10 min'],
    [hour, '1 h'],
    [hour + 4 * minute, '1 h 04'],
    [72 * hour, '3 days'],
  ])('%d ms last %s', (ms, text) => expect(length(ms, english).replaceAll('\u00a0', ' ')).toBe(text));

  test.each([
    [5000, 'just now'],
    [40_000, '40 s ago'],
    [2 * minute, '2 min ago'],
    [3 * hour, '9:00'],
    [20 * hour, 'yesterday'],
    [21 * 24 * hour, '3 Nov'],
    [400 * 24 * hour, '20 Oct 2025'],
  ])('%d ms ago is %s', (ms, text) =>
    expect(age(noon - ms, noon, english).replaceAll('\u00a0', ' ')).toBe(text),
  );

  test('what is in a list names its day', () => {
    expect(listed(noon - hour, noon, english)).toBe('today 11:00');
    expect(listed(noon - 24 * hour, noon, german)).toBe('gestern');
  });

  test('two or three figures, in the way of the language', () => {
    expect([3.71, 12.44, 118.2].map((value) => figures(value, english))).toEqual(['3.7', '12.4', '118']);
    expect(figures(3.71, german)).toBe('3,7');
    expect(memory(256, english)).toBe('256\u00a0MiB');
    expect(memory(8192, german)).toBe('8\u00a0GiB');
    expect(memoryOf(100, 8192, english)).toBe('0.1 of 8\u00a0GiB');
    expect([took(12, english), took(400, english), took(61_000, english)]).toEqual([
      '12\u00a0ms',
      '0.4\u00a0s',
      '1:01',
    ]);
  });

  test('the next morning is 8:00 and more than four hours away', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 * 24 * 60 }), (minutes) => {
        const now = noon + minutes * minute;
        const at = new Date(nextMorning(now));
        expect([at.getHours(), at.getMinutes()]).toEqual([8, 0]);
        expect(at.getTime() - now).toBeGreaterThan(4 * hour);
        expect(at.getTime() - now).toBeLessThanOrEqual(29 * hour);
      }),
    );
  });

  test('a pause that is offered says when it ends', () => {
    const choices = pauseChoices(noon, english);
    expect(choices.map(({ text, at }) => [text, at])).toEqual([
      ['for 15 minutes', 'until 12:15'],
      ['for 1 hour', 'until 13:00'],
      ['for 4 hours', 'until 16:00'],
      ['until tomorrow', '8:00'],
      ['until restart', null],
      ['until I resume', null],
    ]);
  });
});

describe('pages', () => {
  test('every page and part leads there and back', () => {
    fc.assert(
      fc.property(fc.constantFrom(...views), fc.option(fc.string({ minLength: 1 })), (view, part) => {
        expect(routeOf(hashOf(view, part))).toEqual({ view, part });
      }),
    );
  });
  test.each([
    ['', 'overview'],
    ['#nothing', 'overview'],
    ['#jobs/%', 'jobs'],
    ['#__proto__', 'overview'],
  ])('%s is %s', (hash, view) => expect(routeOf(hash).view).toBe(view));
  test('the tray asks for a job, a pool, a view', () => {
    expect(hashFromTray('job:a/b')).toBe('#jobs/a%2Fb');
    expect(hashFromTray('pool:local')).toBe('#pools/local');
    expect(hashFromTray('settings')).toBe('#settings');
    expect(hashFromTray('what:ever')).toBe('#overview');
  });
});

describe('jobs', () => {
  test('are filtered by all that was chosen', () => {
    const jobs = [
      aJob({ id: '1', name: 'Build', pool: 'a' }),
      aJob({ id: '2', name: 'lint', pool: 'b', state: 'failed' }),
    ];
    const ids = (filter: Partial<typeof noFilter>): string[] =>
      filterJobs(jobs, { ...noFilter, ...filter }).map((job) => job.id);
    expect(ids({})).toEqual(['1', '2']);
    expect(ids({ text: ' bUi ' })).toEqual(['1']);
    expect(ids({ pool: 'b' })).toEqual(['2']);
    expect(ids({ state: 'failed', pool: 'a' })).toEqual([]);
  });
  test('are grouped by what they do and by day, the newest first', () => {
    const groups = groupJobs(
      [
        aJob({ id: 'old', endedAt: noon - 72 * hour }),
        aJob({ id: 'today 1', endedAt: noon - 2 * hour }),
        aJob({ id: 'today 2', endedAt: noon - hour }),
        aJob({ id: 'waits', state: 'queued', endedAt: null, startedAt: null }),
        aJob({ id: 'runs', state: 'running', endedAt: null }),
      ],
      noon,
    );
    expect(groups.map(({ group, jobs }) => [group, jobs.map((job) => job.id)])).toEqual([
      ['running', ['runs']],
      ['waiting', ['waits']],
      ['today', ['today 2', 'today 1']],
      ['older', ['old']],
    ]);
  });
  test('an older answer never undoes an outcome', () => {
    const ended = aJob({ id: 'x', state: 'succeeded' });
    const running = aJob({ id: 'x', state: 'running', endedAt: null });
    expect(merged([running], [ended])).toEqual([ended]);
    expect(merged([ended], [running])).toEqual([ended]);
    expect(merged([], [running])).toEqual([running]);
  });
  test('a table of them has a row for each, and nothing that a spreadsheet runs', () => {
    const csv = csvOf([
      aJob({ id: 'x', name: '=HYPERLINK("http://x")' }),
      aJob({ id: 'y', name: 'a,"b"\nc' }),
    ]);
    expect(csv).toContain(`x,"'=HYPERLINK(""http://x"")",`);
    expect(csv).toContain('y,"a,""b""\nc",');
    expect(csv.split('\r\n')).toHaveLength(4);
  });
});

test('waiting jobs are counted by their decisive reason', () => {
  const reasons = ['Full; 3 jobs are before it.', 'Full; it is the next job.', 'No pool has the label x.'];
  const waiting = [...reasons.map((why) => aWaiting({ why: [why] })), aWaiting({ why: [] })];
  expect(groupReasons(waiting)).toEqual([
    { count: 2, reason: 'Full.' },
    { count: 1, reason: null },
    { count: 1, reason: 'No pool has the label x.' },
  ]);
});

describe('the last day', () => {
  const from = noon - 24 * hour;
  const day = (jobs: readonly Job[], spans: readonly Span[] = []) =>
    layout({ from, to: noon, jobs, spans }, ['a', 'b'], from, noon);
  const ran = (id: string, start: number, end: number | null, more: Partial<Job> = {}): Job =>
    aJob({
      id,
      pool: 'a',
      startedAt: noon - start * hour,
      endedAt: end === null ? null : noon - end * hour,
      ...more,
    });

  test('shows jobs where they ran, cut at its edges', () => {
    const { lanes, counts } = day([
      ran('1', 30, 18),
      ran('2', 6, null, { state: 'running' }),
      ran('3', 50, 40),
    ]);
    expect(lanes).toHaveLength(1);
    expect(lanes[0]?.blocks.map(({ id, left, width }) => [id, left, width])).toEqual([
      ['1', 0, 25],
      ['2', 75, 25],
    ]);
    expect(counts).toMatchObject({ succeeded: 1, running: 1 });
  });
  test('a span counts once, however many reasons there were for it', () => {
    const span = (start: number, end: number | null, pool: string | null = null): Span => ({
      kind: 'pause',
      pool,
      from: noon - start * hour,
      to: end === null ? null : noon - end * hour,
      message: '',
    });
    const { stretches, notTaking } = day([], [span(5, 3), span(4, 2), span(1, null), span(9, 8, 'a')]);
    expect(stretches).toHaveLength(2);
    expect(notTaking).toBe(4 * hour);
  });
  test('nothing lies outside of the picture, and what overlaps has a row of its own', () => {
    const job = fc.tuple(fc.integer({ min: 0, max: 30 * 60 }), fc.integer({ min: 0, max: 300 }));
    fc.assert(
      fc.property(fc.array(job, { maxLength: 20 }), (jobs) => {
        const { lanes } = day(
          jobs.map(([start, long], i) => ran(String(i), start / 60, Math.max(0, start - long) / 60)),
        );
        for (const block of lanes.flatMap((lane) => lane.blocks)) {
          expect(block.left).toBeGreaterThanOrEqual(0);
          expect(block.left + block.width).toBeLessThanOrEqual(100 + 1e-9);
          expect(block.rows === 2 || block.row === 0).toBe(true);
        }
      }),
    );
  });
});

describe('load', () => {
  test('keeps the last samples of jobs that there are', () => {
    let history = {};
    for (let i = 0; i < keptSamples + 5; i += 1)
      history = withLoad(history, {
        at: i,
        machine: { cpu: null, memoryMiB: null },
        gpus: [],
        jobs: { a: { cpu: i, memoryMiB: 1 } },
      });
    expect(history).toHaveProperty(['a', 'length'], keptSamples);
    expect(withLoad(history, { at: 0, machine: { cpu: 1, memoryMiB: 1 }, gpus: [], jobs: {} })).toEqual({});
  });
  test('of the machine the last minutes are kept, and nothing of before a pause', () => {
    const item = (at: number, busy: number | null) => ({
      ...{ at, machine: { cpu: 1, memoryMiB: 2 }, jobs: {} },
      gpus: [{ index: 1, busy, memoryMiB: 3 }],
    });
    let history = withMachine([], item(0, 5));
    history = withMachine(history, { ...item(2000, 0), gpus: [] });
    expect(gpuSeries(history, 1)).toEqual({ busy: [5, null], now: { index: 1, busy: 5, memoryMiB: 3 } });
    expect(gpuSeries(history, 0)).toBeNull();
    for (let i = 2; i < keptSamples + 9; i += 1) history = withMachine(history, item(i * 2000, i));
    expect(history).toHaveLength(keptSamples);
    expect(withMachine(history, item(10_000_000, 1))).toHaveLength(1);
  });
  test('what is to be typed stands out of a sentence, names of files and options do not', () => {
    expect(
      commandsIn('Run `sudo apt install a`, see `--help`, `/dev/kvm`, `dmesg | grep x` and `docker`.'),
    ).toEqual(['sudo apt install a', 'dmesg | grep x']);
    expect(commandsIn('Nothing, or an odd ` one.')).toEqual([]);
  });
  test('a chart stays in its box, whatever was measured', () => {
    const value = fc.option(fc.double({ noNaN: true, min: -10, max: 1e6 }));
    fc.assert(
      fc.property(fc.array(value), fc.double({ noNaN: true, min: 0, max: 1000 }), (values, limit) => {
        const spark = sparkOf(values, limit);
        const numbers = spark?.area.match(/-?[\d.]+/g)?.map(Number) ?? [];
        expect(numbers.every((number) => number >= 0 && number <= 100)).toBe(true);
      }),
    );
    expect(sparkOf([1], 1)).toBeNull();
  });
});
