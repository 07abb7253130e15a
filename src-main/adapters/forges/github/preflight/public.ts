/** Public repositories: anybody can write a job there. They are refused unless the pool can bear strangers (design 6). */
import type { Light } from '../../../../contract/commands.ts';
import type { Pool } from '../../../../contract/pool.ts';
import { type Ask, isPublic, pageOf, type Repository } from './ask.ts';
import { good, namesOf, refusal } from './light.ts';

/** What a pool lacks to take jobs of public repositories, each in words; none: it may. */
export function lackingForPublic(pool: Pick<Pool, 'mode' | 'runtime' | 'publicAllowed'>): readonly string[] {
  return [
    // At GitHub a runner of the modes auto and ephemeral takes one job only.
    pool.mode === 'manual' ? 'its runners take more than one job' : null,
    pool.runtime === 'process' ? 'its jobs run as you and can read your files and keys' : null,
    pool.publicAllowed ? null : 'you have not confirmed it',
  ].filter((lack) => lack !== null);
}

/** Of one repository. */
export function publicLight(ask: Ask, repository: Repository): Light {
  const name = repository.full_name;
  if (!isPublic(repository)) return good('public', `${name} is private.`);
  const lacking = lackingForPublic(ask.pool);
  if (lacking.length === 0) return good('public', `${name} is public, and this pool is fit for that.`);
  return refusal(
    'public',
    `${name} is public: anybody can propose code that would run here, and ${lacking.join(', and ')}.`,
    ask.pool.runtime === 'process'
      ? 'Make the repository private, or leave its jobs to the machines of GitHub: jobs are not isolated on this host.'
      : 'Set the mode of the pool to ephemeral and confirm public repositories, or make the repository private.',
    pageOf(ask, `${name}/settings`),
  );
}

/** Of many: public ones are left out, which keeps the others from nothing. */
export function publicSum({ pool }: Ask, repositories: readonly Repository[]): Light {
  const names = repositories.filter(isPublic).map((repository) => repository.full_name);
  const of = repositories.length;
  if (names.length === 0) return good('public', `None of the ${of} repositories looked at is public.`);
  const are = `${names.length} of ${of} repositories ${names.length === 1 ? 'is' : 'are'} public`;
  return lackingForPublic(pool).length === 0
    ? good('public', `${are}: ${namesOf(names)}. This pool is fit for that.`)
    : good('public', `${are}, so their jobs are not taken: ${namesOf(names)}.`);
}
