/** What the composition gives to the command line: the supervisor, near or far, and the machine. */
import type { Account } from '../contract/account.ts';
import type { SupervisorApi } from '../contract/api.ts';
import type { StopHow } from '../contract/commands.ts';
import type { HostProfile } from '../contract/host.ts';
import type { Pool } from '../contract/pool.ts';
import type { Problem } from '../contract/problem.ts';

export interface Connected extends SupervisorApi {
  readonly closed: Promise<void>;
  close(): void;
}

export interface Offline extends Connected {
  /** What the owner must be told about the home, such as a database that was set aside. */
  readonly notes: readonly string[];
}

/** The supervisor in this process. */
export interface Hosted {
  readonly api: SupervisorApi;
  readonly pid: number;
  readonly home: string;
  stop(how: StopHow): Promise<readonly string[]>;
  /** Settles when it has stopped and given everything back. */
  readonly ended: Promise<void>;
}

export interface HostWish {
  readonly home: string | null;
  readonly cwd: string;
  /** Sentences about what happens, for the person at the terminal. */
  readonly say: (sentence: string) => void;
}

export interface DetectWish {
  readonly home: string | null;
  readonly record: string | null;
  readonly replay: string | null;
}

export interface World {
  readonly version: string;
  /** The home that a command works on. */
  home(flag: string | null): string;
  /** The running supervisor; throws `no-supervisor`. */
  connect(home: string | null): Promise<Connected>;
  /** What works without one: pauses, pools, the history; takes the lock while it is open. */
  offline(home: string | null): Promise<Offline>;
  /** Becomes the supervisor; throws `already-running`. */
  host(wish: HostWish): Promise<Hosted>;
  /** `note` says what a recording holds and where it went. */
  detect(wish: DetectWish): Promise<{ readonly profile: HostProfile; readonly note: string | null }>;
  config(home: string | null): {
    readonly file: string;
    readonly config: unknown;
    readonly problems: readonly Problem[];
  };
  /** The pool and sentences that a file of the predecessor's variables amounts to. */
  environment(file: string): Promise<{
    readonly pool: Pool | null;
    /** The login by which that pool registers, and its token, where a variable holds one. */
    readonly account: Account | null;
    readonly token: () => string | null;
    readonly warnings: readonly string[];
    readonly problems: readonly Problem[];
  }>;
}
