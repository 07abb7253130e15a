import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDotenv } from './dotenv.ts';

const values = (text: string) => parseDotenv(text).values;

describe('parseDotenv', () => {
  it.each([
    ['A=1', '1'],
    ['export A=1', '1'],
    ['  A = 1  ', '1'],
    ['A=300  # 5 minutes', '300'],
    ['A=a#b', 'a#b'],
    ['A=a=b', 'a=b'],
    ['A=two words', 'two words'],
    [`A='a # $b \\n'`, 'a # $b \\n'],
    ['A="a # b" # comment', 'a # b'],
    ['A="line\\nnext \\"q\\" \\\\ \\$x"', 'line\nnext "q" \\ $x'],
    ['\uFEFFA=1\r\n', '1'],
    ['A=http://x/#y', 'http://x/#y'],
  ])('%j', (text, value) => expect(parseDotenv(text)).toEqual({ values: { A: value }, warnings: [] }));

  it('leaves out comments, empty lines and empty values', () => {
    expect(parseDotenv('# A=1\n\n  # x\nA=\nB=""\nC=   # none\n')).toEqual({ values: {}, warnings: [] });
  });

  it('names the line of what it does not understand, and nothing else of it', () => {
    const { values, warnings } = parseDotenv("A=1\nghp_secret\nB=\"open\nC=2\n9X=1\nD='a'b");
    expect(values).toEqual({ A: '1', C: '2' });
    expect(warnings).toEqual([
      'Line 2 of .env is not of the form KEY=value: it is left out.',
      'Line 3 of .env has quotes that do not close at its end: it is left out.',
      'Line 5 of .env is not of the form KEY=value: it is left out.',
      'Line 6 of .env has quotes that do not close at its end: it is left out.',
    ]);
  });

  it('lets the last of two lines count and says so', () => {
    expect(parseDotenv('A=1\nA=2')).toEqual({
      values: { A: '2' },
      warnings: ['Line 2 of .env sets A once more: the last one counts.'],
    });
    expect(values('A=1\nA=')).toEqual({ A: '1' });
  });

  it('keeps names that objects have by nature apart', () => {
    expect(Object.hasOwn(values('__proto__=1'), '__proto__')).toBe(true);
    expect(Object.keys(values('constructor=1'))).toEqual(['constructor']);
  });

  it('reads back what is written in double quotes', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !/[\0]/.test(text) && text !== ''),
        (text) => {
          const quoted = text
            .replaceAll(/["\\$]/g, (c) => `\\${c}`)
            .replaceAll('\n', '\\n')
            .replaceAll('\r', '\\r');
          expect(values(`A="${quoted}"`)).toEqual({ A: text });
        },
      ),
    );
  });
});
