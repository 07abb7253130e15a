/** The first thing of a start, over what an earlier supervisor left. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { problem } from '../contract/problem.ts';
import { makeRecord } from '../core/testing/make.ts';
import { rowOf } from './agent-rows.ts';
import { Bench, forgeJob, remoteRecord, told } from './app.test-kit.ts';
import { localRecords, takeUp } from './take-up.ts';

let bench: Bench;
let failures: string[];

beforeEach(() => {
  vi.useFakeTimers();
  [bench, failures] = [new Bench(), []];
});
afterEach(() => {
  vi.useRealTimers();
});

const start = () => takeUp(bench.deps, bench.restart(), ({ message }) => failures.push(message));
const kept = (name: string) => bench.store.kept.get(name);

describe('taking up', () => {
  it('gives the local forge its own runners', async () => {
    bench.add({ name: 'away' });
    bench.state.put(makeRecord({ name: 'here' }));
    await start();
    expect(bench.restored).toEqual([['here']]);
    expect(localRecords(bench.state).map(({ name }) => name)).toEqual(['here']);
  });

  it('registers again what was not prepared yet: its secret was in memory alone', async () => {
    bench.state.put(remoteRecord({ name: 'secret', preparedAt: null, startedAt: null }));
    bench.state.put(remoteRecord({ name: 'prepared', startedAt: null }));
    bench.state.put(makeRecord({ name: 'local', preparedAt: null }));
    await start();
    expect(kept('secret')?.registration).toBeNull();
    expect(kept('prepared')?.registration).toBe('id-1');
    expect(kept('local')?.registration).toBe('id-1');
  });

  it('that fails, as on a full disk, is tried every second, and said once', async () => {
    const full = problem('disk-reserve', 'The disk is full.', 'Make room.');
    bench.restoring = () => Promise.reject(full);
    bench.state.put(remoteRecord({ preparedAt: null }));
    let done = false;
    const taking = start().then(() => (done = true));
    await vi.advanceTimersByTimeAsync(3500);
    expect(bench.restored).toHaveLength(4);
    expect({ done, failures, said: bench.said }).toEqual({
      done: false,
      failures: ['The disk is full.'],
      said: ['The disk is full. Make room.'],
    });
    bench.restoring = () => Promise.resolve();
    await vi.advanceTimersByTimeAsync(1000);
    await taking;
    expect(kept('r1')?.registration).toBeNull();
  });

  it('ends with a stop', async () => {
    bench.restoring = () => Promise.reject(new Error('no'));
    const taking = start();
    await vi.advanceTimersByTimeAsync(500);
    bench.state.stop = 'drain';
    await vi.advanceTimersByTimeAsync(1000);
    await taking;
    expect(bench.restored).toHaveLength(1);
  });
});

describe('after the machine went down with a job', () => {
  it('new work waits 10 minutes, counted once, whatever fails meanwhile', async () => {
    const process = { pid: 1, startTime: '1', bootId: 'before' };
    bench.state.put(makeRecord({ job: 'j1', process }));
    await start();
    const until = bench.wall + 600_000;
    expect(bench.state.uncleanUntil()).toBe(until);
    bench.store.kept.clear();
    bench.pass(60_000);
    await start();
    expect(bench.state.uncleanUntil()).toBe(until);
    expect(bench.said).toHaveLength(1);
  });

  it('counts the job of an agent that waits too, which its forge takes long to call lost: once a boot', async () => {
    const record = remoteRecord({ process: { pid: 1, startTime: '1', bootId: 'before' } });
    bench.state.put(record);
    await start();
    expect(bench.state.uncleanUntil()).toBeNull();
    bench.store.port.insertJob(rowOf(record, told(), forgeJob(), bench.deps.store));
    await start();
    const until = bench.wall + 600_000;
    expect(bench.state.uncleanUntil()).toBe(until);
    bench.pass(60_000);
    await start();
    expect(bench.state.uncleanUntil()).toBe(until);
    expect(bench.said).toHaveLength(1);
  });
});
