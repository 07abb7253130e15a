import { basename, dirname, join } from 'node:path';
import {
  type Ability,
  type Caps,
  cpuPeriod,
  type Dialect,
  type Folders,
  leastQuota,
  mebibyte,
} from './cgroup-dialect.ts';
import { cpusIn, makeGroup, numberIn, readControl, writeControl } from './cgroup-files.ts';

/** The group into which we step aside: one that has processes of its own cannot share its controllers out. */
const supervisorGroup = 'homerunner-supervisor';
const wanted = ['memory', 'cpu', 'pids', 'cpuset'] as const;
type Controller = (typeof wanted)[number];

/**
 * Control groups of version 2, below our own group `own`. `isOurs` says which processes may be moved aside: this one
 * and its children. Without abilities when the group is not ours to divide.
 */
export function cgroup2(own: string, parent: string, isOurs: (pid: number) => boolean): Dialect {
  const above = basename(own) === supervisorGroup ? dirname(own) : own;
  const offered = readControl(above, 'cgroup.controllers')?.split(' ') ?? [];
  const controllers = wanted.filter((name) => offered.includes(name));
  const folder = join(above, parent);
  const parents = new Map<Ability, string>();
  const prepare = () => {
    if (!makeGroup(folder)) return;
    for (const name of share(folder, controllers)) parents.set(name, folder);
    if (parents.size > 0) parents.set('usage', folder);
  };
  if (controllers.length > 0 && shareOut(above, controllers, isOurs)) prepare();
  return {
    parents,
    prepare,
    join: 'cgroup.procs',
    apply,
    kill: (group) => writeControl(group.get('usage'), 'cgroup.kill', '1'),
    usage(group) {
      const microseconds = numberIn(readControl(group.get('usage'), 'cpu.stat'), 'usage_usec');
      const bytes = numberIn(readControl(group.get('memory'), 'memory.current'));
      if (microseconds === null || bytes === null) return null;
      const peak = numberIn(readControl(group.get('memory'), 'memory.peak'));
      return {
        cpuSeconds: microseconds / 1e6,
        memoryMiB: bytes / mebibyte,
        peakMiB: peak === null ? null : peak / mebibyte,
      };
    },
    oomKills: (group) => numberIn(readControl(group.get('memory'), 'memory.events'), 'oom_kill') ?? 0,
    // The kernel keeps the peak; and one folder is made and removed quickly.
    renew: () => false,
    readBack(group) {
      const [quota = null, period = null] = readControl(group.get('cpu'), 'cpu.max')?.split(' ') ?? [];
      const cores = numberIn(quota) === null ? null : Number(quota) / Number(period);
      const cpus = cpusIn(readControl(group.get('cpuset'), 'cpuset.cpus'));
      const bytes = numberIn(readControl(group.get('memory'), 'memory.max'));
      return {
        cores: cores ?? (cpus.length > 0 ? cpus.length : null),
        cpus: cpus.length > 0 ? cpus : null,
        memoryMiB: bytes === null ? null : bytes / mebibyte,
      };
    },
  };
}

/** Lets groups below use the controllers, after we have stepped aside if need be. */
function shareOut(
  above: string,
  controllers: readonly Controller[],
  isOurs: (pid: number) => boolean,
): boolean {
  // Only the root, which has no type, may hold processes beside groups. Elsewhere some controllers could be shared
  // out all the same, but groups below would then take no process.
  const pids =
    readControl(above, 'cgroup.procs')
      ?.split('\n')
      .filter((line) => line !== '') ?? [];
  if (readControl(above, 'cgroup.type') !== null && pids.length > 0) {
    const aside = join(above, supervisorGroup);
    if (!pids.every((pid) => isOurs(Number(pid))) || !makeGroup(aside)) return false;
    for (const pid of pids) writeControl(aside, 'cgroup.procs', pid);
  }
  return share(above, controllers).length > 0;
}

/** Those that the kernel lets groups below use. Memory is what it refuses while a process is in the way: then none. */
function share(folder: string, controllers: readonly Controller[]): Controller[] {
  const enable = (name: Controller) => writeControl(folder, 'cgroup.subtree_control', `+${name}`);
  if (controllers.includes('memory') && !enable('memory')) return [];
  return controllers.filter((name) => name === 'memory' || enable(name));
}

function apply(group: Folders, caps: Caps) {
  const memory = group.get('memory');
  const quota =
    caps.cores === null ? 'max' : String(Math.max(leastQuota, Math.round(caps.cores * cpuPeriod)));
  const done = {
    memory: writeControl(memory, 'memory.max', String(caps.memoryMiB * mebibyte)),
    cpu: writeControl(group.get('cpu'), 'cpu.max', `${quota} ${cpuPeriod}`) || caps.cores === null,
    pids: writeControl(group.get('pids'), 'pids.max', String(caps.pids)),
    cpuset: caps.cpus === null || writeControl(group.get('cpuset'), 'cpuset.cpus', caps.cpus.join(',')),
  };
  // Without this, what is over the limit goes to the swap space. Not every kernel counts that.
  writeControl(memory, 'memory.swap.max', '0');
  return (Object.keys(done) as (keyof typeof done)[]).filter((key) => !done[key]);
}
