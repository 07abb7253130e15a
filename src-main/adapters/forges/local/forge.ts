/** The embedded forge: a durable queue of real jobs on this host, through the same port as every other forge. */
import type { LocalForge } from '../../../core/forge-port.ts';
import type { RunnerRecord } from '../../../core/runner.ts';
import { again } from './again.ts';
import { cancel, detail, get, prune } from './history.ts';
import { launch } from './launch.ts';
import { type LocalForgeOptions, type Parts, partsOf } from './options.ts';
import { preflight } from './preflight.ts';
import { restoreJobs, restoreRunners } from './restore.ts';
import { settle } from './settle.ts';
import { submit } from './submit.ts';

export type { LocalForgeOptions } from './options.ts';

export function localForge(options: LocalForgeOptions): LocalForge {
  const parts = partsOf(options);
  const { registrations, queue } = parts;
  let restored = false;
  return {
    id: 'local',
    can: { oneJob: true, demand: 'poll', fence: true },
    agent: { waits: false, opaque: false },
    watch(wake) {
      parts.watchers.add(wake);
      return () => void parts.watchers.delete(wake);
    },
    demand: () => Promise.resolve(queue.demand()),
    runners: () => Promise.resolve(registrations.list(parts.clock.now())),
    register: (record) => Promise.resolve(registrations.add(record.name)),
    fence(record) {
      registrations.fence(record.name);
      return Promise.resolve(registrations.busy(record.name) ? 'busy' : 'fenced');
    },
    remove({ name }) {
      registrations.remove(name);
      return Promise.resolve();
    },
    prepare: () => Promise.resolve(),
    claim: (job, record) => claim(job, record, parts),
    launch: (record, folder) => launch(record, folder, parts),
    started(record, at) {
      started(record, at, parts);
      return Promise.resolve();
    },
    settle: (record, folder, end) => settle(record, folder, end, parts),
    preflight: () => preflight(parts),
    async restore(records) {
      restoreRunners(records, parts);
      if (restored) return;
      await restoreJobs(parts);
      restored = true;
    },
    submit: (submission) => submit(submission, parts),
    again: (job) => again(job, parts),
    cancel: (job) => cancel(job, parts),
    get: (job, to) => get(job, to, parts),
    detail: (job) => detail(job, parts),
    prune: (keep) => prune(keep, parts),
  };
}

/** Job and record in one transaction: never one without the other. */
async function claim(job: string, record: RunnerRecord, parts: Parts): Promise<RunnerRecord | null> {
  const { store, registrations, queue } = parts;
  const claimed = await store.grouped(() => {
    if (!registrations.free(record.name)) return null;
    const now = store.runner(record.name) ?? record;
    if (now.job !== null || now.ending !== null) return null;
    if (!store.assignJob(job, now.pool, now.name)) return null;
    const next = { ...now, job };
    store.putRunner(next);
    return next;
  });
  if (claimed === null) {
    if (store.job(job)?.job.state !== 'queued') queue.remove(job);
    return null;
  }
  queue.remove(job);
  const row = store.job(job);
  if (row !== null) registrations.give(record.name, row);
  return claimed;
}

function started({ name, job }: RunnerRecord, at: number, { store, registrations }: Parts): void {
  if (job === null) return;
  const seconds = store.job(job)?.submission?.timeoutSeconds ?? 0;
  // Told twice, as after a crash, the first time counts.
  if (store.startJob(job, name, at, seconds > 0 ? at + seconds * 1000 : null))
    registrations.started(name, at);
}
