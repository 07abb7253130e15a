import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { together } from './together.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('writes the sentences of a moment once, in order, and nothing where nothing was said', () => {
  const written: string[][] = [];
  const { say, flush } = together((sentences) => written.push([...sentences]));
  say('one');
  say('two');
  expect(written).toEqual([]);
  vi.advanceTimersByTime(20);
  say('three');
  flush();
  flush();
  vi.advanceTimersByTime(20);
  expect(written).toEqual([['one', 'two'], ['three']]);
});
