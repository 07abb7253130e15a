import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os, { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { machineLoad } from './load.ts';

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
  return machineLoad('linux', os, proc).read();
};

it('counts on Linux what worked: not what was idle, waited for a disk, or was stolen', () => {
  const stat = 'cpu  100 20 30 1000 500 4 6 700 90 10\ncpu0 1 1 1 1 1 1 1 1 1 1\n';
  const meminfo = 'MemTotal:        2048000 kB\nMemFree: 1 kB\nMemAvailable:    1024000 kB\n';
  expect(linux(stat, meminfo)).toEqual({ cpuSeconds: 1.6, memoryMiB: 1000 });
});

it('is null where the kernel tells nothing, or never counts', () => {
  const nothing = { cpuSeconds: null, memoryMiB: null };
  expect(linux('')).toEqual(nothing);
  expect(linux('cpu  0 0 0 0 0 0 0 0 0 0\n', 'MemTotal: 5 kB\n')).toEqual(nothing);
  expect(machineLoad('linux', os, '/nowhere').read()).toEqual(nothing);
});

it('asks Node on other systems', () => {
  const times = { user: 1000, nice: 0, sys: 500, idle: 9999, irq: 100 };
  const system = { cpus: () => [{ times }, { times }], totalmem: () => 3 << 20, freemem: () => 1 << 20 };
  expect(machineLoad('darwin', system).read()).toEqual({ cpuSeconds: 3.2, memoryMiB: 2 });
  expect(machineLoad('win32', { ...system, cpus: () => [] }).read().cpuSeconds).toBeNull();
});

it('grows on this machine while somebody works', async ({ skip }) => {
  const load = machineLoad(process.platform, os);
  const before = load.read();
  if (before.cpuSeconds === null) skip('this kernel counts no CPU time');
  const spin = (): number => {
    const end = performance.now() + 50;
    while (performance.now() < end);
    return load.read().cpuSeconds ?? 0;
  };
  await expect.poll(spin, { timeout: 15_000 }).toBeGreaterThan(before.cpuSeconds ?? 0);
  expect(before.memoryMiB).toBeGreaterThan(10);
});
