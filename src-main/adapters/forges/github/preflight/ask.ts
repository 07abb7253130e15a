/** What each question of the preflight is given. */
import type { Os } from '../../../../contract/host.ts';
import type { Arch } from '../../../../contract/job.ts';
import type { Pool } from '../../../../contract/pool.ts';
import type { VersionView } from '../agent/releases.ts';
import type { GitHubApi } from '../api/types.ts';

/** What this machine is and has, as far as jobs of workflows need it. */
export interface PreflightHost {
  readonly os: Os;
  readonly arch: Arch;
  /** The labels that the host offers, before those of the pool. */
  readonly hostLabels: readonly string[];
  /** Is there a container engine that jobs may use? */
  readonly docker: boolean;
  /** Is there a program of this name on the PATH that jobs get? */
  hasTool(name: string): boolean;
}

/** Which version of the runner's program would be used at a scope, and what GitHub offers there. */
export type Versions = (api: GitHubApi, scope: string, arch: Arch) => Promise<VersionView>;

export interface Ask {
  readonly api: GitHubApi;
  readonly pool: Pool;
  readonly host: PreflightHost;
  readonly versions: Versions;
}

/** A repository, as far as GitHub tells of it here. */
export interface Repository {
  readonly full_name: string;
  /** A repository of which this is not said counts as public. */
  readonly private?: boolean;
  readonly archived?: boolean;
  readonly allow_forking?: boolean;
  readonly pushed_at?: string | null;
  readonly owner?: { readonly login: string; readonly type?: string };
  readonly permissions?: { readonly admin?: boolean };
}

export function isPublic(repository: Repository): boolean {
  return repository.private !== true;
}

/** An owner's command stands behind a check, so it is not put off where the budget runs low. */
export async function get<T>(
  { api }: Ask,
  route: string,
  parameters: Readonly<Record<string, unknown>> = {},
): Promise<T> {
  return (await api.request<T>(`GET ${route}`, parameters, 'must')).data;
}

/** A page of this GitHub for people. */
export function pageOf({ api }: Ask, path: string): string {
  return `${api.account.url.replace(/\/$/, '')}/${path}`;
}
