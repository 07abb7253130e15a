import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lastLines } from './tail.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tail-'));
  file = join(folder, 'a.log');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

it('has the newest lines, those of the file before it too', () => {
  writeFileSync(`${file}.1`, 'one\ntwo\n');
  writeFileSync(file, 'three\nfour\nhalf');
  expect(lastLines(file, 2)).toEqual(['four', 'half']);
  expect(lastLines(file, 4)).toEqual(['two', 'three', 'four', 'half']);
  expect(lastLines(file, 99)).toHaveLength(5);
});

it('reads the end of a long one only, and no part of a line', () => {
  writeFileSync(file, Array.from({ length: 20_000 }, (_, n) => `line ${n} ${'ü'.repeat(50)}\n`).join(''));
  const lines = lastLines(file, 1_000_000);
  expect(lines.length).toBeLessThan(19_999);
  expect(lines[0]).toMatch(/^line \d+ ü{50}$/);
  expect(lines.at(-1)).toMatch(/^line 19999 /);
});

it('is empty where there is nothing to read', ({ skip }) => {
  expect(lastLines(file, 9)).toEqual([]);
  expect(lastLines(folder, 9)).toEqual([]);
  if (process.platform === 'win32') skip('Windows has no named pipes in folders');
  execFileSync('mkfifo', [file]);
  expect(lastLines(file, 9)).toEqual([]);
}, 10_000);
