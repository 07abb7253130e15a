/** What a process uses, as the kernel says. */
import { readdirSync, readFileSync } from 'node:fs';

/** Resident and proportional memory in MiB, and what no other process shares. */
export function memoryOf(pid: number): { rss: number; pss: number; uss: number } {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const field = (name: string): number =>
    Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(rollup)?.[1]) / 1024;
  return { rss: field('Rss'), pss: field('Pss'), uss: field('Private_Clean') + field('Private_Dirty') };
}

/** Milliseconds of processor time of all its threads so far: utime + stime count in steps of 10 ms, this in nanoseconds. */
export function cpuOf(pid: number): number {
  return sum(threadsOf(pid).values());
}

/** The process and all that came of it, by pid; empty where it has ended. */
export function treeOf(pid: number): number[] {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const children = threads.flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
    return isZombie(pid) ? [] : [pid, ...children.flatMap(treeOf)];
  } catch {
    return [];
  }
}

/** The memory of the whole tree in MiB. */
export function memoryOfTree(pid: number): { pss: number; uss: number } {
  const each = treeOf(pid).map(memoryOf);
  return { pss: sum(each.map(({ pss }) => pss)), uss: sum(each.map(({ uss }) => uss)) };
}

/** Milliseconds of processor time of the whole tree so far. */
export function cpuOfTree(pid: number): number {
  return sum(treeOf(pid).map(cpuOf));
}

/** Milliseconds of processor time of every thread of the tree so far, by its id: threads come and go. */
export function cpuByThread(pid: number): ReadonlyMap<string, number> {
  return new Map(treeOf(pid).flatMap((each) => [...threadsOf(each)]));
}

/** What was used between two readings by the threads that were there at the second one. */
export function cpuBetween(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): number {
  return sum([...after].map(([thread, ms]) => ms - (before.get(thread) ?? 0)));
}

function threadsOf(pid: number): Map<string, number> {
  const used = new Map<string, number>();
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      const schedule = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8');
      used.set(thread, Number(schedule.split(' ')[0]) / 1e6);
    } catch {
      // It has ended since the list was made.
    }
  }
  return used;
}

function isZombie(pid: number): boolean {
  return /^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
