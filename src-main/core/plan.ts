/** The heart: from what is wished and what is observed, what to do now. Pure and total; asked twice, it answers the same. */
import type { Action } from './actions.ts';
import { useOf } from './budget.ts';
import { phaseOf, type PhaseView } from './phase.ts';
import { creations, exchange, handovers, poolPlanOf, shrink, turnsOf } from './plan-pools.ts';
import { stepOf, strayStep } from './plan-runner.ts';
import type { ForgeTraits, Plan, PlanInput, RunnerState } from './plan-types.ts';
import type { Observation, Resources } from './runner.ts';

/** For records whose forge this version does not know: nothing of theirs is ever ended. */
const unknownForge: ForgeTraits = {
  can: { oneJob: false, demand: 'none', fence: false },
  agent: { waits: true, opaque: true },
};

/** The actions that bring the world nearer to the wishes. */
export function plan(input: PlanInput): Plan {
  let nextWake: number | null = null;
  const wake = (at: number): void => {
    if (at > input.now && (nextWake === null || at < nextWake)) nextWake = at;
  };
  const phases = new Map<string, PhaseView>();
  const runners = input.observations.flatMap((o) => stateOf(o, input, phases));
  const actions = steps(runners, input, phases, wake);
  const taken = new Set(actions.map((action) => action.key));

  const held: Resources[] = input.observations.flatMap((o) =>
    o.record === null ? [] : [o.record.resources],
  );
  const left = runners.map((r) => (taken.has(r.record.name) ? { ...r, free: false } : r));
  const byPool = groupByPool(left);
  const { turns, unmatched } = turnsOf(input, byPool, useOf(held), wake);
  actions.push(...creations(turns, input, held, wake));
  const exchanged = input.stop === null ? exchange(turns, input, wake) : null;
  if (exchanged !== null) {
    actions.push(exchanged);
    taken.add(exchanged.key);
  }
  for (const turn of turns) {
    const handed = handovers(turn, taken);
    for (const action of handed) taken.add(action.key);
    actions.push(...handed, ...shrink(turn, input, taken, wake));
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

function stateOf(o: Observation, input: PlanInput, phases: Map<string, PhaseView>): RunnerState[] {
  const traits = (o.record === null ? undefined : input.forges[o.record.forge]) ?? unknownForge;
  const view = phaseOf(o, input.now, traits.agent);
  phases.set(o.name, view);
  if (o.record === null) return [];
  const pool = input.pools.find((p) => p.pool.id === o.record?.pool) ?? null;
  return [{ o, record: o.record, view, traits, pool, free: !input.inFlight.has(o.name) }];
}

function steps(
  runners: readonly RunnerState[],
  input: PlanInput,
  phases: ReadonlyMap<string, PhaseView>,
  wake: (at: number) => void,
): Action[] {
  const actions: Action[] = [];
  for (const r of runners) {
    if (!r.free) continue;
    const step = stepOf(r, input, wake);
    if (step !== null) actions.push(step);
  }
  for (const o of input.observations) {
    if (o.record !== null || input.inFlight.has(o.name) || phases.get(o.name)?.phase === 'gone') continue;
    const step = strayStep(o, input, wake);
    if (step !== null) actions.push(step);
  }
  return actions;
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
