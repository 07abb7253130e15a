/** The account: is its token accepted, and may it register runners? */
import type { Light } from '../../../../contract/commands.ts';
import type { ApiAnswer } from '../api/types.ts';
import { type Ask, isPublic, pageOf, type Repository } from './ask.ts';
import { asked, good, namesOf, refusal, warning } from './light.ts';

/** The token is accepted by GitHub at all. An App has no person behind it, so it is asked for what it is installed on. */
export function accountLight({ api }: Ask): Promise<Light> {
  const { account } = api;
  return asked('account', `whether GitHub accepts the account ${account.id}`, async () => {
    await (account.kind === 'app'
      ? api.request('GET /installation/repositories', { per_page: 1 }, 'must')
      : api.request('GET /user', {}, 'must'));
    return good('account', `GitHub accepts the account ${account.id} (${account.login}).`);
  });
}

/** At one repository: the person is its administrator, and the token may use that. */
export function repositoryPermission(ask: Ask, repository: Repository): Promise<Light> {
  const name = repository.full_name;
  return asked('permission', `whether runners may be registered at ${name}`, async () => {
    if (!isAdmin(ask, repository)) return notAdmin(ask, name);
    const enough = isPublic(repository) ? ['repo', 'public_repo'] : ['repo'];
    const lacking = await lacks(ask, '/repos/{owner}/{repo}', partsOf(name), enough);
    return lacking ?? good('permission', `Runners may be registered at ${name}.`);
  });
}

/** At an organisation or enterprise: `path` is its route, `parameters` its name. */
export function groupPermission(
  ask: Ask,
  path: '/orgs/{org}' | '/enterprises/{enterprise}',
  parameters: Readonly<Record<string, string>>,
): Promise<Light> {
  const name = Object.values(parameters).join('');
  return asked('permission', `whether runners may be registered at ${name}`, async () => {
    const enough = path === '/orgs/{org}' ? ['admin:org'] : ['manage_runners:enterprise', 'admin:enterprise'];
    return (
      (await lacks(ask, path, parameters, enough)) ??
      good('permission', `Runners may be registered at ${name}.`)
    );
  });
}

/** At many repositories: those where the person is no administrator are told; the token is tried at one that is served. */
export async function manyPermission(
  ask: Ask,
  repositories: readonly Repository[],
  served: readonly Repository[],
): Promise<Light> {
  const first = served.find((repository) => isAdmin(ask, repository));
  const at = first === undefined ? null : await repositoryPermission(ask, first);
  return at === null || at.ok ? rolesAt(ask, repositories) : at;
}

function rolesAt(ask: Ask, repositories: readonly Repository[]): Light {
  const without = repositories.filter((repository) => !isAdmin(ask, repository));
  const names = namesOf(without.map((repository) => repository.full_name));
  if (without.length === 0) return good('permission', 'Runners may be registered at all of them.');
  const hint = 'Ask their owner to make this account an administrator, or take another account.';
  return without.length === repositories.length
    ? refusal('permission', `This account is an administrator of none of them: ${names}.`, hint)
    : warning('permission', `This account is no administrator of ${names}: their jobs are not taken.`, hint);
}

/** What an App may do is the installation's, and shows when it asks: its repositories tell of no person's role. */
function isAdmin({ api }: Ask, { permissions }: Repository): boolean {
  return api.account.kind === 'app' || permissions?.admin === true;
}

function notAdmin({ api }: Ask, name: string): Light {
  return refusal(
    'permission',
    `${api.account.login} is no administrator of ${name}, so no runner can be registered there.`,
    'Ask its owner to make this account an administrator, or take an account that is one.',
  );
}

function runnersAt(
  { api }: Ask,
  path: string,
  parameters: Readonly<Record<string, string>>,
): Promise<ApiAnswer<unknown>> {
  return api.request(`GET ${path}/actions/runners`, { ...parameters, per_page: 1 }, 'must');
}

/**
 * Classic tokens name their scopes in each answer. Of a token of another kind GitHub tells nothing but what it refuses:
 * it is asked for what registering needs, a token that is thrown away and changes nothing. Throws a Problem.
 */
async function lacks(
  ask: Ask,
  path: string,
  parameters: Readonly<Record<string, string>>,
  enough: readonly string[],
): Promise<Light | null> {
  const answer = await runnersAt(ask, path, parameters);
  const told = answer.headers['x-oauth-scopes'];
  if (typeof told === 'string' && told.trim() !== '') return lacksScope(ask, told, enough);
  await ask.api.request(`POST ${path}/actions/runners/registration-token`, parameters, 'must');
  return null;
}

/** What else a new token needs where it registers runners by this scope, to see the jobs that wait. */
const beside: Readonly<Record<string, readonly string[]>> = {
  'admin:org': ['repo'],
  'manage_runners:enterprise': ['read:enterprise', 'repo'],
};

function lacksScope(ask: Ask, told: string, enough: readonly string[]): Light | null {
  const scopes = told.split(',').map((scope) => scope.trim());
  if (scopes.some((scope) => enough.includes(scope))) return null;
  const wanted = enough[0] ?? '';
  const all = [wanted, ...(beside[wanted] ?? [])];
  return refusal(
    'permission',
    `The token of ${ask.api.account.id} has the scopes ${scopes.join(', ')}, and needs ${wanted}.`,
    `Make a token with the ${all.length === 1 ? 'scope' : 'scopes'} ${all.join(', ')}, and add the account again.`,
    pageOf(ask, `settings/tokens/new?scopes=${encodeURIComponent(all.join(','))}`),
  );
}

export function partsOf(fullName: string): { owner: string; repo: string } {
  const [owner = '', repo = ''] = fullName.split('/');
  return { owner, repo };
}
