import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Budget, intervals, type Target, turn } from './schedule.ts';

const now = 10_000_000;
const budget: Budget = { requestsPerMinute: 130, countedPerHour: 600 };
const target = (more: Partial<Target> = {}): Target => ({
  key: 'a/b',
  kind: 'busy',
  lookedAt: now,
  changedAt: now,
  notBefore: -Infinity,
  soonAt: Infinity,
  requests: 2,
  counted: 0,
  countedUsually: 0,
  ...more,
});
const targets = fc.uniqueArray(
  fc.record({
    key: fc.string({ minLength: 1 }),
    kind: fc.constantFrom('listing' as const, 'busy' as const, 'recent' as const, 'quiet' as const),
    lookedAt: fc.option(fc.integer({ min: 0, max: now }), { nil: null }),
    changedAt: fc.oneof(fc.integer({ min: 0, max: now }), fc.constant(-Infinity)),
    notBefore: fc.oneof(fc.constant(-Infinity), fc.integer({ min: 0, max: 2 * now })),
    soonAt: fc.oneof(fc.constant(Infinity), fc.integer({ min: 0, max: 2 * now })),
    requests: fc.double({ min: 0.1, max: 30, noNaN: true }),
    counted: fc.double({ min: 0, max: 30, noNaN: true }),
    countedUsually: fc.double({ min: 0, max: 30, noNaN: true }),
  }),
  { selector: ({ key }) => key, maxLength: 60 },
);

describe('intervals', () => {
  const waitOf = (one: Target, others: readonly Target[] = []) =>
    intervals([one, ...others], budget, now).get(one.key);

  it('looks each 3 s where something just changed, each 10 s after 5 calm minutes, each 60 s at quiet ones', () => {
    expect(waitOf(target())).toBe(3000);
    expect(waitOf(target({ changedAt: now - 300_000 }))).toBe(10_000);
    expect(waitOf(target({ changedAt: -Infinity }))).toBe(10_000);
    expect(waitOf(target({ kind: 'quiet' }))).toBe(60_000);
  });

  it('takes fixed waits as they are, while the budget allows', () => {
    expect(intervals([target()], budget, now, 25_000).get('a/b')).toBe(25_000);
  });

  it('lengthens the waits of quiet ones first', () => {
    const quiet = Array.from({ length: 200 }, (_, i) =>
      target({ key: `q/${i}`, kind: 'quiet', requests: 1 }),
    );
    expect(waitOf(target(), quiet)).toBe(3000);
    expect(intervals([target(), ...quiet], budget, now).get('q/1')).toBeGreaterThan(100_000);
  });

  it('looks at listings most where each look costs, and least at what was pushed before', () => {
    const dear = (kind: Target['kind'], key: string) => target({ key, kind, requests: 1, countedUsually: 1 });
    const all = [dear('listing', 'l'), dear('busy', 'b'), dear('recent', 'r'), dear('quiet', 'q')];
    const some = Array.from({ length: 9 }, (_, i) => dear('recent', `r${i}`));
    const waits = intervals([...all, ...some], budget, now);
    expect(waits.get('l')).toBeCloseTo((waits.get('b') ?? 0) / 3, 0);
    expect(waits.get('r')).toBeCloseTo((waits.get('b') ?? 0) * 4, 0);
    expect(waits.get('l')).toBeLessThan(20_000);
  });

  it('never makes those wait for ever that have cost next to nothing for long', () => {
    const calm = target({ kind: 'listing', countedUsually: 5e-324 });
    const dear = target({ key: 'q', kind: 'quiet', countedUsually: 20 });
    expect(waitOf(calm, [dear])).toBe(3000);
    const cheap = target({ key: 'q', kind: 'quiet', countedUsually: 5e-324 });
    const all = [target({ countedUsually: 20 }), cheap];
    expect(intervals(all, budget, now).get('q')).toBe(60_000);
  });

  it('never plans more than the budget, whatever there is to look at', () => {
    fc.assert(
      fc.property(targets, (all) => {
        const waits = intervals(all, budget, now);
        const sum = (of: (one: Target) => number, unitMs: number) =>
          all.reduce((total, one) => total + (of(one) * unitMs) / (waits.get(one.key) ?? 0), 0);
        expect(sum((one) => one.requests, 60_000)).toBeLessThanOrEqual(budget.requestsPerMinute * 1.0001);
        expect(sum((one) => one.countedUsually, 3_600_000)).toBeLessThanOrEqual(
          budget.countedPerHour * 1.0001,
        );
        for (const wait of waits.values()) expect(wait).toBeGreaterThanOrEqual(3000);
      }),
    );
  });
});

describe('turn', () => {
  const rich = { requests: 100, counted: 100, kept: 50 };

  it('begins with listings, then what is busy; the longest overdue first', () => {
    const all = [
      target({ key: 'quiet', kind: 'quiet', lookedAt: null }),
      target({ key: 'late', lookedAt: now - 9000 }),
      target({ key: 'later', lookedAt: now - 99_000 }),
      target({ key: 'list', kind: 'listing', lookedAt: now - 5000 }),
      target({ key: 'fresh', lookedAt: now - 1000 }),
    ];
    const waits = new Map(all.map(({ key, kind }) => [key, kind === 'quiet' ? 60_000 : 3000]));
    const { look, nextAt } = turn(all, waits, rich, now);
    expect(look).toEqual(['list', 'later', 'late', 'quiet']);
    expect(nextAt).toBe(now + 2000);
  });

  it('looks where something is expected before its time, and after listings', () => {
    const all = [
      target({ key: 'busy', lookedAt: now - 9000 }),
      target({ key: 'list', kind: 'listing', lookedAt: now - 5000 }),
      target({ key: 'pushed', kind: 'quiet', soonAt: now, counted: 1 }),
      target({ key: 'later', kind: 'quiet', soonAt: now + 1500 }),
    ];
    const waits = new Map(all.map(({ key, kind }) => [key, kind === 'quiet' ? 60_000 : 3000]));
    const { look, nextAt } = turn(all, waits, { requests: 100, counted: 20, kept: 20 }, now);
    expect(look).toEqual(['list', 'pushed', 'busy']);
    expect(nextAt).toBe(now + 1500);
  });

  it('leaves out what failed until its time', () => {
    const all = [target({ lookedAt: null, notBefore: now + 5000 })];
    expect(turn(all, new Map(), rich, now)).toEqual({ look: [], nextAt: now + 5000 });
  });

  it('keeps a part of the hour from quiet ones, but not what costs nothing', () => {
    const poor = { requests: 100, counted: 50, kept: 50 };
    const all = [
      target({ key: 'costs', kind: 'quiet', lookedAt: null, counted: 1 }),
      target({ key: 'free', kind: 'quiet', lookedAt: null, counted: 0 }),
      target({ key: 'busy', lookedAt: null, counted: 1 }),
    ];
    expect(turn(all, new Map(), poor, now).look).toEqual(['busy', 'free']);
  });

  it('never spends more than is left, and always comes back for what it left out', () => {
    const some = fc.double({ min: 0, max: 60, noNaN: true });
    fc.assert(
      fc.property(targets, some, some, (all, requests, counted) => {
        const { look, nextAt } = turn(all, intervals(all, budget, now), { requests, counted, kept: 0 }, now);
        const chosen = all.filter(({ key }) => look.includes(key));
        const paid = chosen.filter((one) => one.counted >= 0.05);
        expect(chosen.reduce((sum, one) => sum + one.requests, 0)).toBeLessThanOrEqual(requests + 1e-6);
        expect(paid.reduce((sum, one) => sum + one.counted, 0)).toBeLessThanOrEqual(counted + 1e-6);
        expect(nextAt > now).toBe(true);
        expect(nextAt < Infinity).toBe(look.length < all.length);
        for (const { notBefore } of chosen) expect(notBefore).toBeLessThanOrEqual(now);
      }),
    );
  });
});
