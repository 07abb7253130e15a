/** Where runners are registered, and what a pool's scope reaches. */

/** The first part of a route of the API, and what fills it. */
export interface Place {
  readonly route: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The place of a runner's scope: `owner/repository`, `enterprises/NAME`, or an organisation. */
export function placeOf(scope: string): Place {
  const [first = '', second] = scope.split('/');
  if (second === undefined) return { route: '/orgs/{org}', parameters: { org: first } };
  return first === 'enterprises'
    ? { route: '/enterprises/{enterprise}', parameters: { enterprise: second } }
    : { route: '/repos/{owner}/{repo}', parameters: { owner: first, repo: second } };
}

/** What a pool's scope reaches. */
export type Coverage =
  | { readonly kind: 'repository'; readonly name: string }
  | { readonly kind: 'owner' | 'organisation'; readonly owner: string }
  | { readonly kind: 'enterprise'; readonly enterprise: string };

export function coverageOf(scope: string): Coverage {
  const [first = '', second] = scope.split('/');
  if (second === undefined) return { kind: 'organisation', owner: first };
  if (first === 'enterprises') return { kind: 'enterprise', enterprise: second };
  return second === '*' ? { kind: 'owner', owner: first } : { kind: 'repository', name: scope };
}

/** Repositories, owners and groups are compared without regard to case. */
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
