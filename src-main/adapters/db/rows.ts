/** Rows of the jobs table as values of the port, and back. */
import type { Job } from '../../contract/job.ts';
import type { JobRow } from '../../core/ports.ts';
import type { Row, Value } from './connection.ts';

/** Column by column, in the order of `jobValues`. */
export const jobColumns = [
  'id',
  'forge',
  'pool',
  'runner',
  'name',
  'url',
  'labels',
  'arch',
  'state',
  'created_at',
  'started_at',
  'ended_at',
  'exit_code',
  'result',
  'ended_by',
  'peak_cpu',
  'peak_memory_mib',
  'attempt',
  'retry_of',
  'retried_as',
  'submission',
  'commit_id',
  'cancel_requested',
  'deadline',
  'problem',
] as const;

export function jobValues({ job, submission, commit, cancelRequested, deadline, problem }: JobRow): Value[] {
  return [
    job.id,
    job.forge,
    job.pool,
    job.runner,
    job.name,
    job.url,
    JSON.stringify(job.labels),
    job.arch,
    job.state,
    job.createdAt,
    job.startedAt,
    job.endedAt,
    job.exitCode,
    job.result,
    job.endedBy,
    job.peak.cpu,
    job.peak.memoryMiB,
    job.attempt,
    job.retryOf,
    job.retriedAs,
    toJson(submission),
    commit,
    cancelRequested ? 1 : 0,
    deadline,
    toJson(problem),
  ];
}

export function jobRow(row: Row): JobRow {
  const text = (column: string) => row[column] as string | null;
  const number = (column: string) => row[column] as number | null;
  const job = {
    id: text('id'),
    forge: text('forge'),
    pool: text('pool'),
    runner: text('runner'),
    name: text('name'),
    url: text('url'),
    labels: fromJson(row['labels']),
    arch: text('arch'),
    state: text('state'),
    createdAt: number('created_at'),
    startedAt: number('started_at'),
    endedAt: number('ended_at'),
    exitCode: number('exit_code'),
    result: text('result'),
    endedBy: text('ended_by'),
    peak: { cpu: number('peak_cpu'), memoryMiB: number('peak_memory_mib') },
    attempt: number('attempt'),
    retryOf: text('retry_of'),
    retriedAs: text('retried_as'),
  };
  return {
    job: job as Job,
    submission: fromJson(row['submission']) as JobRow['submission'],
    commit: text('commit_id'),
    cancelRequested: row['cancel_requested'] === 1,
    deadline: number('deadline'),
    problem: fromJson(row['problem']) as JobRow['problem'],
  };
}

export function toJson(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}

/** What we wrote as JSON; its form is that of the version that wrote it, which migrations keep up to date. */
export function fromJson(value: Value | undefined): unknown {
  return typeof value === 'string' ? JSON.parse(value) : null;
}
