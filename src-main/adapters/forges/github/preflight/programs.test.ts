import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { programsOn } from './programs.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'programs-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it.skipIf(process.platform === 'win32')('finds what may be started, in absolute folders alone', () => {
  writeFileSync(join(folder, 'tool'), '');
  chmodSync(join(folder, 'tool'), 0o755);
  writeFileSync(join(folder, 'text'), '');
  chmodSync(join(folder, 'text'), 0o644);
  const has = programsOn(['/nowhere', folder].join(delimiter), 'linux');
  expect([has('tool'), has('none')]).toEqual([true, false]);
  expect(has('text')).toBe(false);
  expect(programsOn('.', 'linux')('package.json')).toBe(false);
  expect(programsOn('', 'linux')('tool')).toBe(false);
});

it.skipIf(process.platform === 'win32')('knows the endings of Windows', () => {
  writeFileSync(join(folder, 'node.exe'), '');
  chmodSync(join(folder, 'node.exe'), 0o755);
  expect(programsOn(folder, 'windows')('node')).toBe(true);
  expect(programsOn(folder, 'linux')('node')).toBe(false);
});
