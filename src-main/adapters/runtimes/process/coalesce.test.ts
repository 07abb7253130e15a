import { expect, it } from 'vitest';
import { shared } from './coalesce.ts';

function steps() {
  const pending: (() => void)[] = [];
  let begun = 0;
  const ask = shared(async () => {
    const mine = ++begun;
    await new Promise<void>((resolve) => pending.push(resolve));
    return mine;
  });
  const finish = async () => {
    pending.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { ask, finish, begun: () => begun };
}

it('shares the next run among all who ask while one is under way', async () => {
  const { ask, finish, begun } = steps();
  const first = ask();
  const later = [ask(), ask(), ask()];
  expect(begun()).toBe(1);
  await finish();
  expect(await first).toBe(1);
  expect(begun()).toBe(2);
  const last = ask();
  await finish();
  expect(await Promise.all(later)).toEqual([2, 2, 2]);
  await finish();
  expect(await last).toBe(3);
});

it('begins anew after a rest, and after a failure', async () => {
  let runs = 0;
  const ask = shared(async () => {
    if (++runs === 1) throw new Error('first');
    return runs;
  });
  const first = ask();
  const second = ask();
  await expect(first).rejects.toThrow('first');
  expect(await second).toBe(2);
  expect(await ask()).toBe(3);
});
