/** What GitHub says of repositories, runs and jobs: the fields that are read here. Times are ISO 8601 text. */

export interface RepositoryDto {
  readonly full_name: string;
  readonly private: boolean;
  readonly archived?: boolean;
  readonly disabled?: boolean;
  readonly pushed_at?: string | null;
  readonly owner?: { readonly login: string };
}

export interface RunDto {
  readonly id: number;
  readonly status: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly run_attempt?: number;
  readonly repository?: { readonly full_name: string; readonly private?: boolean };
}

export interface JobDto {
  readonly id: number;
  readonly run_id: number;
  readonly name: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly labels: readonly string[];
  readonly html_url: string | null;
  readonly created_at?: string;
  readonly started_at: string | null;
  readonly completed_at: string | null;
  readonly runner_name: string | null;
}
