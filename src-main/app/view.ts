/** The snapshot of this moment, from the last turn and what is true beside it. */
import type { ForgeId } from '../contract/job.ts';
import type { Problem } from '../contract/problem.ts';
import type { Pause, Snapshot } from '../contract/snapshot.ts';
import type { Plan, PlanInput } from '../core/plan-types.ts';
import { allowanceOf, pauseOf } from '../core/policy.ts';
import { jobsShown, snapshotOf } from '../core/snapshot.ts';
import { accountView } from './account-commands.ts';
import { allAccounts } from './pool-commands.ts';
import type { Deps } from './deps.ts';
import { nothingObserved } from './observe.ts';
import type { State } from './state.ts';
import { policyInput, turnInput } from './turn.ts';

const nothingPlanned: Plan = {
  actions: [],
  pools: new Map(),
  phases: new Map(),
  unmatched: [],
  exchanged: false,
  nextWake: null,
};

/** Of every job in a process (design 6). */
const runsAsYou = 'Jobs run as you: your files and keys are readable to them.';

/** The snapshot now; `host profile unknown` is a snapshot too: without machine, capacity and pools. */
export function viewOf(deps: Deps, state: State): Snapshot {
  const policy = policyInput(deps, state);
  const { profile } = state;
  const input =
    state.input ??
    (profile === null
      ? beforeDetection(deps, state)
      : turnInput(deps, state, nothingObserved, profile.value));
  const plan = state.plan ?? nothingPlanned;
  const pools = state.pools().map((p) => p.id);
  state.sequence += 1;
  return snapshotOf({
    wall: deps.clock.now(),
    version: deps.version,
    pid: deps.pid,
    host: deps.host,
    sequence: state.sequence,
    input: { ...input, now: state.now(), stop: state.stop },
    plan,
    // Before the first turn nothing is known of pools either: who sees a machine may believe the rest.
    profile: state.plan === null ? null : profile,
    pause: pauseOf(policy, null),
    poolPauses: new Map(
      pools.flatMap((id): [string, Pause][] => {
        const pause = pauseOf(policy, id);
        return pause === null ? [] : [[id, pause]];
      }),
    ),
    allowance: allowanceOf(policy, null),
    limits: (name) => deps.runtime.limits(name),
    notEnforced: [...(pools.length > 0 ? [runsAsYou] : []), ...deps.runtime.notEnforced],
    isolation: [],
    jobs: deps.store.jobs(jobsShown).rows.map((row) => row.job),
    waitingTotal: Object.values(input.demand).reduce((sum, d) => sum + (d === 'unknown' ? 0 : d.total), 0),
    accounts: accountViews(deps, state),
    foreign: deps.forges.flatMap((kit) => kit.remote?.foreign() ?? []),
    work: deps.forges.flatMap((kit) => kit.remote?.work() ?? []),
    dataAge: dataAges(deps),
    problems: problemsOf(deps, state),
    poolProblems: state.poolProblems,
    phaseSince: new Map([...state.phases].map(([name, { since }]) => [name, since])),
    clock: deps.formatClock,
  });
}

function accountViews(deps: Deps, state: State): Snapshot['accounts'] {
  const desk = { forge: deps.accounts, secrets: deps.accountSecrets };
  const all = allAccounts(state.reading.config, deps.environment.account);
  return all.map((account) => accountView(account, desk));
}

/** Seconds; a forge that has said nothing yet is in none. */
function dataAges(deps: Deps): Snapshot['dataAge'] {
  const now = deps.clock.now();
  return Object.fromEntries(
    deps.forges.flatMap(({ id, remote }): [ForgeId, number][] => {
      if (remote === undefined) return [[id, 0]];
      const at = remote.knownAt();
      return at === null ? [] : [[id, Math.max(0, Math.round((now - at) / 1000))]];
    }),
  );
}

/** All that a person should act on, each once. */
function problemsOf(deps: Deps, state: State): Problem[] {
  return [
    ...deps.startProblems,
    ...state.reading.problems,
    ...deps.environment.problems,
    ...state.poolProblems.values(),
    ...deps.forges.flatMap((kit) => kit.remote?.problems() ?? []),
    ...[...state.resting.values()].map((rest) => rest.problem),
  ];
}

function beforeDetection(deps: Deps, state: State): PlanInput {
  return {
    now: state.now(),
    hostArch: deps.hostArch,
    pools: [],
    forges: {},
    observations: [],
    demand: {},
    capacity: { cores: 0, memoryMiB: 0, reserveCores: 0, reserveMemoryMiB: 0, slots: null, topology: [] },
    inFlight: new Set(),
    handing: new Map(),
    stop: state.stop,
    lastExchangeAt: null,
    ghostSince: new Map(),
    nameOf: () => '',
    staggerMs: 0,
  };
}
