/** The repositories that a pool over many reaches: the last pushed ones, of which a check looks at a few. */
import type { Ask, Repository } from './ask.ts';

/** More would cost too many requests, and the last pushed are those whose jobs come. */
export const mostLookedAt = 20;

/** Those of an organisation. */
export async function repositoriesOfOrg(ask: Ask, org: string): Promise<readonly Repository[]> {
  return lastPushed(await firstOfOrg(ask, org));
}

/** Those of several organisations together, and those organisations that gave no answer. */
export async function repositoriesOfOrgs(
  ask: Ask,
  orgs: readonly string[],
): Promise<{ readonly repositories: readonly Repository[]; readonly silent: readonly string[] }> {
  const answers = await Promise.allSettled(orgs.map((org) => firstOfOrg(ask, org)));
  const told = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  const silent = orgs.filter((_, index) => answers[index]?.status === 'rejected');
  return { repositories: lastPushed(told), silent };
}

async function firstOfOrg({ api }: Ask, org: string): Promise<readonly Repository[]> {
  const { items } = await api.all<Repository>(
    'GET /orgs/{org}/repos',
    { org, sort: 'pushed', direction: 'desc', per_page: 100 },
    { urgency: 'must', pages: 1 },
  );
  return items;
}

/** Those of `owner` that the account reaches: of itself, or where it is a collaborator, or where an App is installed. */
export async function repositoriesOfOwner({ api }: Ask, owner: string): Promise<readonly Repository[]> {
  const { items } =
    api.account.kind === 'app'
      ? await api.all<Repository>(
          'GET /installation/repositories',
          { per_page: 100 },
          { key: 'repositories', urgency: 'must' },
        )
      : await api.all<Repository>(
          'GET /user/repos',
          {
            affiliation: affiliation(api.account.login, owner),
            sort: 'pushed',
            direction: 'desc',
            per_page: 100,
          },
          { urgency: 'must', pages: 3 },
        );
  const wanted = `${owner.toLowerCase()}/`;
  return lastPushed(items.filter(({ full_name }) => full_name.toLowerCase().startsWith(wanted)));
}

function affiliation(login: string, owner: string): string {
  return login.toLowerCase() === owner.toLowerCase() ? 'owner' : 'owner,collaborator,organization_member';
}

function lastPushed(repositories: readonly Repository[]): readonly Repository[] {
  const at = ({ pushed_at }: Repository): string => pushed_at ?? '';
  return repositories
    .filter(({ archived }) => archived !== true)
    .sort((a, b) => (at(a) < at(b) ? 1 : at(a) > at(b) ? -1 : 0))
    .slice(0, mostLookedAt);
}

/** How many, in words. */
export function looked(repositories: readonly Repository[]): string {
  return repositories.length === 1 ? '1 repository' : `${repositories.length} repositories`;
}
