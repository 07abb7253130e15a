/** What a person's token proves: who it is, and whether it can serve anything at all. */
import type { AccountKind } from '../../../../contract/account.ts';
import { problem, problemOf, ProblemError } from '../../../../contract/problem.ts';
import type { Client } from '../api/client.ts';
import { scopesIn } from '../api/permissions.ts';
import { expiryIn } from './facts.ts';
import { hostOf, tokenPage } from './place.ts';

/** A classic token with none of these can register no runner anywhere. */
const serving = ['repo', 'admin:org', 'manage_runners:org', 'manage_runners:enterprise', 'admin:enterprise'];

/** Throws a Problem that names what the token lacks. */
export async function provePerson(
  client: Client,
): Promise<{ readonly login: string; readonly notes: readonly string[] }> {
  const { data, headers } = await userOf(client);
  const scopes = scopesIn(headers['x-oauth-scopes']);
  if (scopes === null) await checkFineGrained(client);
  else if (!serving.some((scope) => scopes.includes(scope))) throw tooWeak(client, data.login, scopes);
  const notes = [...whatItServes(client.account.kind, scopes), ...ending(expiryIn(headers))];
  return { login: data.login, notes };
}

async function userOf(client: Client) {
  try {
    return await client.request<{ readonly login: string }>('GET /user');
  } catch (thrown) {
    const found = problemOf(thrown);
    if (found.code !== 'unauthorized') throw thrown;
    // An account that is not there yet has no name that would tell anything.
    throw new ProblemError({
      ...found,
      message: `${hostOf(client.account)} does not accept this token: it is wrong, has expired or was revoked.`,
      ...(client.account.kind === 'token' && { hint: 'Make a new one, and give it whole.' }),
      link: tokenPage(client.account),
    });
  }
}

function tooWeak({ account }: Client, login: string, scopes: readonly string[]) {
  return problem(
    'forbidden',
    `The token of ${login} lacks the scope repo: it has ${scopes.length === 0 ? 'no scopes' : scopes.join(', ')}.`,
    account.kind === 'gh'
      ? `Grant it with \`gh auth refresh --hostname ${hostOf(account)} --scopes repo\`, and for an organisation with \`--scopes admin:org\`.`
      : 'Make a token with the scope repo, or admin:org for a whole organisation.',
    { link: tokenPage(account) },
  );
}

/**
 * GitHub tells of a fine-grained token nothing but what it refuses: at the first repository, else organisation, it is
 * asked for what registering needs, a token that is thrown away and changes nothing.
 */
async function checkFineGrained(client: Client): Promise<void> {
  const first = await firstOf(client);
  const refused: ProblemError[] = [];
  for (const route of first) {
    try {
      await client.request(route);
      return;
    } catch (thrown) {
      if (!(thrown instanceof ProblemError) || !['forbidden', 'not-found'].includes(thrown.problem.code)) {
        throw thrown;
      }
      if (thrown.problem.code === 'forbidden') refused.push(thrown);
    }
  }
  if (refused[0] !== undefined) throw refused[0];
}

async function firstOf(client: Client): Promise<readonly string[]> {
  const repositories = await listed<{ full_name: string; permissions?: { admin?: boolean } }>(
    client,
    'GET /user/repos?sort=pushed',
  );
  const organisations = await listed<{ login: string }>(client, 'GET /user/orgs');
  const repository = repositories.find(({ permissions }) => permissions?.admin === true)?.full_name;
  return [
    ...(repository === undefined ? [] : [`POST /repos/${repository}/actions/runners/registration-token`]),
    ...organisations.slice(0, 1).map(({ login }) => `POST /orgs/${login}/actions/runners/registration-token`),
  ];
}

/** One page of a list; none where the token may not read it. */
async function listed<T>(client: Client, route: string): Promise<readonly T[]> {
  try {
    return (await client.all<T>(route, {}, { pages: 1 })).items;
  } catch (thrown) {
    if (['forbidden', 'not-found'].includes(problemOf(thrown).code)) return [];
    throw thrown;
  }
}

const grants: Partial<Record<AccountKind, string>> = {
  gh: '`gh auth refresh --scopes admin:org` grants it.',
  device: 'Sign in once more for organisations too: `homerunner account add --device --organisations`.',
};

function whatItServes(kind: AccountKind, scopes: readonly string[] | null): readonly string[] {
  if (scopes === null) {
    return [
      'GitHub does not tell what this token may do: each pool is checked when it is added, permission to write too. It needs Administration (write) and Actions (read) for repositories, or Self-hosted runners (write) for an organisation.',
    ];
  }
  if (scopes.includes('admin:org') || scopes.includes('manage_runners:org')) return [];
  const grant = grants[kind] ?? 'A token with it can be added.';
  return [`It serves repositories. A whole organisation would also need the scope admin:org. ${grant}`];
}

function ending(expiresAt: number | null): readonly string[] {
  if (expiresAt === null) return [];
  const day = new Date(expiresAt).toISOString().slice(0, 10);
  return [`The token ends on ${day}; add the account again with a new one before then.`];
}
