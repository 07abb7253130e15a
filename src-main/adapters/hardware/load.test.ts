import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { machineLoad, systemCounters } from './load.ts';

let proc: string;

beforeEach(() => {
  proc = mkdtempSync(join(tmpdir(), 'load-'));
});
afterEach(() => {
  rmSync(proc, { recursive: true });
});

const linux = (stat: string, meminfo = '') => {
  writeFileSync(join(proc, 'stat'), stat);
  writeFileSync(join(proc, 'meminfo'), meminfo);
  return machineLoad('linux', undefined, proc).read();
};

it('counts on Linux what worked: not what was idle, waited for a disk, or was stolen', async () => {
  const stat = 'cpu  100 20 30 1000 500 4 6 700 90 10\ncpu0 1 1 1 1 1 1 1 1 1 1\n';
  const meminfo = 'MemTotal:        2048000 kB\nMemFree: 1 kB\nMemAvailable:    1024000 kB\n';
  expect(await linux(stat, meminfo)).toEqual({ cpuSeconds: 1.6, memoryMiB: 1000 });
});

it('is null where the kernel tells nothing, or never counts', async () => {
  const nothing = { cpuSeconds: null, memoryMiB: null };
  expect(await linux('')).toEqual(nothing);
  expect(await linux('cpu  0 0 0 0 0 0 0 0 0 0\n', 'MemTotal: 5 kB\n')).toEqual(nothing);
  expect(await machineLoad('linux', undefined, '/nowhere').read()).toEqual(nothing);
});

it('asks the system where there is no /proc', async () => {
  const times = { user: 1000, nice: 0, sys: 500, idle: 9999, irq: 100 };
  const memory = () => Promise.resolve({ total: 3 << 20, available: 1 << 20 });
  const system = { cpus: () => [{ times }, { times }], memory };
  expect(await machineLoad('darwin', system).read()).toEqual({ cpuSeconds: 3.2, memoryMiB: 2 });
  expect(await machineLoad('win32', { ...system, cpus: () => [] }).read()).toEqual({
    cpuSeconds: null,
    memoryMiB: 2,
  });
  const broken = { ...system, memory: () => Promise.reject(new Error('vm_stat is missing')) };
  expect((await machineLoad('darwin', broken).read()).memoryMiB).toBeNull();
});

it.each(['darwin', 'win32'] as const)(
  'knows the memory of this machine by what is asked on %s',
  async (platform) => {
    const { total, available } = await systemCounters(platform).memory();
    expect(available).toBeGreaterThan(0);
    expect(available).toBeLessThan(total);
  },
);

it('grows on this machine while somebody works', async ({ skip }) => {
  const load = machineLoad(process.platform);
  const before = await load.read();
  if (before.cpuSeconds === null) skip('this kernel counts no CPU time');
  const spin = async (): Promise<number> => {
    const end = performance.now() + 50;
    while (performance.now() < end);
    return (await load.read()).cpuSeconds ?? 0;
  };
  await expect.poll(spin, { timeout: 15_000 }).toBeGreaterThan(before.cpuSeconds ?? 0);
  expect(before.memoryMiB).toBeGreaterThan(10);
});
