/** Jobs that no runner of ours may get, however well it fits. */
import type { Pool } from '../../../../contract/pool.ts';
import { sameName } from '../runners/place.ts';
import { findGroup, type Groups, type WantedGroup } from './listing.ts';
import type { About } from './repository.ts';

/** What is known of the repository of a job; null: not known. */
export interface Origin {
  readonly name: string;
  readonly isPublic: boolean | null;
  readonly about: About | null;
}

/** The runner groups that decide; null: they are not known, or there are none. */
export interface Deciding {
  /** Where the runners of the pool are registered. */
  readonly own: Groups | null;
  /** Of an enterprise's runners: those of the organisation whose repository it is, which narrows what it inherits. */
  readonly inherited: Groups | null;
}

/** Why runners of `pool` may not take jobs of this repository, as a sentence; null: they may. */
export function closedTo(
  pool: Pool,
  { name, isPublic, about }: Origin,
  { own, inherited }: Deciding,
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
  const asked = { repository: name, isPublic: isPublic === true };
  const group = findGroup(own?.groups ?? [], { name: pool.group, isInherited: false });
  if (own !== null && group === undefined && pool.group !== null)
    return `There is no runner group called ${pool.group}.`;
  const among = { name: group?.name ?? pool.group, isInherited: true };
  return (
    closedGroup(own, { name: pool.group, isInherited: false }, asked) ??
    (among.name === null ? null : closedGroup(inherited, among, asked))
  );
}

function closedGroup(
  known: Groups | null,
  wanted: WantedGroup,
  { repository, isPublic }: { readonly repository: string; readonly isPublic: boolean },
): string | null {
  const group = known === null ? undefined : findGroup(known.groups, wanted);
  if (known === null || group === undefined) return null;
  const letIn = known.selected.get(group.id);
  const owner = ownerOf(repository);
  if (letIn?.has(repository.toLowerCase()) === false && !letIn.has(owner.toLowerCase()))
    return `The runner group ${group.name} is closed to the repository ${repository}.`;
  return isPublic && group.allows_public_repositories === false
    ? `The runner group ${group.name} is closed to public repositories.`
    : null;
}

function ownerOf(repository: string): string {
  return repository.split('/')[0] ?? '';
}
