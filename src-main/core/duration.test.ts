import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, nextClock, parseClock, parseDuration } from './duration.ts';

const hour = 3_600_000;

/** Minutes that a zone's clock is ahead of UTC, by the zone tables of the system. */
function zone(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  return (at) => {
    const name = format.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? '';
    const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? ['', '+', '0', '0'];
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  };
}

describe('parseDuration', () => {
  it.each([
    ['90m', 90 * 60_000],
    ['1h30m', 1.5 * hour],
    ['1h 30m', 1.5 * hour],
    ['6h', 6 * hour],
    ['45s', 45_000],
    ['2d', 48 * hour],
    ['1.5h', 1.5 * hour],
    ['0', 0],
    ['1D2H3M4S', 26 * hour + 184_000],
  ])('%s', (text, milliseconds) => expect(parseDuration(text)).toBe(milliseconds));

  it.each(['', ' ', '90', 'm', '1m1h', '-5m', '5 minutes', '1e3s', '1..5h', '99999999d', 'NaN', '∞'])(
    'refuses %j',
    (text) => expect(parseDuration(text)).toBeNull(),
  );

  it('answers any text with null or a length of time', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const milliseconds = parseDuration(text);
        return milliseconds === null || (Number.isSafeInteger(milliseconds) && milliseconds >= 0);
      }),
    );
  });
});

describe('parseClock', () => {
  it('reads times of day', () => {
    expect(parseClock('18:00')).toEqual({ hours: 18, minutes: 0 });
    expect(parseClock(' 8:05 ')).toEqual({ hours: 8, minutes: 5 });
    expect(parseClock('00:00')).toEqual({ hours: 0, minutes: 0 });
  });
  it.each(['24:00', '8', '8:5', '8:60', '6pm', '', '18:00:00', '-1:00'])('refuses %j', (text) =>
    expect(parseClock(text)).toBeNull(),
  );
});

describe('nextClock', () => {
  const utc = () => 0;
  const at = (text: string) => Date.parse(text);
  const eight = { hours: 8, minutes: 0 };

  it('is later today, or tomorrow once it has passed', () => {
    expect(nextClock(eight, at('2026-03-05T07:59:59Z'), utc)).toBe(at('2026-03-05T08:00:00Z'));
    expect(nextClock(eight, at('2026-03-05T08:00:00Z'), utc)).toBe(at('2026-03-06T08:00:00Z'));
  });

  it('leaves out one that is too near: "tomorrow 8:00" said at 5:00 is not in three hours', () => {
    expect(nextClock(eight, at('2026-03-05T05:00:00Z'), utc, 4 * hour)).toBe(at('2026-03-06T08:00:00Z'));
    expect(nextClock(eight, at('2026-03-05T03:00:00Z'), utc, 4 * hour)).toBe(at('2026-03-05T08:00:00Z'));
  });

  it('follows the local clock over the days on which it is put forward and back', () => {
    const berlin = zone('Europe/Berlin');
    expect(nextClock(eight, at('2026-03-28T20:00:00Z'), berlin)).toBe(at('2026-03-29T06:00:00Z'));
    expect(nextClock(eight, at('2026-10-24T20:00:00Z'), berlin)).toBe(at('2026-10-25T07:00:00Z'));
    // 2:30 does not exist on that day, and is there twice on this one.
    const half = { hours: 2, minutes: 30 };
    expect(nextClock(half, at('2026-03-28T20:00:00Z'), berlin)).toBe(at('2026-03-29T01:30:00Z'));
    expect(nextClock(half, at('2026-10-24T20:00:00Z'), berlin)).toBe(at('2026-10-25T00:30:00Z'));
  });

  it('is after now, within 25 hours or so, and shows that time on the wall, in any zone', () => {
    const zones = ['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Asia/Kathmandu', 'America/New_York'].map(zone);
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: at('2024-01-01'), max: at('2030-01-01') }),
        fc.record({ hours: fc.integer({ min: 4, max: 23 }), minutes: fc.integer({ min: 0, max: 59 }) }),
        (offsetAt, now, clock) => {
          const next = nextClock(clock, now, offsetAt);
          const local = new Date(next + offsetAt(next) * 60_000);
          expect(next).toBeGreaterThan(now);
          expect(next - now).toBeLessThanOrEqual(25 * hour);
          expect([local.getUTCHours(), local.getUTCMinutes()]).toEqual([clock.hours, clock.minutes]);
        },
      ),
    );
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0 s'],
    [400, '0 s'],
    [45_000, '45 s'],
    [90_000, '1 min 30 s'],
    [1.5 * hour, '1 h 30 min'],
    [hour + 5000, '1 h'],
    [48 * hour, '2 d'],
    [27 * hour, '1 d 3 h'],
    [-5, '0 s'],
  ])('%d', (milliseconds, text) => expect(formatDuration(milliseconds)).toBe(text));
});
