/** The highest use of CPU and memory that a job showed, from samples. */
import type { Job } from '../../../contract/job.ts';
import type { GroupUsage } from './limits/limits.ts';

export interface UseSoFar {
  /** Monotonic milliseconds of the sample before; the beginning of the job counts as one. */
  readonly at: number;
  /** CPU seconds used until then; null where that is not known. */
  readonly cpuSeconds: number | null;
  readonly peak: Job['peak'];
}

/** Shorter spans are mostly rounding, in milliseconds. */
const leastSpanMs = 200;

/** A job that begins at `at`. */
export const noUse = (at: number): UseSoFar => ({ at, cpuSeconds: 0, peak: { cpu: null, memoryMiB: null } });

/** With one more sample, taken at `at`. Only a job that was shorter than all spans is measured by a short one. */
export function withSample(use: UseSoFar, at: number, sample: GroupUsage, last: boolean): UseSoFar {
  const memoryMiB = rounded(Math.max(use.peak.memoryMiB ?? 0, sample.peakMiB ?? sample.memoryMiB));
  const span = at - use.at;
  if (use.cpuSeconds === null || (span < leastSpanMs && !(last && use.peak.cpu === null))) {
    const known = use.cpuSeconds ?? sample.cpuSeconds;
    return {
      at: use.cpuSeconds === null ? at : use.at,
      cpuSeconds: known,
      peak: { cpu: use.peak.cpu, memoryMiB },
    };
  }
  // A process that ends unwaited takes its time along: never below zero.
  const cores = Math.max(0, sample.cpuSeconds - use.cpuSeconds) / (Math.max(span, 1) / 1000);
  return {
    at,
    cpuSeconds: sample.cpuSeconds,
    peak: { cpu: rounded(Math.max(use.peak.cpu ?? 0, cores)), memoryMiB },
  };
}

const rounded = (value: number) => Math.round(value * 100) / 100;
