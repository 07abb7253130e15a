/** Which new runners are made, and in which turn the host's room goes to the pools. */
import type { LogicalCpu } from '../contract/host.ts';
import type { Action } from './actions.ts';
import { nextRegistration, registrationsLeft, registrationsPerHour } from './backoff.ts';
import { type Capacity, fits, freeCpus, pickCpus, type Use, useOf } from './budget.ts';
import { normalise } from './labels.ts';
import { isPerRepository, scopeFor } from './made-for.ts';
import { couldFit, isStarved, noCapacity, noPlace, type PoolTurn, unmetJobs } from './plan-pools.ts';
import { oneJobOf } from './plan-runner.ts';
import type { PlanInput, PoolState, Wake } from './plan-types.ts';
import { nothingDone, type Observation, type Resources, type RunnerRecord } from './runner.ts';
import { projectedShare } from './share.ts';
import { coresText, memoryText } from './sizes.ts';

/** What all runners hold, those planned in this turn too: each holds its room until it is forgotten. */
export interface Held {
  use: Use;
  freeCpus: readonly LogicalCpu[];
}

/** What the runners with a record hold. */
export function heldBy(observations: readonly Observation[], topology: readonly LogicalCpu[]): Held {
  const resources = observations.flatMap((o) => (o.record === null ? [] : [o.record.resources]));
  return { use: useOf(resources), freeCpus: freeCpus(topology, resources) };
}

/** New runners in turn of share: first those that waiting jobs need, then warmth and `min`, which a waiting job outranks. */
export function creations(turns: readonly PoolTurn[], input: PlanInput, held: Held, wake: Wake): Action[] {
  const actions = createUpTo((t) => t.want.forJobs, turns, input, held, wake);
  const crowded = turns.some((t) => t.short === noCapacity && unmetJobs(t) > 0 && couldFit(t, input));
  // Without a job there is no repository to register at.
  const anywhere = (t: PoolTurn): number => (isPerRepository(t.state.pool) ? 0 : t.want.total);
  if (!crowded) actions.push(...createUpTo(anywhere, turns, input, held, wake));
  return actions;
}

function createUpTo(
  target: (t: PoolTurn) => number,
  turns: readonly PoolTurn[],
  input: PlanInput,
  held: Held,
  wake: Wake,
): Action[] {
  const actions: Action[] = [];
  // What a starved pool waits for is left free for it, unless a pool that had even less asks.
  let blockedAbove = Infinity;
  let open = turns.filter((t) => target(t) > countOf(t));
  while (open.length > 0) {
    const next = lowestShare(open);
    const reason =
      next.share > blockedAbove
        ? 'A pool that has had less of the host goes first.'
        : create(next, input, held, actions, wake);
    if (reason !== null) {
      next.short = reason;
      if (reason === noCapacity && isStarved(next) && couldFit(next, input)) blockedAbove = next.share;
    }
    if (reason !== null || target(next) <= countOf(next)) open = open.filter((t) => t !== next);
  }
  return actions;
}

function countOf(t: PoolTurn): number {
  return t.busy + t.useful + t.made;
}

function lowestShare(turns: readonly PoolTurn[]): PoolTurn {
  return turns.reduce((best, t) => (t.share < best.share ? t : best));
}

/** One more runner of this pool into `actions`, or the reason why not. */
function create(t: PoolTurn, input: PlanInput, held: Held, actions: Action[], wake: Wake): string | null {
  const { pool, runner, allowance, memory } = t.state;
  if (t.busy + t.ready + t.made + t.leaving >= pool.max) {
    return t.idleElsewhere.length > 0
      ? noPlace
      : 'A runner that ends holds its place until it is cleaned up.';
  }
  // Registering at the local forge costs nobody anything: only back-off holds it.
  const quota = t.traits.agent.waits ? registrationsPerHour : Infinity;
  const next = nextRegistration(memory.backoff, input.now, quota);
  if (next.at > input.now) {
    wake(next.at);
    return next.why;
  }
  if (registrationsLeft(memory.backoff, input.now, quota) <= t.unregistered + t.made) {
    return `${quota} runners registered within an hour without one finished job.`;
  }
  if (fits(input.capacity, held.use, runner, allowance.share) < 1) {
    return tooLarge(runner, input.capacity) ?? noCapacity;
  }
  const record = newRecord(t, input, held);
  hold(held, record.resources);
  actions.push({ do: 'intend', key: record.name, why: t.want.why, record });
  t.made += 1;
  t.registersAt = record.notBefore;
  t.share += projectedShare(runner.cores, pool.weight);
  return null;
}

const nothingHeld: Use = { runners: 0, cores: 0, memoryMiB: 0 };

/** Says that a runner does not fit however empty the machine is; null where it would. */
function tooLarge(runner: PoolState['runner'], capacity: Capacity): string | null {
  if (capacity.slots !== null || fits(capacity, nothingHeld, runner, 1) > 0) return null;
  const text = (cores: number, memoryMiB: number): string =>
    `${coresText(cores)} and ${memoryText(memoryMiB)}`;
  const has = text(capacity.cores - capacity.reserveCores, capacity.memoryMiB - capacity.reserveMemoryMiB);
  return `A runner of this pool needs ${text(runner.cores, runner.memoryMiB)}, more than the ${has} that this machine can give.`;
}

function hold(held: Held, { cpus, memoryMiB }: Resources): void {
  const { use } = held;
  const cores = typeof cpus === 'number' ? cpus : cpus.length;
  held.use = {
    runners: use.runners + 1,
    cores: use.cores + cores,
    memoryMiB: use.memoryMiB + memoryMiB,
  };
  if (typeof cpus !== 'number') held.freeCpus = held.freeCpus.filter((t) => !cpus.includes(t.cpu));
}

/** The job that the next runner is made for, whose labels it gets so that it takes no job meant for another. */
function purposeOf(t: PoolTurn): Pick<RunnerRecord, 'scope' | 'labels' | 'madeFor'> {
  const { pool, labels } = t.state;
  const job = t.traits.agent.waits && oneJobOf(pool, t.traits) ? t.unserved[t.made] : undefined;
  if (job === undefined) return { scope: pool.scope, labels, madeFor: null };
  return { scope: scopeFor(pool, job), labels: job.labels.map(normalise), madeFor: job.id };
}

function newRecord(t: PoolTurn, input: PlanInput, held: Held): RunnerRecord {
  const { pool, runner } = t.state;
  const cpus = pickCpus(held.freeCpus, runner.cores, runner.fast) ?? runner.cores;
  return {
    name: input.nameOf(pool, t.made),
    pool: pool.id,
    forge: pool.forge,
    ...purposeOf(t),
    account: pool.account,
    group: pool.group,
    arch: pool.arch,
    resources: { cpus, memoryMiB: runner.memoryMiB, pids: runner.pids, gpus: [] },
    oneJob: oneJobOf(pool, t.traits),
    intendedAt: input.now,
    notBefore: t.registersAt === null ? input.now : Math.max(input.now, t.registersAt + input.staggerMs),
    ...nothingDone,
  };
}
