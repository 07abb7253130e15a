/** What compose gives to the app: ports, and nothing concrete. */
import type { Account } from '../contract/account.ts';
import type { Arch } from '../contract/job.ts';
import type { Pool } from '../contract/pool.ts';
import type { Problem } from '../contract/problem.ts';
import type { Config } from '../core/config/schema.ts';
import type { ForgeKit, LocalForge } from '../core/forge-port.ts';
import type {
  AccountForge,
  AccountSecrets,
  Clock,
  Detector,
  Log,
  MachineLoad,
  Presence,
  Runtime,
  Store,
} from '../core/ports.ts';

export interface ConfigReading {
  readonly config: Config;
  readonly problems: readonly Problem[];
  readonly readOnly: boolean;
}

export interface ConfigPort {
  /** The absolute path of the file. */
  readonly file: string;
  read(): ConfigReading;
  /** Durable when it returns; throws a Problem where it cannot be written. */
  write(config: Config): void;
  /** As `write`, with a copy kept of what stood there; where, null where there was nothing. */
  replace(config: Config): string | null;
  /** Why it cannot be written now; null where it can. */
  unwritable(): Problem | null;
  watch(fn: () => void): () => void;
}

/** What environment variables ask for: laid over the configuration, never written to it. */
export interface EnvironmentWish {
  readonly pool: Pool | null;
  /** The login that the pool registers by; its secret is in the variables. */
  readonly account: Account | null;
  readonly apply: (config: Config) => Config;
  readonly problems: readonly Problem[];
}

/** The output of a job or runner from a byte cursor on. */
export interface LogReader {
  read(
    file: string,
    cursor: number,
    maxBytes: number,
  ): Promise<{ data: Uint8Array; cursor: number; skipped: number }>;
  /** Where the log of an ended job is kept. */
  ofJob(job: string): string;
  /** Keeps a copy of `file` from that byte on as the log of that job; a file that is not there leaves an empty one. */
  keep(file: string, job: string, from: number): Promise<void>;
  /** What is kept of `job` belongs to `named` from now on; repeated, it does nothing. */
  rename(job: string, named: string): Promise<void>;
}

/** What only this process knows for a report. */
export interface ReportSource {
  /** Of this program and what it runs on, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** The operating system, in words. */
  readonly system: string;
  /** The newest lines of the log, oldest first. */
  logLines(count: number): readonly string[];
  /** The text without secrets, and without the names of user and host. */
  clean(text: string): string;
}

export interface Deps {
  readonly version: string;
  readonly pid: number;
  readonly host: 'tray' | 'headless';
  readonly install: string;
  /** The absolute path of the home folder. */
  readonly home: string;
  /** Of this process: known before detection. */
  readonly hostArch: Arch;
  readonly clock: Clock;
  readonly random: () => number;
  readonly store: Store;
  readonly local: LocalForge;
  /** All forges, the local one among them. */
  readonly forges: readonly ForgeKit[];
  readonly accounts: AccountForge;
  readonly accountSecrets: AccountSecrets;
  readonly runtime: Runtime;
  readonly detector: Detector;
  readonly load: MachineLoad;
  readonly config: ConfigPort;
  readonly environment: EnvironmentWish;
  readonly presence: Presence;
  readonly logs: LogReader;
  readonly log: Log;
  readonly report: ReportSource;
  /** Sentences for a person at the terminal. */
  readonly say: (sentence: string) => void;
  readonly formatClock: (at: number) => string;
  /** Problems found before the app began, such as a database set aside. */
  readonly startProblems: readonly Problem[];
}
