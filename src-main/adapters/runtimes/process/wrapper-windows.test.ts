import { expect, it } from 'vitest';
import { quoted, windowsArguments } from './wrapper-windows.ts';

it.each([
  ['plain', 'plain'],
  ['', '""'],
  ['a b', '"a b"'],
  ['say "hi"', '"say \\"hi\\""'],
  ['C:\\dir\\', 'C:\\dir\\'],
  ['C:\\my dir\\', '"C:\\my dir\\\\"'],
  ['a\\"b', '"a\\\\\\"b"'],
  ['two\nlines', '"two\nlines"'],
])('an argument %j is quoted as the C runtime reads it', (argument, text) => {
  expect(quoted(argument)).toBe(text);
});

it('the program stands alone, its arguments as one line', () => {
  const options = {
    state: 'S',
    log: 'L',
    cwd: 'C:\\w',
    bootId: 'B',
    umask: '22',
    masker: [],
    groups: [],
  };
  expect(windowsArguments('w.ps1', options, ['C:\\p x.exe', 'a b', '1']).slice(-6)).toEqual([
    'S',
    'B',
    'C:\\w',
    'L',
    'C:\\p x.exe',
    '"a b" 1',
  ]);
});
