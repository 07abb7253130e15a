import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStore } from '../adapters/db/open.ts';
import type { Offline } from '../cli/world.ts';
import { offline } from './offline.ts';

let home: string;
let api: Offline | null = null;

beforeEach(() => {
  home = join(mkdtempSync(join(tmpdir(), 'offline-')), 'home');
  mkdirSync(home, { mode: 0o700 });
});
afterEach(async () => {
  await api?.closed;
  api = null;
  rmSync(join(home, '..'), { recursive: true });
});

it('says that it set a damaged database aside', async () => {
  writeFileSync(join(home, 'state.db'), 'garbage '.repeat(2000));
  api = await offline(home);
  expect(api.notes).toEqual([expect.stringMatching(/was set aside as .* Keep the file/)]);
  await api.closed;
  api = await offline(home);
  expect(api.notes).toEqual([]);
});

it('resumes after the machine went down, once', async () => {
  const { store } = openStore(join(home, 'state.db'));
  store.setMeta('uncleanUntil', '1900000000000');
  store.close();
  api = await offline(home);
  const pool = await api.execute('resume', { pool: 'local' });
  expect(pool.ok && pool.value.resumed).not.toBe(true);
  expect(await api.execute('resume', { pool: null })).toEqual({ ok: true, value: { resumed: true } });
  expect(await api.execute('resume', { pool: null })).toEqual({ ok: true, value: { resumed: false } });
});
