/** What the two versions of control groups say differently. */
import type { GroupUsage, ReadBack } from './limits.ts';

/** What a group can do; `usage` is the count of CPU time. */
export type Ability = 'memory' | 'cpu' | 'cpuset' | 'pids' | 'usage';

/** The folders of one group by what they are for; in version 2 all are the same. */
export type Folders = ReadonlyMap<Ability, string>;

/** Each folder once. */
export const foldersOf = (group: Folders) => [...new Set(group.values())];

export interface Caps {
  readonly memoryMiB: number;
  readonly pids: number;
  /** A number of cores; null where whole CPUs are given. */
  readonly cores: number | null;
  /** Null: any. */
  readonly cpus: readonly number[] | null;
}

export interface Dialect {
  /** The folder in which the runners' groups are made, by ability; what is missing cannot be done. */
  readonly parents: Folders;
  /** Makes the parents anew, after they were removed. */
  prepare(): void;
  /** The file that takes a process id. */
  readonly join: string;
  /** Writes the limits; the names of those that the kernel refused. */
  apply(group: Folders, caps: Caps): ('memory' | 'cpu' | 'pids' | 'cpuset')[];
  /** Kills all in the group, so that none can start another meanwhile; false where the kernel cannot. */
  kill(group: Folders): boolean;
  usage(group: Folders): GroupUsage | null;
  oomKills(group: Folders): number;
  /** Makes the counts of an empty group begin anew; false where that cannot be, or would take long. */
  renew(group: Folders): boolean;
  readBack(group: Folders): ReadBack;
}

export const mebibyte = 1024 * 1024;
/** The span over which CPU time is shared out, in microseconds: the kernel's default. */
export const cpuPeriod = 100_000;
/** The kernel takes no quota below a millisecond. */
export const leastQuota = 1000;
