/** The organisations of an enterprise, and whom its runner groups let in. */
import { type Organisations, organisationsOf } from '../api/organisations.ts';
import type { GitHubApi } from '../api/types.ts';
import { type Groups, groupsOf } from './listing.ts';

export interface EnterpriseState extends Organisations {
  readonly groups: Groups | null;
}

/** Throws a Problem where the organisations may not be listed. */
export async function lookAtEnterprise(
  api: GitHubApi,
  enterprise: string,
  groups: readonly (string | null)[],
): Promise<EnterpriseState> {
  const wanted = groups.map((name) => ({ name, isInherited: false }));
  return {
    ...(await organisationsOf(api, enterprise, 'poll')),
    groups: await groupsOf(api, `enterprises/${enterprise}`, wanted),
  };
}
