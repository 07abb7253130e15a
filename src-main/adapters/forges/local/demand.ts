/** The queue in memory: the database is the truth and written first; this makes asking cost nothing. */
import type { WaitingJob } from '../../../core/forge-port.ts';
import type { JobRow } from '../../../core/ports.ts';

/** Of jobs that are alike (same pool, labels, architecture) the oldest are shown, so that no kind hides another. */
const shownOfAKind = 100;
const shownAtAll = 1000;

export interface Queue {
  add(row: JobRow): void;
  remove(id: string): void;
  has(id: string): boolean;
  demand(): { readonly jobs: readonly WaitingJob[]; readonly total: number };
}

/** A waiting job, and its place in the order in which all were added. */
interface Waiting {
  readonly job: WaitingJob;
  readonly place: number;
}

export function newQueue(): Queue {
  const kindOf = new Map<string, string>();
  /** By kind, in the order in which they were added; no kind is empty. */
  const kinds = new Map<string, Map<string, Waiting>>();
  let added = 0;
  let answer: { jobs: readonly WaitingJob[]; total: number } | null = null;
  return {
    add(row) {
      const job = waitingJob(row);
      if (kindOf.has(job.id)) return;
      const kind = JSON.stringify([job.pool, job.arch, job.labels]);
      const alike = kinds.get(kind) ?? new Map<string, Waiting>();
      kinds.set(kind, alike.set(job.id, { job, place: added }));
      kindOf.set(job.id, kind);
      added += 1;
      answer = null;
    },
    remove(id) {
      const kind = kindOf.get(id);
      if (kind === undefined) return;
      kindOf.delete(id);
      const alike = kinds.get(kind);
      alike?.delete(id);
      if (alike?.size === 0) kinds.delete(kind);
      answer = null;
    },
    has: (id) => kindOf.has(id),
    demand() {
      answer ??= { jobs: oldest(kinds), total: kindOf.size };
      return answer;
    },
  };
}

/** Costs the same however many wait. */
function oldest(kinds: ReadonlyMap<string, ReadonlyMap<string, Waiting>>): WaitingJob[] {
  const ofEach = Math.max(1, Math.min(shownOfAKind, Math.floor(shownAtAll / kinds.size)));
  const shown: Waiting[] = [];
  for (const alike of kinds.values()) {
    if (shown.length >= shownAtAll) break;
    let left = ofEach;
    for (const waiting of alike.values()) {
      if (left === 0) break;
      shown.push(waiting);
      left -= 1;
    }
  }
  return shown.sort((a, b) => a.place - b.place).map(({ job }) => job);
}

function waitingJob({ job, submission }: JobRow): WaitingJob {
  return {
    id: job.id,
    forge: job.forge,
    name: job.name,
    url: job.url,
    scope: null,
    labels: job.labels,
    arch: job.arch,
    pool: submission?.pool ?? null,
    createdAt: job.createdAt,
  };
}
