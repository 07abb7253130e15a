import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { BatchOutflow, LatestOutflow } from './outflow.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const times = { now: () => Date.now(), everyMs: 100 };

it('sends the latest only, when the last was taken and its time has come', () => {
  const sent: number[] = [];
  const out = new LatestOutflow<number>(times, (value) => sent.push(value));
  for (const value of [1, 2, 3]) out.push(value);
  expect(sent).toEqual([1]);
  vi.advanceTimersByTime(1000);
  expect(sent).toEqual([1]);
  out.taken();
  expect(sent).toEqual([1, 3]);
  out.taken();
  out.push(4);
  expect(sent).toEqual([1, 3]);
  vi.advanceTimersByTime(100);
  expect(sent).toEqual([1, 3, 4]);
});

it('gathers items, loses none, and makes their source wait while the page does not take them', async () => {
  const sent: (readonly string[])[] = [];
  const out = new BatchOutflow<string>(
    times,
    10,
    (item) => item.length,
    (items) => sent.push(items),
  );
  await out.push('first');
  await out.push('abc');
  let goesOn = false;
  const waiting = out.push('a long item').then(() => (goesOn = true));
  await vi.advanceTimersByTimeAsync(1000);
  expect(goesOn).toBe(false);
  out.taken();
  await waiting;
  expect(sent).toEqual([['first'], ['abc', 'a long item']]);
});

it('holds nobody up once it is closed', async () => {
  const out = new BatchOutflow<string>(
    times,
    1,
    () => 1,
    () => undefined,
  );
  await out.push('sent');
  const waiting = out.push('never sent');
  out.close();
  await waiting;
  await out.push('nor this');
});
