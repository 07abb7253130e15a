import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  delayAfter,
  failed,
  nextRegistration,
  noBackoff,
  recovered,
  registered,
  registrationsLeft,
  registrationsPerHour,
} from './backoff.ts';
import { t0 } from './testing/make.ts';

const minute = 60_000;

describe('back-off', () => {
  it('is 0, 5, 10, 20, 40, 80 s, then every 5 min', () => {
    const seconds = [1, 2, 3, 4, 5, 6, 7, 8, 100].map((n) => delayAfter(n, 0) / 1000);
    expect(seconds).toEqual([0, 5, 10, 20, 40, 80, 300, 300, 300]);
  });

  it('is stretched by less than a fifth, bounded, and never shorter after more failures', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1000 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (n, random) => {
        expect(delayAfter(n, random)).toBeGreaterThanOrEqual(delayAfter(n, 0));
        expect(delayAfter(n, random)).toBeLessThanOrEqual(6 * minute);
        expect(delayAfter(n + 1, 0)).toBeGreaterThanOrEqual(delayAfter(n, 0));
      }),
      { seed: 1 },
    );
  });

  it('counts one failure of a burst: the others were begun before the wait', () => {
    let b = noBackoff;
    for (let n = 0; n < 10; n += 1) b = failed(b, t0, 0);
    expect(b).toMatchObject({ failures: 2, retryAt: t0 + 5000 });
    expect(failed(b, t0 + 5000, 0)).toMatchObject({ failures: 3, retryAt: t0 + 15_000 });
  });

  it('is forgotten after a job or a healthy minute; only a job clears the count of registrations', () => {
    const b = registered(failed(noBackoff, t0, 0), t0);
    expect(recovered(b, false)).toEqual({ failures: 0, retryAt: 0, registrations: [t0] });
    expect(recovered(b, true)).toEqual(noBackoff);
  });
});

describe('registrations', () => {
  it('are at most 20 an hour without a finished job', () => {
    let b = noBackoff;
    for (let n = 0; n < 20; n += 1) b = registered(b, t0 + n * minute);
    const now = t0 + 20 * minute;
    expect(registrationsLeft(b, now, registrationsPerHour)).toBe(0);
    expect(nextRegistration(b, now, registrationsPerHour)).toEqual({
      at: t0 + 60 * minute,
      why: '20 runners registered within an hour without one finished job.',
    });
    expect(nextRegistration(b, t0 + 60 * minute, registrationsPerHour)).toEqual({ at: 0, why: null });
    expect(nextRegistration(b, now, Infinity)).toEqual({ at: 0, why: null });
  });

  it('wait for the back-off', () => {
    const b = failed(failed(noBackoff, t0, 0), t0, 0);
    expect(nextRegistration(b, t0, Infinity)).toEqual({
      at: t0 + 5000,
      why: 'Waits after 2 failures in a row.',
    });
  });
});
