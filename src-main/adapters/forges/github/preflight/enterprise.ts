/** An enterprise: which organisations it has, and whether the account sees what waits there. */
import type { Light } from '../../../../contract/commands.ts';
import { problemOf } from '../../../../contract/problem.ts';
import { type Organisations, organisationsOf } from '../api/organisations.ts';
import type { Ask, Repository } from './ask.ts';
import { good, namesOf, refusal, warning } from './light.ts';
import { looked, repositoriesOfOrgs } from './repositories.ts';

/** More would cost too many requests. */
const mostLookedAt = 20;

/**
 * The last pushed repositories of its organisations, and the lights that say which. Where they cannot be listed, a
 * pool of the mode auto gets no runner: the others go on with those that they always have.
 */
export async function ofEnterprise(
  ask: Ask,
  enterprise: string,
): Promise<{ readonly repositories: readonly Repository[]; readonly lights: readonly Light[] }> {
  const notOk = ask.pool.mode === 'auto' ? refusal : warning;
  let known: Organisations;
  try {
    known = await organisationsOf(ask.api, enterprise, 'must');
  } catch (error) {
    const { message, hint, link } = problemOf(error);
    const unseen = `Which jobs wait in the enterprise ${enterprise} is not seen. ${message}`;
    return { repositories: [], lights: [notOk('scope', unseen, hint, link ?? null)] };
  }
  const logins = known.organisations.map(({ login }) => login);
  if (logins.length === 0) {
    const none = `The enterprise ${enterprise} has no organisation that this account sees, so no job comes.`;
    const hint = 'Take an account that belongs to the organisations of the enterprise.';
    return { repositories: [], lights: [notOk('scope', none, hint)] };
  }
  // Those of its members have the repositories that only they see.
  const first = known.organisations.toSorted((a, b) => Number(b.isMember) - Number(a.isMember));
  const asked = first.slice(0, mostLookedAt).map(({ login }) => login);
  const { repositories, silent } = await repositoriesOfOrgs(ask, asked);
  const light = good(
    'scope',
    `${enterprise} is an enterprise with ${logins.length === 1 ? '1 organisation' : `${logins.length} organisations`}; ${looked(repositories)} (the last pushed) were looked at.`,
  );
  return { repositories, lights: [light, seenLight(ask, known, silent)] };
}

function seenLight({ api }: Ask, { organisations, hidden }: Organisations, silent: readonly string[]): Light {
  const name = 'organisations';
  const { login } = api.account;
  if (hidden !== null) return warning(name, hidden.message, hidden.hint, hidden.link ?? null);
  const others = organisations.filter(({ isMember }) => !isMember).map((one) => one.login);
  if (silent.length > 0)
    return warning(
      name,
      `GitHub does not tell the repositories of ${namesOf(silent)}: which jobs wait there is not seen.`,
      'Check that the token is authorised for them.',
    );
  return others.length === 0
    ? good(name, `${login} is a member of ${organisations.length === 1 ? 'it' : 'all of them'}.`)
    : warning(
        name,
        `${login} is no member of ${namesOf(others)}: jobs of private repositories there are not seen.`,
        'Make the account a member of them, or make a pool for each with an account that is one.',
      );
}
