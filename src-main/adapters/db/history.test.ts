import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Job } from '../../contract/job.ts';
import { spansOf } from '../../core/history.ts';
import type { EventKind, JobRow, Store, StoredEvent } from '../../core/ports.ts';
import { connect } from './connection.ts';
import { migrations } from './migrations.ts';
import { openStore } from './open.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let folder: string;
let path: string;
let store: Store;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'history-'));
  path = join(folder, 'state.db');
  store = openStore(path).store;
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const job = (id: string, startedAt: number | null, endedAt: number | null): Job => ({
  ...{ id, forge: 'local', pool: 'p', runner: 'r', name: 'make', url: null, labels: ['a'], arch: null },
  ...{ state: endedAt !== null ? 'failed' : startedAt !== null ? 'running' : 'queued', createdAt: 1 },
  ...{ startedAt, endedAt, exitCode: null, result: null, endedBy: null },
  ...{ peak: { cpu: 1.5, memoryMiB: 2 }, attempt: 1, retryOf: null, retriedAs: null },
});
const put = (made: Job): void => {
  const nothing = { submission: null, commit: null, cancelRequested: false, deadline: null, problem: null };
  store.insertJob({ job: made, ...nothing } satisfies JobRow);
};
const say = (at: number, kind: EventKind, subject: string | null = null, message = ''): StoredEvent => {
  const event = { at, kind, subject, message };
  store.appendEvent(event);
  return event;
};

describe('jobsBetween', () => {
  it('finds what ran at some moment of it, by when it started', () => {
    for (const made of [
      job('later', 60, null),
      job('before', 10, 19),
      job('into', 10, 20),
      job('waits', null, null),
      job('never began', null, 30),
      job('within', 22, 25),
      job('beyond', 5, 500),
      job('running', 8, null),
    ])
      put(made);
    const found = store.jobsBetween(20, 50, 9);
    expect(found.map((j) => j.id)).toEqual(['beyond', 'running', 'into', 'within']);
    expect(found[1]).toEqual(job('running', 8, null));
  });

  it('keeps the newest where there are more', () => {
    for (let n = 0; n < 20; n += 1) put(job(`j${n}`, n, n + 1));
    put(job('running', 0, null));
    expect(store.jobsBetween(0, 99, 3).map((j) => j.id)).toEqual(['running', 'j18', 'j19']);
  });

  it('asks an index, not the table', () => {
    store.close();
    const db = connect(path);
    const plan = (where: string) =>
      db
        .all(`EXPLAIN QUERY PLAN SELECT id FROM jobs WHERE started_at IS NOT NULL AND ${where}`)
        .map((row) => String(row['detail']));
    expect(plan('ended_at >= 5 AND started_at <= 9 ORDER BY ended_at DESC LIMIT 9')).toEqual([
      expect.stringMatching(/^SEARCH jobs USING INDEX jobs_ran/),
    ]);
    expect(plan('ended_at IS NULL AND started_at <= 9 ORDER BY started_at DESC LIMIT 9')).toEqual([
      expect.stringMatching(/^SEARCH jobs USING INDEX jobs_ran/),
    ]);
    db.close();
    ({ store } = openStore(path));
  });
});

describe('events', () => {
  it('drops the oldest moments, and no stretch of time for them', () => {
    const begun = [say(1, 'online'), say(2, 'pause', 'p', 'heat'), say(3, 'reason', null, 'disk')];
    store.transaction(() => {
      for (let n = 0; n < 20_100; n += 1) say(10 + n, n % 2 === 0 ? 'phase' : 'job', 'r', 'idle: x');
    });
    expect(store.events(0, 99_999)).toHaveLength(20_000 + begun.length);
    expect(store.spanEvents(0)).toEqual(begun);
    expect(spansOf(store.spanEvents(20_000), 20_000, 30_000)).toHaveLength(2);
  });

  it('drops the oldest stretches too, late', () => {
    store.transaction(() => {
      for (let n = 0; n < 10_002; n += 1) say(n, n % 2 === 0 ? 'pause' : 'resume', null, 'x');
    });
    expect(store.spanEvents(0)).toHaveLength(10_000);
    expect(store.spanEvents(0)[0]?.at).toBe(2);
  });

  it('gives what led to the window: the last of each kind and subject', () => {
    say(1, 'pause', 'p', 'old');
    const led = [say(2, 'online'), say(3, 'pause', null, 'x'), say(4, 'pause', 'p', 'new'), say(5, 'resume')];
    const within = [say(12, 'resume', 'p'), say(11, 'offline')];
    expect(store.spanEvents(10)).toEqual([...led, ...within.reverse()]);
    expect(store.events(3, 2).map((e) => e.at)).toEqual([3, 4]);
  });
});

it('takes over the events of a database of the first version', () => {
  store.close();
  rmSync(path);
  const db = connect(path);
  db.exec(migrations[0] ?? '');
  db.exec('PRAGMA user_version = 1');
  const kinds = ['online', 'phase', 'pause', 'job', 'resume', 'offline'];
  for (const [at, kind] of kinds.entries())
    db.run('INSERT INTO events (at, kind, subject, message) VALUES (?, ?, NULL, ?)', at, kind, 'm');
  db.close();
  const opened = openStore(path);
  ({ store } = opened);
  expect(opened.problem).toBeNull();
  expect(store.events(0, 99).map((e) => e.kind)).toEqual(kinds);
  expect(store.spanEvents(0).map((e) => e.kind)).toEqual(['online', 'pause', 'resume', 'offline']);
  put(job('a', 1, 2));
  expect(store.jobsBetween(0, 9, 9)).toHaveLength(1);
});
