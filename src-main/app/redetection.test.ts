import { beforeEach, expect, test, vi } from 'vitest';
import { Redetection } from './redetection.ts';

const begin = 1_700_000_000_000;
const minute = 60_000;

let wall: number;
let monotonic: number;
let detectedAt: number | null;
let changed: () => void;
let watching: boolean;
const detect = vi.fn(() => Promise.resolve());

function redetection(): Redetection {
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const detector = {
    profile: () => Promise.reject(new Error('not asked')),
    detectedAt: () => detectedAt,
    watch(fn: () => void) {
      changed = fn;
      watching = true;
      return () => (watching = false);
    },
  };
  const clock = { now: () => wall, monotonic: () => monotonic };
  return new Redetection({ clock, detector, log }, detect);
}

function pass(ms: number): void {
  wall += ms;
  monotonic += ms;
}

beforeEach(() => {
  [wall, monotonic, detectedAt, watching] = [begin, 0, begin, false];
  detect.mockReset().mockResolvedValue(undefined);
});

test('a device that appears: once, though more come with it', async () => {
  const one = redetection();
  one.start();
  expect(detect).not.toHaveBeenCalled();
  changed();
  changed();
  await Promise.resolve();
  pass(5000);
  changed();
  expect(detect).toHaveBeenCalledTimes(1);
  pass(minute);
  changed();
  expect(detect).toHaveBeenCalledTimes(2);
  one.end();
  expect(watching).toBe(false);
});

test('what changes just after a look is looked at when its rest is over', async () => {
  vi.useFakeTimers();
  const one = redetection();
  one.start();
  changed();
  await vi.advanceTimersByTimeAsync(0);
  pass(5000);
  changed();
  pass(15_000);
  await vi.advanceTimersByTimeAsync(15_000);
  expect(detect).toHaveBeenCalledTimes(2);
  changed();
  one.end();
  pass(minute);
  await vi.advanceTimersByTimeAsync(minute);
  expect(detect).toHaveBeenCalledTimes(2);
  vi.useRealTimers();
});

test('sleep shows by the clocks, where nobody tells of it', async () => {
  const one = redetection();
  pass(15_000);
  one.notice();
  wall += 2000;
  one.notice();
  expect(detect).not.toHaveBeenCalled();
  wall += 60 * minute;
  one.notice();
  await Promise.resolve();
  expect(detect).toHaveBeenCalledTimes(1);
  pass(minute);
  one.notice();
  one.woke();
  expect(detect).toHaveBeenCalledTimes(2);
});

test('what an earlier start found is checked when this start is over', async () => {
  vi.useFakeTimers();
  detectedAt = begin - 60 * minute;
  const one = redetection();
  one.start();
  await vi.advanceTimersByTimeAsync(9000);
  expect(detect).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(2000);
  expect(detect).toHaveBeenCalledTimes(1);
  vi.useRealTimers();
});

test('a look that fails is a line in the log, and the next one comes', async () => {
  const one = redetection();
  detect.mockRejectedValueOnce(new Error('broken'));
  one.woke();
  await new Promise((resolve) => setImmediate(resolve));
  pass(minute);
  one.woke();
  expect(detect).toHaveBeenCalledTimes(2);
});
