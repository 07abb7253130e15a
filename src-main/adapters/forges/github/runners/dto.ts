/** What GitHub says of runners and their groups: the fields that are read here. */

export interface RunnerDto {
  readonly id: number;
  readonly name: string;
  /** "unknown" until it has connected once. */
  readonly os?: string;
  readonly status: string;
  readonly busy: boolean;
  /** `read-only` are those that GitHub gives by itself; some servers do not tell which. */
  readonly labels: readonly { readonly name: string; readonly type?: string }[];
}

export interface GroupDto {
  readonly id: number;
  readonly name: string;
  readonly default: boolean;
  readonly visibility?: string;
  readonly allows_public_repositories?: boolean;
  /** An organisation has it from its enterprise. */
  readonly inherited?: boolean;
}
