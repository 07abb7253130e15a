/** The last 24 hours as a picture: lanes of jobs and spans without new jobs, in percent of the width. */
import type { History, Span } from '../../src-main/contract/history.ts';
import { isOpen, type Job } from '../../src-main/contract/job.ts';

export type BlockKind = 'succeeded' | 'failed' | 'cancelled' | 'lost' | 'running';

/** A job: `left` and `width` in percent, `row` of the `rows` that its lane has at that time. */
export interface Block {
  readonly id: string;
  readonly name: string;
  readonly kind: BlockKind;
  readonly left: number;
  readonly width: number;
  readonly row: 0 | 1;
  readonly rows: 1 | 2;
}

export interface Lane {
  /** The pool; null for jobs whose pool is not known. */
  readonly pool: string | null;
  readonly blocks: readonly Block[];
}

export interface Stretch {
  readonly left: number;
  readonly width: number;
}

export interface Timeline {
  readonly lanes: readonly Lane[];
  readonly stretches: readonly Stretch[];
  readonly ticks: readonly { readonly at: number; readonly left: number }[];
  readonly counts: Readonly<Record<BlockKind, number>>;
  /** Milliseconds without new jobs on the whole machine. */
  readonly notTaking: number;
}

/** The least width that can be seen and pointed at. */
const leastWidth = 0.45;
const tickMs = 3 * 3_600_000;

/** Lays `history` out between `from` and `to`; lanes are in the order of `pools`, others after them. */
export function layout(history: History, pools: readonly string[], from: number, to: number): Timeline {
  const length = Math.max(1, to - from);
  const percent = (at: number): number => ((Math.min(Math.max(at, from), to) - from) / length) * 100;
  const began = history.jobs.filter((job) => job.startedAt !== null && (job.endedAt ?? to) >= from);
  const names = [...new Set([...pools, ...began.flatMap((job) => (job.pool === null ? [] : [job.pool]))])];
  const lanes = [...names, null].flatMap((pool): Lane[] => {
    const jobs = began.filter((job) => job.pool === pool);
    return jobs.length === 0 ? [] : [{ pool, blocks: blocksOf(jobs, to, percent) }];
  });
  const counts: Record<BlockKind, number> = { succeeded: 0, failed: 0, cancelled: 0, lost: 0, running: 0 };
  for (const job of began) counts[kindOf(job)] += 1;
  const spans = united(history.spans, from, to);
  return {
    lanes,
    counts,
    stretches: spans.map(([start, end]) => stretch(percent(start), percent(end))),
    ticks: ticksOf(from, to).map((at) => ({ at, left: percent(at) })),
    notTaking: spans.reduce((sum, [start, end]) => sum + end - start, 0),
  };
}

function kindOf(job: Job): BlockKind {
  if (isOpen(job)) return 'running';
  return job.state === 'succeeded' || job.state === 'failed' || job.state === 'cancelled'
    ? job.state
    : 'lost';
}

function stretch(left: number, right: number): Stretch {
  const width = Math.max(right - left, leastWidth);
  return { left: Math.min(left, 100 - width), width };
}

/** Jobs that overlap share the height of their lane: two rows, which is what can be told apart. */
function blocksOf(jobs: readonly Job[], to: number, percent: (at: number) => number): Block[] {
  const placed = [...jobs]
    .sort((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0))
    .map((job) => ({ job, ...stretch(percent(job.startedAt ?? to), percent(job.endedAt ?? to)) }));
  const ends = [-1, -1];
  const rows = placed.map(({ left, width }) => {
    const [first = -1, second = -1] = ends;
    const row = first <= left || first <= second ? 0 : 1;
    ends[row] = Math.max(ends[row] ?? -1, left + width);
    return row;
  });
  return placed.map(({ job, left, width }, i) => {
    const shared = placed.some(
      (other, k) => rows[k] !== rows[i] && other.left < left + width && left < other.left + other.width,
    );
    const row = shared && rows[i] === 1 ? 1 : 0;
    return { id: job.id, name: job.name, kind: kindOf(job), left, width, row, rows: shared ? 2 : 1 };
  });
}

/** Spans of the whole machine, without overlap. */
function united(spans: readonly Span[], from: number, to: number): [number, number][] {
  const result: [number, number][] = [];
  const cut = spans
    .filter((span) => span.pool === null)
    .map((span): [number, number] => [Math.max(span.from, from), Math.min(span.to ?? to, to)])
    .filter(([start, end]) => end > start)
    .sort((a, b) => a[0] - b[0]);
  for (const [start, end] of cut) {
    const last = result.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else result.push([start, end]);
  }
  return result;
}

/** Every third full hour of the local clock. */
function ticksOf(from: number, to: number): number[] {
  const first = new Date(from);
  first.setMinutes(0, 0, 0);
  while (first.getTime() < from || first.getHours() % 3 !== 0) first.setHours(first.getHours() + 1);
  const ticks: number[] = [];
  for (let at = first.getTime(); at < to; at += tickMs) ticks.push(at);
  return ticks;
}
