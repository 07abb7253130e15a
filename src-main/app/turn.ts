/** Puts together what the plan is given: wishes, allowances, capacity, and what was observed. */
import type { HostProfile } from '../contract/host.ts';
import type { Pool } from '../contract/pool.ts';
import { type Capacity, reserveOf } from '../core/budget.ts';
import type { Config } from '../core/config/schema.ts';
import { impliedLabels, labelsOfPool } from '../core/labels.ts';
import { runnerName, suffix } from '../core/names.ts';
import type { ForgeTraits, PlanInput, PoolState, RunnerSpec } from '../core/plan-types.ts';
import { allowanceOf, closedBy, diskIsLow, type PolicyInput } from '../core/policy.ts';
import { runnerResources } from '../core/sizes.ts';
import type { Deps } from './deps.ts';
import type { World } from './observe.ts';
import type { State } from './state.ts';

/** Processes and threads that one runner may have, where they can be limited: enough for any build, not for a fork bomb. */
const pidsPerRunner = 4096;

/** What policy needs to know now. */
export function policyInput(deps: Deps, state: State): PolicyInput {
  return {
    wall: deps.clock.now(),
    bootId: deps.presence.bootId(),
    pauses: state.effectivePauses(),
    stopping: state.stop === null ? null : 'Homerunner is stopping.',
    uncleanUntil: state.uncleanUntil(),
    diskFreeMiB: state.diskFreeMiB,
    diskReserveMiB: state.config().diskReserveGiB * 1024,
    diskWasLow: state.diskLow,
  };
}

/** The host's capacity by the profile and the owner's reserve. */
function capacityOf(profile: HostProfile, config: Config): Capacity {
  const threads = profile.cpu.threads;
  const reserve = reserveOf(threads, profile.memoryMiB, {
    cpu: config.reserve.cpuPercent,
    memory: config.reserve.memoryPercent,
  });
  return {
    cores: threads,
    memoryMiB: profile.memoryMiB,
    reserveCores: reserve.cores,
    reserveMemoryMiB: reserve.memoryMiB,
    slots: config.capacity.slots,
    topology: config.limits.cpuAffinity ? profile.cpu.topology : [],
  };
}

/** What one runner of `pool` gets on this host. */
function specOf(pool: Pool, profile: HostProfile, capacity: Capacity): RunnerSpec {
  const one = runnerResources(pool, profile.sizes[pool.size], {
    cores: capacity.cores - capacity.reserveCores,
    memoryMiB: capacity.memoryMiB - capacity.reserveMemoryMiB,
  });
  return { cores: one.cores, memoryMiB: one.memoryMiB, pids: pidsPerRunner, fast: pool.size === 'large' };
}

/** Of the scopes where the pool registers, or has registered, those that its forge calls closed. */
function closedOf(pool: Pool, deps: Deps, state: State): ReadonlyMap<string, string> {
  const remote = deps.forges.find((kit) => kit.id === pool.forge)?.remote;
  if (remote === undefined || pool.scope === null) return new Map();
  const scopes = new Set([pool.scope]);
  for (const { pool: id, scope } of state.records.values())
    if (id === pool.id && scope !== null) scopes.add(scope);
  return new Map(
    [...scopes].flatMap((scope): [string, string][] => {
      const why = remote.closed(pool, scope);
      return why === null ? [] : [[scope, why]];
    }),
  );
}

/** The input of this turn's plan. */
export function turnInput(deps: Deps, state: State, world: World, profile: HostProfile): PlanInput {
  const config = state.config();
  const capacity = capacityOf(profile, config);
  const policy = policyInput(deps, state);
  state.diskLow = diskIsLow(policy);
  const now = state.now();
  const resting = [...state.resting].filter(([, rest]) => rest.until > now).map(([name]) => name);
  const suffixes = new Map<string, string>();
  const suffixOf = (pool: string, nth: number): string => {
    const key = `${pool}/${nth}`;
    const known = suffixes.get(key) ?? suffix(deps.random);
    suffixes.set(key, known);
    return known;
  };
  return {
    now,
    hostArch: profile.arch,
    pools: state.pools().map((pool): PoolState => {
      const closed = closedOf(pool, deps, state);
      return {
        pool,
        labels: labelsOfPool(pool, profile),
        implied: impliedLabels(pool, profile),
        runner: specOf(pool, profile, capacity),
        allowance: closedBy(allowanceOf(policy, pool.id), closed.get(pool.scope ?? '') ?? null),
        closed,
        memory: state.memoryOf(pool.id),
      };
    }),
    forges: Object.fromEntries(
      deps.forges.map((kit): [string, ForgeTraits] => [kit.id, { can: kit.can, agent: kit.agent }]),
    ),
    observations: world.observations,
    demand: world.demand,
    capacity,
    inFlight: new Set([...state.unsure, ...resting, ...state.unwritten]),
    handing: new Map(
      [...state.inFlight.values()].flatMap((a) =>
        a.do === 'start' && a.job !== null ? [[a.job, a.key] as const] : [],
      ),
    ),
    stop: state.stop,
    lastExchangeAt: state.lastExchangeAt,
    ghostSince: state.ghostSince,
    nameOf: (pool, nth) => runnerName(config.namePrefix, deps.install, pool.id, suffixOf(pool.id, nth)),
    staggerMs: config.registrationStaggerSeconds * 1000,
  };
}
