/** Does what the plan says, one step of one runner at a time; each step is durable before the next begins. */
import type { EndedBy } from '../contract/job.ts';
import { type Problem, problem, problemOf, reactionTo } from '../contract/problem.ts';
import type { Action } from '../core/actions.ts';
import { recovered, registered } from '../core/backoff.ts';
import { faultPoint } from '../core/fault.ts';
import type { ForgeKit, JobEnd } from '../core/forge-port.ts';
import type { Instance, RunnerRecord } from '../core/runner.ts';
import { adopted } from './adopt.ts';
import { askedNow } from './delay.ts';
import type { Deps } from './deps.ts';
import type { State } from './state.ts';
import { localRecords } from './take-up.ts';

type Do<K extends Action['do']> = Extract<Action, { do: K }>;

/** Does one action; throws a ProblemError when it could not be done, in which case it is safe to repeat. */
export async function act(action: Action, deps: Deps, state: State): Promise<void> {
  switch (action.do) {
    case 'intend':
      state.put(action.record);
      faultPoint('after-intent');
      return;
    case 'adopt':
      return adopt(action.key, deps, state);
    case 'forget':
      return forget(action.key, deps, state);
    case 'remove':
      return remove(action, deps, state);
    case 'register':
    case 'prepare':
    case 'start':
    case 'fence':
    case 'signal':
    case 'kill':
    case 'settle': {
      const record = state.records.get(action.key);
      if (record !== undefined) await withRecord(action, record, deps, state);
    }
  }
}

async function withRecord(
  action: Do<'register' | 'prepare' | 'start' | 'fence' | 'signal' | 'kill' | 'settle'>,
  record: RunnerRecord,
  deps: Deps,
  state: State,
): Promise<void> {
  const kit = kitOf(record, deps);
  switch (action.do) {
    case 'register':
      return register(record, kit, state);
    case 'prepare':
      return prepare(record, kit, deps, state);
    case 'start':
      return start(action, record, kit, deps, state);
    case 'fence':
      return fence(action, record, kit, state);
    case 'signal':
      // Written first: a job that then ends has been ended by us, whatever happens to us meanwhile.
      state.putOrKeep({ ...current(record, state), signalledAt: state.now() });
      await deps.runtime.signal(record.name, kit.agent.stop ?? 'stop');
      faultPoint('after-signal');
      return;
    case 'kill':
      await deps.runtime.signal(record.name, 'kill');
      // The grace begins anew: what dies slowly is not killed in a hot loop.
      state.putOrKeep({ ...current(record, state), signalledAt: state.now() });
      faultPoint('after-kill');
      return;
    case 'settle':
      return settle(record, kit, deps, state);
  }
}

function kitOf(record: Pick<RunnerRecord, 'forge'>, deps: Deps): ForgeKit {
  const kit = deps.forges.find((k) => k.id === record.forge);
  if (kit !== undefined) return kit;
  throw problem(
    'unexpected',
    `There is no part for the forge ${record.forge}.`,
    'Remove its pools, or update Homerunner.',
  );
}

/** The record as it stands: an owner's command may have changed it while we waited. */
function current(record: RunnerRecord, state: State): RunnerRecord {
  return state.latest(record.name) ?? record;
}

async function register(record: RunnerRecord, kit: ForgeKit, state: State): Promise<void> {
  const registration = await kit.register(record);
  faultPoint('after-register');
  state.put({ ...current(record, state), registration });
  state.setMemory(record.pool, (m) => ({ ...m, backoff: registered(m.backoff, state.now()) }));
  faultPoint('after-registered');
}

async function prepare(record: RunnerRecord, kit: ForgeKit, deps: Deps, state: State): Promise<void> {
  await kit.prepare(record, await deps.runtime.folder(record.name));
  faultPoint('after-prepare');
  const now = state.now();
  state.put({ ...current(record, state), preparedAt: now, idleSince: kit.agent.waits ? null : now });
  faultPoint('after-prepared');
}

async function start(
  action: Do<'start'>,
  before: RunnerRecord,
  kit: ForgeKit,
  deps: Deps,
  state: State,
): Promise<void> {
  let record = before;
  if (action.job !== null && record.job !== action.job) {
    const claimed = await kit.claim(action.job, record);
    if (claimed === null) return;
    record = current(claimed, state);
    faultPoint('after-claim');
  }
  let launch;
  try {
    launch = await kit.launch(record, await deps.runtime.folder(record.name));
  } catch (error) {
    const reason = problemOf(error);
    if (record.job === null || reactionTo(reason.code) === 'retry') throw error;
    await finish(record, kit, deps, state, { ...jobEnd(record, record.job, deps, state), problem: reason });
    return;
  }
  faultPoint('after-checkout');
  // One that is started again leaves its former process behind.
  if (kit.agent.waits) await deps.runtime.clear(record.name);
  // Before the start: a short job has ended before we hear of it.
  const startedAt = deps.clock.now();
  const process = await deps.runtime.start(launch, record.resources);
  faultPoint('after-spawn');
  // What a crash undoes here is found again: the job's own files say that it runs.
  await deps.store.later(() => {
    // One that waits is ready when it says so, whatever its former process was.
    const idleSince = kit.agent.waits ? null : current(record, state).idleSince;
    record = state.put({ ...current(record, state), process, startedAt: state.now(), idleSince });
    return kit.started(record, startedAt);
  });
  faultPoint('after-started');
  if (record.job !== null) deps.say(`Job ${record.job} started on ${record.name}.`);
}

async function fence(action: Do<'fence'>, record: RunnerRecord, kit: ForgeKit, state: State): Promise<void> {
  const answer = record.registration === null ? 'fenced' : await askFence(action, record, kit);
  const now = state.now();
  const latest = state.latest(record.name);
  if (latest === null) return;
  const ended: RunnerRecord = {
    ...latest,
    ending: { why: action.why, now: action.now || latest.ending?.now === true, at: latest.ending?.at ?? now },
    // Asked again, its grace begins anew.
    fencedAt: answer === 'cannot' || answer === 'unknown' ? latest.fencedAt : now,
  };
  if (action.now) state.putOrKeep(ended);
  else state.put(ended);
  faultPoint('after-fence');
}

/** The forge's answer; where it gives none, only the owner's "now" goes on without it. */
async function askFence(
  action: Do<'fence'>,
  record: RunnerRecord,
  kit: ForgeKit,
): ReturnType<ForgeKit['fence']> {
  if (action.now) return (await askedNow(kit.fence(record))) ?? 'unknown';
  const answer = await kit.fence(record);
  if (answer !== 'unknown') return answer;
  throw problem(
    'forge-unreachable',
    `${record.forge} did not say whether ${record.name} may be ended.`,
    'It is asked again.',
  );
}

async function settle(record: RunnerRecord, kit: ForgeKit, deps: Deps, state: State): Promise<void> {
  if (record.job === null) {
    await deps.runtime.clear(record.name);
    return;
  }
  await deps.runtime.signal(record.name, 'kill');
  await finish(record, kit, deps, state, jobEnd(record, record.job, deps, state));
}

/** Outcome first, then cleaning up: a crash in between repeats only the latter. */
async function finish(
  record: RunnerRecord,
  kit: ForgeKit,
  deps: Deps,
  state: State,
  end: JobEnd,
): Promise<void> {
  await kit.settle(record, await deps.runtime.folder(record.name), end);
  state.latest(record.name);
  deps.say(`Job ${end.job} ended: ${deps.store.job(end.job)?.job.result ?? 'its outcome is recorded.'}`);
  state.jobClocks.delete(end.job);
  state.setMemory(record.pool, (m) => ({ ...m, backoff: recovered(m.backoff, true) }));
  await deps.runtime.clear(record.name);
  faultPoint('after-settle');
}

/** The job could not be started however often it was tried: that is its outcome. */
export async function giveUpJob(
  record: RunnerRecord,
  reason: Problem,
  deps: Deps,
  state: State,
): Promise<void> {
  if (record.job === null) return;
  const end = { ...jobEnd(record, record.job, deps, state), problem: reason };
  await finish(record, kitOf(record, deps), deps, state, end);
}

function jobEnd(record: RunnerRecord, job: string, deps: Deps, state: State): JobEnd {
  const o = state.input?.observations.find((x) => x.name === record.name) ?? null;
  const instance = o?.instance?.job === job ? o.instance : null;
  return {
    job,
    exitCode: instance?.exitCode ?? null,
    endedAt: instance?.endedAt ?? deps.clock.now(),
    by: endedBy(record, deps, state),
    peak: deps.runtime.peak(record.name),
    log: deps.runtime.logFile(record.name, job),
    problem: null,
  };
}

/** Who ended it, as far as we asked for it; null: it ended by itself. */
function endedBy(record: RunnerRecord, deps: Deps, state: State): EndedBy | null {
  const o = state.input?.observations.find((x) => x.name === record.name);
  const job = o === undefined || typeof o.forge === 'string' ? null : o.forge.job;
  const notBegun = o?.instance?.job !== record.job;
  if (record.signalledAt === null && !notBegun) return deps.runtime.endedBy(record.name);
  if (job?.cancel === true) return 'owner';
  if (record.ending?.now === true || state.stop === 'now') return 'stop-now';
  if (record.signalledAt !== null) return 'time-limit';
  return deps.runtime.endedBy(record.name);
}

async function remove(action: Do<'remove'>, deps: Deps, state: State): Promise<void> {
  if (action.ghost !== null) {
    await kitOf(action.ghost, deps).remove({ name: action.key, registration: action.ghost.id });
    return;
  }
  const record = state.records.get(action.key);
  if (record === undefined) return;
  await kitOf(record, deps).remove(record);
  faultPoint('after-remove');
  state.put({ ...current(record, state), removedAt: state.now() });
}

async function forget(name: string, deps: Deps, state: State): Promise<void> {
  await deps.runtime.remove(name);
  faultPoint('before-forget');
  deps.store.deleteRunner(name);
  state.records.delete(name);
  state.phases.delete(name);
  state.endsCounted.delete(name);
  faultPoint('after-forget');
}

/** A start of which we were killed before it was written down: the job runs since then, as far as we know since now. */
async function begun(record: RunnerRecord, instance: Instance, deps: Deps, state: State): Promise<void> {
  state.put({ ...record, process: instance.process, startedAt: state.now() });
  await kitOf(record, deps).started(record, deps.clock.now());
}

async function adopt(name: string, deps: Deps, state: State): Promise<void> {
  const instance = state.input?.observations.find((o) => o.name === name)?.instance;
  if (instance == null) return;
  const known = state.records.get(name);
  if (known !== undefined) return begun(known, instance, deps, state);
  const record = deps.store.transaction(() => state.put(adopted(instance, deps, state)));
  if (record.forge === 'local') await deps.local.restore(localRecords(state));
  deps.log.warn(`Adopted ${record.name}, which the journal had lost.`, { job: record.job });
}
