import { expect, it } from 'vitest';
import { noGroups } from './limits/none.ts';
import { launch, newRuntime, r1, r2, resources, useRealJobs } from './runtime.test-kit.ts';
import { usageOf } from './usage.ts';
import { RunnerTable } from './runner-table.ts';

useRealJobs();

const linux = process.platform === 'linux';
const busy = [process.execPath, '-e', 'const a = Buffer.alloc(64 << 20, 1); for (;;) a[0]++;'] as const;

it.skipIf(!linux)('has what running jobs use now, counted from their beginning', async () => {
  const runtime = newRuntime();
  await runtime.start(launch(busy), resources);
  const read = async () => (await runtime.usage([r1, r2])).get(r1);
  await expect.poll(async () => (await read())?.cpuSeconds ?? 0, { timeout: 15_000 }).toBeGreaterThan(0.3);
  const use = await read();
  expect(use?.memoryMiB).toBeGreaterThan(60);
  expect((await runtime.usage([r2])).size).toBe(0);
});

it('asks the group of a job first, and the process table for those without one', async () => {
  const limits = {
    ...noGroups({ cpuAffinity: false, enforce: false, nice: 0 }, false, 'this is a test.'),
    usage: (name: string) =>
      Promise.resolve(name === 'grouped' ? { cpuSeconds: 1, memoryMiB: 2, peakMiB: 3 } : null),
  };
  const processes = {
    startTimeOf: () => Promise.resolve(null),
    isAlive: () => Promise.resolve(true),
    signalGroup: () => Promise.resolve(),
    interruptChildren: () => Promise.resolve(),
    named: () => Promise.resolve([]),
    marked: () => Promise.resolve(new Map()),
    usageOf: (leaders: ReadonlySet<number>) =>
      Promise.resolve(
        new Map(
          [...leaders].filter((pid) => pid === 7).map((pid) => [pid, { cpuSeconds: pid, memoryMiB: 1 }]),
        ),
      ),
  };
  const table = new RunnerTable({
    ...{ root: '/nowhere', install: 'x', bootId: 'b', processes, now: () => 0, isBusy: () => false },
    ...{ found: () => Promise.resolve(), ending: () => Promise.resolve() },
  });
  const entry = (name: string, pid: number) =>
    Object.assign(table.entry(name), { process: { pid, startTime: '1', bootId: 'b' } });
  const used = await usageOf([entry('grouped', 6), entry('alone', 7), entry('gone', 8)], limits, processes);
  expect([...used]).toEqual([
    ['grouped', { cpuSeconds: 1, memoryMiB: 2, peakMiB: 3 }],
    ['alone', { cpuSeconds: 7, memoryMiB: 1, peakMiB: null }],
  ]);
});
