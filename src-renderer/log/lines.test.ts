import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blockLines, LogLines } from './lines.ts';
import type { Line } from './parser.ts';
import { piecesOf } from './pieces.ts';
import { pageHeight, RowIndex, scrollTo, tallest, visibleLines } from './rows.ts';
import { hitsInBlock, matchesIn, patternOf } from './search.ts';
import { plain } from './style.ts';

const line = (text: string): Line => ({ text, spans: [] });

function linesOf(texts: readonly string[], bounds?: { characters: number; lines: number }): LogLines {
  const lines = new LogLines(bounds);
  for (const text of texts) lines.add(line(text));
  return lines;
}
const numbered = (n: number): string[] => Array.from({ length: n }, (_, i) => `line ${i}`);

test('every line is found again, in closed blocks and in the open one', () => {
  const texts = numbered(blockLines * 2 + 10);
  const lines = linesOf(texts);
  expect(lines.count).toBe(texts.length);
  for (const at of [0, 1, blockLines - 1, blockLines, blockLines * 2, texts.length - 1]) {
    expect(lines.line(at).text).toBe(texts[at]);
    expect(lines.lengthOf(at)).toBe(texts[at]?.length);
  }
  expect(lines.line(texts.length).text).toBe('');
});

test('styles stay with their lines', () => {
  const lines = new LogLines();
  const bold = { ...plain, bold: true };
  for (let i = 0; i < blockLines + 5; i += 1)
    lines.add({ text: 'ab', spans: i % 7 === 0 ? [{ at: 1, style: bold }] : [] });
  expect(lines.line(0).spans).toEqual([{ at: 1, style: bold }]);
  expect(lines.line(1).spans).toEqual([]);
  expect(lines.line(7 * 585).spans).toEqual([{ at: 1, style: bold }]);
});

test('the memory is bounded: the oldest lines go, and are counted', () => {
  const lines = linesOf(numbered(blockLines * 6), { characters: blockLines * 25, lines: 1_000_000 });
  expect(lines.dropped).toBeGreaterThan(0);
  expect(lines.dropped + lines.count).toBe(blockLines * 6);
  expect(lines.characters).toBeLessThanOrEqual(blockLines * 25);
  expect(lines.line(0).text).toBe(`line ${lines.dropped}`);
});

test('the tail is whole lines, as many as fit', () => {
  const lines = linesOf(['one', 'two', 'three']);
  expect(lines.tail(100)).toEqual({ text: 'one\ntwo\nthree\n', lines: 3 });
  expect(lines.tail(10)).toEqual({ text: 'two\nthree\n', lines: 2 });
  expect(lines.tail(2)).toEqual({ text: '', lines: 0 });
});

test('search finds each line once, whatever its case, and takes the query as it is written', () => {
  const lines = linesOf(['An Error here, error there', 'fine', '(error)', 'a.b', 'axb']);
  const find = (query: string): number[] => {
    const pattern = patternOf(query);
    return pattern === null ? [] : hitsInBlock(lines, 0, pattern, 0);
  };
  expect(find('error')).toEqual([0, 2]);
  expect(find('(ERR')).toEqual([2]);
  expect(find('a.b')).toEqual([3]);
  expect(find('')).toEqual([]);
  expect(matchesIn('An Error here, error there', /error/giu)).toEqual([
    [3, 8],
    [15, 20],
  ]);
});

test('search agrees with looking at each line', () => {
  const word = fc.constantFrom('ab', 'b', 'A', 'a b', 'xx', '');
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 60 }),
      fc.constantFrom('a', 'ab', 'B', ' b', 'zz'),
      fc.nat(60),
      (texts, query, from) => {
        const pattern = patternOf(query) ?? /$^/u;
        const expected = texts.flatMap((text, i) =>
          i >= from && text.toLowerCase().includes(query.toLowerCase()) ? [i] : [],
        );
        expect(hitsInBlock(linesOf(texts), 0, pattern, from)).toEqual(expected);
      },
    ),
  );
});

test('a query of any characters is no expression', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (query) => {
      const pattern = patternOf(query);
      expect(pattern === null ? [] : matchesIn(`<${query}>`, pattern).length).toBeGreaterThan(0);
    }),
  );
});

test('the pieces of a line are the line', () => {
  const spans = fc
    .array(fc.nat(20), { maxLength: 5 })
    .map((places) => [...new Set(places)].sort((a, b) => a - b));
  fc.assert(
    fc.property(
      fc.string({ maxLength: 20 }),
      spans,
      fc.array(fc.tuple(fc.nat(20), fc.nat(20))),
      (text, places, hits) => {
        const styled: Line = {
          text,
          spans: places.map((at, i) => ({ at, style: { ...plain, bold: i % 2 === 0 } })),
        };
        const sorted = hits.map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
        expect(
          piecesOf(styled, sorted)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(text);
      },
    ),
  );
});

const view = { scrollTop: 0, height: 400, rowHeight: 18 };

test('wrapped lines take their rows, and a row leads back to its line', () => {
  const index = new RowIndex(linesOf(['x'.repeat(5), 'x'.repeat(25), '', 'x'.repeat(10)]), 10);
  expect(index.rows).toBe(1 + 3 + 1 + 1);
  expect(index.lineAt(0)).toEqual({ line: 0, row: 0 });
  expect(index.lineAt(3)).toEqual({ line: 1, row: 1 });
  expect(index.lineAt(4)).toEqual({ line: 2, row: 4 });
  expect(index.rowOf(3)).toBe(5);
});

test('rows and lines agree at any width and length', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(300), { minLength: 1, maxLength: 3000 }),
      fc.integer({ min: 1, max: 90 }),
      fc.nat(),
      (lengths, columns, pick) => {
        const index = new RowIndex(linesOf(lengths.map((length) => 'x'.repeat(length))), columns);
        const at = pick % lengths.length;
        expect(index.lineAt(index.rowOf(at)).line).toBe(at);
      },
    ),
    { numRuns: 30 },
  );
});

test('a few dozen lines are drawn of a million, wherever one scrolls, and the last is reached', () => {
  const lines = linesOf(numbered(1_000_000));
  const index = new RowIndex(lines, 0);
  const page = pageHeight(index.rows, 18);
  expect(page).toBeLessThanOrEqual(tallest);
  for (const part of [0, 0.1, 0.5, 0.9, 1]) {
    const { first, end } = visibleLines(index, { ...view, scrollTop: part * (page - view.height) });
    expect(end - first).toBeLessThan(80);
    expect(first).toBeLessThanOrEqual(part * 1_000_000);
  }
  expect(visibleLines(index, { ...view, scrollTop: page - view.height }).end).toBe(1_000_000);
});

test('scrolling to a line brings it into view', () => {
  for (const count of [100, 1_000_000]) {
    const index = new RowIndex(linesOf(numbered(count)), 0);
    for (const wanted of [0, Math.floor(count / 3), count - 1]) {
      const scrollTop = scrollTo(index, wanted, view);
      const { first, end } = visibleLines(index, { ...view, scrollTop }, 0);
      expect(first).toBeLessThanOrEqual(wanted);
      expect(end).toBeGreaterThan(wanted);
    }
  }
});
