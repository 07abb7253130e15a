/** Text for people: tables that fit the terminal, times as distances. Pure. */
import type { Job } from '../contract/job.ts';
import type { Pool } from '../contract/pool.ts';
import type { Problem } from '../contract/problem.ts';
import type { ForeignView, RunnerView, Snapshot, Work } from '../contract/snapshot.ts';
import { formatDuration } from '../core/duration.ts';
import { coresText, memoryText } from '../core/sizes.ts';

/** A column is not cut below this, however narrow the terminal. */
const leastColumn = 8;

/**
 * Columns apart by two spaces; where they are wider than `width`, the widest ones are cut with an ellipsis. The first
 * column is whole: it holds the name by which other commands are told what is meant.
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[], width: number): string {
  const all = [head, ...rows].map((row) => row.map((cell) => Array.from(printable(cell))));
  const [first = 0, ...others] = head.map((_, i) => Math.max(...all.map((row) => row[i]?.length ?? 0)));
  const widths = [first, ...fitted(others, width - first - 2 * others.length)];
  return all
    .map((row) =>
      row
        .map((cell, i) => cut(cell, widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The widths of columns that fill `room` at most: the widest are made as wide as each other. */
function fitted(natural: readonly number[], room: number): readonly number[] {
  let most = Math.max(...natural, leastColumn);
  const sum = (): number => natural.reduce((total, width) => total + Math.min(width, most), 0);
  while (most > leastColumn && sum() > room) most -= 1;
  return natural.map((width) => Math.min(width, most));
}

function cut(characters: readonly string[], width: number): string {
  if (characters.length > width) return `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
  return characters.join('') + ' '.repeat(width - characters.length);
}

/**
 * Nothing that comes from a job's name, a label or a reason may move the cursor, colour the terminal or turn the
 * direction of the text: control characters become a space.
 */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]+/gu, ' ');
}

/** "3 min ago", "just now". */
export function ago(at: number, now: number): string {
  return now - at < 1000 ? 'just now' : `${formatDuration(now - at)} ago`;
}

/** `status` for people. */
export function statusText(s: Snapshot, width: number): string {
  const parts = [printable(s.sentence), '', capacityText(s)];
  if (s.pools.length > 0) parts.push('', poolTable(s, width));
  if (s.runners.length > 0) parts.push('', runnerTable(s.runners, s.at, width));
  if (s.waitingTotal > 0) parts.push('', waitingText(s, width));
  if (s.foreign.length > 0) parts.push('', 'Not ours', ...s.foreign.map((f) => printable(foreignText(f))));
  if (s.work.length > 0) parts.push('', ...s.work.map((w) => printable(`${w.title}: ${progressText(w)}`)));
  const ended = s.jobs.filter((job) => job.endedAt !== null).slice(0, 5);
  if (ended.length > 0) parts.push('', 'Recent jobs', jobTable(ended, s.at, width));
  if (s.notEnforced.length > 0)
    parts.push('', ...s.notEnforced.map((sentence) => `Not enforced: ${printable(sentence)}`));
  const troubled = s.accounts.flatMap((a) => (a.problem === null ? [] : [{ id: a.id, problem: a.problem }]));
  if (troubled.length > 0)
    parts.push('', ...troubled.map((a) => `Account ${a.id}: ${printable(problemText(a.problem))}`));
  if (s.problems.length > 0)
    parts.push('', ...s.problems.map((p) => `Problem: ${printable(problemText(p))}`));
  return parts.join('\n');
}

function problemText({ message, hint, link }: Problem): string {
  return `${message} ${hint}${link === undefined ? '' : ` ${link}`}`;
}

function foreignText({ name, description, suspicious, agent }: ForeignView): string {
  const removal =
    name !== null
      ? ` Remove it with \`homerunner runner remove ${name}\`.`
      : agent === undefined || suspicious
        ? ''
        : ` Take it over with \`homerunner runner adopt ${agent.folder}\`.`;
  return `${suspicious ? 'Look at this: ' : ''}${description}${removal}`;
}

/** "35 of 180 MiB (19 %)", or what is done where the end is not known. */
function progressText({ done, total }: Work): string {
  const mib = (bytes: number): string => String(Math.round(bytes / 1_048_576));
  if (total === null || total === 0) return `${mib(done)} MiB`;
  return `${mib(done)} of ${mib(total)} MiB (${Math.floor((done / total) * 100)} %)`;
}

function capacityText(s: Snapshot): string {
  const { cores, memoryMiB } = s.capacity;
  return `Capacity: ${cores.free} of ${coresText(cores.total)} and ${memoryText(memoryMiB.free)} of ${memoryText(memoryMiB.total)} free; ${coresText(cores.reserve)} and ${memoryText(memoryMiB.reserve)} kept for you.`;
}

function poolTable(s: Snapshot, width: number): string {
  const rows = s.pools.map((p) => [
    p.id,
    p.forge,
    p.mode,
    p.scaling,
    `${s.runners.filter((r) => r.pool === p.id).length}/${p.want}`,
    p.demand === null ? '?' : String(p.demand),
    p.problem?.message ?? (p.paused === null ? '' : 'paused'),
  ]);
  return table(['POOL', 'FORGE', 'MODE', 'SCALING', 'HAS/WANTS', 'WAITING', ''], rows, width);
}

export function runnerTable(runners: readonly RunnerView[], now: number, width: number): string {
  const rows = runners.map((r) => [r.name, r.phase, formatDuration(now - r.since), r.job?.name ?? '', r.why]);
  return table(['RUNNER', 'PHASE', 'SINCE', 'JOB', 'WHY'], rows, width);
}

function waitingText(s: Snapshot, width: number): string {
  const rows = s.waiting
    .slice(0, 10)
    .map((w) => [w.job, w.name, formatDuration(s.at - w.since), w.why[0] ?? 'Starts soon.']);
  const more = s.waitingTotal > rows.length ? `\n… and ${s.waitingTotal - rows.length} more` : '';
  return `${table(['WAITING', 'NAME', 'FOR', 'WHY'], rows, width)}${more}`;
}

/** Jobs by line; with their pages at the forge where these have room whole. */
export function jobTable(jobs: readonly Job[], now: number, width: number): string {
  const rows = jobs.map((job) => [
    job.id,
    job.name,
    job.state,
    job.exitCode === null ? '' : String(job.exitCode),
    job.startedAt === null ? '' : formatDuration((job.endedAt ?? now) - job.startedAt),
    ago(job.endedAt ?? job.startedAt ?? job.createdAt, now),
  ]);
  const head = ['JOB', 'NAME', 'STATE', 'EXIT', 'TOOK', 'WHEN'];
  if (jobs.every((job) => job.url === null)) return table(head, rows, width);
  const linked = rows.map((row, i) => [...row, jobs[i]?.url ?? '']);
  const whole = table([...head, 'PAGE'], linked, Infinity);
  const widest = Math.max(...whole.split('\n').map((line) => Array.from(line).length));
  return widest <= width ? whole : table(head, rows, width);
}

export function poolListText(pools: readonly Pool[], width: number): string {
  if (pools.length === 0)
    return 'There is no pool yet. Make one with `homerunner pool add --forge local` (or github).';
  const rows = pools.map((p) => [
    p.id,
    p.scope === null ? p.forge : `${p.forge} ${p.scope}`,
    p.arch,
    p.mode,
    p.scaling,
    `${p.min} to ${p.max}`,
    p.cores === null ? p.size : coresText(p.cores),
    p.labels.join(', '),
  ]);
  return table(['POOL', 'FORGE', 'ARCH', 'MODE', 'SCALING', 'RUNNERS', 'SIZE', 'LABELS'], rows, width);
}

/** Names and values under each other, empty ones left out. */
export function facts(rows: readonly (readonly [string, string | null])[]): string {
  const shown = rows.filter((row): row is readonly [string, string] => row[1] !== null && row[1] !== '');
  const width = Math.max(...shown.map(([name]) => name.length)) + 2;
  return shown.map(([name, value]) => `${`${name}:`.padEnd(width)}${printable(value)}`).join('\n');
}
