/** A runner as the journal holds it: written durably before each step, so that the next start knows what was begun. */
import type { Arch, ForgeId } from '../contract/job.ts';
import type { Problem } from '../contract/problem.ts';

/** Proof that a process is the one we started: the pid alone may be reused. `startTime` is opaque text of the platform. */
export interface ProcessId {
  readonly pid: number;
  readonly startTime: string;
  readonly bootId: string;
}

/** What one runner may use. `cpus` is a list of logical CPUs where whole ones are given, else a number of cores. */
export interface Resources {
  readonly cpus: readonly number[] | number;
  readonly memoryMiB: number;
  readonly pids: number;
  readonly gpus: readonly string[];
}

/** The number of cores in either form. */
export function coresOf(resources: Resources): number {
  return typeof resources.cpus === 'number' ? resources.cpus : resources.cpus.length;
}

/**
 * Times are *steady* milliseconds: the wall clock at the supervisor's start plus the monotonic time since, so that
 * a clock that jumps ends nothing. Null where the step has not been durably done.
 */
export interface RunnerRecord {
  readonly name: string;
  readonly pool: string;
  readonly forge: ForgeId;
  /** Where it is registered: its pool's scope, or the repository of the job that it was made for. */
  readonly scope: string | null;
  readonly account: string | null;
  readonly group: string | null;
  readonly arch: Arch;
  readonly labels: readonly string[];
  /** The waiting job that it was made for, whose labels it carries; another may take it. */
  readonly madeFor: string | null;
  readonly resources: Resources;
  /** One job per registration; else the registration persists. */
  readonly oneJob: boolean;
  readonly intendedAt: number;
  /** Registered not before this: registrations of one pool may be staggered. */
  readonly notBefore: number;
  /** The forge's id of the registration. */
  readonly registration: string | null;
  readonly preparedAt: number | null;
  /** The agent's process, or for agents that begin with a job, the job's. */
  readonly process: ProcessId | null;
  readonly startedAt: number | null;
  /** The job handed to it, from the claim until its outcome is recorded. */
  readonly job: string | null;
  readonly jobsDone: number;
  /** Of an agent that waits: the job whose outcome was written down last, as its agent told of it. */
  readonly lastJob?: { readonly name: string; readonly startedAt: number };
  readonly idleSince: number | null;
  /** The durable decision to end it. `now` also ends its job. */
  readonly ending: { readonly why: string; readonly now: boolean; readonly at: number } | null;
  readonly fencedAt: number | null;
  readonly signalledAt: number | null;
  /** Removed at the forge. */
  readonly removedAt: number | null;
  /** The step that failed last; the runner is cleaned up and replaced after the pool's back-off. */
  readonly failure: { readonly problem: Problem; readonly at: number } | null;
}

/** In place of a registration's id that was never told: the forge is asked for it by the runner's name. */
export const byName = 'by-name';

/** The steps of a record of which none is done yet. */
export const nothingDone = {
  registration: null,
  preparedAt: null,
  process: null,
  startedAt: null,
  job: null,
  jobsDone: 0,
  idleSince: null,
  ending: null,
  fencedAt: null,
  signalledAt: null,
  removedAt: null,
  failure: null,
} as const satisfies Partial<RunnerRecord>;

/** What a runtime finds of a runner on this machine, by the runner's name. */
export interface Instance {
  readonly name: string;
  /** `prepared`: folder ready, nothing begun. `ended`: the process is gone; `exitCode` null means that it left none (killed). */
  readonly state: 'prepared' | 'running' | 'ended';
  /** The job that the process is, for agents that begin with a job. */
  readonly job: string | null;
  readonly process: ProcessId | null;
  readonly container: string | null;
  readonly exitCode: number | null;
  readonly endedAt: number | null;
}

/** What a forge says of a registered runner. `timeLimitMs` is the job's own limit, measured by us on the monotonic clock. */
export interface ForgeRunner {
  readonly name: string;
  readonly forge: ForgeId;
  readonly id: string;
  readonly online: boolean;
  readonly busy: boolean;
  readonly fenced: boolean;
  /** What the forge knows of the job it has. */
  readonly job: {
    readonly id: string;
    readonly name: string;
    readonly url: string | null;
    readonly startedAt: number | null;
    readonly timeLimitMs: number | null;
    readonly cancel: boolean;
  } | null;
  /** When the forge said so. */
  readonly seenAt: number;
}

/** A job as it is shown, of an agent that waits for jobs; `startedAt` is wall-clock milliseconds. */
export interface ToldJob {
  readonly id: string;
  readonly name: string;
  readonly url: string | null;
  readonly startedAt: number;
}

/** Everything known of one runner. The phase is computed from it, never stored. */
export interface Observation {
  readonly name: string;
  readonly record: RunnerRecord | null;
  readonly instance: Instance | null;
  readonly forge: ForgeRunner | 'absent' | 'unknown';
  /**
   * Is a worker of ours at a job? `unknown`: the evidence is missing just now, so nothing may be ended;
   * `unavailable`: this agent never gives any, and its exit is the proof.
   */
  readonly worker: 'none' | 'running' | 'unknown' | 'unavailable';
  /** The job that its agent tells of, of those that wait for jobs. */
  readonly told?: ToldJob | null;
  /** What its running agent says is wrong with it, of those that wait for jobs. */
  readonly trouble?: Problem | null;
  /** How long its present job has run, by the monotonic clock; null without a job or where unknown. */
  readonly jobElapsedMs: number | null;
  /** Since when the forge, freshly asked, has called it offline; null when it is online or unknown. */
  readonly offlineSince: number | null;
  /** Since when its output has told of a job that no worker does and that the forge says is not in progress. */
  readonly phantomJobSince: number | null;
}
