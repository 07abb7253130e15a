/** Which job each of our runners has or had, as far as looks told. */
import type { SeenJob } from './job.ts';

const most = 2000;

export interface JobsSeen {
  note(jobs: Iterable<SeenJob>): void;
  /** Newest first. */
  of(runner: string): readonly SeenJob[];
}

/** `isOurs`: jobs of other runners are not remembered. */
export function jobsSeen(isOurs: (runner: string) => boolean): JobsSeen {
  const byId = new Map<string, SeenJob>();
  const byRunner = new Map<string, Set<string>>();
  const forget = (id: string, { runner }: SeenJob): void => {
    byId.delete(id);
    const ids = runner === null ? undefined : byRunner.get(runner);
    ids?.delete(id);
    if (ids?.size === 0 && runner !== null) byRunner.delete(runner);
  };
  return {
    note(jobs) {
      for (const job of jobs) {
        if (job.runner === null || !isOurs(job.runner)) continue;
        const before = byId.get(job.id);
        if (before !== undefined) forget(job.id, before);
        byId.set(job.id, job);
        byRunner.set(job.runner, (byRunner.get(job.runner) ?? new Set()).add(job.id));
      }
      for (const [id, job] of byId) {
        if (byId.size <= most) break;
        forget(id, job);
      }
    },
    of(runner) {
      const jobs = [...(byRunner.get(runner) ?? [])].flatMap((id) => byId.get(id) ?? []);
      return jobs.sort((a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0));
    },
  };
}
