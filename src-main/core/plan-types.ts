/** What the plan is given and what it answers. All times are steady milliseconds, `createdAt` of waiting jobs too. */
import type { Arch, ForgeId } from '../contract/job.ts';
import type { Pool } from '../contract/pool.ts';
import type { StopHow } from '../contract/commands.ts';
import type { Action } from './actions.ts';
import type { Backoff } from './backoff.ts';
import type { Capacity } from './budget.ts';
import type { PhaseView } from './phase.ts';
import type { Allowance } from './policy.ts';
import type { AgentTraits } from './agent-port.ts';
import type { Demand, ForgeAbilities, WaitingJob } from './forge-port.ts';
import type { Observation, RunnerRecord } from './runner.ts';
import type { Usage } from './share.ts';

export interface ForgeTraits {
  readonly can: ForgeAbilities;
  readonly agent: AgentTraits;
}

/** What one runner of a pool is to get. `fast`: performance cores first. */
export interface RunnerSpec {
  readonly cores: number;
  readonly memoryMiB: number;
  readonly pids: number;
  readonly fast: boolean;
}

/** What is remembered of a pool from turn to turn; see memory.ts. */
/** So many jobs ran at once until then; null: they do now. */
export interface JobsAtOnce {
  readonly jobs: number;
  readonly until: number | null;
}

export interface PoolMemory {
  readonly backoff: Backoff;
  readonly usage: Usage;
  /** Changes of the number of jobs at once, for the peak of the last 10 minutes. */
  readonly jobsAtOnce: readonly JobsAtOnce[];
  readonly surplusSince: number | null;
  /** When a runner was last made at each scope where the pool registers. */
  readonly servedAt: ReadonlyMap<string | null, number>;
}

export interface PoolState {
  readonly pool: Pool;
  /** All labels that its runners carry. */
  readonly labels: readonly string[];
  /** What is true of them beside; see `impliedLabels`. */
  readonly implied?: readonly string[];
  readonly runner: RunnerSpec;
  readonly allowance: Allowance;
  /** Scopes at which no runner of it may be any more, each with the sentence why; absent: none. */
  readonly closed?: ReadonlyMap<string, string>;
  readonly memory: PoolMemory;
}

export interface PlanInput {
  readonly now: number;
  readonly hostArch: Arch;
  readonly pools: readonly PoolState[];
  readonly forges: Readonly<Partial<Record<ForgeId, ForgeTraits>>>;
  readonly observations: readonly Observation[];
  /** Whole or `unknown`; a forge that is missing here is unknown. */
  readonly demand: Readonly<Partial<Record<ForgeId, Demand>>>;
  readonly capacity: Capacity;
  /** Runners with an action under way or resting after a failed one: nothing new for these. */
  readonly inFlight: ReadonlySet<string>;
  /** Jobs being handed over just now, each to its runner: no longer waiting, perhaps not yet in the journal. */
  readonly handing: ReadonlyMap<string, string>;
  readonly stop: StopHow | null;
  readonly lastExchangeAt: number | null;
  /** When a forge runner without a record was first seen in a fresh answer. */
  readonly ghostSince: ReadonlyMap<string, number>;
  /** The name of the nth new runner of a pool: the same for the same input. */
  readonly nameOf: (pool: Pool, nth: number) => string;
  /** Least time between two registrations of a pool, milliseconds. */
  readonly staggerMs: number;
}

export interface PoolPlan {
  readonly want: number;
  readonly why: string;
  /** Jobs given to it, oldest first; null while unknown. */
  readonly waiting: readonly WaitingJob[] | null;
  /** False: more may wait than is known. */
  readonly isWhole: boolean;
  /** Jobs on its runners, on those that end too. */
  readonly jobs: number;
  readonly busy: number;
  readonly ready: number;
  /** More than wanted are there. */
  readonly surplus: boolean;
  /** Why it has fewer than it wants. */
  readonly short: string | null;
}

export interface Plan {
  readonly actions: readonly Action[];
  readonly pools: ReadonlyMap<string, PoolPlan>;
  readonly phases: ReadonlyMap<string, PhaseView>;
  /** Jobs that no pool takes. */
  readonly unmatched: readonly WaitingJob[];
  readonly exchanged: boolean;
  /** When time alone may change the plan; null: not by time. */
  readonly nextWake: number | null;
}

/** Told of a moment at which time alone may change the plan. */
export type Wake = (at: number) => void;

/** One runner as the plan looks at it. */
export interface RunnerState {
  readonly o: Observation;
  readonly record: RunnerRecord;
  readonly view: PhaseView;
  readonly traits: ForgeTraits;
  readonly pool: PoolState | null;
  /** Nothing of it is under way and what runs here is known: it may be given an action. */
  readonly free: boolean;
}
