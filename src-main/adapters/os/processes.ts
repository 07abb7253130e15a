/** What the operating system knows of processes: are they those we started, and which did our jobs leave behind? */
import type { ProcessId } from '../../core/runner.ts';

/** The variable that marks every process of a runner; children inherit it, even those that leave the group. */
export const runnerMark = 'HOMERUNNER_RUNNER';

/** CPU time in seconds since they started, and resident memory. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly memoryMiB: number;
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
  /** Use of the groups (Linux: sessions) that `leaders` lead, by leader; what cannot be measured is absent. */
  usageOf(leaders: ReadonlySet<number>): Promise<ReadonlyMap<number, Usage>>;
}
