/** What runners may use of this host, and which CPUs a new one gets. */
import type { LogicalCpu } from '../contract/host.ts';
import type { Meter } from '../contract/snapshot.ts';
import { coresOf, type Resources } from './runner.ts';

/** The host as the budget sees it. `slots` replaces the arithmetic when the owner set it. */
export interface Capacity {
  readonly cores: number;
  readonly memoryMiB: number;
  readonly reserveCores: number;
  readonly reserveMemoryMiB: number;
  readonly slots: number | null;
  /** Empty where unknown or where runners are not pinned: then runners get a number of cores. */
  readonly topology: readonly LogicalCpu[];
}

/**
 * The owner's reserve: a share of the threads, at least one; a share of the memory, at least 2 GiB (design 5). On a
 * machine so small that this would leave nothing, the least amounts give way at half of it.
 */
export function reserveOf(
  threads: number,
  memoryMiB: number,
  percent: { readonly cpu: number; readonly memory: number },
): { cores: number; memoryMiB: number } {
  const cpuShare = Math.ceil((threads * percent.cpu) / 100);
  const memoryShare = Math.ceil((memoryMiB * percent.memory) / 100);
  return {
    cores: Math.max(cpuShare, Math.min(1, threads / 2)),
    memoryMiB: Math.max(memoryShare, Math.min(2048, Math.floor(memoryMiB / 2))),
  };
}

export interface Use {
  readonly runners: number;
  readonly cores: number;
  readonly memoryMiB: number;
}

/** What these runners hold together. */
export function useOf(resources: readonly Resources[]): Use {
  return resources.reduce<Use>(
    (sum, r) => ({
      runners: sum.runners + 1,
      cores: sum.cores + coresOf(r),
      memoryMiB: sum.memoryMiB + r.memoryMiB,
    }),
    { runners: 0, cores: 0, memoryMiB: 0 },
  );
}

/** A tolerance for sums of fractions of cores. */
const epsilon = 1e-6;

/** How many more runners of this kind fit beside what is used. `share` (0 to 1) is what policy allows of the machine. */
export function fits(
  capacity: Capacity,
  use: Use,
  one: { readonly cores: number; readonly memoryMiB: number },
  share: number,
): number {
  const count = fitting(capacity, use, one, share);
  // A share of a small machine may be less than one runner: then one, so that work goes on at all.
  if (count > 0 || use.runners > 0 || share <= 0) return count;
  return Math.min(1, fitting(capacity, use, one, 1));
}

function fitting(
  capacity: Capacity,
  use: Use,
  one: { readonly cores: number; readonly memoryMiB: number },
  share: number,
): number {
  if (capacity.slots !== null) return Math.max(0, Math.floor(capacity.slots * share + epsilon) - use.runners);
  const cores = (capacity.cores - capacity.reserveCores) * share - use.cores;
  const memory = (capacity.memoryMiB - capacity.reserveMemoryMiB) * share - use.memoryMiB;
  const byCores = Math.floor(cores / one.cores + epsilon);
  const byMemory = Math.floor(memory / one.memoryMiB + epsilon);
  return Math.max(0, Math.min(byCores, byMemory));
}

/** Kept, used and free, for people. */
export function meters(capacity: Capacity, use: Use): { cores: Meter; memoryMiB: Meter } {
  const meter = (total: number, reserve: number, used: number): Meter => ({
    total,
    reserve,
    used,
    free: Math.max(0, total - reserve - used),
  });
  return {
    cores: meter(capacity.cores, capacity.reserveCores, Math.round(use.cores * 100) / 100),
    memoryMiB: meter(capacity.memoryMiB, capacity.reserveMemoryMiB, use.memoryMiB),
  };
}

/** The CPUs that no runner of `taken` holds, siblings side by side. */
export function freeCpus(topology: readonly LogicalCpu[], taken: readonly Resources[]): LogicalCpu[] {
  const held = new Set(taken.flatMap((r) => (typeof r.cpus === 'number' ? [] : r.cpus)));
  return topology
    .filter((t) => !held.has(t.cpu))
    .sort((a, b) => a.node - b.node || a.package - b.package || a.core - b.core || a.cpu - b.cpu);
}

/**
 * `count` whole CPUs of those that `freeCpus` found: sibling threads together, one NUMA node while it has room,
 * performance cores first when `fast`, efficiency cores first else. Null when they cannot be had: then a number
 * of cores is given.
 */
export function pickCpus(
  free: readonly LogicalCpu[],
  count: number,
  fast: boolean,
): readonly number[] | null {
  if (!Number.isInteger(count) || count < 1) return null;
  if (free.length < count) return null;
  const nodes = [...new Set(free.map((t) => t.node))].sort((a, b) => a - b);
  const whole = nodes
    .map((node) => free.filter((t) => t.node === node))
    .filter((cpus) => cpus.length >= count)
    .sort((a, b) => a.length - b.length);
  return take(whole[0] ?? free, count, fast);
}

function take(cpus: readonly LogicalCpu[], count: number, fast: boolean): readonly number[] {
  const preferred = fast ? 'performance' : 'efficiency';
  const isPreferred = (t: LogicalCpu): boolean => t.kind === null || t.kind === preferred;
  const picked: number[] = [];
  for (const group of [cpus.filter(isPreferred), cpus.filter((t) => !isPreferred(t))]) {
    const cores = coresIn(group);
    const threads = Math.max(0, ...cores.map((core) => core.length));
    const rest: LogicalCpu[][] = [];
    for (const core of cores) {
      if (core.length === threads && core.length <= count - picked.length)
        picked.push(...core.map((t) => t.cpu));
      else rest.push(core);
    }
    // What is left over is taken from cores that are split already, before a whole one is.
    const single = rest.sort((a, b) => a.length - b.length).flat();
    picked.push(...single.slice(0, count - picked.length).map((t) => t.cpu));
  }
  return picked.sort((a, b) => a - b);
}

/** The free sibling threads of each core. */
function coresIn(cpus: readonly LogicalCpu[]): LogicalCpu[][] {
  const cores: LogicalCpu[][] = [];
  for (const t of cpus) {
    const last = cores.at(-1);
    const sibling = last?.[0];
    const together = sibling?.core === t.core && sibling.package === t.package && sibling.node === t.node;
    if (together) last?.push(t);
    else cores.push([t]);
  }
  return cores;
}
