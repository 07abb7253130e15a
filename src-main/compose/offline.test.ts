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

it('tells the history, with the end of a supervisor that was killed, and of pauses set meanwhile', async () => {
  const { store } = openStore(join(home, 'state.db'));
  store.appendEvent({ at: 1000, kind: 'online', subject: null, message: 'The supervisor started.' });
  store.setMeta('lastSeen', '5000');
  store.close();
  api = await offline(home);
  const end = { kind: 'indefinite' } as const;
  await api.execute('pause', { pool: null, reason: 'call', end });
  const history = await api.execute('history', { from: 2000 });
  expect(history.ok && history.value).toMatchObject({
    jobs: [],
    spans: [
      { kind: 'offline', pool: null, from: 5000, to: null, message: 'Ended without a farewell.' },
      { kind: 'pause', pool: null, to: null, message: 'call' },
    ],
  });
  await api.execute('resume', { pool: null });
  const after = await api.execute('history', { from: 2000 });
  expect(after.ok && after.value.spans.filter((span) => span.to === null)).toHaveLength(1);
});

it('edits the configuration, and reports', async () => {
  api = await offline(home);
  const change = { reserve: { cpuPercent: 95, memoryPercent: 95 } };
  const edited = await api.execute('config.edit', { change });
  expect(edited.ok && edited.value.settings.reserve).toEqual(change.reserve);
  const text = JSON.stringify({ resyncSeconds: 9 });
  const imported = await api.execute('config.import', { text });
  expect(imported.ok && imported.value.notes.at(-1)).toMatch(/kept as .*config\.json\.before-/);
  const shown = await api.execute('config.show', {});
  expect(shown.ok && shown.value.settings).toMatchObject({ resyncSeconds: 9, reserve: { cpuPercent: 20 } });
  const report = await api.execute('report', {});
  expect(report.ok && report.value.text).toMatch(/No supervisor runs\.[^]*"resyncSeconds": 9/);
  const again = await api.execute('job.again', { job: 'x' });
  expect(!again.ok && again.problem.code).toBe('no-supervisor');
  const load = api.stream.bind(api, 'load', { interval: 500 }, new AbortController().signal);
  expect(load).toThrow(/No supervisor runs/);
});
