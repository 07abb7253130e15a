/** Settings that keep runners or workflows from working at all: Actions, and runners of repositories in an organisation. */
import type { Light } from '../../../../contract/commands.ts';
import { ProblemError } from '../../../../contract/problem.ts';
import { partsOf } from './account.ts';
import { type Ask, get, pageOf, type Repository } from './ask.ts';
import { asked, good, refusal, warning } from './light.ts';

export function archivedLight(ask: Ask, { full_name: name, archived }: Repository): Light {
  return archived === true
    ? refusal(
        'archived',
        `${name} is archived: no workflow starts there.`,
        'Unarchive it in its settings, or choose another repository.',
        pageOf(ask, `${name}/settings`),
      )
    : good('archived', `${name} is not archived.`);
}

export function actionsOfRepository(ask: Ask, { full_name: name }: Repository): Promise<Light> {
  return asked('actions', `whether Actions are enabled in ${name}`, async () => {
    const route = '/repos/{owner}/{repo}/actions/permissions';
    const { enabled } = await get<{ enabled?: boolean }>(ask, route, partsOf(name));
    return enabled === true
      ? good('actions', `Actions are enabled in ${name}.`)
      : disabled(ask, name, `${name}/settings/actions`);
  });
}

export function actionsOfGroup(
  ask: Ask,
  path: '/orgs/{org}' | '/enterprises/{enterprise}',
  parameters: Readonly<Record<string, string>>,
  page: string,
): Promise<Light> {
  const name = Object.values(parameters).join('');
  return asked('actions', `whether Actions are enabled in ${name}`, async () => {
    const policy = await policyOf(ask, path, parameters);
    if (policy === null)
      return warning(
        'actions',
        `This account cannot see whether Actions are enabled in ${name}: it lacks the scope admin:enterprise.`,
        'Nothing else needs it: no job comes if they are not.',
        pageOf(ask, page),
      );
    const enabled = policy.enabled_repositories ?? policy.enabled_organizations;
    if (enabled === 'all') return good('actions', `Actions are enabled in ${name}.`);
    if (enabled === 'selected') return good('actions', `Actions are enabled in a part of ${name}.`);
    return disabled(ask, name, page);
  });
}

/** Null: who may administer an enterprise's runners alone may not see it. */
async function policyOf(
  ask: Ask,
  path: '/orgs/{org}' | '/enterprises/{enterprise}',
  parameters: Readonly<Record<string, string>>,
): Promise<{ enabled_repositories?: string; enabled_organizations?: string } | null> {
  try {
    return await get(ask, `${path}/actions/permissions`, parameters);
  } catch (error) {
    if (path === '/enterprises/{enterprise}' && isClosed(error)) return null;
    throw error;
  }
}

function disabled(ask: Ask, name: string, page: string): Light {
  return refusal(
    'actions',
    `Actions are disabled in ${name}: no workflow starts there.`,
    'Enable Actions there.',
    pageOf(ask, page),
  );
}

/**
 * An organisation may forbid runners of its repositories, wholly or but for some. Only its owners may read that; who
 * may not is told so and goes on, as GitHub itself refuses the registration then.
 */
export function selfHostedLight(ask: Ask, org: string, repository: string | null): Promise<Light> {
  const name = 'self-hosted';
  const page = pageOf(ask, `organizations/${org}/settings/actions`);
  const hint = `Ask an owner of ${org} to allow runners of repositories, or take the organisation as the scope.`;
  return asked(name, `whether ${org} allows runners of its repositories`, async () => {
    try {
      const route = '/orgs/{org}/actions/permissions/self-hosted-runners';
      const { enabled_repositories: which } = await get<{ enabled_repositories?: string }>(ask, route, {
        org,
      });
      if (which === 'all') return good(name, `${org} allows runners of its repositories.`);
      if (which === 'selected') return await selectedLight(ask, org, repository, hint, page);
      return refusal(name, `${org} has disabled runners of its repositories.`, hint, page);
    } catch (error) {
      if (!isClosed(error)) throw error;
      const message = `Only owners of ${org} can see whether it allows runners of its repositories.`;
      return warning(name, message, 'GitHub refuses the registration if it does not.', page);
    }
  });
}

function isClosed(error: unknown): boolean {
  return error instanceof ProblemError && ['forbidden', 'not-found'].includes(error.problem.code);
}

async function selectedLight(
  ask: Ask,
  org: string,
  repository: string | null,
  hint: string,
  page: string,
): Promise<Light> {
  const { items } = await ask.api.all<Repository>(
    'GET /orgs/{org}/actions/permissions/self-hosted-runners/repositories',
    { org, per_page: 100 },
    { key: 'repositories', urgency: 'must' },
  );
  const allowed = items.map((item) => item.full_name.toLowerCase());
  const some = `${org} allows runners in ${allowed.length} of its repositories`;
  if (repository === null)
    return allowed.length > 0
      ? good('self-hosted', `${some}; jobs of the others are not taken.`)
      : refusal('self-hosted', `${some}.`, hint, page);
  return allowed.includes(repository.toLowerCase())
    ? good('self-hosted', `${org} allows runners in ${repository}.`)
    : refusal('self-hosted', `${some}, and ${repository} is none of them.`, hint, page);
}
