/** Entries of the history for jobs that forges elsewhere hand to agents here. */
import { type Job, notEnded } from '../contract/job.ts';
import type { AgentJob } from '../core/agent-port.ts';
import type { ForgeJob } from '../core/forge-port.ts';
import type { JobRow, Store } from '../core/ports.ts';
import type { RunnerRecord } from '../core/runner.ts';

/** The entry of a job that has begun; `job` is what its forge knows of it, null: not even which it is. */
export function rowOf(record: RunnerRecord, told: AgentJob, job: ForgeJob | null, store: Store): JobRow {
  return {
    job: runningJob(record, told, job, freeId(job?.id ?? record.name, store)),
    submission: null,
    commit: null,
    cancelRequested: false,
    deadline: null,
    problem: null,
  };
}

function runningJob(record: RunnerRecord, told: AgentJob, job: ForgeJob | null, id: string): Job {
  return {
    id,
    forge: record.forge,
    pool: record.pool,
    runner: record.name,
    name: nameOf(record, told, job),
    url: job?.url ?? null,
    labels: job?.labels ?? record.labels,
    arch: record.arch,
    state: 'running',
    createdAt: job?.createdAt ?? told.startedAt,
    startedAt: told.startedAt,
    ...notEnded,
  };
}

/** Repository and job, as far as they are known. */
export function nameOf({ scope }: RunnerRecord, told: AgentJob, job: ForgeJob | null): string {
  return `${job?.repository ?? told.repository ?? scope ?? ''} · ${job?.name ?? told.name}`;
}

/** A forge may hand the same job out again, as when its first runner was lost. */
export function freeId(id: string, store: Pick<Store, 'job'>): string {
  let free = id;
  for (let n = 2; store.job(free) !== null; n += 1) free = `${id}-${n}`;
  return free;
}
