/** On a folder that looks like a unified hierarchy; e2e/engine/cgroup2.spec.ts runs the same against a kernel. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cgroup2 } from './cgroup2.ts';
import type { Dialect } from './cgroup-dialect.ts';
import { openLimits } from './open-limits.ts';

let top: string;
let own: string;

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'hr-cgroup2-'));
  own = join(top, 'app.scope');
  mkdirSync(own);
  put('cgroup.controllers', 'cpuset cpu io memory pids');
});
afterEach(() => rmSync(top, { recursive: true }));

const put = (file: string, text: string, folder = own) => writeFileSync(join(folder, file), `${text}\n`);
const get = (file: string, folder: string) => readFileSync(join(folder, file), 'utf8');

function group(dialect: Dialect, name = 'r1') {
  const folders = new Map([...dialect.parents].map(([ability, folder]) => [ability, join(folder, name)]));
  const folder = join(own, 'homerunner-x', name);
  mkdirSync(folder, { recursive: true });
  return { folders, folder };
}

it('writes limits and reads them back', () => {
  const dialect = cgroup2(own, 'homerunner-x', () => true);
  const { folders, folder } = group(dialect);
  expect(dialect.apply(folders, { memoryMiB: 512, pids: 99, cores: 1.5, cpus: [0, 1, 3] })).toEqual([]);
  expect(
    ['memory.max', 'memory.swap.max', 'cpu.max', 'pids.max', 'cpuset.cpus'].map((file) => get(file, folder)),
  ).toEqual([String(512 * 1024 * 1024), '0', '150000 100000', '99', '0,1,3']);
  expect(dialect.readBack(folders)).toEqual({ cores: 1.5, cpus: [0, 1, 3], memoryMiB: 512 });
  put('cpu.max', 'max 100000', folder);
  put('memory.max', 'max', folder);
  put('cpuset.cpus', '2-4', folder);
  expect(dialect.readBack(folders)).toEqual({ cores: 3, cpus: [2, 3, 4], memoryMiB: null });
});

it('reads use, peak and what the kernel killed', () => {
  const dialect = cgroup2(own, 'homerunner-x', () => true);
  const { folders, folder } = group(dialect);
  expect(dialect.usage(folders)).toBe(null);
  put('cpu.stat', 'usage_usec 2500000\nuser_usec 1', folder);
  put('memory.current', String(3 * 1024 * 1024), folder);
  expect(dialect.usage(folders)).toEqual({ cpuSeconds: 2.5, memoryMiB: 3, peakMiB: null });
  put('memory.peak', String(7 * 1024 * 1024), folder);
  put('memory.events', 'low 0\noom 3\noom_kill 2\noom_group_kill 0', folder);
  expect(dialect.usage(folders)?.peakMiB).toBe(7);
  expect(dialect.oomKills(folders)).toBe(2);
  dialect.kill(folders);
  expect(get('cgroup.kill', folder)).toBe('1');
});

it('offers what the system does', () => {
  put('cgroup.controllers', 'memory pids');
  expect([...cgroup2(own, 'homerunner-x', () => true).parents.keys()].sort()).toEqual([
    'memory',
    'pids',
    'usage',
  ]);
});

it('does not divide a group that holds processes of others', () => {
  put('cgroup.type', 'domain');
  put('cgroup.procs', '1\n2');
  expect(cgroup2(own, 'homerunner-x', (pid) => pid === 1).parents.size).toBe(0);
  expect(readdirSync(own)).not.toContain('cgroup.subtree_control');
});

it('steps aside with its children before it divides its group', () => {
  put('cgroup.type', 'domain');
  put('cgroup.procs', '1\n2');
  expect(cgroup2(own, 'homerunner-x', () => true).parents.get('cpu')).toBe(join(own, 'homerunner-x'));
  expect(get('cgroup.procs', join(own, 'homerunner-supervisor'))).toBe('2');
});

it('divides nothing where memory is refused', () => {
  mkdirSync(join(own, 'cgroup.subtree_control'));
  expect(cgroup2(own, 'homerunner-x', () => true).parents.size).toBe(0);
});

it('makes its groups beside the one into which it stepped aside', () => {
  const aside = join(own, 'homerunner-supervisor');
  mkdirSync(aside);
  expect(cgroup2(aside, 'homerunner-x', () => true).parents.get('memory')).toBe(join(own, 'homerunner-x'));
});

it('is chosen where it has the controllers', async () => {
  const proc = join(top, 'proc');
  mkdirSync(join(proc, 'self'), { recursive: true });
  put('mountinfo', `30 23 0:26 / ${top} rw - cgroup2 cgroup2 rw`, join(proc, 'self'));
  put('cgroup', '0::/app.scope', join(proc, 'self'));
  const settings = { cpuAffinity: true, enforce: true, nice: 0 };
  const limits = await openLimits({ platform: 'linux', install: 'x', settings, path: '', proc });
  expect(limits.can).toEqual({ cpuset: true, limits: true });
  const resources = { cpus: [0, 1], memoryMiB: 100, pids: 5, gpus: [] };
  expect(await limits.open('r1', resources)).toEqual({
    groups: [join(own, 'homerunner-x/r1/cgroup.procs')],
    prefix: [],
  });
  expect(limits.readBack('r1')).toEqual({ cores: 2, cpus: [0, 1], memoryMiB: 100 });
});
