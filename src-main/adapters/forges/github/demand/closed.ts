/** Jobs that no runner of ours may get, however well it fits. */
import type { Pool } from '../../../../contract/pool.ts';
import { groupNamed } from '../runners/groups.ts';
import { sameName } from '../runners/place.ts';
import type { Groups } from './listing.ts';
import type { About } from './repository.ts';

/** What is known of the repository of a job; null: not known. */
export interface Origin {
  readonly name: string;
  readonly isPublic: boolean | null;
  readonly about: About | null;
}

/** Why runners of `pool` may not take jobs of this repository, as a sentence; null: they may. */
export function closedTo(
  pool: Pool,
  { name, isPublic, about }: Origin,
  groups: Groups | null,
  takesPublic: boolean,
): string | null {
  // A new name is only told; another owner is somebody else.
  if (about !== null && !sameName(ownerOf(about.name), ownerOf(name)))
    return `The repository ${name} belongs to another owner now, as ${about.name}.`;
  // What is not known to be private counts as public.
  if (isPublic !== false && !takesPublic)
    return isPublic === null
      ? `It is not known yet whether the repository ${name} is public.`
      : `The repository ${name} is public: whoever may send it changes could run programs on this machine.`;
  return groups === null ? null : closedGroup(pool, name, isPublic === true, groups);
}

function closedGroup(
  pool: Pool,
  repository: string,
  isPublic: boolean,
  { groups, selected }: Groups,
): string | null {
  const group = groupNamed(groups, pool.group);
  if (group === undefined)
    return pool.group === null ? null : `There is no runner group called ${pool.group}.`;
  if (selected.get(group.id)?.has(repository.toLowerCase()) === false)
    return `The runner group ${group.name} is closed to the repository ${repository}.`;
  return isPublic && group.allows_public_repositories === false
    ? `The runner group ${group.name} is closed to public repositories.`
    : null;
}

function ownerOf(repository: string): string {
  return repository.split('/')[0] ?? '';
}
