/** What the core and the loop need of a forge. Adapters implement it; one contract test runs against each. */
import type { Light } from '../contract/commands.ts';
import type { Arch, EndedBy, ForgeId, Job, JobDetail, Submission, Submitted } from '../contract/job.ts';
import type { Pool } from '../contract/pool.ts';
import type { Problem } from '../contract/problem.ts';
import type { ForeignView, Work } from '../contract/snapshot.ts';
import type { AgentJob, AgentResult, AgentTraits, LaunchSpec, WaitingAgent } from './agent-port.ts';
import type { ForgeRunner, RunnerRecord } from './runner.ts';

/** A job waiting at a forge. `createdAt` is wall-clock milliseconds by our clock from a forge, steady ones in a plan. */
export interface WaitingJob {
  readonly id: string;
  readonly forge: ForgeId;
  readonly scope: string | null;
  readonly labels: readonly string[];
  readonly arch: Arch | null;
  /** The pool that the submitter named; null: any that fits. */
  readonly pool: string | null;
  readonly createdAt: number;
  /** What its forge calls it, and its page there; absent where only its id is known. */
  readonly name?: string;
  readonly url?: string | null;
  /**
   * Where the forge has several scopes: the pools that reach this job, each with the scope at which a runner for it is
   * registered. Absent: pools of the same scope reach it.
   */
  readonly reach?: Readonly<Record<string, string>>;
  /** Why no runner of ours can get it, as the forge says: a group that is closed to its repository. */
  readonly barred?: string;
  /** When the answer that tells of it was asked for, wall-clock milliseconds; absent: it is true now. */
  readonly seenAt?: number;
}

/**
 * `unknown` is never zero: an unreachable forge ends nothing. `total` may exceed `jobs`, which holds the oldest. For
 * the pools in `unknown` more may wait than `jobs` tells, as where one account's token was revoked, or where one of
 * many repositories gives no answer: what is known of them is served.
 */
export type Demand =
  | {
      readonly jobs: readonly WaitingJob[];
      readonly total: number;
      readonly unknown?: readonly string[];
    }
  | 'unknown';

export interface ForgeAbilities {
  readonly oneJob: boolean;
  readonly demand: 'poll' | 'none';
  readonly fence: boolean;
}

/** A job as the forge knows it, of whichever runner. */
export interface ForgeJob {
  readonly id: string;
  readonly name: string;
  readonly url: string | null;
  readonly repository: string;
  readonly labels: readonly string[];
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly result: AgentResult | null;
}

/** What a forge has that is asked over a network. */
export interface RemoteForge {
  /** When what it says of demand and runners was true, wall-clock milliseconds; null: it has said nothing yet. */
  knownAt(): number | null;
  /** What a person should act on: a token that was revoked, a limit that is reached. `subject` is the account or pool. */
  problems(): readonly Problem[];
  /** It could not be asked just now what runners there are at this scope. */
  isUnknown(scope: string): boolean;
  /**
   * Why no runner of this pool may be at `scope` any more, whatever its preflight said, as a sentence: its repository was
   * made public. Null: nothing is known against it.
   */
  closed(pool: Pool, scope: string): string | null;
  /** Downloads of its agent. */
  work(): readonly Work[];
  cancelWork(id: string): boolean;
  /** Something was changed that it should look at before its next regular look. */
  nudge(): void;
  /** The job that this runner has or had, which the history may know already; null: the forge does not tell (yet). */
  jobOf(record: RunnerRecord, told: AgentJob, entry?: Pick<Job, 'id' | 'url'>): Promise<ForgeJob | null>;
  /** Asks the forge to run this job once more; a sentence about what follows. Throws a Problem. */
  runAgain(job: Job): Promise<string>;
  /** Asks the forge to cancel what this job is part of; a sentence about what that is. */
  cancel(job: Job): Promise<string>;
  /** Runners of other installs that are offline at our scopes, and agents on this machine that are not ours. */
  foreign(): readonly ForeignView[];
  removeForeign(name: string): Promise<void>;
  /** Agents on this machine that are not ours, looked for just now. */
  lookAround(): Promise<readonly ForeignView[]>;
  /** The labels that the owner of a runner gave it. Throws `not-found` where there is none of that name. */
  labelsOf(runner: {
    readonly account: string;
    readonly scope: string;
    readonly name: string;
  }): Promise<readonly string[]>;
  /** Told each turn: the pools of this forge for which runners may be made just now. */
  online(pools: readonly Pool[]): void;
  /** Says there what has to be said of our end, and ends what is under way. */
  close(): Promise<void>;
}

/** A registration to be removed; of a ghost only its name and id are known here. */
export type Registered = Pick<RunnerRecord, 'name' | 'registration'> &
  Partial<Pick<RunnerRecord, 'scope' | 'account'>>;

export interface ForgeKit {
  readonly id: ForgeId;
  readonly can: ForgeAbilities;
  readonly agent: AgentTraits;
  /** Wakes the loop when something may have changed; returns the end of it. */
  watch(wake: (why: string) => void): () => void;
  demand(): Promise<Demand>;
  /** All runners of our install that the forge knows; null while it cannot be asked. */
  runners(): Promise<readonly ForgeRunner[] | null>;
  /** Registers by name; one of the same name that is left from a crash is replaced. Returns the registration's id. */
  register(record: RunnerRecord): Promise<string>;
  fence(record: RunnerRecord): Promise<'fenced' | 'busy' | 'cannot' | 'unknown'>;
  /** Removes a registration, looked up by name where its id was never written down; one that is absent is success. */
  remove(runner: Registered): Promise<void>;
  /** Makes the agent in `folder` ready to start. */
  prepare(record: RunnerRecord, folder: string): Promise<void>;
  /**
   * For agents that begin with a job: hand `job` to the runner, job and record in one transaction.
   * Returns the record as written (with `job` set), null when the job is gone or the runner fenced.
   */
  claim(job: string, record: RunnerRecord): Promise<RunnerRecord | null>;
  /** What to start; for job agents this checks the job's source out into `folder`. Throws a ProblemError that becomes the job's outcome. */
  launch(record: RunnerRecord, folder: string): Promise<LaunchSpec>;
  /** The job's process runs since `at`. */
  started(record: RunnerRecord, at: number): Promise<void>;
  /**
   * Records the outcome once and for all, keeps outputs, cleans the job's files out of `folder`.
   * `end` says how the process ended; safe to repeat after a crash. Returns the record as written
   * (`job` null, `jobsDone` one more, `idleSince` set, process null).
   */
  settle(record: RunnerRecord, folder: string, end: JobEnd): Promise<RunnerRecord>;
  preflight(pool: Pool): Promise<readonly Light[]>;
  /** For agents that wait; absent for those that begin with their job. */
  readonly waiting?: WaitingAgent;
  /** For forges elsewhere. */
  readonly remote?: RemoteForge;
}

/** The embedded forge also takes jobs in and answers for them. */
export interface LocalForge extends ForgeKit {
  /** Tells it after a start which registrations the journal holds; removes refs and files that a crash left. */
  restore(records: readonly RunnerRecord[]): Promise<void>;
  /** The job is durable when this returns. */
  submit(submission: Submission): Promise<Submitted>;
  /** Queued: cancelled at once. Running: marked, the loop ends it. Ended: a Problem. */
  cancel(job: string): Promise<Job>;
  /** Copies what `--out` kept into the absolute folder `to`; the names of what was copied. */
  get(job: string, to: string): Promise<readonly string[]>;
  detail(job: string): Promise<JobDetail>;
  /** Submits what was asked in `job` once more, at the commit that it was pinned at. Refused where that is gone. */
  again(job: string): Promise<Submitted>;
  /** Forgets the oldest ended jobs and their files beyond `keep`. */
  prune(keep: number): Promise<void>;
}

/** How a job's process ended, as the runtime and the loop know it. `by` is null when it ended by itself. */
export interface JobEnd {
  readonly job: string;
  readonly exitCode: number | null;
  readonly endedAt: number;
  readonly by: EndedBy | null;
  readonly peak: Job['peak'];
  /** The log as the runtime left it; the forge takes it over. */
  readonly log: string;
  /** A failure before or beside the process, shown as the outcome. */
  readonly problem: Problem | null;
}
