/** What the operating system knows of processes: are they those we started, and which did our jobs leave behind? */
import type { ProcessId } from '../../core/runner.ts';

/** The variable that marks every process of a runner; children inherit it, even those that leave the group. */
export const runnerMark = 'HOMERUNNER_RUNNER';

/** CPU time in seconds since they started, and resident memory. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly memoryMiB: number;
}

/** A living process by the program that it is. */
export interface NamedProcess {
  readonly pid: number;
  /** The program's path as it was started with; on Windows that of its file. */
  readonly path: string;
  /** Its working directory; null where the system does not tell. */
  readonly cwd: string | null;
  /** The runner whose mark it carries; null: none, or not to be seen (another user's; Windows). */
  readonly runner: string | null;
}

export interface ProcessTable {
  /** Opaque text that differs when the pid is reused; null when there is no such process, or only its zombie. */
  startTimeOf(pid: number): Promise<string | null>;
  /** Pid, start time and boot all agree, and it is no zombie. */
  isAlive(id: ProcessId): Promise<boolean>;
  /** Sends the signal to the group that `id` led (Windows: ends its tree). Nothing happens when its pid is another's by now. */
  signalGroup(id: ProcessId, how: 'stop' | 'kill'): Promise<void>;
  /** Sends SIGINT to what the leader `id` itself started, and to nothing below that (Windows: as `stop`). */
  interruptChildren(id: ProcessId): Promise<void>;
  /** Living processes of this user that carry a runner's mark, by the runner's name. */
  marked(): Promise<ReadonlyMap<string, readonly number[]>>;
  /** Living processes of all users whose program, or the script that it interprets, has one of these file names (.exe aside). */
  named(programs: readonly string[]): Promise<readonly NamedProcess[]>;
  /** Use of the groups (Linux: sessions) that `leaders` lead, by leader; what cannot be measured is absent. */
  usageOf(leaders: ReadonlySet<number>): Promise<ReadonlyMap<number, Usage>>;
}
