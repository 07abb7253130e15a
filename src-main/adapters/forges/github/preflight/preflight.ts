/** The lights of `pool check` for a pool at GitHub: each answers one question, and what could not be asked blocks. */
import type { Light } from '../../../../contract/commands.ts';
import type { Pool } from '../../../../contract/pool.ts';
import type { GitHubApis } from '../api/types.ts';
import { accountLight, groupPermission, manyPermission, partsOf, repositoryPermission } from './account.ts';
import { versionLight } from './agent-version.ts';
import {
  type Ask,
  get,
  isPublic,
  pageOf,
  type PreflightHost,
  type Repository,
  type Versions,
} from './ask.ts';
import { ofEnterprise } from './enterprise.ts';
import { forkLight, forkLightOf, forkSum } from './forks.ts';
import { groupLight, noGroupLight } from './group.ts';
import { good, namesOf, refusal, unasked, warning } from './light.ts';
import { type Place, placeOf } from './place.ts';
import { lackingForPublic, publicLight, publicSum } from './public.ts';
import { looked, repositoriesOfOrg, repositoriesOfOwner } from './repositories.ts';
import { actionsOfGroup, actionsOfRepository, archivedLight, selfHostedLight } from './settings.ts';
import { workflowLights } from './workflows.ts';

export interface Preflight {
  /** Asks GitHub what has to be known before a runner of `pool` is registered; it never throws. */
  check(pool: Pool, host: PreflightHost): Promise<readonly Light[]>;
}

interface Parts {
  readonly apis: GitHubApis;
  readonly versions: Versions;
}

export function preflight({ apis, versions }: Parts): Preflight {
  return {
    async check(pool, host) {
      const place = placeOf(pool.scope ?? '');
      if (place === null) return [badScope(pool)];
      if (pool.account === null) return [noAccount()];
      let ask: Ask;
      try {
        ask = { api: await apis.of(pool.account), pool, host, versions };
      } catch (error) {
        return [unasked('account', `whether GitHub accepts the account ${pool.account}`, error)];
      }
      const [account, lights] = await Promise.all([accountLight(ask), lightsAt(ask, place)]);
      return [account, ...lights];
    },
  };
}

function badScope(pool: Pool): Light {
  return refusal(
    'scope',
    pool.scope === null ? 'The pool has no scope.' : `${pool.scope} is no scope of GitHub.`,
    'Give owner/repository, an organisation, owner/* for all repositories of one owner, or enterprises/NAME.',
  );
}

function noAccount(): Light {
  return refusal(
    'account',
    'The pool has no account.',
    'Add one with `homerunner account add`, and name it in the pool.',
  );
}

/** Where the scope itself cannot be had, the other questions cannot be asked, and its light blocks for them all. */
async function lightsAt(ask: Ask, place: Place): Promise<readonly Light[]> {
  try {
    switch (place.kind) {
      case 'repository':
        return await atRepository(ask, place);
      case 'owner':
        return await atOwner(ask, place.owner);
      case 'organisation':
        return await atOrganisation(ask, place.org);
      case 'enterprise':
        return await atEnterprise(ask, place.enterprise);
    }
  } catch (error) {
    return [unasked('scope', `what ${ask.pool.scope ?? ''} is at GitHub`, error)];
  }
}

async function atRepository(
  ask: Ask,
  { owner, repo }: { owner: string; repo: string },
): Promise<readonly Light[]> {
  const repository = await get<Repository>(ask, '/repos/{owner}/{repo}', { owner, repo });
  const org = repository.owner?.type === 'Organization' ? partsOf(repository.full_name).owner : null;
  const workflows = workflowLights(ask, [repository]);
  const lights = await Promise.all([
    repositoryPermission(ask, repository),
    forkLight(ask, repository),
    actionsOfRepository(ask, repository),
    versionLight(ask, repository.full_name),
    ...(org === null ? [] : [selfHostedLight(ask, org, repository.full_name)]),
  ]);
  return [
    named(ask, `${owner}/${repo}`, repository.full_name),
    archivedLight(ask, repository),
    publicLight(ask, repository),
    noGroupLight(ask),
    ...lights,
    ...(await workflows),
  ];
}

/** A former name leads to the repository only until somebody else takes that name. */
function named(ask: Ask, asked: string, real: string): Light {
  return asked.toLowerCase() === real.toLowerCase()
    ? good('scope', `${real} is a repository that this account sees.`)
    : refusal(
        'scope',
        `${asked} is called ${real} now.`,
        `Set the scope of the pool to ${real}.`,
        pageOf(ask, real),
      );
}

interface Owner {
  readonly login: string;
  readonly type?: string;
}

async function atOwner(ask: Ask, name: string): Promise<readonly Light[]> {
  const owner = await get<Owner>(ask, '/users/{username}', { username: name });
  const repositories = await repositoriesOfOwner(ask, name);
  const registrations = registrationsLight(ask.pool);
  if (repositories.length === 0) {
    const hint = 'Choose an owner whose repositories this account can administer.';
    return [refusal('scope', `This account sees no repository of ${name}.`, hint), registrations];
  }
  const { served, lights } = servedOf(ask, repositories);
  const workflows = workflowLights(ask, served);
  const [permission, ...more] = await Promise.all([
    manyPermission(ask, repositories, served),
    forkSum(ask, served),
    // All repositories of an account are told the same.
    versionLight(ask, (served[0] ?? repositories[0])?.full_name ?? name),
    ...(owner.type === 'Organization' ? [selfHostedLight(ask, name, null)] : noVariable(ask.pool, name)),
  ]);
  return [
    good('scope', `${looked(repositories)} of ${name} (the last pushed) were looked at.`),
    permission,
    registrations,
    noGroupLight(ask),
    ...lights,
    ...more,
    ...(await workflows),
  ];
}

/** Of all repositories together only an organisation has variables. */
function noVariable({ fallback }: Pool, owner: string): readonly Light[] {
  if (!fallback) return [];
  return [
    warning(
      'fallback',
      `${owner} is a person, who has no variables for all repositories: no workflow there can be told whether this machine is there.`,
      'Leave --fallback out (--no-fallback), or make a pool for the one repository that needs it.',
    ),
  ];
}

/** Registrations at many repositories are made as work appears: nothing can be kept ready for all of them. */
function registrationsLight({ mode, min }: Pool): Light {
  const name = 'registrations';
  const hint = 'Set the mode of the pool to auto, or to ephemeral with a min of 0.';
  if (mode === 'manual')
    return refusal(
      name,
      'A pool over many repositories cannot be manual: a runner serves one of them.',
      hint,
    );
  return mode === 'ephemeral' && min > 0
    ? refusal(name, `No runner can be kept ready for many repositories, and min is ${min}.`, hint)
    : good(name, 'A runner is registered at a repository when a job waits there.');
}

async function atOrganisation(ask: Ask, org: string): Promise<readonly Light[]> {
  const owner = await get<Owner>(ask, '/users/{username}', { username: org });
  if (owner.type === 'User') {
    return [
      refusal(
        'scope',
        `${org} is a person, and GitHub has no runners of persons.`,
        `Use ${org}/* for all repositories of ${org}, or name one of them.`,
      ),
    ];
  }
  const at = ['/orgs/{org}', { org }] as const;
  const page = `organizations/${org}/settings/actions`;
  const [repositories, ...lights] = await Promise.all([
    repositoriesOfOrg(ask, org),
    groupPermission(ask, ...at),
    actionsOfGroup(ask, ...at, page),
    groupLight(ask, ...at, `${page}/runner-groups`),
    forkLightOf(ask, ...at, pageOf(ask, page)),
    versionLight(ask, org),
  ]);
  if (repositories.length === 0) {
    const hint =
      'Let the account see them: an organisation may want single sign-on, or have approved no token.';
    const scope = `${org} is an organisation of which this account sees no repository: none was looked at.`;
    return [warning('scope', scope, hint), ...lights];
  }
  const { served, lights: sums } = servedOf(ask, repositories);
  return [
    good('scope', `${org} is an organisation; ${looked(repositories)} (the last pushed) were looked at.`),
    ...lights,
    ...sums,
    ...(await workflowLights(ask, served)),
  ];
}

async function atEnterprise(ask: Ask, enterprise: string): Promise<readonly Light[]> {
  const at = ['/enterprises/{enterprise}', { enterprise }] as const;
  const page = `enterprises/${enterprise}/settings/actions`;
  const [found, ...lights] = await Promise.all([
    ofEnterprise(ask, enterprise),
    groupPermission(ask, ...at),
    actionsOfGroup(ask, ...at, page),
    groupLight(ask, ...at, `${page}/runner-groups`),
    forkLightOf(ask, ...at, pageOf(ask, page)),
    versionLight(ask, `enterprises/${enterprise}`),
  ]);
  if (found.repositories.length === 0) return [...found.lights, ...lights];
  const { served } = servedOf(ask, found.repositories);
  const sum = publicSum(ask, found.repositories);
  return [...found.lights, ...lights, sum, ...(await workflowLights(ask, served))];
}

/** The repositories whose jobs are taken, and what there is to say of the others. */
function servedOf(
  ask: Ask,
  repositories: readonly Repository[],
): { readonly served: readonly Repository[]; readonly lights: readonly Light[] } {
  const open = lackingForPublic(ask.pool).length === 0;
  const served = repositories.filter((repository) => open || !isPublic(repository));
  const sum = publicSum(ask, repositories);
  if (served.length > 0 || repositories.length === 0) return { served, lights: [sum] };
  const names = namesOf(repositories.map((repository) => repository.full_name));
  const message = `All ${repositories.length} repositories are public, and their jobs are not taken: ${names}.`;
  return {
    served,
    lights: [refusal('public', message, 'Choose a scope that has private repositories.')],
  };
}
