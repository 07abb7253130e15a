/** "Why not here": waiting jobs of a pool by their reason, the most frequent first. */
import type { WaitingView } from '../../src-main/contract/snapshot.ts';

export interface ReasonGroup {
  readonly count: number;
  /** Null: about to start. */
  readonly reason: string | null;
}

/** Waiting jobs by their decisive reason. `total` may be more than are listed: the rest is not guessed at. */
export function groupReasons(waiting: readonly WaitingView[]): readonly ReasonGroup[] {
  const counts = new Map<string | null, number>();
  for (const job of waiting) {
    const reason = general(job.why[0] ?? null);
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts]
    .map(([reason, count]) => ({ reason, count }))
    .sort((a, b) => b.count - a.count || (a.reason ?? '').localeCompare(b.reason ?? ''));
}

/** The same reason for jobs at different places of one queue: "3 jobs are before it" is left out. */
function general(reason: string | null): string | null {
  return reason?.replace(/; (\d+ jobs? (is|are) before it|it is the next job)\.$/, '.') ?? null;
}
