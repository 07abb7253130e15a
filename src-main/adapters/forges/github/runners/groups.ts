/** Runner groups of organisations and enterprises: by name, remembered for a while. */
import { problem } from '../../../../contract/problem.ts';
import type { GitHubApi } from '../api/types.ts';
import type { GroupDto } from './dto.ts';
import { placeOf, sameName } from './place.ts';
import { hasCode } from './refusal.ts';

/** A repository has no groups, and its runners are asked for with this id; it is also the default group's elsewhere. */
const defaultGroup = 1;
const rememberedMs = 10 * 60_000;

/** All runner groups at an organisation or enterprise. */
export async function groupsAt(
  api: GitHubApi,
  scope: string,
  urgency: 'poll' | 'must',
): Promise<readonly GroupDto[]> {
  const { route, parameters } = placeOf(scope);
  const { items } = await api.all<GroupDto>(`GET ${route}/actions/runner-groups`, parameters, {
    key: 'runner_groups',
    urgency,
  });
  return items;
}

/** The group of this name; null: the default one. */
export function groupNamed(groups: readonly GroupDto[], name: string | null): GroupDto | undefined {
  return groups.find((group) => (name === null ? group.default : sameName(group.name, name)));
}

export interface GroupIds {
  /** The id to register with. Throws `not-found`, naming the group, where there is none of that name. */
  of(api: GitHubApi, scope: string, group: string | null): Promise<number>;
  /** GitHub refused a registration: the groups may have changed. */
  forget(scope: string): void;
}

/** `monotonic` in milliseconds. */
export function groupIds(monotonic: () => number): GroupIds {
  const known = new Map<string, { readonly at: number; readonly groups: readonly GroupDto[] }>();
  return {
    async of(api, scope, group) {
      if (placeOf(scope).parameters['repo'] !== undefined) return defaultGroup;
      const remembered = known.get(scope);
      if (remembered !== undefined && monotonic() - remembered.at < rememberedMs) {
        const found = groupNamed(remembered.groups, group);
        if (found !== undefined) return found.id;
      }
      try {
        const groups = await groupsAt(api, scope, 'must');
        known.set(scope, { at: monotonic(), groups });
        return idOf(groups, scope, group);
      } catch (error) {
        // Not everyone who may register may list the groups.
        if (group === null && hasCode(error, 'forbidden', 'not-found')) return defaultGroup;
        throw error;
      }
    },
    forget: (scope) => void known.delete(scope),
  };
}

function idOf(groups: readonly GroupDto[], scope: string, group: string | null): number {
  const found = groupNamed(groups, group);
  if (found !== undefined) return found.id;
  if (group === null) return defaultGroup;
  throw problem(
    'not-found',
    `There is no runner group called ${group} at ${scope}.`,
    `Name one of these in the pool: ${groups.map((g) => g.name).join(', ') || 'none was found'}.`,
    { subject: scope },
  );
}
