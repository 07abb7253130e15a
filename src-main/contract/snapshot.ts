/** The one value that tells everyone: plain JSON, whole, without secrets. Times are wall-clock milliseconds. */
import type { AccountView } from './account.ts';
import type { Os } from './host.ts';
import type { Arch, ForgeId, Job } from './job.ts';
import type { Mode, Preset, RuntimeId } from './pool.ts';
import type { Problem } from './problem.ts';

export const phases = [
  'planned',
  'registering',
  'preparing',
  'starting',
  'idle',
  'busy',
  'draining',
  'removing',
  'gone',
  'failed',
  'stuck',
] as const;
export type Phase = (typeof phases)[number];

export type ReasonCode =
  | 'owner'
  | 'stopping'
  | 'unclean-shutdown'
  | 'disk-reserve'
  | 'battery'
  | 'owner-active'
  | 'hot'
  | 'metered'
  | 'schedule'
  | 'closed'
  | 'half-capacity';

/** Why less is allowed than the owner's configuration says; `until` is null where no end is known. */
export interface Reason {
  readonly code: ReasonCode;
  readonly message: string;
  readonly until: number | null;
}

export type PauseKind = 'duration' | 'until' | 'restart' | 'indefinite';

export interface Pause {
  readonly by: 'owner' | 'policy';
  readonly reason: string | null;
  readonly until: number | null;
  readonly kind: PauseKind;
}

export interface Meter {
  readonly total: number;
  readonly reserve: number;
  readonly used: number;
  readonly free: number;
}

export interface AllowanceView {
  readonly newRunners: boolean;
  /** The most runners at once that are allowed now. */
  readonly ceiling: number;
  readonly reasons: readonly Reason[];
}

export interface PoolView {
  readonly id: string;
  readonly name: string;
  readonly forge: ForgeId;
  readonly scope: string | null;
  readonly account: string | null;
  readonly mode: Mode;
  readonly scaling: Preset;
  readonly runtime: RuntimeId;
  readonly arch: Arch;
  readonly labels: readonly string[];
  readonly min: number;
  readonly max: number;
  readonly weight: number;
  readonly paused: Pause | null;
  /** What holds a job in; empty means it runs as the owner, with the owner's files readable. */
  readonly isolation: readonly string[];
  readonly emulation: string | null;
  /** Waiting jobs given to this pool; null while the forge's answer is unknown. */
  readonly demand: number | null;
  readonly want: number;
  /** One runner of this pool: what it is planned to get. */
  readonly runner: { readonly cores: number; readonly memoryMiB: number };
  readonly problem: Problem | null;
}

export interface RunnerView {
  readonly name: string;
  readonly pool: string;
  readonly phase: Phase;
  readonly why: string;
  readonly since: number;
  readonly pid: number | null;
  readonly container: string | null;
  readonly job: {
    readonly id: string;
    readonly name: string;
    readonly url: string | null;
    readonly startedAt: number | null;
  } | null;
  /** As read back from what limits it; null where nothing does. */
  readonly resources: {
    readonly cores: number | null;
    readonly cpus: readonly number[] | null;
    readonly memoryMiB: number | null;
    readonly notEnforced: readonly string[];
  };
  readonly problem: Problem | null;
}

export interface WaitingView {
  readonly job: string;
  readonly name: string;
  /** Its page at the forge. */
  readonly url: string | null;
  /** The pool that it is given to; null where none takes it. */
  readonly pool: string | null;
  readonly forge: ForgeId;
  readonly scope: string | null;
  readonly labels: readonly string[];
  readonly since: number;
  readonly why: readonly string[];
}

/** An agent or a registration that is not ours: shown, and never touched but by the owner's word. */
export interface ForeignView {
  /** By which `runner.remove` takes it; null: it cannot be removed from here. */
  readonly name: string | null;
  /** `registration`: another install's runner, offline at a forge. `agent`: an agent on this machine. */
  readonly kind: 'registration' | 'agent';
  /** One sentence: what it is, what it serves, how old. */
  readonly description: string;
  /** Nobody is known to have put it there: it may be an intruder's. */
  readonly suspicious: boolean;
  /** Of an agent whose files can be read. */
  readonly agent?: ForeignAgent;
}

/** An agent on this machine that somebody else has set up. */
export interface ForeignAgent {
  /** Its absolute path. */
  readonly folder: string;
  readonly name: string;
  /** The page of what it takes jobs of. */
  readonly url: string;
  readonly running: boolean;
  /** The system starts it. */
  readonly service: boolean;
  /** Command lines for its owner: to stop its service and take that away (null: there is none), and to remove its registration. */
  readonly commands: {
    readonly stop: string | null;
    readonly uninstall: string | null;
    readonly remove: string;
  };
}

/** Work in the background, such as a download: `done` of `total` in bytes. */
export interface Work {
  readonly id: string;
  readonly title: string;
  readonly done: number;
  readonly total: number | null;
  readonly cancellable: boolean;
}

export interface Snapshot {
  readonly schema: 1;
  readonly version: number;
  readonly at: number;
  readonly supervisor: { readonly pid: number; readonly version: string; readonly host: 'tray' | 'headless' };
  readonly machine: {
    readonly os: Os;
    readonly arch: Arch;
    readonly cpu: string | null;
    readonly threads: number;
    readonly memoryMiB: number;
    readonly labels: readonly string[];
    /** One line per capability that is ready. */
    readonly goodFor: readonly string[];
    readonly detectedAt: number;
  } | null;
  /** "Ready. No job waits.", "Running 2 jobs. 1 job waits.", "Paused by you until 15:40; 1 job is finishing": the tray's tooltip and first line. */
  readonly sentence: string;
  readonly state: 'idle' | 'working' | 'paused' | 'problem' | 'stopping';
  readonly pause: Pause | null;
  readonly allowance: AllowanceView;
  readonly capacity: { readonly cores: Meter; readonly memoryMiB: Meter; readonly gpus: Meter };
  readonly pools: readonly PoolView[];
  readonly runners: readonly RunnerView[];
  /** The oldest 100. */
  readonly waiting: readonly WaitingView[];
  readonly waitingTotal: number;
  /** The last 20, newest first. */
  readonly jobs: readonly Job[];
  readonly accounts: readonly AccountView[];
  readonly foreign: readonly ForeignView[];
  readonly notEnforced: readonly string[];
  readonly work: readonly Work[];
  /** Age of what is known about each forge, in seconds. */
  readonly dataAge: Readonly<Partial<Record<ForgeId, number>>>;
  readonly problems: readonly Problem[];
}
