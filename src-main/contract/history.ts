/** What happened: for the picture of the last day and for lists of it. Times are wall-clock milliseconds. */
import type { Job } from './job.ts';

/** A stretch of time in which no new jobs were taken, or in which nobody supervised. */
export interface Span {
  readonly kind: 'pause' | 'reason' | 'offline';
  /** The pool that it was about; null: the whole machine. */
  readonly pool: string | null;
  readonly from: number;
  /** Null: it still lasts. */
  readonly to: number | null;
  readonly message: string;
}

export interface History {
  readonly from: number;
  readonly to: number;
  /** Jobs that ran at some moment between `from` and `to`, oldest first; the newest 2,000 where there were more. */
  readonly jobs: readonly Job[];
  readonly spans: readonly Span[];
}
