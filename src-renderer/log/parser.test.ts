import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Line, LogParser, longestLine } from './parser.ts';
import { classOf } from './style.ts';

/** The lines that a program's output gives, with the one that has not ended. */
function linesOf(...chunks: readonly string[]): Line[] {
  const lines: Line[] = [];
  const parser = new LogParser((line) => lines.push(line));
  for (const chunk of chunks) parser.push(chunk);
  return parser.pending === null ? lines : [...lines, parser.pending];
}
const textsOf = (...chunks: readonly string[]): string[] => linesOf(...chunks).map((line) => line.text);
const looksOf = (text: string): string[] =>
  linesOf(text).flatMap((line) => line.spans.map((span) => `${span.at} ${classOf(span.style)}`.trim()));

describe('the text of a log', () => {
  test.each([
    ['plain lines', 'a\nb\n', ['a', 'b']],
    ['lines of Windows', 'a\r\nb\r\n', ['a', 'b']],
    ['empty lines', 'a\n\n\nb', ['a', '', '', 'b']],
    ['a line that has not ended', 'a\nb', ['a', 'b']],
    ['progress over itself', '10 %\r20 %\r100 %\n', ['100 %']],
    ['a shorter text over a longer one', 'abcdef\rxy\n', ['xycdef']],
    ['erased to the end', 'abcdef\rxy\u001b[K\n', ['xy']],
    ['erased whole', 'abcdef\u001b[2K\rz\n', ['z']],
    ['erased to its begin', 'abcdef\u001b[3D\u001b[1K\n', ['    ef']],
    ['a backspace', 'abd\bc\n', ['abc']],
    ['moves to a column', 'abc\u001b[10Gx\n', ['abc      x']],
    ['a tab', 'a\tb\n', ['a\tb']],
    ['a title of the window', '\u001b]0;title\u0007text\n', ['text']],
    ['a link', '\u001b]8;;https://example.invalid\u001b\\text\u001b]8;;\u001b\\\n', ['text']],
    ['cursor hidden', '\u001b[?25lx\u001b[?25h\n', ['x']],
    ['a character set', '\u001b(Bx\n', ['x']],
    ['the bell', 'a\u0007b\n', ['ab']],
    ['a string without an end', '\u001b]0;title\nnext\n', ['', 'next']],
    ['a device control string', '\u001bPq#0;2\u001b\\x\n', ['x']],
    ['8-bit controls', '\u009b31mred\u009b0m\n', ['red']],
    ['HTML as text', '<b onclick="x()">&amp;</b>\n', ['<b onclick="x()">&amp;</b>']],
    ['emoji', 'ok 👍🏽 done\n', ['ok 👍🏽 done']],
  ])('%s', (_, output, expected) => {
    expect(textsOf(output)).toEqual(expected);
  });

  test('a line that never ends is cut as a terminal would', () => {
    const lines = textsOf('x'.repeat(longestLine * 2 + 5));
    expect(lines.map((line) => line.length)).toEqual([longestLine, longestLine, 5]);
  });

  test('a sequence that never ends does not swallow the log', () => {
    const lines = textsOf(`\u001b[${'1;'.repeat(10_000)}`, '\nnext\n');
    expect(lines.at(-1)).toBe('next');
  });
});

describe('the looks of a log', () => {
  test.each([
    ['a colour and its end', 'a\u001b[31mb\u001b[0mc', ['1 in-red', '2']],
    ['bold and a colour', '\u001b[1;32mx', ['0 in-green is-bold']],
    ['bright colours', '\u001b[94mx', ['0 in-blue']],
    ['one of 256', '\u001b[38;5;196mx', ['0 in-red']],
    ['a grey of 256', '\u001b[38;5;240mx', ['0 in-dim']],
    ['true colour', '\u001b[38;2;40;200;220mx', ['0 in-cyan']],
    ['true colour with colons', '\u001b[38:2:250:60:50mx', ['0 in-red']],
    ['white stays the text colour', '\u001b[37mx', []],
    ['a ground takes plain text', '\u001b[31;44mx', ['0 on-blue']],
    ['inverse', '\u001b[7mx\u001b[27my', ['0 on-text', '1']],
    ['over several lines', '\u001b[33ma\nb', ['0 in-yellow', '0 in-yellow']],
    ['dim, italic, underlined, struck', '\u001b[2;3;4;9mx', ['0 in-dim is-italic is-underline is-strike']],
    ['unknown parameters', '\u001b[31;999mx', ['0 in-red']],
    ['an end without parameters', '\u001b[31mx\u001b[my', ['0 in-red', '1']],
  ])('%s', (_, output, expected) => {
    expect(looksOf(output)).toEqual(expected);
  });
});

const piece = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom(
    '\n',
    '\r',
    '\r\n',
    '\b',
    '\t',
    '\u001b',
    '\u001b[',
    '\u001b[31m',
    '\u001b[0m',
    '\u001b[K',
    '\u001b[2K',
  ),
  fc.constantFrom(
    '\u001b[5D',
    '\u001b[9C',
    '\u001b[12G',
    '\u001b]0;t\u0007',
    '\u001bP',
    '\u001b\\',
    '\u009b1m',
    '\u0000',
    '\u0085',
  ),
);
const output = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));

test('however it is cut into chunks, a log is the same', () => {
  fc.assert(
    fc.property(output, fc.array(fc.nat(200), { maxLength: 5 }), (text, cuts) => {
      const chars = Array.from(text);
      const places = [0, ...cuts.map((cut) => cut % (chars.length + 1)), chars.length].sort((a, b) => a - b);
      const chunks = places.slice(1).map((end, i) => chars.slice(places[i], end).join(''));
      expect(linesOf(...chunks)).toEqual(linesOf(text));
    }),
  );
});

test('nothing of a log but text, tabs and styles gets through', () => {
  fc.assert(
    fc.property(output, (text) => {
      for (const line of linesOf(text)) {
        expect(line.text).not.toMatch(/[^\t\P{Cc}]/u);
        expect(line.spans.every((span) => span.at <= line.text.length)).toBe(true);
      }
    }),
  );
});

test('text without controls is kept as it is', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme' }).filter((line) => !/\p{Cc}/u.test(line))),
      (lines) => {
        expect(textsOf(lines.map((line) => `${line}\n`).join(''))).toEqual(lines);
      },
    ),
  );
});
