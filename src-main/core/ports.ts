/** What the core and the loop need of the world. Adapters implement these; one contract test per port runs against each. */
import type { GpuLoad } from '../contract/api.ts';
import type {
  Account,
  AccountAdd,
  AccountBegin,
  AccountPlace,
  AccountView,
  SignIn,
  SignInWays,
} from '../contract/account.ts';
import type { Gpu, HostProfile } from '../contract/host.ts';
import type {
  Arch,
  EndedBy,
  ForgeId,
  Job,
  JobDetail,
  JobOutcome,
  Submission,
  Submitted,
} from '../contract/job.ts';
import type { Light, ScopeOffer } from '../contract/commands.ts';
import type { Pool, RuntimeId } from '../contract/pool.ts';
import type { Problem } from '../contract/problem.ts';
import type { ForeignView, Pause, Work } from '../contract/snapshot.ts';
import type { ForgeRunner, Instance, ProcessId, Resources, RunnerRecord } from './runner.ts';

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
 * `unknown` is never zero: an unreachable forge ends nothing. `total` may exceed `jobs`, which holds the oldest. The
 * pools in `unknown` are those of which alone nothing is known, as where one account's token was revoked.
 */
export type Demand =
  | {
      readonly jobs: readonly WaitingJob[];
      readonly total: number;
      readonly unknown?: readonly string[];
    }
  | 'unknown';

// ---------------------------------------------------------------- time

export interface Clock {
  /** Wall-clock milliseconds: deadlines and what is shown. */
  now(): number;
  /** Monotonic milliseconds: durations. */
  monotonic(): number;
}

// ---------------------------------------------------------------- store (one SQLite file; a write is durable when it returns, but in `later`)

export interface JobRow {
  readonly job: Job;
  /** Null for jobs of other forges. */
  readonly submission: Submission | null;
  /** The commit that was pinned; null for copies and in-place jobs. */
  readonly commit: string | null;
  readonly cancelRequested: boolean;
  /** Wall-clock milliseconds; null is none. */
  readonly deadline: number | null;
  readonly problem: Problem | null;
}

export interface Outcome {
  readonly state: JobOutcome;
  readonly exitCode: number | null;
  readonly result: string;
  readonly endedBy: EndedBy;
  readonly endedAt: number;
  readonly peak: Job['peak'];
  readonly problem: Problem | null;
}

export interface StoredPause {
  /** Null: the whole host. */
  readonly pool: string | null;
  readonly pause: Pause;
  readonly setAt: number;
  /** Milliseconds for a timed pause. */
  readonly duration: number | null;
  /** For `restart`: ends when the boot id differs. */
  readonly bootId: string;
}

/** `reason`: from then on these automatic reasons hold, as sentences; an empty message: none does. */
export type EventKind = 'online' | 'offline' | 'pause' | 'resume' | 'reason' | 'phase' | 'problem' | 'job';
export interface StoredEvent {
  readonly at: number;
  readonly kind: EventKind;
  readonly subject: string | null;
  readonly message: string;
}

export interface Store {
  /** All of `fn` or nothing of it becomes durable. */
  transaction<T>(fn: () => T): T;
  /**
   * As `transaction`, for what a crash may undo: it is durable with the next durable write or some milliseconds later.
   * Readers see it at once.
   */
  later<T>(fn: () => T): T;
  /** As `transaction`, a moment later: those who ask in one moment share one write to the disk. */
  grouped<T>(fn: () => T): Promise<T>;

  runners(): RunnerRecord[];
  runner(name: string): RunnerRecord | null;
  putRunner(record: RunnerRecord): void;
  deleteRunner(name: string): void;

  job(id: string): JobRow | null;
  /** Newest first. */
  jobs(limit: number): { rows: JobRow[]; total: number };
  /** Oldest first: queued, assigned and running jobs of a forge. */
  openJobs(forge: ForgeId): JobRow[];
  insertJob(row: JobRow): void;
  /** queued -> assigned; false when it is not queued any more. */
  assignJob(id: string, pool: string, runner: string): boolean;
  /** assigned -> running; false when it is not assigned to `runner`. */
  startJob(id: string, runner: string, at: number, deadline: number | null): boolean;
  /** Any open state -> the outcome; false when it already has one, which stays. */
  endJob(id: string, outcome: Outcome): boolean;
  requestCancel(id: string): void;
  linkRetry(id: string, retriedAs: string): void;
  /** Ids of ended jobs beyond the newest `keep`, oldest first, whose files may go; and forgetting them. */
  jobsBeyond(keep: number): string[];
  deleteJob(id: string): void;

  /** Refs that were or may have been made in repositories, all or those of `job`: written before the ref, deleted after it. */
  refs(job?: string): { repository: string; ref: string; job: string }[];
  putRef(repository: string, ref: string, job: string): void;
  deleteRef(repository: string, ref: string): void;

  pauses(): StoredPause[];
  /** Replaces the pause of the same pool. */
  putPause(pause: StoredPause): void;
  deletePause(pool: string | null): boolean;

  /** What begins and ends stretches of time (core/history) is bounded apart from what only tells of a moment. */
  appendEvent(event: StoredEvent): void;
  events(since: number, limit: number): StoredEvent[];
  /** What begins or ends a stretch since `from`, and before that the last of each kind and subject; oldest first. */
  spanEvents(from: number): StoredEvent[];
  /** Jobs that ran at some moment from `from` to `to`, by when they started; the newest `limit` where there are more. */
  jobsBetween(from: number, to: number, limit: number): Job[];

  meta(key: string): string | null;
  setMeta(key: string, value: string): void;
  close(): void;
}

// ---------------------------------------------------------------- forges

/** A program to start for a runner. Secrets are in `env` alone; `mask` is replaced by *** in the output. */
export interface LaunchSpec {
  readonly runner: string;
  /** The job that this program is, for agents that begin with a job. */
  readonly job: string | null;
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly mask: readonly string[];
}

export interface ForgeAbilities {
  readonly oneJob: boolean;
  readonly demand: 'poll' | 'none';
  readonly fence: boolean;
}

/** How an agent behaves; `waits`: its process waits for jobs. The local one begins with its job, so an idle runner has no process. */
export interface AgentTraits {
  readonly waits: boolean;
  /** Never gives evidence of a job: one job per process, and its exit is the proof. */
  readonly opaque: boolean;
  /** How one that waits is asked to end: by `stop` where this is absent. */
  readonly stop?: 'interrupt' | 'stop';
  /** What it takes to end its job in order after it was asked, in milliseconds; then it is killed. */
  readonly killGraceMs?: number;
}

/** How a job ended by the words of its agent. */
export type AgentResult = 'succeeded' | 'failed' | 'cancelled' | 'skipped' | 'abandoned';

/** A job as its agent tells of it. Times are wall-clock milliseconds. */
export interface AgentJob {
  readonly name: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly result: AgentResult | null;
  /** `owner/repository` and the run there, where its files tell. */
  readonly repository: string | null;
  readonly run: string | null;
  /** Of a job whose agent ended without a word of it: when its worker last wrote something down. */
  readonly lastWordAt?: number | null;
}

/** What a waiting agent's processes and files say of it. */
export interface AgentEvidence {
  /** `unknown`: they cannot be read just now. */
  readonly worker: 'none' | 'running' | 'unknown';
  /** It has said since it was started that it listens for jobs. */
  readonly listening: boolean;
  /** Its present job, or its last; of one that persists the oldest that is not in its record as written down. */
  readonly job: AgentJob | null;
  /** What is wrong with it, by its own words or by the way it ended: outdated, deleted at the forge, in conflict. */
  readonly problem: Problem | null;
}

/** For agents that wait for jobs: what they do, told by themselves. */
export interface WaitingAgent {
  /** Looks at the runner's folder and processes; cheap enough for every turn. */
  look(record: RunnerRecord, folder: string, instance: Instance): Promise<AgentEvidence>;
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
  /** Downloads of its agent. */
  work(): readonly Work[];
  cancelWork(id: string): boolean;
  /** Something was changed that it should look at before its next regular look. */
  nudge(): void;
  /** The job that this runner has or had; null: the forge does not tell (yet). */
  jobOf(record: RunnerRecord, told: AgentJob): Promise<ForgeJob | null>;
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

// ---------------------------------------------------------------- runtimes

export interface Runtime {
  readonly id: RuntimeId;
  readonly can: { readonly cpuset: boolean; readonly limits: boolean; readonly gpu: boolean };
  /** Sentences about limits that this host cannot enforce; shown as `notEnforced`. */
  readonly notEnforced: readonly string[];
  watch(wake: (why: string) => void): () => void;
  /** Every instance of our install on this machine, with a record or without. */
  list(): Promise<readonly Instance[]>;
  /** The runner's own folder, 0700; made when absent. */
  folder(name: string): Promise<string>;
  /** Starts detached; at most one start per job ever begins, however often this is called. */
  start(launch: LaunchSpec, resources: Resources): Promise<ProcessId>;
  /** `stop`: SIGTERM to the whole group; `interrupt`: SIGINT to the program itself and not to what it started; `kill`: all of it. */
  signal(name: string, how: 'stop' | 'interrupt' | 'kill'): Promise<void>;
  /** Ends what the job left running (found by its group, its cgroup and HOMERUNNER_RUNNER), and forgets the ended process. */
  clear(name: string): Promise<void>;
  /** Deletes the runner's folder and cgroup; throws `cannot-clean-up`. */
  remove(name: string): Promise<void>;
  /** Where the output of the runner's present or last job is. */
  logFile(name: string, job: string | null): string;
  /** What ended its present job, as the machine knows it (`out-of-memory`, `machine`); null: the job itself. */
  endedBy(name: string): EndedBy | null;
  /** Highest use seen so far of the present job; null where it cannot be measured. */
  peak(name: string): Job['peak'];
  /** What the processes of these runners use now, by runner; what cannot be measured is absent. */
  usage(names: readonly string[]): Promise<ReadonlyMap<string, RunnerUse>>;
  /** As read back from what limits it. */
  limits(name: string): { cores: number | null; cpus: readonly number[] | null; memoryMiB: number | null };
}

/** `cpuSeconds` since the job began. */
export interface RunnerUse {
  readonly cpuSeconds: number;
  readonly memoryMiB: number;
}

// ---------------------------------------------------------------- the rest

/** A moment of the whole machine; null where it cannot be measured. */
export interface MachineReading {
  /** Seconds that all CPUs together have worked since some fixed moment. */
  readonly cpuSeconds: number | null;
  /** Memory that is not available to new programs. */
  readonly memoryMiB: number | null;
}
export interface MachineLoad {
  read(): Promise<MachineReading>;
  /** Begins to measure these cards, until it is closed; `intervalMs` is how often it will be read. */
  openGpus(gpus: readonly Gpu[], intervalMs: number): GpuMeter;
}

export interface GpuMeter {
  /** The newest reading of each card that tells of itself. */
  read(): readonly GpuLoad[];
  close(): void;
}

export interface Detector {
  /** From the cache where it is fresh; `fresh` runs the probes again. */
  profile(fresh: boolean): Promise<HostProfile>;
  /** When the machine was last looked at, wall-clock milliseconds; null before the first answer. */
  detectedAt(): number | null;
  /** Calls back when devices or drivers may have changed; the answer ends it. Costs nothing while they do not. */
  watch(changed: () => void): () => void;
}

/** What a forge needs to know and to do about accounts; nothing of it keeps a secret. */
export interface AccountForge {
  ways(at: AccountPlace): Promise<SignInWays>;
  /** Begins a sign-in by a code. */
  begin(wish: AccountBegin): Promise<SignIn>;
  /** Proves who it is at the forge; `secret` is what is to be kept. Throws a Problem that says what is missing. */
  signIn(wish: AccountAdd): Promise<SignedIn>;
  /** What is known of it now, without waiting; what has never been asked is asked, and `changed` told then. */
  view(account: Account): Omit<AccountView, 'kept'>;
  /** Settles when what `view` shows of it is known; never fails. */
  asked(account: Account): Promise<void>;
  /** Its secret was changed or removed: nothing that was made with the former one is used any more. */
  forget(account: string): void;
  scopes(account: Account): Promise<readonly ScopeOffer[]>;
}

export interface SignedIn {
  readonly account: Omit<Account, 'id'>;
  readonly secret: string | null;
  readonly notes: readonly string[];
}

/** The secrets of accounts, by account; they are no secrets of jobs. */
export interface AccountSecrets {
  get(account: string): Promise<string | null>;
  /** Where it is kept from now on. */
  set(account: string, secret: string): Promise<'keyring' | 'memory'>;
  /** Would a secret that is set now outlive this process? */
  lasts(): Promise<boolean>;
  remove(account: string): Promise<void>;
  /** Where it is kept; `elsewhere`: not by us. */
  placeOf(account: Account): AccountView['kept'];
}

export interface Secrets {
  /** Null when there is none of that name in any source; throws `no-keyring` when only an unreachable keyring could have it. */
  get(name: string): Promise<string | null>;
}

export interface Log {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** Facts about the machine that policy needs at each turn. */
export interface Presence {
  bootId(): string;
  /** Free MiB on the volume that holds the home folder; null where unknown. */
  diskFreeMiB(): Promise<number | null>;
}
