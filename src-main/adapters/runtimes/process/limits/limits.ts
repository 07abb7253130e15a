/** What holds a runner's job to its resources. One group of processes per runner, from the start of a job until it is cleared. */
import type { Resources } from '../../../../core/runner.ts';

/** How a job is put under its limits. */
export interface Placement {
  /** Files that take a process id. */
  readonly groups: readonly string[];
  /** Programs that go before the job's own argv. */
  readonly prefix: readonly string[];
}

export interface ReadBack {
  readonly cores: number | null;
  readonly cpus: readonly number[] | null;
  readonly memoryMiB: number | null;
}

export interface GroupUsage {
  readonly cpuSeconds: number;
  readonly memoryMiB: number;
  /** The highest that the kernel saw; null where it does not say. */
  readonly peakMiB: number | null;
}

export interface Limits {
  readonly can: { readonly cpuset: boolean; readonly limits: boolean };
  /** Sentences about what is not limited on this host. */
  readonly notEnforced: readonly string[];
  /** Makes the runner's group, empty of former counts, with its limits. */
  open(name: string, resources: Resources): Promise<Placement>;
  /** Finds the group of a job that an earlier supervisor started. */
  adopt(name: string, pid: number): Promise<void>;
  /** Null where the runner has no group that lists its processes. */
  processes(name: string): Promise<readonly number[] | null>;
  /** Kills all in the group at once where the kernel can; else nothing. */
  kill(name: string): Promise<void>;
  usage(name: string): Promise<GroupUsage | null>;
  /** How many of its processes the kernel killed for want of memory. */
  oomKills(name: string): Promise<number>;
  readBack(name: string): ReadBack;
  /** Between two jobs of a runner, when no process is left: the group stays where its counts can begin anew, else it goes. */
  rest(name: string): Promise<void>;
  /** Removes the group; it holds no process any more. */
  close(name: string): Promise<void>;
  /** Removes what is shared by all runners while there are none. */
  tidy(): void;
}

export const nothingRead: ReadBack = { cores: null, cpus: null, memoryMiB: null };

/** Settings of the owner. */
export interface LimitSettings {
  /** Keep runners to whole CPUs where they are given some. */
  readonly cpuAffinity: boolean;
  /** Limit memory, CPU time and processes where the system can. */
  readonly enforce: boolean;
  /** 0 to 19: how much runners stand back behind the owner's own programs. */
  readonly nice: number;
}

/** The prefix for affinity and niceness by programs, where no group does it. */
export function prefixOf(settings: LimitSettings, cpus: readonly number[] | null): string[] {
  return [
    ...(settings.nice > 0 ? ['nice', '-n', String(settings.nice)] : []),
    ...(settings.cpuAffinity && cpus !== null && cpus.length > 0 ? ['taskset', '-c', cpus.join(',')] : []),
  ];
}
