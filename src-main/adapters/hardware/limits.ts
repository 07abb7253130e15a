/** What this process may use of the machine: affinity, cpuset, quota, memory limit. Linux only; null is no limit. */
import { cgroupFolders } from './cgroup.ts';
import type { Door } from './door.ts';
import { parseCount, parseCpuList, parseFields } from './parse.ts';

export interface Limits {
  readonly cpus: readonly number[] | null;
  /** In cores, with fractions. */
  readonly quota: number | null;
  readonly memoryMiB: number | null;
}

export const noLimits: Limits = { cpus: null, quota: null, memoryMiB: null };

export async function probeLimits(door: Door): Promise<Limits> {
  if (door.platform !== 'linux') return noLimits;
  const [status, mounts, self] = await Promise.all([
    door.readFile('/proc/self/status'),
    // The same file by its older name, a link to the former.
    door.readFile('/proc/self/mounts').then((text) => text ?? door.readFile('/proc/mounts')),
    door.readFile('/proc/self/cgroup'),
  ]);
  const folders = cgroupFolders(mounts, self);
  const read = (dirs: readonly string[], file: string): Promise<readonly (string | null)[]> =>
    Promise.all(dirs.map((dir) => door.readFile(`${dir}/${file}`)));
  const [set2, set1, cpuMax, quotas, periods, max, high, limit] = await Promise.all([
    read(folders.unified, 'cpuset.cpus.effective'),
    read(folders.cpuset, 'cpuset.cpus'),
    read(folders.unified, 'cpu.max'),
    read(folders.cpu, 'cpu.cfs_quota_us'),
    read(folders.cpu, 'cpu.cfs_period_us'),
    read(folders.unified, 'memory.max'),
    read(folders.unified, 'memory.high'),
    read(folders.memory, 'memory.limit_in_bytes'),
  ]);
  const affinity = parseFields(status ?? '').get('Cpus_allowed_list') ?? null;
  return {
    cpus: intersection([affinity, nearest(set2), nearest(set1)].map(parseCpuList)),
    quota: least([...cpuMax.map(quotaOf), ...quotas.map((quota, i) => coresOf(quota, periods[i] ?? null))]),
    memoryMiB: least([...max, ...high, ...limit].map(memoryOf)),
  };
}

/** A set that is inherited is written only where it was made; groups above have at least as many. */
function nearest(values: readonly (string | null)[]): string | null {
  return values.find((value) => value !== null && value.trim() !== '') ?? null;
}

function intersection(lists: readonly (readonly number[] | null)[]): readonly number[] | null {
  return lists.reduce((all, list) => {
    if (list === null || list.length === 0) return all;
    return all === null ? list : all.filter((cpu) => list.includes(cpu));
  }, null);
}

/** cpu.max is "quota period" or "max period". */
function quotaOf(text: string | null): number | null {
  const [quota, period] = (text ?? '').trim().split(' ');
  return coresOf(quota ?? null, period ?? null);
}

/** A quota of -1 or "max" is none. */
function coresOf(quota: string | null, period: string | null): number | null {
  const [q, p] = [parseCount(quota), parseCount(period)];
  return q === null || p === null || q === 0 || p === 0 ? null : q / p;
}

/** From here on a limit of version 1 means that there is none: it writes the greatest number of pages. */
const unlimitedBytes = 2 ** 60;

function memoryOf(text: string | null): number | null {
  const digits = /^(\d{1,20})$/.exec((text ?? '').trim())?.[1];
  const bytes = digits === undefined ? null : Number(digits);
  return bytes === null || bytes >= unlimitedBytes ? null : Math.floor(bytes / (1024 * 1024));
}

function least(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.min(...known);
}
