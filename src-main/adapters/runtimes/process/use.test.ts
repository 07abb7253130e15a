import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { noUse, withSample } from './use.ts';

const sample = (cpuSeconds: number, memoryMiB: number, peakMiB: number | null = null) => ({
  cpuSeconds,
  memoryMiB,
  peakMiB,
});

it('has the highest use between two samples', () => {
  let use = noUse(1000);
  use = withSample(use, 2000, sample(1.5, 100), false);
  use = withSample(use, 3000, sample(1.7, 300), false);
  use = withSample(use, 4000, sample(2.7, 50), true);
  expect(use.peak).toEqual({ cpu: 1.5, memoryMiB: 300 });
});

it('takes the kernel’s own peak of memory', () => {
  expect(withSample(noUse(0), 1000, sample(0, 10, 700), false).peak.memoryMiB).toBe(700);
});

it('does not take a short rest at the end for a peak, unless it is all there is', () => {
  const before = withSample(noUse(0), 1000, sample(0.5, 1), false);
  expect(withSample(before, 1010, sample(0.54, 1), true).peak.cpu).toBe(0.5);
  expect(withSample(noUse(0), 100, sample(0.1, 1), true).peak.cpu).toBe(1);
});

it('does not count what a job used before it was found', () => {
  const found = { at: 0, cpuSeconds: null, peak: { cpu: null, memoryMiB: null } };
  const first = withSample(found, 10, sample(5000, 1), false);
  expect(first.peak.cpu).toBe(null);
  expect(withSample(first, 1010, sample(5000.25, 1), false).peak.cpu).toBe(0.25);
});

it('never falls and is never negative', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(5000), fc.nat(50), fc.nat(500))), (samples) => {
      let use = noUse(0);
      let at = 0;
      for (const [ms, cpu, memory] of samples) {
        const before = use.peak;
        use = withSample(use, (at += ms), sample(cpu, memory), false);
        expect(use.peak.cpu ?? 0).toBeGreaterThanOrEqual(before.cpu ?? 0);
        expect(use.peak.memoryMiB ?? 0).toBeGreaterThanOrEqual(before.memoryMiB ?? 0);
      }
    }),
  );
});
