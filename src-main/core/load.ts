/** What machine and jobs use, out of two readings of counters. */
import type { StreamItems } from '../contract/api.ts';
import type { MachineReading, RunnerUse } from './ports.ts';

export interface LoadReading {
  /** Steady milliseconds. */
  readonly at: number;
  /** Wall-clock milliseconds. */
  readonly wall: number;
  readonly machine: MachineReading;
  readonly jobs: ReadonlyMap<string, JobReading>;
}

export interface JobReading {
  /** When its process started, steady; null where that is not known. */
  readonly startedAt: number | null;
  /** Null: it cannot be measured. */
  readonly use: RunnerUse | null;
}

type Load = Omit<StreamItems['load'], 'gpus'>;

/** The load between two readings, of which `after` is the later. */
export function loadBetween(before: LoadReading, after: LoadReading): Load {
  const seconds = (after.at - before.at) / 1000;
  const jobs = [...after.jobs].map(([id, job]) => {
    const cpu =
      job.use === null ? null : threads(secondsBefore(id, job, before), job.use.cpuSeconds, seconds);
    return [id, { cpu, memoryMiB: job.use === null ? null : rounded(job.use.memoryMiB) }] as const;
  });
  const { cpuSeconds, memoryMiB } = after.machine;
  return {
    at: after.wall,
    machine: {
      cpu: threads(before.machine.cpuSeconds, cpuSeconds, seconds),
      memoryMiB: memoryMiB === null ? null : rounded(memoryMiB),
    },
    jobs: Object.fromEntries(jobs),
  };
}

/** A job that began after the reading before had used nothing then. */
function secondsBefore(id: string, { startedAt }: JobReading, before: LoadReading): number | null {
  const known = before.jobs.get(id)?.use?.cpuSeconds;
  if (known !== undefined) return known;
  return startedAt !== null && startedAt >= before.at ? 0 : null;
}

/** A process that ends unwaited takes its time along: never below zero. */
function threads(before: number | null, after: number | null, seconds: number): number | null {
  if (before === null || after === null || seconds <= 0) return null;
  return rounded(Math.max(0, after - before) / seconds);
}

const rounded = (value: number) => Math.round(value * 100) / 100;
