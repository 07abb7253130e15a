/**
 * What the core and the loop need of the world; of forges and their agents see forge-port.ts and agent-port.ts. Adapters
 * implement these; one contract test per port runs against each.
 */
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
import type { EndedBy, ForgeId, Job, JobOutcome, Submission } from '../contract/job.ts';
import type { ScopeOffer } from '../contract/commands.ts';
import type { RuntimeId } from '../contract/pool.ts';
import type { Problem } from '../contract/problem.ts';
import type { Pause } from '../contract/snapshot.ts';
import type { AgentJob, LaunchSpec } from './agent-port.ts';
import type { Instance, ProcessId, Resources, RunnerRecord } from './runner.ts';

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

/** An entry of the history that goes by a name of ours, and what its forge is asked with for its own. */
export interface UnnamedJob {
  readonly job: string;
  readonly record: RunnerRecord;
  readonly told: AgentJob;
}

/** What a forge calls a job. */
export type JobName = Pick<Job, 'id' | 'name' | 'url' | 'labels' | 'createdAt'>;

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

  /** Jobs that their forge has not named yet, oldest first. */
  unnamed(): UnnamedJob[];
  /** Replaces what is known of the same job. */
  putUnnamed(unnamed: UnnamedJob): void;
  deleteUnnamed(job: string): void;
  /** Its forge's name and id in place of ours, whether it has ended or not; it is unnamed no more. False when it is gone. */
  nameJob(id: string, name: JobName): boolean;

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
