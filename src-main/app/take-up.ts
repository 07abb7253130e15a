/** The first thing of a start: taking up what an earlier supervisor left. Where that fails, as on a full disk, it is tried again. */
import { type Problem, problemOf } from '../contract/problem.ts';
import type { RunnerRecord } from '../core/runner.ts';
import type { Deps } from './deps.ts';
import type { State } from './state.ts';
import { noteUnclean } from './unclean.ts';

/** Between two tries, in milliseconds. */
const againMs = 1000;

/** Settles when it is done, or when a stop makes it needless; `failed` is told of the first failure. */
export async function takeUp(deps: Deps, state: State, failed: (problem: Problem) => void): Promise<void> {
  let noted = false;
  let told = false;
  while (state.stop === null) {
    try {
      if (!noted) noteUnclean(deps, state);
      noted = true;
      await deps.local.restore(localRecords(state));
      registerAgain(deps, state);
      return;
    } catch (error) {
      if (!told) tell(problemOf(error), deps, failed);
      told = true;
      await new Promise((resolve) => setTimeout(resolve, againMs));
    }
  }
}

/** What a registration gave to make the agent with was in memory alone: it is registered once more, under its name. */
function registerAgain(deps: Deps, state: State): void {
  for (const record of state.records.values()) {
    const waits = deps.forges.find((kit) => kit.id === record.forge)?.agent.waits === true;
    if (waits && record.registration !== null && record.preparedAt === null)
      state.put({ ...record, registration: null });
  }
}

export function localRecords(state: State): readonly RunnerRecord[] {
  return [...state.records.values()].filter((record) => record.forge === 'local');
}

function tell(found: Problem, deps: Deps, failed: (problem: Problem) => void): void {
  failed(found);
  deps.log.error('What the supervisor before left could not be taken up yet.', { error: found.message });
  deps.say(`${found.message} ${found.hint}`);
}
