/** Looks at everything: what the journal, the runtime and the forges say of each runner, side by side. */
import type { ForgeId } from '../contract/job.ts';
import type { AgentEvidence } from '../core/agent-port.ts';
import type { Demand, ForgeKit } from '../core/forge-port.ts';
import { stuckPhantomMs } from '../core/phase.ts';
import type { ForgeRunner, Instance, Observation, RunnerRecord } from '../core/runner.ts';
import { isPast, newlyTaken, stillWaiting } from '../core/taken.ts';
import { lookAtAgents, toldJob, withEvidence } from './agents.ts';
import type { Deps } from './deps.ts';
import type { State } from './state.ts';

export interface World {
  readonly observations: readonly Observation[];
  readonly instances: ReadonlyMap<string, Instance>;
  /** What agents that wait tell of themselves. */
  readonly evidence: Evidence;
  readonly demand: Readonly<Partial<Record<ForgeId, Demand>>>;
}

type Evidence = ReadonlyMap<string, AgentEvidence>;

interface ForgeView {
  readonly kit: ForgeKit;
  readonly demand: Demand;
  readonly runners: ReadonlyMap<string, ForgeRunner> | null;
}

/** Before anybody has looked. */
export const nothingObserved: World = {
  observations: [],
  instances: new Map(),
  evidence: new Map(),
  demand: {},
};

/** A forge may take this long to see an agent that says it listens. */
const connectMs = 5000;
/** An agent may take this long to say so: then it hangs, or does not reach its forge, which another may. */
const beginMs = 60_000;

/** One look at the world. What cannot be asked is unknown, never absent. */
export async function observe(deps: Deps, state: State): Promise<World> {
  state.unsure = new Set(state.inFlight.keys());
  const [instances, views] = await Promise.all([
    deps.runtime.list().catch((error: unknown) => {
      deps.log.error('The runners on this machine could not be listed.', { error: String(error) });
      return null;
    }),
    Promise.all(deps.forges.map((kit) => look(kit, deps))),
  ]);
  const byName = new Map((instances ?? []).map((instance) => [instance.name, instance]));
  const evidence = await lookAtAgents(byName, deps, state);
  const byForge = new Map(views.map((view) => [view.kit.id, view]));
  const names = new Set([...state.records.keys(), ...byName.keys()]);
  for (const view of views) for (const name of view.runners?.keys() ?? []) names.add(name);
  const observations = [...names].map((name) =>
    observation(name, instances === null, byName, byForge, evidence, state, deps),
  );
  noteGhosts(observations, state);
  const beganAt = (name: string): number | null => evidence.get(name)?.job?.startedAt ?? null;
  for (const [name, taken] of newlyTaken(observations, state.taken, beganAt, deps.clock.now()))
    state.taken.set(name, taken);
  const demand = Object.fromEntries(
    views.map((view) => [view.kit.id, steadyDemand(view.demand, state, deps)]),
  );
  forgetServed(views, state);
  return { observations, demand, instances: byName, evidence };
}

/** The forges tell when a job was made by the wall clock; the plan counts by the steady one. */
function steadyDemand(demand: Demand, state: State, deps: Deps): Demand {
  if (demand === 'unknown') return demand;
  const now = state.now();
  const wall = deps.clock.now();
  // While its runner is there it is kept, or its job would be taken a second time.
  for (const [name, taken] of state.taken)
    if (isPast(taken, wall) && !state.records.has(name)) state.taken.delete(name);
  const waiting = stillWaiting(demand.jobs, [...state.taken.values()], wall);
  const jobs = waiting.map((job) => {
    const since = state.waitingSince.get(job.id) ?? now - Math.max(0, wall - job.createdAt);
    state.waitingSince.set(job.id, since);
    return { ...job, createdAt: since };
  });
  return { ...demand, total: demand.total - demand.jobs.length + jobs.length, jobs };
}

function forgetServed(views: readonly ForgeView[], state: State): void {
  if (views.some(({ demand }) => demand === 'unknown' || (demand.unknown ?? []).length > 0)) return;
  const waiting = new Set(
    views.flatMap(({ demand }) => (demand === 'unknown' ? [] : demand.jobs.map((job) => job.id))),
  );
  for (const id of state.waitingSince.keys()) if (!waiting.has(id)) state.waitingSince.delete(id);
}

async function look(kit: ForgeKit, deps: Deps): Promise<ForgeView> {
  try {
    const [demand, runners] = await Promise.all([kit.demand(), kit.runners()]);
    return { kit, demand, runners: runners === null ? null : new Map(runners.map((r) => [r.name, r])) };
  } catch (error) {
    deps.log.warn(`The forge ${kit.id} could not be asked.`, { error: String(error) });
    return { kit, demand: 'unknown', runners: null };
  }
}

function observation(
  name: string,
  blind: boolean,
  instances: ReadonlyMap<string, Instance>,
  forges: ReadonlyMap<ForgeId, ForgeView>,
  evidence: Evidence,
  state: State,
  deps: Deps,
): Observation {
  const record = state.records.get(name) ?? null;
  const instance = instances.get(name) ?? null;
  const view =
    record === null ? [...forges.values()].find((f) => f.runners?.has(name)) : forges.get(record.forge);
  const told = evidence.get(name);
  const blindThere = record?.scope != null && view?.kit.remote?.isUnknown(record.scope) === true;
  const said = view?.runners == null || blindThere ? 'unknown' : (view.runners.get(name) ?? 'absent');
  const forge = withEvidence(said, told, instance);
  const running = instance?.state === 'running';
  const phantomJobSince = since(state.phantomSince, name, isPhantom(forge, told), state);
  const isPhantomForLong = phantomJobSince !== null && state.now() - phantomJobSince >= stuckPhantomMs;
  const startedAt = typeof forge === 'string' ? null : (forge.job?.startedAt ?? null);
  const isLate = view?.kit.agent.waits === true && state.now() > (record?.startedAt ?? Infinity) + beginMs;
  return {
    name,
    record,
    instance,
    forge,
    worker: blind ? 'unknown' : (told?.worker ?? workerOf(running, view?.kit)),
    told: isPhantomForLong ? null : toldJob(name, told, state),
    trouble: running ? (told?.problem ?? null) : null,
    jobElapsedMs: running && instance.job !== null ? elapsed(instance.job, startedAt, state, deps) : null,
    offlineSince: since(state.offlineSince, name, isOffline(forge, instance, record, isLate), state),
    phantomJobSince,
  };
}

/** Since when this holds without a break; null: it does not. */
function since(times: Map<string, number>, name: string, holds: boolean, state: State): number | null {
  if (!holds) {
    times.delete(name);
    return null;
  }
  const from = times.get(name) ?? state.now();
  times.set(name, from);
  return from;
}

/**
 * It listens, or should by now, and an answer that is newer than that calls it offline or does not have it any more: an
 * agent that hears of its end at the forge ends by itself, and one that hangs does not. `isLate`: it should by now.
 */
function isOffline(
  forge: Observation['forge'],
  instance: Instance | null,
  record: RunnerRecord | null,
  isLate: boolean,
): boolean {
  if (instance?.state !== 'running' || record?.startedAt == null || forge === 'unknown') return false;
  if (forge === 'absent') return isLate;
  const from = record.idleSince ?? record.startedAt + beginMs;
  return !forge.online && forge.seenAt > from + connectMs;
}

/** It tells of a job that no worker does and that the forge denies. */
function isPhantom(forge: Observation['forge'], told: AgentEvidence | undefined): boolean {
  if (told?.worker !== 'none' || told.job?.endedAt !== null) return false;
  return forge !== 'unknown' && (forge === 'absent' || !forge.busy);
}

/** For an agent that begins with its job, its process is the worker. */
function workerOf(running: boolean, kit: ForgeKit | undefined): Observation['worker'] {
  if (!running) return 'none';
  if (kit?.agent.waits === false) return 'running';
  return kit?.agent.opaque === false ? 'unknown' : 'unavailable';
}

/** A job that was adopted has run since its start by the wall clock; from then on the monotonic one counts. */
function elapsed(job: string, startedAt: number | null, state: State, deps: Deps): number {
  const now = state.now();
  let clock = state.jobClocks.get(job);
  if (clock === undefined) {
    clock = { seen: now, before: startedAt === null ? 0 : Math.max(0, deps.clock.now() - startedAt) };
    state.jobClocks.set(job, clock);
  }
  return clock.before + now - clock.seen;
}

/** Forge runners of ours that no record knows: since when, by the first and the newest answer that show them. */
function noteGhosts(observations: readonly Observation[], state: State): void {
  const now = state.now();
  const first = new Map(state.ghosts);
  state.ghosts.clear();
  state.ghostSince.clear();
  for (const { name, record, forge } of observations) {
    if (record !== null || typeof forge === 'string') continue;
    const known = first.get(name);
    // Older than the first is what comes after the clock was set back: it counts from there.
    const seen =
      known === undefined || forge.seenAt < known.seenAt ? { at: now, seenAt: forge.seenAt } : known;
    state.ghosts.set(name, seen);
    // By the steady clock too: the other may have been set on.
    state.ghostSince.set(name, now - Math.min(now - seen.at, forge.seenAt - seen.seenAt));
  }
}
