/** Jobs in groups, filtered, and as a table for a spreadsheet. */
import { type ForgeId, isOpen, type Job, type JobState } from '../../src-main/contract/job.ts';
import type { WaitingView } from '../../src-main/contract/snapshot.ts';
import { daysBetween } from './format.ts';

export type Group = 'running' | 'waiting' | 'today' | 'yesterday' | 'older';

export interface Filter {
  readonly text: string;
  readonly pool: string | null;
  readonly forge: ForgeId | null;
  readonly state: JobState | null;
}

export const noFilter: Filter = { text: '', pool: null, forge: null, state: null };

/** The jobs that a filter lets through; text is looked for in name, repository, id and pool, without regard to case. */
export function filterJobs(jobs: readonly Job[], filter: Filter): readonly Job[] {
  const text = filter.text.trim().toLowerCase();
  return jobs.filter(
    (job) =>
      (filter.pool === null || job.pool === filter.pool) &&
      (filter.forge === null || job.forge === filter.forge) &&
      (filter.state === null || job.state === filter.state) &&
      (text === '' ||
        [job.name, repositoryOf(job) ?? '', job.id, job.pool ?? ''].some((part) =>
          part.toLowerCase().includes(text),
        )),
  );
}

/** Jobs by what they do now and by day, newest first; groups without jobs are left out. */
export function groupJobs(
  jobs: readonly Job[],
  now: number,
): readonly { group: Group; jobs: readonly Job[] }[] {
  const groups: Record<Group, Job[]> = { running: [], waiting: [], today: [], yesterday: [], older: [] };
  for (const job of jobs) groups[groupOf(job, now)].push(job);
  const order: readonly Group[] = ['running', 'waiting', 'today', 'yesterday', 'older'];
  return order
    .filter((group) => groups[group].length > 0)
    .map((group) => ({ group, jobs: groups[group].sort((a, b) => momentOf(b) - momentOf(a)) }));
}

function groupOf(job: Job, now: number): Group {
  if (job.state === 'queued') return 'waiting';
  if (isOpen(job)) return 'running';
  const days = daysBetween(momentOf(job), now);
  return days <= 0 ? 'today' : days === 1 ? 'yesterday' : 'older';
}

/** The moment that a job is listed by: its end, else its start, else when it came. */
export function momentOf(job: Job): number {
  return job.endedAt ?? job.startedAt ?? job.createdAt;
}

/** What is newer of two lists, by id: the snapshot knows more than a list read before it. */
export function merged(listed: readonly Job[], fresh: readonly Job[]): readonly Job[] {
  const byId = new Map(fresh.map((job) => [job.id, job]));
  const known = new Set(listed.map((job) => job.id));
  return [...fresh.filter((job) => !known.has(job.id)), ...listed.map((job) => newer(job, byId.get(job.id)))];
}

function newer(listed: Job, fresh: Job | undefined): Job {
  if (fresh === undefined) return listed;
  // States only move forward: an outcome is never undone by an older answer.
  return isOpen(listed) || !isOpen(fresh) ? fresh : listed;
}

/** `owner/repository` of a job of a forge, from the address of its page; null where it has none. */
export function repositoryOf({ url }: Pick<Job, 'url'>): string | null {
  if (url === null || !URL.canParse(url)) return null;
  const [owner, name, ...rest] = new URL(url).pathname.split('/').filter(Boolean);
  return owner === undefined || name === undefined || rest.length === 0 ? null : `${owner}/${name}`;
}

/** Jobs that wait at a forge are in no ledger of ours until they come here: they are listed with those that are. */
export function withWaiting(jobs: readonly Job[], waiting: readonly WaitingView[]): readonly Job[] {
  const known = new Set(jobs.map((job) => job.id));
  const others = waiting.filter((one) => one.forge !== 'local' && !known.has(one.job));
  return [...others.map(jobOf), ...jobs];
}

function jobOf(waiting: WaitingView): Job {
  const { job: id, forge, pool, name, url, labels, since } = waiting;
  return {
    ...{ id, forge, pool, name, url, labels, createdAt: since, state: 'queued' },
    ...{ runner: null, arch: null, startedAt: null, endedAt: null, exitCode: null, result: null },
    ...{ endedBy: null, peak: { cpu: null, memoryMiB: null }, attempt: 1, retryOf: null, retriedAs: null },
  };
}

const columns = [
  'id',
  'name',
  'repository',
  'forge',
  'pool',
  'state',
  'created',
  'started',
  'ended',
  'exit code',
  'ended by',
];

/** A table of jobs as CSV (RFC 4180). Cells that a spreadsheet would take for a formula are made text. */
export function csvOf(jobs: readonly Job[]): string {
  const moment = (at: number | null): string => (at === null ? '' : new Date(at).toISOString());
  const rows = jobs.map((job) =>
    [
      job.id,
      job.name,
      repositoryOf(job) ?? '',
      job.forge,
      job.pool ?? '',
      job.state,
      moment(job.createdAt),
      moment(job.startedAt),
      moment(job.endedAt),
      job.exitCode === null ? '' : String(job.exitCode),
      job.endedBy ?? '',
    ].map(cell),
  );
  return [columns, ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
