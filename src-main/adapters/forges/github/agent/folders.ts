/** What this forge needs of the store of agents; `compose` gives one that has it. */

/** The name under which the store keeps this agent. */
export const agentName = 'actions-runner';

export interface AgentRelease {
  readonly version: string;
  /** `linux`, `osx` or `win`. */
  readonly os: string;
  /** `x64`, `arm64` or `arm`. */
  readonly arch: string;
  readonly url: string;
  /** Null: GitHub told none; the store then refuses it. */
  readonly sha256: string | null;
  /** A short-lived token for `url` alone. */
  readonly bearer: string | null;
}

export interface AgentFolders {
  /** The folder of a version, downloaded and unpacked when it is not there yet. */
  have(agent: string, release: AgentRelease): Promise<string>;
  /** Makes `target` a copy of it, all at once. */
  instance(folder: string, target: string): Promise<void>;
  /** The versions that lie here, and need no download. */
  kept(agent: string): Promise<readonly AgentRelease[]>;
}
