/** The runner group: is it there, and whom does it let in? */
import type { Light } from '../../../../contract/commands.ts';
import { type Ask, pageOf, type Repository } from './ask.ts';
import { asked, good, namesOf, refusal, warning } from './light.ts';
import { lackingForPublic } from './public.ts';

interface RunnerGroup {
  readonly id: number;
  readonly name: string;
  readonly default?: boolean;
  readonly visibility?: string;
  readonly allows_public_repositories?: boolean;
  readonly restricted_to_workflows?: boolean;
}

/** Of an organisation or enterprise. */
export function groupLight(
  ask: Ask,
  path: '/orgs/{org}' | '/enterprises/{enterprise}',
  parameters: Readonly<Record<string, string>>,
  page: string,
): Promise<Light> {
  const wanted = ask.pool.group;
  const called = wanted === null ? 'the default runner group' : `the runner group ${wanted}`;
  return asked('group', `whom ${called} lets in`, async () => {
    const { items } = await ask.api.all<RunnerGroup>(
      `GET ${path}/actions/runner-groups`,
      { ...parameters, per_page: 100 },
      { key: 'runner_groups', urgency: 'must' },
    );
    const group = items.find((item) =>
      wanted === null ? item.default === true : item.name.toLowerCase() === wanted.toLowerCase(),
    );
    if (group === undefined) return absent(called, items, pageOf(ask, page));
    return openToPublic(ask, group, page) ?? (await reached(ask, group, path, parameters, page));
  });
}

/** A runner of one repository is in no group but the one that every repository has. */
export function noGroupLight({ pool }: Ask): Light {
  return pool.group === null
    ? good('group', 'A runner of one repository takes jobs of that repository alone.')
    : warning(
        'group',
        `The runner group ${pool.group} is not used: runners of a repository are in none.`,
        'Take the organisation as the scope to use its groups.',
      );
}

function absent(called: string, groups: readonly RunnerGroup[], page: string): Light {
  return refusal(
    'group',
    `There is no such group as ${called}.`,
    groups.length === 0
      ? 'This account sees no runner group.'
      : `There are: ${namesOf(groups.map((group) => group.name))}.`,
    page,
  );
}

/** Null: it lets no public repository in, or this pool may serve them. What is not said counts as open. */
function openToPublic(ask: Ask, group: RunnerGroup, page: string): Light | null {
  const lacking = lackingForPublic(ask.pool);
  if (group.allows_public_repositories === false || lacking.length === 0) return null;
  return refusal(
    'group',
    `The runner group ${group.name} lets public repositories in: anybody can propose code that would run here, and ${lacking.join(', and ')}.`,
    'Forbid public repositories in that group, or choose another group.',
    pageOf(ask, page),
  );
}

async function reached(
  ask: Ask,
  group: RunnerGroup,
  path: string,
  parameters: Readonly<Record<string, string>>,
  page: string,
): Promise<Light> {
  const only = group.restricted_to_workflows === true ? ', and only certain workflows of them' : '';
  if (group.visibility !== 'selected' || path !== '/orgs/{org}') {
    const whom = group.visibility === 'selected' ? 'the selected organisations' : 'all private repositories';
    return good('group', `The runner group ${group.name} lets ${whom} in${only}.`);
  }
  const { items } = await ask.api.all<Repository>(
    'GET /orgs/{org}/actions/runner-groups/{runner_group_id}/repositories',
    { ...parameters, runner_group_id: group.id, per_page: 100 },
    { key: 'repositories', urgency: 'must' },
  );
  const names = namesOf(items.map((item) => item.full_name));
  if (items.length > 0) return good('group', `The runner group ${group.name} lets ${names} in${only}.`);
  return warning(
    'group',
    `The runner group ${group.name} lets no repository in, so no job comes.`,
    'Add repositories to that group.',
    pageOf(ask, page),
  );
}
