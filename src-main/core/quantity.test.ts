import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMemory } from './quantity.ts';

describe('parseMemory', () => {
  it.each([
    ['512m', 512],
    ['16g', 16 * 1024],
    ['1.5GiB', 1536],
    ['2 GB', 2048],
    ['1T', 1024 * 1024],
    ['512k', 1],
    ['4096KiB', 4],
  ])('%s', (text, mebibytes) => expect(parseMemory(text)).toBe(mebibytes));

  it.each(['', '512', 'g', '-1g', '0m', '1e3m', '1,5g', '16 gigs', '9999999999999999999t', '1.g'])(
    'refuses %j',
    (text) => expect(parseMemory(text)).toBeNull(),
  );

  it('answers any text with null or at least one MiB', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const amount = parseMemory(text);
        return amount === null || (Number.isSafeInteger(amount) && amount >= 1);
      }),
    );
  });
});
