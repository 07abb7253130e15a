import { join } from 'node:path';
import { signalPid } from '../../../os/signal.ts';
import {
  type Ability,
  type Caps,
  cpuPeriod,
  type Dialect,
  type Folders,
  foldersOf,
  leastQuota,
  mebibyte,
} from './cgroup-dialect.ts';
import { cpusIn, hasGroupsBelow, makeGroup, numberIn, readControl, writeControl } from './cgroup-files.ts';

const controllers: Readonly<Record<Ability, string>> = {
  memory: 'memory',
  cpu: 'cpu',
  cpuset: 'cpuset',
  pids: 'pids',
  usage: 'cpuacct',
};

/** Without a limit the kernel shows the largest number of pages there is. */
const unlimitedBytes = 2 ** 60;

/** What a former job may leave cached in its group, as it counts for the next: to have the kernel empty it takes 100 ms. */
const leftBytes = mebibyte;

/** Control groups of version 1: a hierarchy for each controller. `own` are our own groups, `parent` the name of ours. */
export function cgroup1(own: ReadonlyMap<string, string>, parent: string): Dialect {
  const parents = new Map<Ability, string>();
  const prepare = () => {
    for (const [ability, controller] of Object.entries(controllers) as [Ability, string][]) {
      const above = own.get(controller);
      if (above === undefined) continue;
      const folder = join(above, parent);
      if (makeGroup(folder) && (ability !== 'cpuset' || inheritCpus(above, folder)))
        parents.set(ability, folder);
    }
  };
  prepare();
  return {
    parents,
    prepare,
    // Not cgroup.procs: a process that moves its only thread itself need not wait for all others of the machine.
    join: 'tasks',
    apply: (group, caps) => apply(group, caps, parents.get('cpuset')),
    kill,
    usage(group) {
      const nanoseconds = numberIn(readControl(group.get('usage'), 'cpuacct.usage'));
      const bytes = numberIn(readControl(group.get('memory'), 'memory.usage_in_bytes'));
      if (nanoseconds === null || bytes === null) return null;
      const peak = numberIn(readControl(group.get('memory'), 'memory.max_usage_in_bytes'));
      return {
        cpuSeconds: nanoseconds / 1e9,
        memoryMiB: bytes / mebibyte,
        peakMiB: peak === null ? null : peak / mebibyte,
      };
    },
    oomKills,
    renew,
    readBack(group) {
      const quota = numberIn(readControl(group.get('cpu'), 'cpu.cfs_quota_us'));
      const period = numberIn(readControl(group.get('cpu'), 'cpu.cfs_period_us'));
      const cpus = group.has('cpuset') ? cpusIn(readControl(group.get('cpuset'), 'cpuset.cpus')) : [];
      const bytes = numberIn(readControl(group.get('memory'), 'memory.limit_in_bytes'));
      const pinned =
        cpus.length > 0 && cpus.length < cpusIn(readControl(parents.get('cpuset'), 'cpuset.cpus')).length;
      return {
        cores: quota === null || period === null ? (pinned ? cpus.length : null) : quota / period,
        cpus: pinned ? cpus : null,
        memoryMiB: bytes === null || bytes >= unlimitedBytes ? null : bytes / mebibyte,
      };
    },
  };
}

const oomKills = (group: Folders) =>
  numberIn(readControl(group.get('memory'), 'memory.oom_control'), 'oom_kill') ?? 0;

/** Five folders would have to be made and removed; the count of killed processes alone cannot begin anew. */
function renew(group: Folders): boolean {
  const memory = group.get('memory');
  const left = numberIn(readControl(memory, 'memory.usage_in_bytes'));
  if (left === null || left > leftBytes || oomKills(group) > 0) return false;
  if (foldersOf(group).some(hasGroupsBelow)) return false;
  return (
    writeControl(memory, 'memory.max_usage_in_bytes', '0') &&
    writeControl(group.get('usage'), 'cpuacct.usage', '0')
  );
}

/** A new group of this kind has no CPU and no memory at all until it is given some. */
function inheritCpus(above: string, folder: string): boolean {
  if ((readControl(folder, 'cpuset.mems') ?? '') !== '') return true;
  return ['cpuset.cpus', 'cpuset.mems'].every((file) => {
    const value = readControl(above, file);
    return value !== null && writeControl(folder, file, value);
  });
}

function apply(group: Folders, caps: Caps, cpusetParent: string | undefined) {
  const memory = group.get('memory');
  const bytes = String(caps.memoryMiB * mebibyte);
  const cpuset = group.get('cpuset');
  const done = {
    memory: writeControl(memory, 'memory.limit_in_bytes', bytes),
    cpu:
      caps.cores === null ||
      (writeControl(group.get('cpu'), 'cpu.cfs_period_us', String(cpuPeriod)) &&
        writeControl(
          group.get('cpu'),
          'cpu.cfs_quota_us',
          String(Math.max(leastQuota, Math.round(caps.cores * cpuPeriod))),
        )),
    pids: writeControl(group.get('pids'), 'pids.max', String(caps.pids)),
    cpuset:
      (cpusetParent === undefined || cpuset === undefined || inheritCpus(cpusetParent, cpuset)) &&
      (caps.cpus === null || writeControl(cpuset, 'cpuset.cpus', caps.cpus.join(','))),
  };
  // Without this, what is over the limit goes to the swap space. Not every kernel counts that.
  writeControl(memory, 'memory.memsw.limit_in_bytes', bytes);
  return (Object.keys(done) as (keyof typeof done)[]).filter((key) => !done[key]);
}

/** With no process allowed, none can start another while they are killed one by one. */
function kill(group: Folders): boolean {
  const folder = group.get('pids');
  if (!writeControl(folder, 'pids.max', '0')) return false;
  const pids = readControl(folder, 'cgroup.procs')?.split('\n') ?? [];
  for (const pid of pids) if (pid !== '') signalPid(Number(pid), 'SIGKILL');
  return true;
}
