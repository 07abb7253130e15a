/** The only mutable state. Everything durable in it is written to the store first. */
import type { HostProfile } from '../contract/host.ts';
import type { StopHow } from '../contract/commands.ts';
import type { Pool } from '../contract/pool.ts';
import { type Problem, problemOf } from '../contract/problem.ts';
import type { Phase } from '../contract/snapshot.ts';
import type { Action } from '../core/actions.ts';
import type { Plan, PlanInput, PoolMemory } from '../core/plan-types.ts';
import { newMemory } from '../core/memory.ts';
import type { StoredPause } from '../core/ports.ts';
import type { RunnerRecord } from '../core/runner.ts';
import type { Taken } from '../core/taken.ts';
import type { Deps, ConfigReading } from './deps.ts';
import { allPools } from './pool-commands.ts';

/** The wall clock was set when it and the monotonic one have moved apart so far. */
const clockJumpMs = 1000;

/** What is known of the job of one agent that waits for jobs. */
export interface AgentJobState {
  /** The id in the history; null: not written down yet. */
  readonly id: string | null;
  readonly name: string;
  readonly url: string | null;
  readonly startedAt: number;
  /** The forge may be asked again then, steady milliseconds. */
  readonly askAt: number;
  readonly goneAt: number | null;
}

export class State {
  readonly records = new Map<string, RunnerRecord>();
  readonly memory = new Map<string, PoolMemory>();
  /** Actions under way, by runner. */
  readonly inFlight = new Map<string, Action>();
  /** Those that were in flight when the last look began: what was seen of their runners may be from before their end. */
  unsure: ReadonlySet<string> = new Set();
  /** Runners left alone after a failed action: until when (steady), how often in a row, and why. */
  readonly resting = new Map<string, { until: number; failures: number; problem: Problem }>();
  readonly poolProblems = new Map<string, Problem>();
  /** When the first answer that shows a forge runner without a record came in, steady, and when it was true. */
  readonly ghosts = new Map<string, { readonly at: number; readonly seenAt: number }>();
  readonly ghostSince = new Map<string, number>();
  /** When a running job was first seen in this session, and how long it had run by then. */
  readonly jobClocks = new Map<string, { seen: number; before: number }>();
  /** When a waiting job came into being, steady: told once by its age at first sight, whatever the clock does then. */
  readonly waitingSince = new Map<string, number>();
  /** The jobs of agents that wait whose outcome is not written down, by runner. */
  readonly agentJobs = new Map<string, AgentJobState>();
  /** Runners that have ended and whose job has no outcome yet: nothing of them is removed before. */
  readonly unwritten = new Set<string>();
  /** Jobs that were begun here, by runner, kept as long as a forge may still call them waiting. */
  readonly taken = new Map<string, Taken>();
  /** Of agents that persist: when the process was started whose end was counted as a failure last, by runner. */
  readonly endsCounted = new Map<string, number | null>();
  /** Since when a forge, freshly asked, has called a runner offline, or denied the job that its agent tells of. */
  readonly offlineSince = new Map<string, number>();
  readonly phantomSince = new Map<string, number>();
  readonly phases = new Map<string, { phase: Phase; since: number }>();
  /** When a timed pause that was set in this session ends by the monotonic clock. */
  readonly pauseEnds = new Map<string | null, number>();
  pauses: readonly StoredPause[] = [];
  stop: StopHow | null = null;
  /** When the present way of stopping was asked for, steady. */
  stopAt: number | null = null;
  lastExchangeAt: number | null = null;
  /** When the wait after an unclean end is over, by the wall clock as it was and by the monotonic one; null: there was none. */
  unclean: { readonly until: number; readonly end: number } | null = null;
  /** Detection failed: nothing can be planned. */
  undetected = false;
  diskFreeMiB: number | null = null;
  diskLow = false;
  profile: { readonly value: HostProfile; readonly at: number } | null = null;
  reading: ConfigReading;
  input: PlanInput | null = null;
  plan: Plan | null = null;
  sequence = 0;

  readonly #deps: Deps;
  readonly #startWall: number;
  readonly #startMonotonic: number;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#startWall = deps.clock.now();
    this.#startMonotonic = deps.clock.monotonic();
    this.reading = deps.config.read();
    for (const record of deps.store.runners()) this.records.set(record.name, record);
    this.pauses = deps.store.pauses();
  }

  /** Steady milliseconds: see RunnerRecord. */
  now(): number {
    return this.#startWall + this.#deps.clock.monotonic() - this.#startMonotonic;
  }

  /** The configuration with what the environment lays over it. */
  config(): ConfigReading['config'] {
    return this.#deps.environment.apply(this.reading.config);
  }

  /** The owner's pools, and the environment's. */
  pools(): readonly Pool[] {
    return allPools(this.config(), this.#deps.environment.pool);
  }

  /** The end of the wait after an unclean end of the machine, by the wall clock as it stands now. */
  uncleanUntil(): number | null {
    const { clock } = this.#deps;
    if (this.unclean === null) return null;
    const { until, end } = this.unclean;
    const now = clock.now() + end - clock.monotonic();
    return Math.abs(now - until) < clockJumpMs ? until : now;
  }

  /** Durable, then here. */
  put(record: RunnerRecord): RunnerRecord {
    this.#deps.store.putRunner(record);
    this.records.set(record.name, record);
    return record;
  }

  /**
   * The record as the journal has it, here too; null when it is forgotten. A forge writes it in transactions of its own,
   * and an owner's command while an action waits: to write what was read before would undo that.
   */
  latest(name: string): RunnerRecord | null {
    const record = this.#deps.store.runner(name);
    if (record !== null) this.records.set(name, record);
    return record;
  }

  /**
   * As `put`, but where the disk is full the change holds in memory alone: ending a job frees space, so it must not
   * wait for some.
   */
  putOrKeep(record: RunnerRecord): void {
    try {
      this.put(record);
    } catch (error) {
      if (problemOf(error).code !== 'disk-reserve') throw error;
      this.records.set(record.name, record);
    }
  }

  memoryOf(pool: string): PoolMemory {
    return this.memory.get(pool) ?? newMemory;
  }

  setMemory(pool: string, change: (memory: PoolMemory) => PoolMemory): void {
    this.memory.set(pool, change(this.memoryOf(pool)));
  }

  /**
   * The pauses with their ends as they hold now: a length that was set in this session passes by the monotonic clock,
   * whatever the wall clock does.
   */
  effectivePauses(): readonly StoredPause[] {
    const wall = this.#deps.clock.now();
    const monotonic = this.#deps.clock.monotonic();
    return this.pauses.map((stored) => {
      const end = this.pauseEnds.get(stored.pool);
      if (end === undefined) return stored;
      return { ...stored, pause: { ...stored.pause, until: wall + end - monotonic } };
    });
  }
}
