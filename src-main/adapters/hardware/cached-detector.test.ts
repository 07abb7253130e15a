import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CachedDetectorOptions, createCachedDetector } from './cached-detector.ts';
import { parseCapture } from './capture.ts';
import { replayDoor } from './replay-door.ts';

const hour = 3_600_000;
const fixture = join(import.meta.dirname, 'fixtures', 'laptop-hybrid.json');

let folder: string;
let asked: number;
let now: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'detector-'));
  asked = 0;
  now = 1_700_000_000_000;
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A new process on the same home folder. */
function detector(change: Partial<CachedDetectorOptions> = {}) {
  const door = replayDoor(parseCapture(readFileSync(fixture, 'utf8'), fixture));
  return createCachedDetector({
    door: {
      ...door,
      readFile: (path) => {
        if (path === '/proc/meminfo') asked++;
        return door.readFile(path);
      },
    },
    file: join(folder, 'run', 'host.json'),
    version: '1.0.0',
    bootId: () => 'boot-1',
    now: () => now,
    monotonic: () => 0,
    engines: { dockerElsewhere: false, runtimeFolder: null, homeFolder: null },
    models: () => Promise.resolve([]),
    watched: [],
    reserve: () => ({ cpu: 20, memory: 15 }),
    ...change,
  });
}

test('the machine is asked once a day and boot, and after an update', async () => {
  const first = await detector().profile(false);
  expect(asked).toBe(1);
  expect(await detector().profile(false)).toEqual(first);
  expect(asked).toBe(1);
  await detector({ bootId: () => 'boot-2' }).profile(false);
  expect(asked).toBe(2);
  await detector({ version: '1.0.1', bootId: () => 'boot-2' }).profile(false);
  expect(asked).toBe(3);
});

test('an answer grows old, also within one process, and a clock set back makes its age unknown', async () => {
  const one = detector();
  expect(one.detectedAt()).toBeNull();
  await one.profile(false);
  expect(one.detectedAt()).toBe(now);
  now += 23 * hour;
  await one.profile(false);
  expect(asked).toBe(1);
  now += 2 * hour;
  await one.profile(false);
  expect([asked, one.detectedAt()]).toEqual([2, now]);
  now -= 48 * hour;
  await one.profile(false);
  expect(asked).toBe(3);
});

test('fresh asks again; those who ask at once share one answer', async () => {
  const one = detector();
  await Promise.all([one.profile(false), one.profile(true), one.profile(true)]);
  expect(asked).toBe(1);
  await one.profile(true);
  expect(asked).toBe(2);
});

test('sizes follow the reserve as it is now, not as it was when the machine was asked', async () => {
  const percent = { cpu: 20, memory: 15 };
  const one = detector({ reserve: () => percent });
  expect((await one.profile(false)).sizes.standard?.cores).toBe(4);
  percent.cpu = 60;
  expect((await one.profile(false)).sizes.standard?.cores).toBe(2);
  expect(asked).toBe(1);
});

test.each(['', 'no json', '{"schema":1,"profile":{}}', '{"schema":2}'])(
  'a damaged cache (%j) is asked anew',
  async (text) => {
    await detector().profile(false);
    const file = join(folder, 'run', 'host.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    writeFileSync(file, text);
    await detector().profile(false);
    expect(asked).toBe(2);
    await detector().profile(false);
    expect(asked).toBe(2);
  },
);

test('a home that cannot be written costs nothing but the cache', async () => {
  writeFileSync(join(folder, 'run'), 'in the way');
  expect((await detector().profile(false)).cpu.model).toBe('Core i5-1335U');
});
