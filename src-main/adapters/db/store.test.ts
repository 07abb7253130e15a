import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Job, notEnded } from '../../contract/job.ts';
import type { JobRow, Outcome, Store, StoredPause } from '../../core/ports.ts';
import type { RunnerRecord } from '../../core/runner.ts';
import { connect } from './connection.ts';
import { openStore } from './open.ts';

// Real git and real disks on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let folder: string;
let path: string;
let store: Store;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-'));
  path = join(folder, 'state.db');
  store = openStore(path).store;
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

function row(id: string, change: Partial<Job> = {}): JobRow {
  return {
    job: {
      id,
      forge: 'local',
      pool: null,
      runner: null,
      name: 'make test',
      url: null,
      labels: ['gpu', 'ünïcode'],
      arch: 'x64',
      state: 'queued',
      createdAt: 1_764_000_000_123,
      startedAt: null,
      ...notEnded,
      ...change,
    },
    submission: {
      command: ['printf', 'a\nb', '"quoted"'],
      dir: '/tmp/x',
      source: 'commit',
      pool: null,
      labels: [],
      arch: null,
      env: { A: 'b' },
      secrets: ['TOKEN'],
      outputs: ['out'],
      caches: [],
      timeoutSeconds: 60,
      retries: 2,
    },
    commit: 'f'.repeat(40),
    cancelRequested: false,
    deadline: null,
    problem: null,
  };
}

const outcome = (change: Partial<Outcome> = {}): Outcome => ({
  state: 'succeeded',
  exitCode: 0,
  result: 'It succeeded.',
  endedBy: 'job',
  endedAt: 1_764_000_009_000,
  peak: { cpu: 1.5, memoryMiB: 12.25 },
  problem: null,
  ...change,
});

function record(name: string, job: string | null = null): RunnerRecord {
  return {
    name,
    pool: 'local',
    forge: 'local',
    scope: null,
    account: null,
    group: null,
    madeFor: null,
    arch: 'x64',
    labels: ['linux'],
    resources: { cpus: [0, 1], memoryMiB: 512, pids: 100, gpus: [] },
    oneJob: false,
    intendedAt: 1.5,
    notBefore: 0,
    registration: null,
    preparedAt: null,
    process: null,
    startedAt: null,
    job,
    jobsDone: 0,
    idleSince: null,
    ending: null,
    fencedAt: null,
    signalledAt: null,
    removedAt: null,
    failure: null,
  };
}

describe('jobs', () => {
  it('gives back what was written, from the file too', () => {
    store.insertJob(row('a'));
    expect(store.job('a')).toEqual(row('a'));
    store.close();
    store = openStore(path).store;
    expect(store.job('a')).toEqual(row('a'));
    expect(store.job('b')).toBeNull();
  });

  it('lists the newest first, the open ones oldest first and by forge', () => {
    for (const id of ['a', 'b', 'c']) store.insertJob(row(id));
    store.insertJob(row('g', { forge: 'github' }));
    store.endJob('b', outcome());
    expect(store.jobs(2)).toEqual({ rows: [row('g', { forge: 'github' }), row('c')], total: 4 });
    expect(store.openJobs('local').map((r) => r.job.id)).toEqual(['a', 'c']);
    expect(store.openJobs('github').map((r) => r.job.id)).toEqual(['g']);
  });

  it('refuses a second job of the same id', () => {
    store.insertJob(row('a'));
    expect(() => store.insertJob(row('a'))).toThrow(/UNIQUE/);
  });

  it('moves a job forward and says when it was too late', () => {
    store.insertJob(row('a'));
    expect(store.startJob('a', 'r', 1, null)).toBe(false);
    expect(store.assignJob('a', 'p', 'r')).toBe(true);
    expect(store.assignJob('a', 'p', 'other')).toBe(false);
    expect(store.startJob('a', 'other', 1, null)).toBe(false);
    expect(store.startJob('a', 'r', 5, 99)).toBe(true);
    expect(store.endJob('a', outcome({ state: 'failed', exitCode: 3 }))).toBe(true);
    expect(store.endJob('a', outcome())).toBe(false);
    expect(store.job('a')).toMatchObject({
      deadline: 99,
      job: { state: 'failed', exitCode: 3, pool: 'p', runner: 'r', startedAt: 5, peak: { cpu: 1.5 } },
    });
  });

  it('links a retry and remembers a cancellation, of open jobs only', () => {
    store.insertJob(row('a'));
    store.requestCancel('a');
    expect(store.job('a')?.cancelRequested).toBe(true);
    store.endJob('a', outcome());
    store.linkRetry('a', 'a-2');
    expect(store.job('a')?.job.retriedAs).toBe('a-2');
    store.insertJob(row('b'));
    store.endJob('b', outcome());
    store.requestCancel('b');
    expect(store.job('b')?.cancelRequested).toBe(false);
  });

  it('forgets the oldest ended ones, never an open one', () => {
    for (const id of ['a', 'b', 'c', 'd', 'e']) store.insertJob(row(id));
    for (const id of ['a', 'c', 'e']) store.endJob(id, outcome());
    expect(store.jobsBeyond(5)).toEqual([]);
    expect(store.jobsBeyond(1)).toEqual(['a', 'c']);
    expect(store.jobsBeyond(0)).toEqual(['a', 'c', 'e']);
    store.deleteJob('b');
    store.deleteJob('a');
    expect(store.jobs(10).rows.map((r) => r.job.id)).toEqual(['e', 'd', 'c', 'b']);
  });

  it('lets nobody overwrite an outcome or go back, whoever writes the SQL', () => {
    store.insertJob(row('a'));
    store.assignJob('a', 'p', 'r');
    const raw = connect(path);
    expect(() => raw.run(`UPDATE jobs SET state = 'queued' WHERE id = 'a'`)).toThrow(/forward only/);
    store.endJob('a', outcome());
    expect(() => raw.run(`UPDATE jobs SET state = 'lost' WHERE id = 'a'`)).toThrow(/forward only|never/);
    expect(() => raw.run(`UPDATE jobs SET exit_code = 1 WHERE id = 'a'`)).toThrow(/never overwritten/);
    expect(() => raw.run(`UPDATE jobs SET state = 'gone' WHERE id = 'a'`)).toThrow();
    raw.close();
    expect(store.job('a')?.job.state).toBe('succeeded');
  });

  it('keeps states forward only and one outcome in any order of calls', () => {
    const call = fc.oneof(
      fc.record({ do: fc.constant('assign' as const), runner: fc.constantFrom('r1', 'r2') }),
      fc.record({ do: fc.constant('start' as const), runner: fc.constantFrom('r1', 'r2') }),
      fc.record({
        do: fc.constant('end' as const),
        state: fc.constantFrom(
          'succeeded' as const,
          'failed' as const,
          'cancelled' as const,
          'lost' as const,
        ),
      }),
      fc.record({ do: fc.constant('cancel' as const) }),
    );
    const rank = (state: string) => Math.max(0, ['queued', 'assigned', 'running'].indexOf(state) + 1) || 4;
    let n = 0;
    fc.assert(
      fc.property(fc.array(call, { maxLength: 12 }), (calls) => {
        const id = `j${n++}`;
        store.insertJob(row(id));
        let [before, ends] = [rank('queued'), 0];
        let ended: JobRow | null = null;
        for (const c of calls) {
          let changed = false;
          if (c.do === 'assign') changed = store.assignJob(id, 'p', c.runner);
          else if (c.do === 'start') changed = store.startJob(id, c.runner, 1, null);
          else if (c.do === 'end') changed = store.endJob(id, outcome({ state: c.state }));
          else store.requestCancel(id);
          const now = store.job(id)!;
          const after = rank(now.job.state);
          expect(after > before).toBe(changed);
          if (!changed) expect(after).toBe(before);
          if (changed && c.do === 'end') [ended, ends] = [now, ends + 1];
          if (ended !== null) expect(now).toEqual(ended);
          before = after;
        }
        expect(ends).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60 },
    );
  });
});

describe('transactions', () => {
  it('keeps all or nothing', () => {
    expect(() =>
      store.transaction(() => {
        store.insertJob(row('a'));
        store.putRunner(record('r', 'a'));
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(store.job('a')).toBeNull();
    expect(store.runners()).toEqual([]);
    expect(store.transaction(() => (store.insertJob(row('a')), 7))).toBe(7);
  });

  it('undoes an inner one alone', () => {
    store.transaction(() => {
      store.insertJob(row('a'));
      expect(() =>
        store.transaction(() => {
          store.insertJob(row('b'));
          throw new Error('inner');
        }),
      ).toThrow('inner');
      store.insertJob(row('c'));
    });
    expect(store.jobs(9).rows.map((r) => r.job.id)).toEqual(['c', 'a']);
  });
});

describe('the rest', () => {
  it('keeps runners by name', () => {
    store.putRunner(record('r'));
    store.putRunner({ ...record('r'), jobsDone: 3 });
    store.putRunner(record('q'));
    store.deleteRunner('q');
    expect(store.runners()).toEqual([{ ...record('r'), jobsDone: 3 }]);
    expect(store.runner('r')).toEqual({ ...record('r'), jobsDone: 3 });
    expect(store.runner('q')).toBeNull();
  });

  it('keeps refs, by job too', () => {
    const ref = (job: string) => ({ repository: '/r', ref: `refs/homerunner/${job}`, job });
    for (const job of ['a', 'b', 'b']) store.putRef('/r', `refs/homerunner/${job}`, job);
    expect(store.refs()).toEqual([ref('a'), ref('b')]);
    expect(store.refs('b')).toEqual([ref('b')]);
    store.deleteRef('/r', 'refs/homerunner/a');
    expect(store.refs()).toEqual([ref('b')]);
  });

  it('keeps one pause for each pool and one for the host', () => {
    const pause = (pool: string | null, reason: string): StoredPause => ({
      pool,
      pause: { by: 'owner', reason, until: null, kind: 'indefinite' },
      setAt: 1,
      duration: null,
      bootId: 'b',
    });
    store.putPause(pause(null, 'x'));
    store.putPause(pause(null, 'y'));
    store.putPause(pause('p', 'z'));
    expect(store.pauses()).toEqual([pause(null, 'y'), pause('p', 'z')]);
    expect(store.deletePause(null)).toBe(true);
    expect(store.deletePause(null)).toBe(false);
    expect(store.pauses()).toEqual([pause('p', 'z')]);
  });

  it('keeps events in order, and meta values', () => {
    for (const at of [3, 1, 2]) store.appendEvent({ at, kind: 'job', subject: null, message: `m${at}` });
    expect(store.events(2, 9).map((e) => e.at)).toEqual([2, 3]);
    expect(store.events(0, 1)).toEqual([{ at: 1, kind: 'job', subject: null, message: 'm1' }]);
    store.setMeta('k', 'v');
    store.setMeta('k', 'w');
    expect([store.meta('k'), store.meta('none')]).toEqual(['w', null]);
  });
});
