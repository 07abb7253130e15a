import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readEnvironmentFile } from './environment.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'environment-'))));
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const read = (text: string) => {
  const file = path.join(folder, '.env');
  writeFileSync(file, text);
  return readEnvironmentFile(file, 'x64');
};

test('the token of the pool’s account is told only where it is asked for', async () => {
  const found = await read('GITHUB_REPOSITORY=octo/app\nGIT_TOKEN= sEcReT \n');
  expect(found).toMatchObject({ pool: { scope: 'octo/app' }, account: { kind: 'environment' } });
  expect(found.token()).toBe('sEcReT');
  expect(JSON.stringify(found)).not.toContain('sEcReT');
});

test.skipIf(process.platform === 'win32')(
  'without a token the gh program is asked, for the host that is meant',
  async () => {
    const program = path.join(folder, 'gh');
    writeFileSync(program, '#!/bin/sh\n[ "$*" = "auth token --hostname git.lab" ] && echo sEcReT\n');
    chmodSync(program, 0o755);
    vi.stubEnv('PATH', `${folder}:${process.env['PATH'] ?? ''}`);
    const there = await read('GITHUB_REPOSITORY=https://git.lab/octo/app\n');
    expect(there).toMatchObject({ pool: { account: 'env' }, account: { kind: 'gh' }, problems: [] });
    expect(there.token()).toBeNull();
    expect(JSON.stringify(there)).not.toContain('sEcReT');
    expect(await read('GITHUB_REPOSITORY=octo/app\n')).toMatchObject({
      pool: null,
      problems: [{ code: 'unauthorized' }],
    });
  },
);
