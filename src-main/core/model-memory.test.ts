import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inferenceGiB, largestModel, largestTrained, modelsText, precisions } from './model-memory.ts';

test.each([
  [8, '16-bit', 17],
  [8, '8-bit', 10],
  [8, '4-bit', 6.6],
  [14, '16-bit', 29],
  [14, '8-bit', 16],
  [34, '4-bit', 22],
  [34, '8-bit', 37],
  [70, '4-bit', 44],
  [70, '8-bit', 74],
  [70, '16-bit', 135],
] as const)('%iB in %s takes about %d GiB', (billions, precision, gib) => {
  expect(Math.abs(inferenceGiB(billions, precision) - gib)).toBeLessThan(gib * 0.04 + 0.2);
});

test.each([
  [2.5, '1B in 4-bit'],
  [8, '8B in 4-bit; 3B in 16-bit'],
  [24, '34B in 4-bit; 8B in 16-bit'],
  [48, '70B in 4-bit; 14B in 16-bit'],
  [0.2, null],
])('%d GiB hold %s', (gib, text) => {
  expect(modelsText(gib)).toBe(text);
});

test('what is trained grows with the memory, by each method', () => {
  expect(largestTrained(8 * 0.9999, 'QLoRA')).toBe(7);
  expect(largestTrained(5.8, 'QLoRA')).toBeNull();
  expect(largestTrained(15, 'LoRA')).toBe(7);
  expect(largestTrained(79.6, 'full')).toBe(7);
  expect(largestTrained(24, 'full')).toBeNull();
});

test('more memory never holds less, and fewer bits never less', () => {
  const size = fc.double({ min: 0, max: 4096, noNaN: true });
  fc.assert(
    fc.property(size, size, (a, b) => {
      const [less, more] = [Math.min(a, b), Math.max(a, b)];
      for (const precision of precisions)
        expect(largestModel(more, precision) ?? 0).toBeGreaterThanOrEqual(largestModel(less, precision) ?? 0);
      const [four = 0, eight = 0, sixteen = 0] = precisions.map((p) => largestModel(more, p) ?? 0);
      expect(four).toBeGreaterThanOrEqual(eight);
      expect(eight).toBeGreaterThanOrEqual(sixteen);
    }),
  );
});
