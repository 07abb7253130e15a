import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Job } from '../../contract/job.ts';
import { ProblemError } from '../../contract/problem.ts';
import type { JobRow, Store } from '../../core/ports.ts';
import { openStore } from './open.ts';

let folder: string;
let store: Store;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bounds-'));
  store = openStore(join(folder, 'state.db')).store;
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

function row(id: string, change: Partial<Job> = {}): JobRow {
  const nothing = { pool: null, runner: null, url: null, arch: null, startedAt: null, endedAt: null };
  const noOutcome = { exitCode: null, result: null, endedBy: null, peak: { cpu: null, memoryMiB: null } };
  const first = { attempt: 1, retryOf: null, retriedAs: null };
  return {
    job: {
      id,
      forge: 'local',
      name: 'x',
      labels: [],
      state: 'queued',
      createdAt: 1,
      ...nothing,
      ...noOutcome,
      ...first,
      ...change,
    },
    submission: null,
    commit: null,
    cancelRequested: false,
    deadline: null,
    problem: null,
  };
}

it('finds open jobs at once among 100,000 ended ones', () => {
  store.transaction(() => {
    for (let n = 0; n < 100_000; n += 1) store.insertJob(row(`old${n}`, { state: 'succeeded' }));
    for (let n = 0; n < 20; n += 1) store.insertJob(row(`new${n}`));
  });
  const began = performance.now();
  expect(store.openJobs('local')).toHaveLength(20);
  for (let n = 0; n < 20; n += 1) expect(store.assignJob(`new${n}`, 'p', 'r')).toBe(true);
  // A scan of the table takes some 100 ms, twenty of them seconds.
  expect(performance.now() - began).toBeLessThan(1500);
}, 60_000);

it('says so when the disk is full, and goes on once there is room', async ({ skip }) => {
  const disk = mkdtempSync(join(tmpdir(), 'disk-'));
  const mounted = spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
  if (mounted.status !== 0) {
    rmSync(disk, { recursive: true });
    skip('a small tmpfs cannot be mounted here');
  }
  const small = openStore(join(disk, 'state.db')).store;
  try {
    let written = 0;
    const fill = () => {
      for (; written < 5000; written += 1)
        small.transaction(() => small.insertJob(row(`j${written}`, { name: 'x'.repeat(5000) })));
    };
    expect(fill).toThrow(ProblemError);
    expect(() => small.insertJob(row('more', { name: 'x'.repeat(50_000) }))).toThrow(/disk .* is full/);
    expect(small.jobs(1).total).toBe(written);
    spawnSync('/bin/mount', ['-o', 'remount,size=8m', disk]);
    small.insertJob(row('more', { name: 'x'.repeat(5000) }));
    expect(small.jobs(1).total).toBe(written + 1);
    const fillLater = async () => {
      for (; written < 5000; written += 1) {
        await small.grouped(() => {
          small.insertJob(row(`l${written}`, { name: 'x'.repeat(5000) }));
        });
      }
    };
    await expect(fillLater()).rejects.toThrow(/disk .* is full/);
    expect(small.jobs(1).total).toBe(written + 1);
  } finally {
    small.close();
    spawnSync('/bin/umount', ['--lazy', disk]);
    rmSync(disk, { recursive: true });
  }
});
