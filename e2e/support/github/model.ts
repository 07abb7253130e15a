/** What the double of GitHub holds: accounts, repositories, tokens, runners, runs and jobs. */

/** A user or an organisation: what can own repositories. */
export interface Owner {
  readonly id: number;
  readonly login: string;
  readonly type: 'User' | 'Organization';
}

export interface User extends Owner {
  readonly type: 'User';
  /** Enterprises that this user administers. */
  readonly enterprises: Set<string>;
}

export interface RunnerGroup {
  readonly id: number;
  readonly name: string;
  readonly default: boolean;
  visibility: 'all' | 'private' | 'selected';
  allowsPublic: boolean;
  /** Where `visibility` is selected, in small letters: repositories (owner/repo), or organisations of an enterprise. */
  readonly chosen: Set<string>;
}

export interface Organization extends Owner {
  readonly type: 'Organization';
  readonly members: Map<string, 'admin' | 'member'>;
  readonly groups: RunnerGroup[];
  readonly enterprise: string | null;
  /** Classic tokens reach it only once they were allowed for its single sign-on. */
  sso: boolean;
  /** Which of its repositories may have self-hosted runners of their own. */
  selfHosted: 'all' | 'selected' | 'none';
}

export interface Enterprise {
  readonly name: string;
  readonly groups: RunnerGroup[];
}

export type Role = 'none' | 'read' | 'write' | 'admin';

export type ForkApproval =
  'first_time_contributors_new_to_github' | 'first_time_contributors' | 'all_external_contributors';

export interface Variable {
  readonly name: string;
  value: string;
  readonly createdAt: number;
  updatedAt: number;
}

export interface Repository {
  readonly id: number;
  readonly owner: Owner;
  name: string;
  private: boolean;
  archived: boolean;
  /** Wall-clock milliseconds of the last push. */
  pushedAt: number;
  readonly createdAt: number;
  readonly collaborators: Map<string, Role>;
  /** File name in `.github/workflows` to its text. */
  readonly workflows: Map<string, string>;
  actions: boolean;
  selfHostedDisabled: boolean;
  forkApproval: ForkApproval;
  access: 'none' | 'user' | 'organization' | 'enterprise';
  readonly variables: Map<string, Variable>;
}

export type TokenKind = 'classic' | 'fine-grained' | 'app';

export interface Token {
  readonly token: string;
  readonly kind: TokenKind;
  /** The user it acts for; the installation's account for an app. */
  readonly login: string;
  /** OAuth scopes of a classic token. */
  readonly scopes: readonly string[];
  /** Permissions of a fine-grained token or an app: administration, actions, contents, … */
  readonly permissions: Readonly<Record<string, 'read' | 'write'>>;
  /** Whose repositories a fine-grained token or an app reaches. */
  readonly owner: string;
  /** Only these (owner/repo); null: all of the owner. */
  readonly repositories: readonly string[] | null;
  readonly expiresAt: number | null;
  /** Organisations with single sign-on that a classic token was allowed for. */
  readonly sso: readonly string[];
  revoked: boolean;
}

/** Where a runner is registered: owner/repo, org or enterprises/NAME. */
export type Scope = string;

export interface RunnerRow {
  readonly id: number;
  readonly name: string;
  readonly scope: Scope;
  groupId: number;
  os: string;
  version: string | null;
  labels: string[];
  readonly readOnlyLabels: readonly string[];
  readonly ephemeral: boolean;
  readonly clientId: string;
  /** The job that it holds; null: idle. */
  request: JobRequest | null;
  /** A foreign runner has no agent: its status is what the test planted. */
  planted: 'online' | 'offline' | null;
  deleted: boolean;
}

export interface Session {
  readonly id: string;
  readonly runner: RunnerRow;
  readonly version: string;
  lastPoll: number;
  /** Answers the poll that waits now; null: none waits. */
  check: (() => void) | null;
  updateSent: string | null;
}

/** One job in the hands of one runner. */
export interface JobRequest {
  readonly id: number;
  readonly job: Job;
  readonly runner: RunnerRow;
  readonly assignedAt: number;
  delivered: boolean;
  started: boolean;
  lastRenew: number;
  cancel: boolean;
}

export type Conclusion =
  'success' | 'failure' | 'neutral' | 'cancelled' | 'skipped' | 'timed_out' | 'action_required';

export type AgentResult =
  'Succeeded' | 'SucceededWithIssues' | 'Failed' | 'Canceled' | 'Skipped' | 'Abandoned';

export interface Job {
  readonly id: number;
  readonly guid: string;
  readonly run: Run;
  readonly name: string;
  readonly labels: readonly string[];
  readonly script: string;
  readonly sleepMs: number;
  /** The result that its worker must give; null: what the script gives. */
  readonly result: AgentResult | null;
  readonly attempt: number;
  readonly createdAt: number;
  status: 'queued' | 'in_progress' | 'completed' | 'waiting';
  conclusion: Conclusion | null;
  startedAt: number | null;
  completedAt: number | null;
  runner: RunnerRow | null;
}

export interface Run {
  readonly id: number;
  readonly number: number;
  readonly repository: Repository;
  readonly workflow: string;
  readonly event: string;
  readonly createdAt: number;
  attempt: number;
  readonly jobs: Job[];
}

export interface Installation {
  readonly id: number;
  readonly account: Owner;
  readonly permissions: Readonly<Record<string, 'read' | 'write'>>;
  readonly repositories: readonly string[] | null;
}

export interface App {
  readonly id: number;
  readonly clientId: string;
  readonly slug: string;
  readonly owner: Owner;
  readonly publicKey: string;
  readonly installations: Installation[];
}

export interface AgentVersion {
  readonly version: string;
  readonly os: 'linux' | 'osx' | 'win';
  readonly architecture: 'x64' | 'arm64' | 'arm';
  /** The archive on this machine. */
  readonly file: string;
  readonly filename: string;
  /** null: the downloads endpoint gives none. */
  readonly sha256: string | null;
}

export const fullName = (repository: Repository): string => `${repository.owner.login}/${repository.name}`;
export const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
