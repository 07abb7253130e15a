import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogicalCpu } from '../contract/host.ts';
import { fits, freeCpus, meters, pickCpus, reserveOf, useOf } from './budget.ts';
import { makeRecord, wideHost } from './testing/make.ts';

const percent = { cpu: 20, memory: 15 };
const nothing = { runners: 0, cores: 0, memoryMiB: 0 };
const one = { cores: 1, memoryMiB: 1024 };

describe('the reserve', () => {
  it.each([
    [32, 65_536, 7, 9831],
    [4, 8192, 1, 2048],
    [2, 24_064, 1, 3610],
    [1, 1024, 1, 512],
  ])('of %i threads and %i MiB: %f cores, %i MiB', (threads, memory, cores, memoryMiB) => {
    expect(reserveOf(threads, memory, percent)).toEqual({ cores, memoryMiB });
  });
});

describe('fits', () => {
  it('counts by the scarcer of cores and memory, beside the reserve and what is used', () => {
    const capacity = { ...wideHost, cores: 8, reserveCores: 2, memoryMiB: 16_384, reserveMemoryMiB: 2048 };
    expect(fits(capacity, nothing, one, 1)).toBe(6);
    expect(fits(capacity, { runners: 2, cores: 4.5, memoryMiB: 2048 }, one, 1)).toBe(1);
    expect(fits(capacity, nothing, { cores: 0.1, memoryMiB: 7168 }, 1)).toBe(2);
    expect(fits(capacity, nothing, { cores: 0.1, memoryMiB: 16 }, 1)).toBe(60);
  });

  it('counts slots where the owner set them, whatever the arithmetic says', () => {
    const capacity = { ...wideHost, cores: 1, memoryMiB: 1, slots: 3 };
    expect(fits(capacity, { ...nothing, runners: 1 }, one, 1)).toBe(2);
    expect(fits(capacity, { ...nothing, runners: 5 }, one, 1)).toBe(0);
  });

  it('leaves at least one runner to half of a small machine, and none to nothing', () => {
    const capacity = { ...wideHost, slots: 1 };
    expect(fits(capacity, nothing, one, 0.5)).toBe(1);
    expect(fits(capacity, { ...nothing, runners: 1 }, one, 0.5)).toBe(0);
    expect(fits(capacity, nothing, one, 0)).toBe(0);
    expect(fits({ ...wideHost, cores: 4 }, nothing, { cores: 4, memoryMiB: 1024 }, 0.5)).toBe(1);
    expect(fits({ ...wideHost, cores: 4 }, nothing, { cores: 5, memoryMiB: 1024 }, 0.5)).toBe(0);
  });

  it('never lets the sum of what fits exceed what is left', () => {
    const size = fc.double({ min: 0.1, max: 9, noNaN: true });
    fc.assert(
      fc.property(size, size, fc.nat({ max: 16 }), (cores, used, total) => {
        const capacity = { ...wideHost, cores: total };
        const n = fits(capacity, { ...nothing, cores: used }, { cores, memoryMiB: 1 }, 1);
        if (n > 0) expect(used + n * cores).toBeLessThanOrEqual(total + 1e-4);
      }),
      { seed: 1 },
    );
  });

  it('shows what is kept, used and free', () => {
    const use = useOf([makeRecord().resources, { cpus: [1, 2], memoryMiB: 512, pids: 1, gpus: [] }]);
    expect(use).toEqual({ runners: 2, cores: 3, memoryMiB: 1536 });
    expect(meters({ ...wideHost, reserveCores: 4 }, use).cores).toEqual({
      total: 64,
      reserve: 4,
      used: 3,
      free: 57,
    });
  });
});

describe('the CPUs of a runner', () => {
  /** Two nodes of two performance cores with two threads, and two efficiency cores. */
  const topology: LogicalCpu[] = [0, 1].flatMap((node) => {
    const cpu = (n: number, core: number, kind: 'performance' | 'efficiency'): LogicalCpu => ({
      cpu: node * 6 + n,
      core,
      package: node,
      node,
      kind,
    });
    return [
      cpu(0, 0, 'performance'),
      cpu(2, 0, 'performance'),
      cpu(1, 1, 'performance'),
      cpu(3, 1, 'performance'),
      cpu(4, 2, 'efficiency'),
      cpu(5, 3, 'efficiency'),
    ];
  });
  const held = (...cpus: number[]) => freeCpus(topology, [{ cpus, memoryMiB: 1, pids: 1, gpus: [] }]);

  it.each([
    ['efficiency cores first for small ones', held(), 2, false, [4, 5]],
    ['performance cores first for large ones, siblings together', held(), 2, true, [0, 2]],
    ['one whole core rather than halves of two', held(0), 2, true, [1, 3]],
    ['a half that is left rather than half of a whole core', held(0), 1, true, [2]],
    ['one node while it has room', held(0, 2), 5, true, [6, 7, 8, 9, 10]],
    ['two nodes where one has not', held(), 7, false, [0, 1, 2, 4, 5, 10, 11]],
  ])('%s', (_, free, count, fast, expected) => {
    const picked = pickCpus(free, count, fast);
    expect(picked).toEqual(expected);
  });

  it('cannot be had where too few are free or a part of one is asked', () => {
    expect(pickCpus(held(), 13, false)).toBeNull();
    expect(pickCpus(held(), 0.5, false)).toBeNull();
    expect(pickCpus([], 1, true)).toBeNull();
  });

  it('are as many as asked, all free, and none twice', () => {
    fc.assert(
      fc.property(
        fc.subarray(topology.map((t) => t.cpu)),
        fc.integer({ min: 1, max: 12 }),
        fc.boolean(),
        (taken, n, fast) => {
          const picked = pickCpus(held(...taken), n, fast);
          if (picked === null) {
            expect(12 - taken.length).toBeLessThan(n);
            return;
          }
          expect(new Set(picked).size).toBe(n);
          expect(picked.filter((cpu) => taken.includes(cpu))).toEqual([]);
        },
      ),
      { seed: 1 },
    );
  });
});
