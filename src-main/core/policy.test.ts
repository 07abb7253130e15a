import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pause, PauseKind } from '../contract/snapshot.ts';
import { allowanceOf, diskIsLow, holds, pauseOf, type PolicyInput } from './policy.ts';
import type { StoredPause } from './ports.ts';

const wall = 1000;
const calm: PolicyInput = {
  wall,
  bootId: 'b',
  pauses: [],
  stopping: null,
  uncleanUntil: null,
  diskFreeMiB: 5000,
  diskReserveMiB: 1000,
  diskWasLow: false,
};
const pause = (kind: PauseKind, until: number | null, pool: string | null = null): StoredPause => {
  const value: Pause = { by: 'owner', reason: 'lunch', until, kind };
  return { pool, pause: value, setAt: 0, duration: null, bootId: 'b' };
};

describe('a pause holds', () => {
  it.each([
    ['duration', wall + 1, true],
    ['duration', wall, false],
    ['until', wall + 1, true],
    ['until', wall - 1, false],
    ['indefinite', null, true],
    ['restart', null, true],
  ] as const)('%s until %s: %s', (kind, until, expected) => {
    expect(holds(pause(kind, until), wall, 'b')).toBe(expected);
  });

  it('until restart: while the boot id is the same', () => {
    expect(holds(pause('restart', null), wall, 'another')).toBe(false);
  });

  it('for its pool alone, or for the host', () => {
    const input = { ...calm, pauses: [pause('indefinite', null, 'p')] };
    expect(pauseOf(input, null)).toBeNull();
    expect(allowanceOf(input, 'q').newRunners).toBe(true);
    expect(allowanceOf(input, 'p').reasons.map((r) => r.message)).toEqual([
      'The pool p is paused by you (lunch).',
    ]);
  });
});

describe('the disk', () => {
  it('is low below the reserve, and again free only a tenth above it; unknown is not low', () => {
    const low = (diskFreeMiB: number | null, diskWasLow: boolean) =>
      diskIsLow({ diskFreeMiB, diskReserveMiB: 1000, diskWasLow });
    expect([low(999, false), low(1000, false), low(1099, true), low(1100, true), low(null, true)]).toEqual([
      true,
      false,
      true,
      false,
      false,
    ]);
  });
});

describe('after an unclean end', () => {
  it('nothing begins for a while, then half of the machine is used', () => {
    expect(allowanceOf({ ...calm, uncleanUntil: wall + 1 }, null)).toMatchObject({ newRunners: false });
    expect(allowanceOf({ ...calm, uncleanUntil: wall }, null)).toMatchObject({
      newRunners: true,
      share: 0.5,
    });
  });
});

describe('allowance', () => {
  const input: fc.Arbitrary<PolicyInput> = fc.record({
    wall: fc.constant(wall),
    bootId: fc.constantFrom('b', 'c'),
    pauses: fc.subarray([
      pause('duration', wall + 5),
      pause('until', wall - 5, 'p'),
      pause('restart', null, 'q'),
    ]),
    stopping: fc.constantFrom(null, 'Stops.'),
    uncleanUntil: fc.constantFrom(null, wall - 1, wall + 1),
    diskFreeMiB: fc.constantFrom(null, 10, 5000),
    diskReserveMiB: fc.constant(1000),
    diskWasLow: fc.boolean(),
  });
  const one = fc.constantFrom<Partial<PolicyInput>>(
    { pauses: [pause('indefinite', null)] },
    { pauses: [pause('indefinite', null, 'p')] },
    { stopping: 'Stops.' },
    { diskFreeMiB: 0 },
    { uncleanUntil: wall + 1 },
  );

  it('is never raised by one more reason', () => {
    fc.assert(
      fc.property(input, one, fc.constantFrom(null, 'p', 'q'), (before, more, pool) => {
        const pauses = more.pauses ?? [];
        const kept = before.pauses.filter((p) => !pauses.some((added) => added.pool === p.pool));
        const a = allowanceOf(before, pool);
        const b = allowanceOf({ ...before, ...more, pauses: [...kept, ...pauses] }, pool);
        expect(Number(b.newRunners)).toBeLessThanOrEqual(Number(a.newRunners));
        expect(b.ceiling).toBeLessThanOrEqual(a.ceiling);
        expect(b.share).toBeLessThanOrEqual(a.share);
        if (!b.newRunners) expect(b.reasons.length).toBeGreaterThan(0);
      }),
      { seed: 1 },
    );
  });
});
