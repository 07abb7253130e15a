/** Who is asking, users, organisations, and the lists of what they can see. */
import { organizationOf, person, roleIn, signedIn, ssoBlocks } from '../access.ts';
import type { Answer, Call, Route } from '../call.ts';
import { list, notFound, ok, param, refuse } from '../call.ts';
import type { Organization, Repository, Token } from '../model.ts';
import { same } from '../model.ts';
import { organizationView, ownerView, repositoryView, userView } from '../views.ts';
import type { World } from '../world.ts';

function user(call: Call): Answer {
  const { login } = person(call);
  return ok(userView(call.world, call.world.users.get(login.toLowerCase()) ?? notFound(), true));
}

function anyUser(call: Call): Answer {
  const owner = call.world.owner(param(call, 'username')) ?? notFound();
  if (owner.type === 'User')
    return ok(userView(call.world, call.world.users.get(owner.login.toLowerCase()) ?? notFound(), false));
  return ok({
    ...userView(call.world, { ...owner, type: 'User', enterprises: new Set() }, false),
    type: 'Organization',
  });
}

const by: Readonly<Record<string, (one: Repository) => number | string>> = {
  pushed: (one) => one.pushedAt,
  updated: (one) => one.pushedAt,
  created: (one) => one.createdAt,
  full_name: (one) => `${one.owner.login}/${one.name}`.toLowerCase(),
};

function sorted(call: Call, repositories: readonly Repository[], standard: string): Repository[] {
  const sort = call.query.get('sort') ?? standard;
  const key = by[sort] ?? (() => 0);
  const down = (call.query.get('direction') ?? (sort === 'full_name' ? 'asc' : 'desc')) === 'desc';
  const compare = (a: number | string, b: number | string) => (a < b ? -1 : a > b ? 1 : 0);
  const up = [...repositories].sort((a, b) => compare(key(a), key(b)));
  return down ? up.reverse() : up;
}

/** Single sign-on hides what it guards from lists, and a header tells which organisations were left out. */
function hidden(world: World, token: Token): ReadonlySet<string> {
  return new Set(
    [...world.organizations.values()]
      .filter((one) => ssoBlocks(token, one))
      .map(({ login }) => login.toLowerCase()),
  );
}

function partial(world: World, logins: ReadonlySet<string>): Record<string, string> {
  if (logins.size === 0) return {};
  const ids = [...logins].map((login) => world.organizations.get(login)?.id);
  return { 'x-github-sso': `partial-results; organizations=${ids.join(',')}` };
}

function belongs(world: World, token: Token, one: Repository, affiliations: readonly string[]): boolean {
  const login = token.login.toLowerCase();
  const organization = world.organizations.get(one.owner.login.toLowerCase());
  if (same(one.owner.login, login)) return affiliations.includes('owner');
  if (one.collaborators.has(login) && affiliations.includes('collaborator')) return true;
  return organization?.members.has(login) === true && affiliations.includes('organization_member');
}

/** What `type` asks for is one of these affiliations; GitHub refuses it together with the other parameters. */
const types: Readonly<Record<string, string>> = {
  owner: 'owner',
  member: 'collaborator,organization_member',
};

function ownRepositories(call: Call): Answer {
  const token = person(call);
  const { world, query } = call;
  const type = query.get('type');
  if (type !== null && (query.has('visibility') || query.has('affiliation')))
    refuse(422, 'If you specify visibility or affiliation, you cannot specify type.');
  const standard = 'owner,collaborator,organization_member';
  const affiliations = (query.get('affiliation') ?? types[type ?? ''] ?? standard).split(',');
  const visibility = query.get('visibility') ?? type ?? 'all';
  const guarded = hidden(world, token);
  const seen = [...world.repositories.values()].filter(
    (one) =>
      belongs(world, token, one, affiliations) &&
      roleIn(world, token, one) !== 'none' &&
      !guarded.has(one.owner.login.toLowerCase()) &&
      (visibility === 'public' ? !one.private : visibility !== 'private' || one.private),
  );
  const shown = sorted(call, seen, 'full_name').map((one) => repositoryView(world, one, token, 'repository'));
  return { ...list(null, shown), headers: partial(world, guarded) };
}

function repositoriesOf(call: Call, login: string, standard: string): Answer {
  const seen = [...call.world.repositories.values()].filter(
    (one) => same(one.owner.login, login) && roleIn(call.world, call.token, one) !== 'none',
  );
  const guarded = call.token ? hidden(call.world, call.token) : new Set<string>();
  const open = seen.filter((one) => !one.private || !guarded.has(login.toLowerCase()));
  return list(
    null,
    sorted(call, open, standard).map((one) =>
      repositoryView(call.world, one, call.token, 'minimal-repository'),
    ),
  );
}

function installationRepositories(call: Call): Answer {
  const token = signedIn(call);
  if (token.kind !== 'app') return refuse(403, 'You must authenticate with an installation access token.');
  const seen = [...call.world.repositories.values()].filter(
    (one) => same(one.owner.login, token.owner) && roleIn(call.world, token, one) === 'admin',
  );
  return list(
    'repositories',
    seen.map((one) => repositoryView(call.world, one, token, 'repository')),
  );
}

/** The organisations that a person belongs to, each shown by `view`. */
function organizations(call: Call, view: (one: Organization, role: 'admin' | 'member') => object): Answer {
  const token = person(call);
  const login = token.login.toLowerCase();
  const guarded = hidden(call.world, token);
  if (
    token.kind === 'classic' &&
    !token.scopes.some((scope) => /^((read|write|admin):org|user)$/.test(scope))
  )
    refuse(403, 'You need at least read:org scope or user scope to list your organizations.');
  const mine = [...call.world.organizations.values()].flatMap((one) => {
    const role = one.members.get(login);
    return role === undefined || guarded.has(one.login.toLowerCase()) ? [] : [view(one, role)];
  });
  return { ...list(null, mine), headers: partial(call.world, guarded) };
}

/** Nobody of the double is only invited: who asks for those finds none. */
function memberships(call: Call): Answer {
  if (call.query.get('state') === 'pending') return list(null, []);
  const { world } = call;
  const me = world.users.get(person(call).login.toLowerCase()) ?? notFound();
  return organizations(call, (one, role) => {
    const organization = organizationView(world, one, false);
    const { url } = organization as { readonly url: string };
    return {
      ...{ url: `${url}/memberships/${me.login}`, state: 'active', role, organization_url: url },
      ...{ organization, user: ownerView(world, me) },
    };
  });
}

export const accountRoutes: readonly Route[] = [
  { method: 'GET', path: '/user', answer: user },
  { method: 'GET', path: '/users/{username}', answer: anyUser },
  {
    method: 'GET',
    path: '/users/{username}/repos',
    answer: (call) => repositoriesOf(call, param(call, 'username'), 'full_name'),
  },
  { method: 'GET', path: '/user/repos', answer: ownRepositories },
  {
    method: 'GET',
    path: '/user/orgs',
    answer: (call) => organizations(call, (one) => organizationView(call.world, one, false)),
  },
  { method: 'GET', path: '/user/memberships/orgs', answer: memberships },
  {
    method: 'GET',
    path: '/orgs/{org}',
    answer: (call) => ok(organizationView(call.world, organizationOf(call), true)),
  },
  {
    method: 'GET',
    path: '/orgs/{org}/repos',
    answer: (call) => repositoriesOf(call, organizationOf(call).login, 'created'),
  },
  { method: 'GET', path: '/installation/repositories', answer: installationRepositories },
];
