/** The queue in memory: the database is the truth and written first; this makes asking cost nothing. */
import type { JobRow, WaitingJob } from '../../../core/ports.ts';

/** Of jobs that are alike (same pool, labels, architecture) the oldest are shown, so that no kind hides another. */
const shownOfAKind = 200;
const shownAtAll = 1000;

export interface Queue {
  add(row: JobRow): void;
  remove(id: string): void;
  has(id: string): boolean;
  demand(): { readonly jobs: readonly WaitingJob[]; readonly total: number };
}

export function newQueue(): Queue {
  const waiting = new Map<string, { readonly job: WaitingJob; readonly kind: string }>();
  let answer: { jobs: readonly WaitingJob[]; total: number } | null = null;
  return {
    add(row) {
      const job = waitingJob(row);
      waiting.set(job.id, { job, kind: JSON.stringify([job.pool, job.arch, job.labels]) });
      answer = null;
    },
    remove(id) {
      if (waiting.delete(id)) answer = null;
    },
    has: (id) => waiting.has(id),
    demand() {
      answer ??= { jobs: oldest(waiting.values()), total: waiting.size };
      return answer;
    },
  };
}

function oldest(waiting: Iterable<{ readonly job: WaitingJob; readonly kind: string }>): WaitingJob[] {
  const seen = new Map<string, number>();
  const jobs: WaitingJob[] = [];
  for (const { job, kind } of waiting) {
    const count = seen.get(kind) ?? 0;
    if (count >= shownOfAKind) continue;
    seen.set(kind, count + 1);
    jobs.push(job);
    if (jobs.length >= shownAtAll) break;
  }
  return jobs;
}

function waitingJob({ job, submission }: JobRow): WaitingJob {
  return {
    id: job.id,
    forge: job.forge,
    scope: null,
    labels: job.labels,
    arch: job.arch,
    pool: submission?.pool ?? null,
    createdAt: job.createdAt,
  };
}
