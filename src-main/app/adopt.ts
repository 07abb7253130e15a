/** A record for a living instance that the journal has lost, as after a database that had to be set aside. */
import { isOpen, type Job, notEnded } from '../contract/job.ts';
import type { Pool } from '../contract/pool.ts';
import { byName, type Instance, nothingDone, type RunnerRecord } from '../core/runner.ts';
import type { Deps } from './deps.ts';
import type { State } from './state.ts';

/** The record to write; its job gets a row of its own when that was lost too, so that its outcome is recorded. */
export function adopted(instance: Instance, deps: Deps, state: State): RunnerRecord {
  const row = instance.job === null ? null : deps.store.job(instance.job);
  const named = poolByName(instance.name, deps.install, state);
  const pool = row?.job.pool ?? named?.id ?? 'adopted';
  // One that runs without a job of its own waits for them: the agent of a forge elsewhere.
  const elsewhere = instance.job === null && named !== null && named.forge !== 'local' ? named : null;
  if (instance.job !== null && row === null) {
    deps.store.insertJob({
      job: lostJob(instance.job, instance.name, pool, deps.clock.now()),
      submission: null,
      commit: null,
      cancelRequested: false,
      deadline: null,
      problem: null,
    });
  }
  const open = row === null || isOpen(row.job);
  const now = state.now();
  return {
    name: instance.name,
    pool,
    forge: elsewhere?.forge ?? 'local',
    scope: elsewhere?.scope ?? null,
    account: elsewhere?.account ?? null,
    group: elsewhere?.group ?? null,
    madeFor: null,
    arch: row?.job.arch ?? deps.hostArch,
    labels: [],
    resources: { cpus: 1, memoryMiB: 0, pids: 0, gpus: [] },
    oneJob: true,
    intendedAt: now,
    notBefore: now,
    ...nothingDone,
    registration: elsewhere === null ? `local-${instance.name}` : byName,
    preparedAt: now,
    process: instance.process,
    startedAt: now,
    job: open ? instance.job : null,
    ending: { why: 'It was adopted: it ends after its job.', now: false, at: now },
    fencedAt: elsewhere === null ? now : null,
  };
}

/** Our names carry our install and the pool's id, cut to 16 characters, before the last six. */
function poolByName(name: string, install: string, state: State): Pool | null {
  const middle = name.slice(0, -7);
  return state.pools().find((p) => middle.endsWith(`-${install}-${p.id.slice(0, 16)}`)) ?? null;
}

function lostJob(id: string, runner: string, pool: string, at: number): Job {
  return {
    id,
    forge: 'local',
    pool,
    runner,
    name: 'a job found running',
    url: null,
    labels: [],
    arch: null,
    state: 'running',
    createdAt: at,
    startedAt: at,
    ...notEnded,
  };
}
