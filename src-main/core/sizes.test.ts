import fc from 'fast-check';
import { expect, test } from 'vitest';
import { coresText, memoryText, runnerResources, sizesOf } from './sizes.ts';

const GiB = 1024;
const of = (cores: number, gib: number) => ({ cores, memoryMiB: gib * GiB });

test('a desktop with 32 threads and 64 GiB is shared out by the sizes', () => {
  const sizes = sizesOf(of(32, 64), of(7, 10));
  expect(sizes.standard).toEqual({ cores: 4, memoryMiB: 9 * GiB, runners: 6, note: null });
  expect(sizes.large).toEqual({ cores: 12, memoryMiB: 27 * GiB, runners: 2, note: null });
  expect(sizes.multi).toEqual({ cores: 4, memoryMiB: 6 * GiB, runners: 6, note: null });
  expect(sizes.gpu).toBeNull();
});

test('a runner of the standard size gets up to 8 cores and 16 GiB', () => {
  expect(sizesOf(of(8, 64), of(1, 10)).standard).toMatchObject({ cores: 7, memoryMiB: 16 * GiB, runners: 1 });
});

test('a host smaller than a size gets a runner of what it has, and says so', () => {
  const sizes = sizesOf(of(2, 23.5), of(1, 3.525));
  expect(sizes.standard).toEqual({
    cores: 1,
    memoryMiB: 16 * GiB,
    runners: 1,
    note: 'The size standard asks for 4 cores, and this machine has 1 core to give.',
  });
  expect(sizes.large?.note).toBe('The size large asks for 10 cores, and this machine has 1 core to give.');
  expect(sizes.multi).toMatchObject({ cores: 1, memoryMiB: 6 * GiB, runners: 1 });
});

test('where less than a core is left, tenths of it are offered', () => {
  expect(sizesOf(of(1, 1), of(0.5, 0.75)).standard).toMatchObject({ cores: 0.5, memoryMiB: 256 });
});

test('nothing left, nothing offered', () => {
  expect(sizesOf(of(1, 2), of(1, 2))).toEqual({ standard: null, large: null, multi: null, gpu: null });
  expect(sizesOf(of(0, 0), of(1, 2)).standard).toBeNull();
});

test("the owner's own numbers replace those of the size, each by itself", () => {
  const offer = { cores: 4, memoryMiB: 9 * GiB, runners: 6, note: null };
  expect(runnerResources({ cores: null, memoryMiB: null }, offer, of(25, 54))).toEqual(of(4, 9));
  expect(runnerResources({ cores: 0.5, memoryMiB: null }, offer, of(25, 54))).toEqual(of(0.5, 9));
  expect(runnerResources({ cores: 0.5, memoryMiB: 512 }, null, of(0, 0))).toEqual(of(0.5, 0.5));
  expect(runnerResources({ cores: null, memoryMiB: null }, null, of(2, 4))).toEqual(of(2, 4));
  expect(runnerResources({ cores: null, memoryMiB: null }, null, of(0, 0))).toEqual(of(1, 1));
});

test('what is offered fits, is within its size, and is never nothing', () => {
  const host = fc.record({
    cores: fc.double({ min: 0, max: 512, noNaN: true }),
    memoryMiB: fc.integer({ min: 0, max: 4096 * GiB }),
  });
  fc.assert(
    fc.property(host, host, (total, reserve) => {
      for (const offer of Object.values(sizesOf(total, reserve))) {
        if (offer === null) continue;
        expect(offer.runners).toBeGreaterThanOrEqual(1);
        expect(offer.cores).toBeGreaterThan(0);
        expect(offer.memoryMiB).toBeGreaterThan(0);
        expect(offer.cores * offer.runners).toBeLessThanOrEqual(total.cores - reserve.cores + 1e-6);
        expect(offer.memoryMiB * offer.runners).toBeLessThanOrEqual(total.memoryMiB - reserve.memoryMiB);
        if (offer.note === null) expect(Number.isInteger(offer.cores)).toBe(true);
      }
    }),
  );
});

test('numbers as people say them', () => {
  expect([1, 4, 0.5].map(coresText)).toEqual(['1 core', '4 cores', '0.5 cores']);
  expect([512, 1536, 8192, 24061, 65536].map(memoryText)).toEqual([
    '512 MiB',
    '1.5 GiB',
    '8 GiB',
    '23.5 GiB',
    '64 GiB',
  ]);
});
