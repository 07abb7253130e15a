/** What an account could serve: repositories, organisations, all repositories of a person. */
import type { Account } from '../../../../contract/account.ts';
import type { ScopeOffer } from '../../../../contract/commands.ts';
import { problemOf } from '../../../../contract/problem.ts';
import type { GitHubApi } from '../api/types.ts';

interface Repository {
  readonly full_name: string;
  readonly private: boolean;
  readonly archived?: boolean;
  readonly disabled?: boolean;
  readonly pushed_at?: string | null;
  readonly permissions?: { readonly admin?: boolean };
  readonly owner: { readonly login: string; readonly type?: string };
}

interface Membership {
  readonly role: string;
  readonly organization: { readonly login: string };
}

/** Those at which it may register runners: a person's all in one, then organisations, then repositories by last push. */
export async function scopesOf(api: GitHubApi): Promise<readonly ScopeOffer[]> {
  return api.account.app === null ? ofPerson(api) : ofApp(api);
}

async function ofPerson(api: GitHubApi): Promise<readonly ScopeOffer[]> {
  const [repositories, organisations] = await Promise.all([
    api.all<Repository>('GET /user/repos', { sort: 'pushed' }),
    administered(api),
  ]);
  const own = repositories.items.filter((one) => one.permissions?.admin === true && isAlive(one));
  return [...allOf(api.account, own), ...organisations.map(organisation), ...byPush(own)];
}

/** The organisations of which the person is an owner; none where the token may not read memberships. */
async function administered(api: GitHubApi): Promise<readonly string[]> {
  try {
    const { items } = await api.all<Membership>('GET /user/memberships/orgs', { state: 'active' });
    return items.filter(({ role }) => role === 'admin').map((one) => one.organization.login);
  } catch (thrown) {
    if (['forbidden', 'not-found'].includes(problemOf(thrown).code)) return [];
    throw thrown;
  }
}

async function ofApp(api: GitHubApi): Promise<readonly ScopeOffer[]> {
  const { items } = await api.all<Repository>('GET /installation/repositories', {}, { key: 'repositories' });
  const alive = items.filter(isAlive);
  const atOrganisation = items.some(({ owner }) => owner.type === 'Organization');
  const whole = atOrganisation ? [organisation(api.account.login)] : allOf(api.account, alive);
  return [...whole, ...byPush(alive)];
}

const isAlive = ({ archived, disabled }: Repository): boolean => archived !== true && disabled !== true;

function allOf({ login }: Account, repositories: readonly Repository[]): readonly ScopeOffer[] {
  const own = repositories.filter(({ owner }) => owner.login.toLowerCase() === login.toLowerCase());
  if (own.length === 0) return [];
  const isPublic = own.some((one) => !one.private);
  return [{ scope: `${login}/*`, kind: 'repositories', isPublic, admin: true }];
}

const organisation = (login: string): ScopeOffer => ({
  scope: login,
  kind: 'organisation',
  isPublic: false,
  admin: true,
});

function byPush(repositories: readonly Repository[]): readonly ScopeOffer[] {
  const pushed = ({ pushed_at: at }: Repository) => Date.parse(at ?? '') || 0;
  return [...repositories]
    .sort((a, b) => pushed(b) - pushed(a))
    .map((one) => ({
      scope: one.full_name,
      kind: 'repository',
      isPublic: !one.private,
      admin: true,
    }));
}
