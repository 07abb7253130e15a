/** The loop over the simulated world: observe (with the faults of the day), plan, dispatch; and the virtual clock. */
import type { ForgeId } from '../../contract/job.ts';
import type { Action } from '../actions.ts';
import { useOf } from '../budget.ts';
import { newMemory, remember } from '../memory.ts';
import { plan } from '../plan.ts';
import type { Plan, PlanInput, PoolState } from '../plan-types.ts';
import { allowanceOf } from '../policy.ts';
import type { StoredPause } from '../ports.ts';
import type { Observation } from '../runner.ts';
import { makeInput, makePoolState } from './make.ts';
import { breaks, type SimPool, type World } from './world.ts';
import { effectsOf, fail } from './world-acts.ts';
import { deafTo, demandOf, forgeIds, noteTaken, poll, runnerAt } from './world-answers.ts';
import { jobOn, nextEventAt, unfold } from './world-truth.ts';

const resyncMs = 15_000;
/** A forge may take this long to see an agent that listens. */
const connectMs = 5000;

/** Lets the world go on until then. */
export function run(w: World, until: number): void {
  let turnsNow = 0;
  for (;;) {
    const landing = w.flights.reduce((at, flight) => Math.min(at, flight.dueAt), Infinity);
    const next = Math.max(w.now, Math.min(until, w.nextWake, landing, nextEventAt(w)));
    turnsNow = next > w.now ? 0 : turnsNow + 1;
    w.now = next;
    if (turnsNow > 500) {
      breaks(w, 'the loop runs hot');
      return;
    }
    const happened = unfold(w);
    const landed = land(w);
    if (happened || landed || w.now >= w.nextWake) turn(w);
    if (w.now >= until && !happened && !landed) return;
  }
}

/** The effects that are due; true when an action is done. */
function land(w: World): boolean {
  let landed = false;
  for (const flight of [...w.flights]) {
    if (flight.dueAt > w.now) continue;
    flight.effects.shift()?.();
    if (flight.effects.length > 0) {
      flight.dueAt = w.now + latency(w);
      continue;
    }
    w.flights = w.flights.filter((f) => f !== flight);
    w.done.push({ at: w.now, action: flight.action });
    landed = true;
  }
  return landed;
}

function latency(w: World): number {
  return Math.floor(w.random() * w.chaos.latencyMs);
}

/** One turn of the loop. */
export function turn(w: World): Plan {
  w.turns += 1;
  const input = inputOf(w);
  const planned = plan(input);
  w.input = input;
  for (const [pool, memory] of remember(input, planned)) w.memory.set(pool, memory);
  if (planned.exchanged) {
    w.lastExchangeAt = w.now;
    w.exchanges.push(w.now);
  }
  judge(w, input, planned);
  for (const action of planned.actions) dispatch(w, action);
  noteIdle(w, planned);
  const rests = [...w.resting.values()].map((r) => r.until).filter((at) => at > w.now);
  w.nextWake = Math.min(w.now + resyncMs, planned.nextWake ?? Infinity, ...rests);
  return planned;
}

function dispatch(w: World, action: Action): void {
  const once = effectsOf(w, action);
  const twice = w.random() < w.chaos.doubled ? effectsOf(w, action) : [];
  let effects = [...once, ...twice];
  const reply = (): void => void w.resting.delete(action.key);
  if (isOut(w, action)) {
    effects = [() => fail(w, action)];
  } else if (action.do !== 'intend' && w.random() < w.chaos.failure) {
    const kept = Math.floor(w.random() * (once.length + 1));
    effects = [...once.slice(0, kept), () => fail(w, action)];
  } else {
    effects.push(reply);
  }
  // Written down before anything else happens: the next turn counts on it.
  if (action.do === 'intend') effects.shift()?.();
  w.flights.push({ action, effects, dueAt: w.now + latency(w) });
}

/** Would a forge that does not answer have to be asked for this? */
function isOut(w: World, { do: what, key }: Action): boolean {
  const asks = what === 'register' || what === 'fence' || what === 'remove';
  return asks && w.now < w.outageUntil && w.journal.get(key)?.forge !== 'local';
}

/** What this turn must not do, whatever it was told. */
function judge(w: World, input: PlanInput, planned: Plan): void {
  const keys = planned.actions.map((a) => a.key);
  if (new Set(keys).size < keys.length) breaks(w, 'two actions for one runner');
  const held = [...w.journal.values()].map((r) => r.resources);
  for (const action of planned.actions) {
    if (input.inFlight.has(action.key)) breaks(w, `${action.do} beside an action of ${action.key}`);
    const isNewJob =
      action.do === 'start' && action.job !== null && w.journal.get(action.key)?.job !== action.job;
    const record = action.do === 'intend' ? action.record : w.journal.get(action.key);
    const pool = w.pools.get(record?.pool ?? '');
    if ((action.do === 'intend' || isNewJob) && (pool === undefined || pool.paused || w.stop !== null)) {
      breaks(w, `${action.do} under a pause`);
    }
    if (
      action.do === 'remove' &&
      action.ghost !== null &&
      w.now - (w.ghostSince.get(action.key) ?? w.now) < 60_000
    )
      breaks(w, `${action.key} is removed as a ghost before two answers a minute apart`);
    if (action.do !== 'intend') continue;
    held.push(action.record.resources);
    const live = [...w.journal.values()].filter((r) => r.pool === action.record.pool).length;
    if (pool !== undefined && live >= pool.pool.max)
      breaks(w, `more than ${pool.pool.max} in ${pool.pool.id}`);
    const retryAt = w.memory.get(action.record.pool)?.backoff.retryAt ?? 0;
    if (w.now < retryAt) breaks(w, `${action.key} is made before the back-off ends`);
  }
  const use = useOf(held);
  const { cores, reserveCores, memoryMiB, reserveMemoryMiB, slots } = w.capacity;
  const made = planned.actions.some((a) => a.do === 'intend');
  const isOver =
    slots === null
      ? use.cores > cores - reserveCores + 1e-6 || use.memoryMiB > memoryMiB - reserveMemoryMiB
      : use.runners > slots;
  if (made && isOver) breaks(w, `over capacity: ${use.runners} runners, ${use.cores} cores`);
}

/** What the loop notes of waiting agents: since when they have been idle. */
function noteIdle(w: World, planned: Plan): void {
  for (const [name, record] of w.journal) {
    const phase = planned.phases.get(name)?.phase;
    if (record.forge === 'local' || w.flights.some((f) => f.action.key === name)) continue;
    const listens = w.instances.get(name)?.state === 'running' && (phase === 'idle' || phase === 'starting');
    if (listens && record.idleSince === null) w.journal.set(name, { ...record, idleSince: w.now });
    if (phase === 'busy' && record.idleSince !== null) w.journal.set(name, { ...record, idleSince: null });
  }
}

function stateOf(w: World, sim: SimPool): PoolState {
  const pause = { by: 'owner', reason: null, until: null, kind: 'indefinite' } as const;
  const pauses: StoredPause[] = sim.paused
    ? [{ pool: sim.pool.id, pause, setAt: 0, duration: null, bootId: 'b' }]
    : [];
  const allowance = allowanceOf(
    {
      wall: w.now,
      bootId: 'b',
      pauses,
      stopping: w.stop === null ? null : 'Homerunner is stopping.',
      uncleanUntil: null,
      diskFreeMiB: null,
      diskReserveMiB: 0,
      diskWasLow: false,
    },
    sim.pool.id,
  );
  const memory = w.memory.get(sim.pool.id) ?? newMemory;
  const { runner, labels } = sim;
  return makePoolState(sim.pool, { runner, allowance, memory, ...(labels !== undefined && { labels }) });
}

/** What the supervisor gets to know now. */
export function inputOf(w: World): PlanInput {
  const isBlind = w.random() < w.chaos.blind;
  const deaf = deafTo(w);
  poll(w, deaf);
  const names = new Set([...w.journal.keys(), ...(isBlind ? [] : w.instances.keys())]);
  for (const [name, r] of w.registrations) if (!deaf.has(r.forge)) names.add(name);
  for (const [forge, last] of w.polls)
    if (!deaf.has(forge)) for (const name of last.runners.keys()) names.add(name);
  const observations = [...names].map((name) => observationOf(w, name, isBlind, deaf));
  noteGhosts(w, observations);
  noteTaken(w, observations);
  const resting = [...w.resting].filter(([, rest]) => rest.until > w.now).map(([name]) => name);
  const { turns } = w;
  return makeInput({
    now: w.now,
    pools: [...w.pools.values()].map((sim) => stateOf(w, sim)),
    observations,
    demand: Object.fromEntries(forgeIds.map((forge) => [forge, demandOf(w, forge, deaf)])),
    capacity: w.capacity,
    inFlight: new Set([...w.flights.map((f) => f.action.key), ...resting]),
    handing: new Map(
      w.flights.flatMap(({ action: a }) => (a.do === 'start' && a.job !== null ? [[a.job, a.key]] : [])),
    ),
    stop: w.stop,
    lastExchangeAt: w.lastExchangeAt,
    ghostSince: w.ghostSince,
    nameOf: (pool, nth) => `${pool.id}-${turns}-${nth}`,
  });
}

/** As in app/observe. */
const beginMs = 60_000;

function noteGhosts(w: World, observations: readonly Observation[]): void {
  const ghosts = observations
    .filter((o) => o.record === null && typeof o.forge !== 'string')
    .map((o) => o.name);
  w.ghostSince = new Map(ghosts.map((name) => [name, w.ghostSince.get(name) ?? w.now]));
}

function observationOf(w: World, name: string, isBlind: boolean, deaf: ReadonlySet<ForgeId>): Observation {
  const record = w.journal.get(name) ?? null;
  const truth = isBlind ? undefined : w.instances.get(name);
  const job = jobOn(w, name);
  const forge = runnerAt(w, name, deaf);
  const listensSince = truth?.state === 'running' ? (record?.idleSince ?? Infinity) : Infinity;
  const isLate = w.now > (record?.startedAt ?? Infinity) + beginMs && record?.forge !== 'local';
  const isGone = forge === 'absent' && truth?.state === 'running' && isLate;
  const isOffline =
    isGone || (typeof forge !== 'string' && !forge.online && forge.seenAt > listensSince + connectMs);
  if (!isOffline) w.offlineSince.delete(name);
  else if (!w.offlineSince.has(name)) w.offlineSince.set(name, w.now);
  const runs = truth?.state === 'running';
  const doubt = isBlind || (runs && w.random() < w.chaos.workerUnknown);
  return {
    name,
    record,
    instance:
      truth === undefined
        ? null
        : {
            name,
            state: truth.state,
            job: truth.job,
            process: null,
            container: null,
            exitCode: null,
            endedAt: null,
          },
    forge,
    worker: doubt ? 'unknown' : runs && job !== null ? 'running' : 'none',
    told: truth?.job === null && job?.startedAt != null ? told(job.id, job.startedAt) : null,
    jobElapsedMs: truth?.job == null || job?.startedAt == null ? null : w.now - job.startedAt,
    offlineSince: w.offlineSince.get(name) ?? null,
    phantomJobSince: null,
  };
}

const told = (id: string, startedAt: number) => ({ id, name: id, url: null, startedAt });
