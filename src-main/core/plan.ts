/** The heart: from what is wished and what is observed, what to do now. Pure and total; asked twice, it answers the same. */
import type { Action } from './actions.ts';
import { phaseOf, type PhaseView } from './phase.ts';
import { creations, heldBy } from './plan-create.ts';
import { exchange, expire, handovers, replace, shrink } from './plan-idle.ts';
import { poolPlanOf, turnsOf } from './plan-pools.ts';
import { isUnseen, stepOf, strayStep } from './plan-runner.ts';
import type { ForgeTraits, Plan, PlanInput, PoolState, RunnerState, Wake } from './plan-types.ts';
import type { Observation } from './runner.ts';

/** For records whose forge this version does not know: nothing of theirs is ever ended. */
const unknownForge: ForgeTraits = {
  can: { oneJob: false, demand: 'none', fence: false },
  agent: { waits: true, opaque: true },
};

/** The actions that bring the world nearer to the wishes: at most one a runner. */
export function plan(input: PlanInput): Plan {
  let nextWake: number | null = null;
  const wake: Wake = (at) => {
    if (at > input.now && (nextWake === null || at < nextWake)) nextWake = at;
  };
  const phases = new Map<string, PhaseView>();
  const runners = runnersOf(input, phases);
  const actions = [...runnerSteps(runners, input, wake), ...straySteps(input, phases, wake)];

  const moving = new Set(actions.map((action) => action.key));
  const byPool = groupByPool(runners.map((r) => (moving.has(r.record.name) ? { ...r, free: false } : r)));
  const held = heldBy(input.observations, input.capacity.topology);
  const { turns, unmatched } = turnsOf(input, byPool, held.use, wake);
  actions.push(...creations(turns, input, held, wake));
  const exchanged = input.stop === null ? exchange(turns, input, wake) : null;
  if (exchanged !== null) actions.push(exchanged);

  const taken = new Set(actions.map((action) => action.key));
  const leaving = new Set(actions.flatMap((action) => (action.do === 'fence' ? [action.key] : [])));
  for (const turn of turns) {
    for (const decide of [handovers, replace, expire, shrink]) {
      const more = decide(turn, { input, taken, leaving, wake });
      for (const action of more) {
        taken.add(action.key);
        if (action.do === 'fence') leaving.add(action.key);
      }
      actions.push(...more);
    }
  }
  return {
    actions,
    pools: new Map(turns.map((turn) => [turn.state.pool.id, poolPlanOf(turn)])),
    phases,
    unmatched,
    exchanged: exchanged !== null,
    nextWake,
  };
}

/** Every runner that has a record, with its phase and its pool; `phases` gets the others' too. */
function runnersOf(input: PlanInput, phases: Map<string, PhaseView>): RunnerState[] {
  const pools = new Map<string, PoolState>(input.pools.map((state) => [state.pool.id, state]));
  return input.observations.flatMap((o) => {
    const { name, record } = o;
    const traits = (record === null ? undefined : input.forges[record.forge]) ?? unknownForge;
    const view = phaseOf(o, input.now, traits.agent);
    phases.set(name, view);
    if (record === null) return [];
    const free = !input.inFlight.has(name) && !isUnseen(o);
    return [{ o, record, view, traits, pool: pools.get(record.pool) ?? null, free }];
  });
}

function runnerSteps(runners: readonly RunnerState[], input: PlanInput, wake: Wake): Action[] {
  return runners.flatMap((r) => (r.free ? (stepOf(r, input, wake) ?? []) : []));
}

/** For what is found without a record. */
function straySteps(input: PlanInput, phases: ReadonlyMap<string, PhaseView>, wake: Wake): Action[] {
  const stray = (o: Observation): boolean =>
    o.record === null && !input.inFlight.has(o.name) && phases.get(o.name)?.phase !== 'gone';
  return input.observations.filter(stray).flatMap((o) => strayStep(o, input, wake) ?? []);
}

function groupByPool(runners: readonly RunnerState[]): Map<string, RunnerState[]> {
  const groups = new Map<string, RunnerState[]>();
  for (const r of runners) {
    const group = groups.get(r.record.pool);
    if (group === undefined) groups.set(r.record.pool, [r]);
    else group.push(r);
  }
  return groups;
}
