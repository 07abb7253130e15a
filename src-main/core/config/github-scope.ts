/** Where at GitHub a pool gets its jobs from, as the owner writes it. */

/** `repositories`: all of one owner, with a registration at each as work appears. */
export type GitHubScopeKind = 'repository' | 'repositories' | 'organisation' | 'enterprise';

// Looser than GitHub's rules for new names: old ones, and those of managed users (name_company), are taken too.
const owner = '[A-Za-z0-9][A-Za-z0-9_-]{0,99}';
const forms: readonly (readonly [GitHubScopeKind, RegExp])[] = [
  ['enterprise', new RegExp(`^enterprises/${owner}$`)],
  ['repositories', new RegExp(`^${owner}/\\*$`)],
  ['repository', new RegExp(`^${owner}/(?!\\.{1,2}$)[A-Za-z0-9._-]{1,100}$`)],
  ['organisation', new RegExp(`^${owner}$`)],
];

/** What a scope names; null where it has none of the forms. */
export function githubScopeKind(scope: string): GitHubScopeKind | null {
  return forms.find(([, form]) => form.test(scope))?.[0] ?? null;
}

/** The forms in words, for sentences. */
export const githubScopeForms =
  'owner/repository, an organisation, owner/* (all repositories of one owner), or enterprises/NAME';
