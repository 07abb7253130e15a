import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogBounds } from './log-bounds.ts';
import { boundLog, keepLog, logSize, readLog, renameLog } from './log-file.ts';

const noHoles = () => Promise.resolve(false);
/** Numbered lines of 10 bytes, so that every byte says where it was written. */
const lines = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => `${String(from + i).padStart(9, '0')}\n`).join('');

let folder: string;
let log: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hr-log-'));
  log = join(folder, 'log');
});
afterEach(() => rm(folder, { recursive: true }));

async function readAll(cursor: number, chunk: number) {
  let text = '';
  let skipped = 0;
  for (;;) {
    const part = await readLog(log, cursor, chunk);
    if (part.data.length === 0) return { text, skipped, cursor: part.cursor, size: part.size };
    text += part.data.toString();
    skipped += part.skipped;
    cursor = part.cursor;
  }
}

describe('readLog', () => {
  it('reads on from a cursor', async () => {
    await writeFile(log, 'abcdef');
    expect(await readLog(log, 2, 3)).toEqual({ data: Buffer.from('cde'), cursor: 5, skipped: 0, size: 6 });
    expect(await readLog(log, 5, 100)).toEqual({ data: Buffer.from('f'), cursor: 6, skipped: 0, size: 6 });
    await appendFile(log, 'gh');
    expect((await readLog(log, 6, 100)).data.toString()).toBe('gh');
  });

  it('takes a log that is not there for empty, and a cursor beyond the end for the end', async () => {
    expect(await readLog(log, 7, 10)).toEqual({ data: Buffer.alloc(0), cursor: 0, skipped: 0, size: 0 });
    await writeFile(log, 'abc');
    expect(await readLog(log, 7, 10)).toMatchObject({ cursor: 3, skipped: 0 });
    expect((await readLog(log, -1, 10)).data.toString()).toBe('abc');
  });
});

describe.each([
  ['by holes in the file', undefined],
  ['by copy and truncate', noHoles],
])('a log that is bounded %s', (_, punch) => {
  const bound = (max: number) => boundLog(log, max, punch);

  it('is left alone while it is short', async () => {
    await writeFile(log, lines(0, 100));
    expect(await bound(1000)).toBe(1000);
    expect((await readAll(0, 64)).text).toBe(lines(0, 100));
  });

  it('keeps its beginning and its newest part, at their old positions', async () => {
    await writeFile(log, lines(0, 1_000_000));
    expect(await bound(4_000_000)).toBe(10_000_000);
    expect((await stat(log)).blocks * 512).toBeLessThan(4_200_000);
    const all = await readAll(0, 300_000);
    expect(all).toMatchObject({ cursor: 10_000_000, size: 10_000_000 });
    expect(all.skipped).toBeGreaterThan(5_000_000);
    expect(all.text.length + all.skipped).toBe(10_000_000);
    expect(all.text.startsWith(lines(0, 90_000))).toBe(true);
    expect(all.text.endsWith(lines(900_000, 100_000))).toBe(true);
    const late = await readLog(log, 9_999_990, 100);
    expect(late).toMatchObject({ skipped: 0, cursor: 10_000_000 });
    expect(late.data.toString()).toBe(lines(999_999, 1));
    expect((await readLog(log, 5_000_000, 100)).skipped).toBeGreaterThan(0);
  });

  it('keeps what is written afterwards', async () => {
    await writeFile(log, lines(0, 100_000));
    await bound(400_000);
    await appendFile(log, lines(100_000, 10));
    expect(await logSize(log)).toBe(1_000_100);
    expect((await readAll(1_000_000, 64)).text).toBe(lines(100_000, 10));
  });

  it('keeps all positions true when it is moved', async () => {
    await writeFile(log, lines(0, 100_000));
    await bound(400_000);
    await rename(`${log}.base`, join(folder, 'moved.base'));
    await rename(log, join(folder, 'moved'));
    log = join(folder, 'moved');
    expect((await readLog(log, 999_990, 100)).data.toString()).toBe(lines(99_999, 1));
  });

  it('never shows a byte at a wrong position, however it grows and is read', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ grow: fc.nat(9000), read: fc.nat(100_000) }), { maxLength: 12 }),
        async (steps) => {
          await rm(log, { force: true });
          await rm(`${log}.base`, { force: true });
          let count = 0;
          for (const { grow, read } of steps) {
            await appendFile(log, lines(count, grow));
            count += grow;
            await bound(40_000);
            const { data, cursor, size } = await readLog(log, read, 1000);
            expect(size).toBe(count * 10);
            const at = cursor - data.length;
            const first = Math.floor(at / 10);
            const expected = lines(first, 102).slice(at - first * 10, at - first * 10 + data.length);
            expect(data.toString()).toBe(expected);
          }
        },
      ),
      { numRuns: 15 },
    );
  }, 30_000);
});

it('the newest output of a writer survives the cut', async () => {
  const script = 'i=0; while [ $i -lt 60000 ]; do printf "%09d\\n" $i; i=$((i+1)); done >> "$0"';
  const writer = spawn('sh', ['-c', script, log]);
  const over = once(writer, 'exit');
  while (writer.exitCode === null) {
    await boundLog(log, 100_000);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await over;
  await boundLog(log, 100_000);
  const all = await readAll(0, 10_000);
  expect(all.text.length + all.skipped).toBe(600_000);
  expect(all.text.startsWith(lines(0, 1000))).toBe(true);
  expect(all.text.endsWith(lines(59_000, 1000))).toBe(true);
});

it('a fast writer is kept within bounds without holding up the event loop', async () => {
  const writer = spawn('sh', ['-c', 'yes 0123456789abcdef | head -c 600000000 >> "$0"', log]);
  const bounds = new LogBounds(16_000_000);
  bounds.keep(log);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  delay.enable();
  await once(writer, 'exit');
  await bounds.release(log);
  delay.disable();
  expect(await logSize(log)).toBe(600_000_000);
  expect((await stat(log)).blocks * 512).toBeLessThan(17_000_000);
  // What else runs on this machine delays the loop too: the budget is 50 ms on a quiet one.
  expect(delay.percentile(50) / 1e6).toBeLessThan(50);
  expect((await readFile(`${log}.base`, 'utf8')).split(' ').length).toBe(3);
}, 60_000);

it('a log that is kept moves with its job to another name, and is passed over once it has', async () => {
  const [before, after] = ['hr-1', 'gh-1'].map((job) => join(folder, 'jobs', job, 'log'));
  await appendFile(log, 'its words');
  await keepLog(log, before ?? '');
  await renameLog(before ?? '', after ?? '');
  await renameLog(before ?? '', after ?? '');
  expect(await readFile(after ?? '', 'utf8')).toBe('its words');
  await expect(stat(before ?? '')).rejects.toThrow(/ENOENT/);
});

it('a log is kept from the byte on at which a job begins', async () => {
  const kept = join(folder, 'jobs', 'gh-2', 'log');
  await appendFile(log, 'of an earlier job\nits own words\n');
  await keepLog(log, kept, 'of an earlier job\n'.length);
  expect(await readFile(kept, 'utf8')).toBe('its own words\n');
});
