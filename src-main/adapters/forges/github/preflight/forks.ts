/** Who can start workflows, and so reach this machine, by a pull request from a fork. */
import type { Light } from '../../../../contract/commands.ts';
import { ProblemError } from '../../../../contract/problem.ts';
import { partsOf } from './account.ts';
import { type Ask, get, isPublic, pageOf, type Repository } from './ask.ts';
import { asked, good, namesOf, warning } from './light.ts';

interface PrivatePolicy {
  readonly run_workflows_from_fork_pull_requests?: boolean;
  readonly require_approval_for_fork_pr_workflows?: boolean;
}

const name = 'fork-pull-requests';
const whether = 'who can start workflows by a pull request from a fork';
const mend = 'Require approval for workflows of pull requests from forks.';

/** Of one repository. */
export function forkLight(ask: Ask, repository: Repository): Promise<Light> {
  const page = pageOf(ask, `${repository.full_name}/settings/actions`);
  return asked(name, whether, () =>
    isPublic(repository) ? publicForks(ask, repository, page) : privateForks(ask, repository, page),
  );
}

async function publicForks(ask: Ask, repository: Repository, page: string): Promise<Light> {
  const { approval_policy: policy } = await get<{ approval_policy?: string }>(
    ask,
    '/repos/{owner}/{repo}/actions/permissions/fork-pr-contributor-approval',
    partsOf(repository.full_name),
  );
  if (policy === 'all_external_contributors')
    return good(name, 'Workflows of pull requests from outside wait for an approval.');
  const who =
    policy === 'first_time_contributors'
      ? 'who has had one pull request merged'
      : 'who has an account at GitHub for a while';
  return warning(name, `Anybody ${who} can start workflows here without an approval.`, mend, page);
}

async function privateForks(ask: Ask, repository: Repository, page: string): Promise<Light> {
  if (repository.allow_forking === false) return good(name, 'The repository cannot be forked.');
  try {
    const policy = await get<PrivatePolicy>(
      ask,
      '/repos/{owner}/{repo}/actions/permissions/fork-pr-workflows-private-repos',
      partsOf(repository.full_name),
    );
    return privateLight(policy, 'the repository', page);
  } catch (error) {
    return older(ask, error, page);
  }
}

/** Of an organisation or enterprise. */
export function forkLightOf(
  ask: Ask,
  path: '/orgs/{org}' | '/enterprises/{enterprise}',
  parameters: Readonly<Record<string, string>>,
  page: string,
): Promise<Light> {
  return asked(name, whether, async () => {
    try {
      const route = `${path}/actions/permissions/fork-pr-workflows-private-repos`;
      return privateLight(await get<PrivatePolicy>(ask, route, parameters), 'its repositories', page);
    } catch (error) {
      if (path === '/enterprises/{enterprise}' && isForbidden(error)) return unseen(page);
      return older(ask, error, page);
    }
  });
}

/** Of many repositories: those where an unapproved pull request is enough are named. Public ones are not asked: their jobs are not taken. */
export function forkSum(ask: Ask, repositories: readonly Repository[]): Promise<Light> {
  return asked(name, whether, async () => {
    const lights = await Promise.all(
      repositories
        .filter((repository) => !isPublic(repository))
        .map(async (repository) => ({ repository, light: await forkLight(ask, repository) })),
    );
    const blocking = lights.find(({ light }) => light.blocks);
    if (blocking !== undefined) return blocking.light;
    const open = lights.filter(({ light }) => !light.ok).map(({ repository }) => repository.full_name);
    return open.length === 0
      ? good(name, 'Workflows of pull requests from forks do not start by themselves in any of them.')
      : warning(name, `Pull requests from forks may start workflows in ${namesOf(open)}.`, mend);
  });
}

function privateLight(policy: PrivatePolicy, where: string, page: string): Light {
  if (policy.run_workflows_from_fork_pull_requests === false)
    return good(name, 'Workflows of pull requests from forks do not run.');
  if (policy.require_approval_for_fork_pr_workflows === true)
    return good(name, 'Workflows of pull requests from forks wait for an approval.');
  return warning(
    name,
    `Who may read ${where} can start workflows by a pull request from a fork.`,
    mend,
    page,
  );
}

function isForbidden(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.code === 'forbidden';
}

/** Who may administer an enterprise's runners alone may not see it; its organisations decide that anyway. */
function unseen(page: string): Light {
  return warning(
    name,
    'This account cannot see who can start workflows by a pull request from a fork: it lacks the scope admin:enterprise.',
    'Look at the setting there: an approval should be required.',
    page,
  );
}

/**
 * GitHub's own site answers this question for each private repository, so a 404 there is a token that may not ask it,
 * which blocks. An older GitHub Enterprise Server has no such question: forks are then made by its own people alone.
 */
function older({ api }: Ask, error: unknown, page: string): Light {
  const isOlder =
    error instanceof ProblemError &&
    error.problem.code === 'not-found' &&
    api.account.apiUrl !== 'https://api.github.com';
  if (!isOlder) throw error;
  return warning(
    name,
    'This GitHub does not tell who can start workflows by a pull request from a fork.',
    'Look at the setting there: an approval should be required.',
    page,
  );
}
