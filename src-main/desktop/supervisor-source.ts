/** What main.ts hands in: how to reach the supervisor of the home, or to be it. */
import type { SupervisorApi } from '../contract/api.ts';
import type { StopHow } from '../contract/commands.ts';

/** A supervisor in another process. */
export interface RemoteSupervisor extends SupervisorApi {
  readonly closed: Promise<void>;
  close(): void;
}

/** The supervisor in this process. */
export interface LocalSupervisor {
  readonly api: SupervisorApi;
  stop(how: StopHow): Promise<readonly string[]>;
  /** Looks at everything again: time has passed, or the world has changed, unseen. */
  wake(): void;
  /** Settles when it has stopped and given everything back. */
  readonly ended: Promise<void>;
}

export interface SupervisorSource {
  readonly version: string;
  /** Throws `no-supervisor`. */
  connect(): Promise<RemoteSupervisor>;
  /** Throws `already-running`. `say` takes sentences about what happens. */
  host(say: (sentence: string) => void): Promise<LocalSupervisor>;
}
