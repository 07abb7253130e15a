/** Carries actions out in the simulated world as app/act.ts and app/failure.ts do, and judges each by the truth. */
import { problem } from '../../contract/problem.ts';
import type { Action } from '../actions.ts';
import { delayAfter, failed, recovered, registered } from '../backoff.ts';
import { newMemory } from '../memory.ts';
import type { PoolMemory } from '../plan-types.ts';
import type { RunnerRecord } from '../runner.ts';
import { makeRecord } from './make.ts';
import { breaks, type World } from './world.ts';
import { begin, endProcess, mayEnd } from './world-truth.ts';

const startTries = 5;
const leastRestMs = 1000;

type Effects = (() => void)[];

/** The effects of `action`, each durable before the next. */
export function effectsOf(w: World, action: Action): Effects {
  const name = action.key;
  switch (action.do) {
    case 'intend':
      return [() => w.journal.set(name, w.journal.get(name) ?? action.record)];
    case 'register':
      return register(w, name);
    case 'prepare':
      return prepare(w, name);
    case 'start':
      return action.job === null ? startAgent(w, name) : startJob(w, name, action.job);
    case 'fence':
      return fence(w, action);
    case 'signal':
      return signal(w, name);
    case 'kill':
      return kill(w, name);
    case 'settle':
      return settle(w, name);
    case 'remove':
      return remove(w, name);
    case 'forget':
      return forget(w, name);
    case 'adopt':
      return adopt(w, name);
  }
}

function change(w: World, name: string, fn: (record: RunnerRecord) => Partial<RunnerRecord>): void {
  const record = w.journal.get(name);
  if (record !== undefined) w.journal.set(name, { ...record, ...fn(record) });
}

function setMemory(w: World, pool: string, fn: (memory: PoolMemory) => PoolMemory): void {
  w.memory.set(pool, fn(w.memory.get(pool) ?? newMemory));
}

function register(w: World, name: string): Effects {
  const id = `id-${name}`;
  const at = (record: RunnerRecord): void => {
    const { forge, oneJob, pool, labels, scope } = record;
    if (w.registrations.get(name) !== undefined) return;
    const nothing = { fenced: false, job: null, takesAt: null };
    w.registrations.set(name, { forge, id, oneJob, pool, labels, scope, ...nothing });
  };
  return [
    () => {
      const record = w.journal.get(name);
      if (record !== undefined) at(record);
    },
    () => {
      change(w, name, (record) => {
        setMemory(w, record.pool, (m) => ({ ...m, backoff: registered(m.backoff, w.now) }));
        return { registration: id };
      });
    },
  ];
}

function prepare(w: World, name: string): Effects {
  return [
    () => {
      if (!w.instances.has(name)) w.instances.set(name, { state: 'prepared', job: null, stopsAt: null });
    },
    () => {
      change(w, name, (r) => ({ preparedAt: w.now, idleSince: r.forge === 'local' ? w.now : null }));
    },
  ];
}

function startAgent(w: World, name: string): Effects {
  return [
    () => {
      if (w.instances.get(name)?.state !== 'running') {
        w.instances.set(name, { state: 'running', job: null, stopsAt: null });
      }
    },
    () => {
      change(w, name, () => ({ startedAt: w.now, idleSince: null }));
    },
  ];
}

function startJob(w: World, name: string, id: string): Effects {
  const job = w.jobs.get(id);
  const has = (): boolean => w.journal.get(name)?.job === id;
  return [
    () => {
      const record = w.journal.get(name);
      if (job === undefined || record?.job !== null) return;
      const isOpen = job.runner === null && job.outcomes.length === 0;
      if (!isOpen || w.registrations.get(name)?.fenced === true) return;
      job.runner = name;
      change(w, name, () => ({ job: id, idleSince: null }));
    },
    () => {
      if (job === undefined || !has() || job.starts > 0) return;
      w.instances.set(name, { state: 'running', job: id, stopsAt: null });
      begin(w, job, name);
    },
    () => {
      if (has()) change(w, name, () => ({ startedAt: w.now }));
    },
  ];
}

function fence(w: World, action: Extract<Action, { do: 'fence' }>): Effects {
  return [
    () => {
      const registration = w.registrations.get(action.key);
      if (registration === undefined || registration.forge === 'gitea') return;
      if (!(registration.oneJob && registration.job !== null)) registration.fenced = true;
      const instance = w.instances.get(action.key);
      // Its registration is gone with that: the agent notices, and ends.
      const isGone = registration.forge === 'github' && registration.oneJob && registration.fenced;
      if (isGone && instance?.state === 'running')
        instance.stopsAt ??= w.now + Math.floor(w.random() * 60_000);
    },
    () => {
      change(w, action.key, ({ ending }) => ({
        ending: { why: action.why, now: action.now || ending?.now === true, at: ending?.at ?? w.now },
        fencedAt: w.now,
      }));
    },
  ];
}

/** Ending what waits is right only when it was fenced, or nothing of it is registered. */
function judgeEnd(w: World, name: string, how: string): void {
  if (!mayEnd(w, name)) breaks(w, `${how} of ${name}, which works`);
  const isAtOnce = w.stop === 'now' || w.journal.get(name)?.ending?.now === true;
  const registration = w.registrations.get(name);
  const waits = w.instances.get(name)?.state === 'running' && w.instances.get(name)?.job === null;
  if (waits && !isAtOnce && registration?.fenced === false) breaks(w, `${how} of ${name} before its fence`);
}

function signal(w: World, name: string): Effects {
  return [
    () => {
      judgeEnd(w, name, 'signal');
      const instance = w.instances.get(name);
      if (instance !== undefined) instance.stopsAt ??= w.now + Math.floor(w.random() * 20_000);
    },
    () => {
      change(w, name, () => ({ signalledAt: w.now }));
    },
  ];
}

function kill(w: World, name: string): Effects {
  return [
    () => {
      judgeEnd(w, name, 'kill');
      endProcess(w, name);
    },
  ];
}

function settle(w: World, name: string): Effects {
  return [
    () => {
      if (w.journal.get(name)?.job == null) return;
      judgeEnd(w, name, 'settle');
      endProcess(w, name);
    },
    () => {
      change(w, name, (record) => {
        if (record.job === null) return {};
        w.jobs.get(record.job)?.outcomes.push('settled');
        setMemory(w, record.pool, (m) => ({ ...m, backoff: recovered(m.backoff, true) }));
        return { job: null, jobsDone: record.jobsDone + 1, idleSince: w.now, process: null, startedAt: null };
      });
    },
    () => {
      if (w.instances.get(name)?.state === 'ended') {
        w.instances.set(name, { state: 'prepared', job: null, stopsAt: null });
      }
    },
  ];
}

function remove(w: World, name: string): Effects {
  return [
    () => {
      if (w.registrations.get(name)?.job != null && !mayEnd(w, name)) {
        breaks(w, `remove of ${name}, which works`);
      }
      if (w.instances.get(name)?.state === 'running') breaks(w, `remove of ${name}, which runs`);
      w.registrations.delete(name);
      for (const { runners } of w.polls.values()) runners.delete(name);
    },
    () => {
      change(w, name, () => ({ removedAt: w.now }));
    },
  ];
}

function forget(w: World, name: string): Effects {
  return [
    () => {
      if (w.instances.get(name)?.state === 'running') breaks(w, `${name} forgotten, and it runs`);
      w.instances.delete(name);
    },
    () => {
      w.journal.delete(name);
    },
  ];
}

function adopt(w: World, name: string): Effects {
  return [
    () => {
      if (w.journal.has(name)) {
        change(w, name, () => ({ startedAt: w.now }));
        return;
      }
      const job = w.instances.get(name)?.job ?? null;
      const ending = { why: 'adopted', now: false, at: w.now };
      const resources = { cpus: 1, memoryMiB: 0, pids: 0, gpus: [] };
      const isOpen = job !== null && w.jobs.get(job)?.outcomes.length === 0;
      w.journal.set(
        name,
        makeRecord({
          name,
          ending,
          fencedAt: w.now,
          startedAt: w.now,
          oneJob: true,
          resources,
          job: isOpen ? job : null,
        }),
      );
    },
  ];
}

/** What follows when an action could not be done. */
export function fail(w: World, action: Action): void {
  const record = w.journal.get(action.key);
  const reason = problem('unexpected', 'The simulated world failed.', 'Try again.').problem;
  const isMaking =
    action.do === 'register' || action.do === 'prepare' || (action.do === 'start' && record?.job == null);
  if (isMaking && record !== undefined) {
    setMemory(w, record.pool, (m) => ({ ...m, backoff: failed(m.backoff, w.now, w.random()) }));
    change(w, action.key, () => ({ failure: { problem: reason, at: w.now } }));
    return;
  }
  const failures = (w.resting.get(action.key)?.failures ?? 0) + 1;
  if (action.do === 'start' && failures >= startTries) {
    for (const effect of settle(w, action.key)) effect();
    w.resting.delete(action.key);
    return;
  }
  const rest = Math.max(leastRestMs, delayAfter(failures, w.random()));
  w.resting.set(action.key, { until: w.now + rest, failures });
}
