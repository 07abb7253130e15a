import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Job } from '../../contract/job.ts';
import type { Outcome, Store } from '../../core/ports.ts';
import { makeRecord } from '../../core/testing/make.ts';
import { openStore } from './open.ts';

let folder: string;
let store: Store;

const reopen = (): void => {
  ({ store } = openStore(join(folder, 'db')));
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unnamed-'));
  reopen();
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const record = makeRecord({ name: 'hr-1', forge: 'github' });
const told = {
  ...{ name: 'build', startedAt: 5, endedAt: null, result: null },
  ...{ repository: null, run: null },
};
const peak = { cpu: null, memoryMiB: null };

function begin(id: string): void {
  const job: Job = {
    ...{ id, forge: 'github', pool: 'p', runner: 'hr-1', name: 'build', url: null, labels: [], arch: null },
    ...{ state: 'running', createdAt: 5, startedAt: 5, endedAt: null, exitCode: null, result: null },
    ...{ endedBy: null, peak, attempt: 1, retryOf: null, retriedAs: null },
  };
  const nothing = { submission: null, commit: null, cancelRequested: false, deadline: null, problem: null };
  store.insertJob({ job, ...nothing });
  store.putUnnamed({ job: id, record, told });
}

it('what a job without a name is asked for with is kept until it has one, whether it has ended or not', () => {
  const outcome: Outcome = {
    ...{ state: 'succeeded', exitCode: null, result: 'It succeeded.', endedBy: 'job', endedAt: 9 },
    ...{ peak, problem: null },
  };
  begin('a');
  begin('b');
  store.endJob('a', outcome);
  store.putUnnamed({ job: 'a', record, told: { ...told, run: '7' } });
  store.close();
  reopen();
  expect(store.unnamed()).toEqual([
    { job: 'a', record, told: { ...told, run: '7' } },
    { job: 'b', record, told },
  ]);

  const url = 'https://github.com/r/1';
  const named = { id: 'gh-1', name: 'site · build', url, labels: ['linux'], createdAt: 3 };
  expect(store.nameJob('a', named)).toBe(true);
  expect(store.job('a')).toBeNull();
  expect(store.job('gh-1')?.job).toMatchObject({ ...named, state: 'succeeded', endedAt: 9 });
  store.deleteUnnamed('b');
  expect(store.unnamed()).toEqual([]);
  expect(store.nameJob('gone', { ...named, id: 'gh-2' })).toBe(false);
});
