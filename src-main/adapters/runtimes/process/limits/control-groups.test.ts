import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { afterAll, describe, expect, it } from 'vitest';
import { ended, lives, newRuntime, printed, r1, sh, launch, useRealJobs } from '../runtime.test-kit.ts';
import { openLimits } from './open-limits.ts';

const install = `test${process.pid}`;
const settings = { cpuAffinity: true, enforce: true, nice: 0 };
const path = process.env['PATH'] ?? '';
const open = (more: Partial<typeof settings> = {}) =>
  openLimits({ platform: 'linux', install, settings: { ...settings, ...more }, path });
const limits = await open();
const resources = { cpus: 0.5, memoryMiB: 64, pids: 20, gpus: [] };
const runtime = () => newRuntime({ limits, install });
const lastCpu = cpus().length - 1;

useRealJobs();

afterAll(() => {
  expect(ourGroups()).toEqual([]);
});

function ourGroups(folder = '/sys/fs/cgroup'): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory()) return [];
    const path = `${folder}/${entry.name}`;
    return entry.name === `homerunner-${install}` ? [path] : ourGroups(path);
  });
}

const groupOf = (pid: number | string) => readFileSync(`/proc/${pid}/cgroup`, 'utf8');

describe.skipIf(!limits.can.limits)('control groups (skipped: this user can write none here)', () => {
  it('say what they cannot do', () => {
    expect(limits.notEnforced).toEqual([]);
    expect(limits.can).toEqual({ cpuset: true, limits: true });
  });

  it('hold the job from its first moment, and are read back', async () => {
    const r = runtime();
    await r.start(sh('cat /proc/self/cgroup; echo end; sleep 600'), resources);
    await printed(r, /(end)/);
    const log = await readFile(r.logFile(r1, 'j1'), 'utf8');
    expect(
      log.split('\n').filter((line) => line.endsWith(`/homerunner-${install}/${r1}`)).length,
    ).toBeGreaterThan(0);
    expect(r.limits(r1)).toEqual({ cores: 0.5, cpus: null, memoryMiB: 64 });
  });

  it('keep the job to its CPUs', async () => {
    const r = runtime();
    await r.start(sh('grep Cpus_allowed_list /proc/self/status; sleep 600'), {
      ...resources,
      cpus: [lastCpu],
    });
    expect(await printed(r, /Cpus_allowed_list:\s+(\S+)\n/)).toBe(String(lastCpu));
    expect(r.limits(r1)).toMatchObject({ cores: 1, cpus: [lastCpu] });
  });

  it('share out CPU time', async () => {
    const r = runtime();
    await r.start(sh('while :; do :; done'), { ...resources, cpus: 0.2 });
    await expect.poll(() => r.peak(r1).cpu ?? 0, { timeout: 15_000 }).toBeGreaterThan(0.05);
    expect(r.peak(r1).cpu).toBeLessThan(0.35);
  });

  it('let the kernel end a job that takes too much memory, and say so', async () => {
    const r = runtime();
    const eat = ['const a = []; for (;;) a.push(Buffer.alloc(1e7, 1))'];
    await r.start(launch([process.execPath, '-e', ...eat]), {
      ...resources,
      memoryMiB: 150,
      pids: 100,
      cpus: 2,
    });
    expect((await ended(r)).exitCode).toBe(137);
    expect(r.endedBy(r1)).toBe('out-of-memory');
    expect(r.peak(r1).memoryMiB).toBeGreaterThan(100);
    await r.clear(r1);
    await r.start(sh('exit 1', { job: 'j2' }), resources);
    await ended(r);
    expect(r.endedBy(r1)).toBe(null);
  });

  it('stop a fork bomb, and end it', async () => {
    const r = runtime();
    await r.start(sh('bomb() { bomb | bomb & }; bomb; sleep 600'), resources);
    await printed(r, /(fork)/);
    await r.signal(r1, 'kill');
    expect(await limits.processes(r1)).toEqual([]);
  });

  it('find what has left group and session and hides its mark', async () => {
    const r = runtime();
    await r.start(sh('env -i /bin/sh -c "exec setsid sleep 600" & echo "pid $!."; exit 0'), resources);
    const pid = Number(await printed(r, /pid (\d+)\./));
    await ended(r);
    expect(lives(pid)).toBe(true);
    await r.clear(r1);
    expect(lives(pid)).toBe(false);
  });

  it('count each job of a runner anew, and limit nobody between them', async () => {
    const r = runtime();
    const burn =
      'const until = Date.now() + 300; const a = Buffer.alloc(4e7, 1); while (Date.now() < until) a[0]++';
    await r.start(launch([process.execPath, '-e', burn]), {
      ...resources,
      memoryMiB: 200,
      pids: 100,
      cpus: 2,
    });
    await ended(r);
    expect(r.peak(r1).memoryMiB).toBeGreaterThan(40);
    const before = r.peak(r1).cpu ?? 0;
    expect(before).toBeGreaterThan(0.05);
    await r.clear(r1);
    expect(r.limits(r1)).toEqual({ cores: null, cpus: null, memoryMiB: null });
    await r.start(sh('grep Cpus_allowed_list /proc/self/status; sleep 0.4', { job: 'j2' }), {
      ...resources,
      cpus: [lastCpu],
    });
    expect(await printed(r, /Cpus_allowed_list:\s+(\S+)\n/, 'j2')).toBe(String(lastCpu));
    expect(r.limits(r1)).toEqual({ cores: 1, cpus: [lastCpu], memoryMiB: 64 });
    await ended(r);
    expect(r.peak(r1).memoryMiB).toBeLessThan(20);
    expect(r.peak(r1).cpu).toBeLessThan(before);
  });

  it('leave nothing behind when the last runner is removed, and come back', async () => {
    const r = runtime();
    for (const job of ['j1', 'j2']) {
      await r.start(sh('exit 0', { job }), resources);
      expect(ourGroups()).not.toEqual([]);
      await ended(r);
      await r.clear(r1);
      await r.remove(r1);
      expect(ourGroups()).toEqual([]);
    }
  });

  it('are found again by the next supervisor', async () => {
    await runtime().start(sh('while :; do :; done'), resources);
    const next = newRuntime({ limits: await open(), install });
    await next.list();
    expect(next.limits(r1)).toMatchObject({ cores: 0.5, memoryMiB: 64 });
    await expect.poll(() => next.peak(r1).cpu ?? 0, { timeout: 15_000 }).toBeGreaterThan(0.1);
    expect(next.peak(r1).cpu).toBeLessThan(0.8);
  });

  it('do not hold the supervisor itself', async () => {
    await open();
    expect(groupOf('self')).not.toContain('/homerunner-');
  });

  it('are not entered by a job that could not be limited', async () => {
    const r = newRuntime({
      install,
      limits: { ...limits, open: async () => ({ groups: ['/proc/no-such-group/tasks'], prefix: [] }) },
    });
    await r.start(sh('echo ran'), resources);
    expect((await ended(r)).exitCode).toBe(126);
    const log = await readFile(r.logFile(r1, 'j1'), 'utf8');
    expect(log).toMatch('homerunner: the job could not be put under its limits');
    expect(log).not.toMatch('ran');
  });
});

describe('without control groups', () => {
  it('affinity and niceness are set by programs', async () => {
    const plain = await open({ enforce: false, nice: 7 });
    const r = newRuntime({ limits: plain, install });
    await r.start(sh('nice; grep Cpus_allowed_list /proc/self/status; sleep 600'), {
      ...resources,
      cpus: [lastCpu],
    });
    expect(await printed(r, /^7\nCpus_allowed_list:\s+(\S+)\n/)).toBe(String(lastCpu));
    expect(r.limits(r1)).toEqual({ cores: null, cpus: [lastCpu], memoryMiB: null });
    expect(plain.notEnforced).toContain('Memory is not limited: limits are switched off in the settings.');
  });

  it('an unwritable system is said in sentences', async () => {
    const none = await openLimits({ platform: 'linux', install, settings, path: '', proc: '/nonexistent' });
    expect(none.can).toEqual({ cpuset: false, limits: false });
    expect(none.notEnforced).toEqual([
      'Memory is not limited: no control group can be written by this user.',
      'CPU time is not limited: no control group can be written by this user.',
      'The number of processes is not limited: no control group can be written by this user.',
      'Runners are not kept to their CPUs: this system has no taskset.',
    ]);
    const mac = await openLimits({ platform: 'darwin', install, settings, path });
    expect(mac.notEnforced[0]).toBe('Memory is not limited: this system has no control groups.');
  });
});
