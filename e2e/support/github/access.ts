/** Who may do what: tokens, roles, scopes and permissions, refused in GitHub's words. */
import type { Call } from './call.ts';
import { notFound, refuse, Refused } from './call.ts';
import type { Organization, Repository, Role, Token } from './model.ts';
import { fullName, same } from './model.ts';
import type { World } from './world.ts';

/** What a route asks of who calls it. */
export interface Need {
  /** The permission of a fine-grained token or an app. */
  readonly permission: string;
  readonly level: 'read' | 'write';
  readonly role: Role;
}

const order: readonly Role[] = ['none', 'read', 'write', 'admin'];
const atLeast = (has: Role, wanted: Role): boolean => order.indexOf(has) >= order.indexOf(wanted);

const hasScope = (token: Token, ...scopes: readonly string[]): boolean =>
  scopes.some((scope) => token.scopes.includes(scope));

/** The token of a request: one that is unknown, revoked or past its time is refused with 401. */
export function authenticate(world: World, bearer: string | null): Token | null {
  if (bearer === null) return null;
  const token = world.tokens.get(bearer);
  const good = token && !token.revoked && (token.expiresAt === null || token.expiresAt > world.now());
  return good ? token : refuse(401, 'Bad credentials');
}

export const signedIn = (call: Call): Token => call.token ?? refuse(401, 'Requires authentication');

/** A token of a person; an app's own token has no user. */
export function person(call: Call): Token {
  const token = signedIn(call);
  if (token.kind === 'app')
    return refuse(403, 'Resource not accessible by integration', accepted('metadata=read'));
  return token;
}

const accepted = (permissions: string): Record<string, string> => ({
  'x-accepted-github-permissions': permissions,
});

const covers = (token: Token, repository: Repository): boolean =>
  same(token.owner, repository.owner.login) &&
  (token.repositories === null || token.repositories.some((name) => same(name, fullName(repository))));

/** What the person (or the installation) behind a token is to a repository. */
export function roleIn(world: World, token: Token | null, repository: Repository): Role {
  const open: Role = repository.private ? 'none' : 'read';
  if (token === null) return open;
  if (token.kind !== 'classic' && !covers(token, repository)) return open;
  if (token.kind === 'app') return 'admin';
  if (token.kind === 'classic' && repository.private && !hasScope(token, 'repo')) return 'none';
  const login = token.login.toLowerCase();
  if (same(repository.owner.login, login)) return 'admin';
  const member = world.organizations.get(repository.owner.login.toLowerCase())?.members.get(login);
  if (member === 'admin') return 'admin';
  return repository.collaborators.get(login) ?? (member ? 'read' : open);
}

function checkPermission(token: Token, need: Need): void {
  if (token.kind === 'classic') return;
  const has = token.permissions[need.permission];
  if (has === 'write' || has === need.level) return;
  const who = token.kind === 'app' ? 'integration' : 'personal access token';
  refuse(403, `Resource not accessible by ${who}`, accepted(`${need.permission}=${need.level}`));
}

/** A classic token must have been allowed for an organisation with single sign-on. */
export const ssoBlocks = (token: Token | null, organization: Organization | undefined): boolean =>
  token?.kind === 'classic' &&
  organization?.sso === true &&
  !token.sso.some((login) => same(login, organization.login));

function checkSso(world: World, token: Token | null, owner: string): void {
  const organization = world.organizations.get(owner.toLowerCase());
  if (!ssoBlocks(token, organization)) return;
  const url = world.page(`orgs/${owner}/sso?authorization_request=${world.nextId()}`);
  const message =
    'Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.';
  refuse(403, message, { 'x-github-sso': `required; url=${url}` });
}

/** Sends a caller who uses a former name to where the repository is now, by its id as GitHub does. */
function moved(call: Call, owner: string, name: string): never {
  const former = call.world.renamed.get(`${owner}/${name}`.toLowerCase());
  if (!former || roleIn(call.world, call.token, former) === 'none') return notFound();
  const rest = call.path.split('/').slice(4).join('/');
  const query = call.query.size > 0 ? `?${call.query.toString()}` : '';
  const url = call.world.api(`/repositories/${former.id}${rest ? `/${rest}` : ''}`) + query;
  const temporary = call.method !== 'GET';
  throw new Refused({
    status: temporary ? 307 : 301,
    body: {
      message: temporary ? 'Temporary Redirect' : 'Moved Permanently',
      url,
      documentation_url:
        'https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects',
    },
    headers: { location: url },
  });
}

/** The repository of the path, if the caller may do to it what the route needs. Who cannot see it is told 404. */
export function repositoryOf(call: Call, need?: Need): Repository {
  const { owner = '', repo = '' } = call.params;
  const repository = call.world.repository(owner, repo) ?? moved(call, owner, repo);
  const role = roleIn(call.world, call.token, repository);
  if (role === 'none') return notFound();
  if (repository.private || need?.role === 'admin') checkSso(call.world, call.token, repository.owner.login);
  if (!need) return repository;
  const everybody = !repository.private && need.level === 'read' && need.role === 'read';
  if (everybody) return repository;
  const token = signedIn(call);
  if (token.kind !== 'classic' && !covers(token, repository)) return notFound();
  checkPermission(token, need);
  const unscoped = token.kind === 'classic' && !hasScope(token, 'repo', 'public_repo');
  if (!atLeast(role, need.role) || unscoped || (need.role === 'admin' && lacksRepo(token)))
    return refuse(403, 'Must have admin rights to Repository.', { 'x-accepted-oauth-scopes': 'repo' });
  if (need.level === 'write' && repository.archived && need.permission !== 'administration')
    return refuse(403, 'Repository was archived so is read-only.');
  return repository;
}

const lacksRepo = (token: Token): boolean => token.kind === 'classic' && !hasScope(token, 'repo');

/** The organisation of the path for a member; `need`: for its owners, with the scope or permission that this takes. */
export function organizationOf(call: Call, need?: Need): Organization {
  const organization = call.world.organizations.get((call.params['org'] ?? '').toLowerCase());
  if (!organization) return notFound();
  if (!need) return organization;
  const token = signedIn(call);
  checkSso(call.world, token, organization.login);
  const ours =
    token.kind === 'app' || token.kind === 'fine-grained' ? same(token.owner, organization.login) : true;
  const role = token.kind === 'app' ? 'admin' : organization.members.get(token.login.toLowerCase());
  if (!ours || role === undefined) return notFound();
  checkPermission(token, need);
  const scoped = token.kind !== 'classic' || hasScope(token, 'admin:org');
  if (role !== 'admin' || !scoped) {
    const message = 'You must be an org admin or have the self-hosted runners fine-grained permission.';
    return refuse(403, message, { 'x-accepted-oauth-scopes': 'admin:org' });
  }
  return organization;
}

/** The enterprise of the path, for those who administer it with a classic token that has one of these scopes. */
export function enterpriseOf(
  call: Call,
  scopes: readonly string[] = ['manage_runners:enterprise', 'admin:enterprise'],
): string {
  const name = call.params['enterprise'] ?? '';
  const token = signedIn(call);
  const enterprise = call.world.enterprises.get(name.toLowerCase());
  const user = call.world.users.get(token.login.toLowerCase());
  if (!enterprise || !user?.enterprises.has(name.toLowerCase())) return notFound();
  if (token.kind !== 'classic' || !hasScope(token, ...scopes))
    return refuse(403, 'Must have admin access to enterprise', {
      'x-accepted-oauth-scopes': scopes.toSorted().join(', '),
    });
  return enterprise.name;
}
