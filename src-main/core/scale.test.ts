import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modes, presets } from '../contract/pool.ts';
import { expectedWaitMs, scalingOf, wantOf } from './scale.ts';
import { makePool } from './testing/make.ts';

const facts = { busy: 0, ready: 0, waiting: 0, oldestWaitMs: 0, peakJobs: 0, limit: Infinity };

describe('the three presets', () => {
  it.each([
    ['lazy', 5, 120_000, 0, 120_000],
    ['balanced', 2, 10_000, null, 60_000],
    ['aggressive', 1, 0, null, 30_000],
  ] as const)(
    '%s: threshold %i, oldest %i ms, cooldown',
    (scaling, threshold, oldestWaitMs, warm, cooldownMs) => {
      expect(scalingOf(makePool({ scaling }))).toEqual({ threshold, oldestWaitMs, warm, cooldownMs });
    },
  );

  it('give way to the owner’s own numbers one by one', () => {
    const overrides = { threshold: 3, cooldownSeconds: 7 };
    expect(scalingOf(makePool({ scaling: 'lazy', overrides }))).toEqual({
      threshold: 3,
      oldestWaitMs: 120_000,
      warm: 0,
      cooldownMs: 7000,
    });
  });
});

describe('want', () => {
  // preset, mode, min, busy, ready, waiting, oldest wait in s, peak -> want
  it.each([
    ['lazy', 'auto', 0, 0, 0, 4, 0, 0, 0],
    ['lazy', 'auto', 0, 0, 0, 5, 0, 0, 5],
    ['lazy', 'auto', 0, 0, 0, 1, 119, 0, 0],
    ['lazy', 'auto', 0, 0, 0, 1, 120, 0, 1],
    ['lazy', 'auto', 0, 2, 0, 4, 0, 9, 2],
    ['lazy', 'auto', 0, 0, 2, 4, 0, 9, 2],
    ['lazy', 'manual', 2, 0, 0, 0, 0, 0, 2],
    ['lazy', 'manual', 2, 2, 0, 0, 0, 5, 2],
    ['lazy', 'ephemeral', 1, 0, 1, 6, 0, 0, 6],
    ['balanced', 'auto', 0, 0, 0, 1, 0, 0, 0],
    ['balanced', 'auto', 0, 0, 0, 2, 0, 0, 2],
    ['balanced', 'auto', 0, 0, 0, 1, 10, 0, 1],
    ['balanced', 'auto', 0, 0, 1, 0, 0, 4, 1],
    ['balanced', 'auto', 0, 0, 3, 0, 0, 4, 1],
    ['balanced', 'manual', 0, 0, 0, 0, 0, 4, 1],
    ['balanced', 'manual', 3, 1, 2, 0, 0, 4, 3],
    ['balanced', 'ephemeral', 0, 3, 0, 0, 0, 3, 4],
    ['aggressive', 'auto', 0, 0, 0, 1, 0, 0, 1],
    ['aggressive', 'auto', 0, 1, 2, 0, 0, 3, 3],
    ['aggressive', 'auto', 0, 0, 0, 0, 0, 3, 0],
    ['aggressive', 'manual', 1, 2, 0, 0, 0, 3, 5],
    ['aggressive', 'manual', 0, 2, 1, 3, 0, 2, 5],
    ['aggressive', 'ephemeral', 2, 0, 0, 0, 0, 0, 2],
    ['aggressive', 'ephemeral', 0, 0, 0, 0, 0, 4, 4],
  ] as const)(
    '%s %s, min %i: %i busy, %i ready, %i waiting for %i s, peak %i: %i',
    (scaling, mode, min, busy, ready, waiting, seconds, peakJobs, total) => {
      const pool = makePool({ scaling, mode, min, max: 100 });
      const want = wantOf({ ...facts, pool, busy, ready, waiting, oldestWaitMs: seconds * 1000, peakJobs });
      expect(want.total).toBe(total);
    },
  );

  it('stays within 0 and max and the limit, never below what jobs need unless these cut it', () => {
    const n = fc.nat({ max: 20 });
    fc.assert(
      fc.property(
        fc.constantFrom(...presets),
        fc.constantFrom(...modes),
        fc.tuple(n, n, n, n, n, n),
        fc.nat({ max: 200_000 }),
        fc.nat({ max: 9 }),
        (scaling, mode, [min, busy, ready, waiting, peakJobs, limit], oldestWaitMs, max) => {
          const pool = makePool({ scaling, mode, min, max: max + 1 });
          const want = wantOf({ pool, busy, ready, waiting, oldestWaitMs, peakJobs, limit });
          const most = Math.min(limit, max + 1);
          expect(want.total).toBeGreaterThanOrEqual(0);
          expect(want.total).toBeLessThanOrEqual(most);
          expect(want.forJobs).toBeLessThanOrEqual(want.total);
          expect(want.total).toBeGreaterThanOrEqual(Math.min(most, busy));
        },
      ),
      { seed: 1 },
    );
  });

  it('changes nothing while demand is unknown, but for min and max', () => {
    const pool = makePool({ mode: 'manual', min: 2, max: 4 });
    const wants = [0, 1, 2, 3, 4, 5].map((ready) => wantOf({ ...facts, pool, ready, waiting: null }).total);
    expect(wants).toEqual([2, 2, 2, 3, 4, 4]);
  });

  it('serves what is known of a demand that is known in part, and ends nothing for it', () => {
    const pool = makePool({ max: 9 });
    const of = (ready: number, waiting: number) =>
      wantOf({ ...facts, pool, busy: 1, ready, waiting, mayBeMore: true }).total;
    expect([of(0, 3), of(2, 3), of(6, 3), of(6, 0)]).toEqual([4, 4, 7, 7]);
  });

  it('says what a single job has to expect', () => {
    expect(presets.map((scaling) => expectedWaitMs(makePool({ scaling })))).toEqual([120_000, 10_000, 0]);
  });
});
