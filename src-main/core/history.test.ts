import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Span } from '../contract/history.ts';
import { spansOf } from './history.ts';
import type { EventKind, StoredEvent } from './ports.ts';

const event = (at: number, kind: EventKind, subject: string | null = null, message = ''): StoredEvent => ({
  at,
  kind,
  subject,
  message,
});
const spans = (events: readonly StoredEvent[], from = 0, to = 1000) =>
  spansOf(events, from, to).map((s) => [s.kind, s.pool, s.from, s.to, s.message]);

describe('spansOf', () => {
  it('tells of pauses of the machine and of pools, each with its words', () => {
    const events = [
      event(10, 'pause', null, 'call'),
      event(20, 'pause', 'gpu', 'heat'),
      event(30, 'resume', null, 'Resumed by the owner.'),
    ];
    expect(spans(events)).toEqual([
      ['pause', null, 10, 30, 'call'],
      ['pause', 'gpu', 20, null, 'heat'],
    ]);
  });

  it('begins another span where a pause is replaced by one with other words', () => {
    expect(
      spans([event(10, 'pause', null, 'a'), event(15, 'pause', null, 'a'), event(20, 'pause', null, 'b')]),
    ).toEqual([
      ['pause', null, 10, 20, 'a'],
      ['pause', null, 20, null, 'b'],
    ]);
  });

  it('ends a reason when there is none any more, and with its supervisor', () => {
    const events = [
      event(10, 'reason', null, 'disk'),
      event(20, 'reason'),
      event(30, 'reason', null, 'disk'),
      event(40, 'offline', null, 'gone'),
      event(50, 'online'),
    ];
    expect(spans(events)).toEqual([
      ['reason', null, 10, 20, 'disk'],
      ['reason', null, 30, 40, 'disk'],
      ['offline', null, 40, 50, 'gone'],
    ]);
  });

  it('lets a pause last while nobody supervises', () => {
    const events = [event(10, 'pause', null, 'p'), event(20, 'offline', null, 'o'), event(30, 'online')];
    expect(spans(events)).toEqual([
      ['pause', null, 10, null, 'p'],
      ['offline', null, 20, 30, 'o'],
    ]);
  });

  it('gives what touches the window, whole', () => {
    const events = [
      event(10, 'pause', null, 'before'),
      event(20, 'resume'),
      event(30, 'pause', null, 'into'),
      event(60, 'resume'),
      event(900, 'pause', null, 'after'),
    ];
    expect(spans(events, 50, 100)).toEqual([['pause', null, 30, 60, 'into']]);
    expect(spans(events, 20, 29)).toEqual([]);
    // Ended after the window: at its end it still lasts.
    expect(spans(events, 50, 55)).toEqual([['pause', null, 30, null, 'into']]);
  });

  const arbitrary = fc.array(
    fc.record({
      at: fc.integer({ min: 0, max: 1100 }),
      kind: fc.constantFrom<EventKind>('online', 'offline', 'pause', 'resume', 'reason', 'phase', 'job'),
      subject: fc.constantFrom(null, 'a', 'b'),
      message: fc.constantFrom('', 'x', 'y'),
    }),
    { maxLength: 60 },
  );
  const keys = ['pause', 'reason', 'offline'].flatMap((kind) =>
    [null, 'a', 'b'].map((pool) => ({ kind, pool })),
  );
  const ofKey = (found: readonly Span[], key: { kind: string; pool: string | null }) =>
    found.filter((span) => span.kind === key.kind && span.pool === key.pool);

  it('never has two of one kind and pool at once, and an open one is the last of them', () => {
    fc.assert(
      fc.property(arbitrary, fc.integer({ min: 0, max: 1000 }), (events, from) => {
        const found = spansOf(events, from, 1000);
        for (const span of found) {
          expect(span.from).toBeLessThanOrEqual(1000);
          if (span.to !== null) expect(span.to).toBeGreaterThan(Math.max(span.from, from));
        }
        for (const key of keys) {
          const list = ofKey(found, key);
          for (const [i, span] of list.slice(1).entries())
            expect(span.from).toBeGreaterThanOrEqual(list[i]?.to ?? Infinity);
        }
      }),
    );
  });

  it('does not mind the order of events, nor the same twice', () => {
    const distinct = fc.uniqueArray(
      fc.record({
        at: fc.integer({ min: 0, max: 1000 }),
        kind: fc.constantFrom<EventKind>('online', 'offline', 'pause', 'resume', 'reason'),
        subject: fc.constantFrom(null, 'a'),
        message: fc.constantFrom('', 'x', 'y'),
      }),
      { selector: (e) => e.at, maxLength: 30 },
    );
    const shuffled = distinct.chain((events) =>
      fc.tuple(
        fc.constant(events),
        fc.shuffledSubarray([...events, ...events], {
          minLength: events.length * 2,
          maxLength: events.length * 2,
        }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([events, mixed]) => {
        expect(spansOf(mixed, 0, 1000)).toEqual(spansOf(events, 0, 1000));
      }),
    );
  });

  it('finds the same with the events before the window left out but for the last of each kind and subject', () => {
    fc.assert(
      fc.property(arbitrary, fc.integer({ min: 0, max: 1000 }), (events, from) => {
        // Of one moment the later in the list is what the database calls the last.
        const sorted = [...events].sort((a, b) => a.at - b.at);
        const last = new Map(
          sorted.filter((e) => e.at < from).map((e) => [`${e.kind}/${e.subject ?? ''}`, e]),
        );
        const few = sorted.filter((e) => e.at >= from || [...last.values()].includes(e));
        // Of an absence that is told twice the first counts, which may be left out.
        const words = (span: Span) => (span.kind === 'offline' ? '' : span.message);
        const ends = (found: readonly Span[]) =>
          keys.map((key) => ofKey(found, key).map((span) => [span.to, words(span)]));
        expect(ends(spansOf(few, from, 1000))).toEqual(ends(spansOf(sorted, from, 1000)));
      }),
    );
  });
});
