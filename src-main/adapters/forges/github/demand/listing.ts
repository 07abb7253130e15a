/** The repositories of an owner, by their last push. */
import type { Clock } from '../../../../core/ports.ts';
import type { GitHubApi } from '../api/types.ts';
import type { GroupDto } from '../runners/dto.ts';
import { groupNamed, groupsAt } from '../runners/groups.ts';
import { type Coverage, placeOf, sameName } from '../runners/place.ts';
import { hasCode } from '../runners/refusal.ts';
import type { RepositoryDto } from './dto.ts';

export interface Listed {
  readonly name: string;
  readonly isPublic: boolean;
  /** Wall-clock milliseconds by our clock; null: never. */
  readonly pushedAt: number | null;
}

/** The runner groups of an organisation or enterprise, and whom those let in that let selected ones in only. */
export interface Groups {
  readonly groups: readonly GroupDto[];
  /** By group, in lower case: repositories of an organisation, organisations of an enterprise. */
  readonly selected: ReadonlyMap<number, ReadonlySet<string>>;
}

export interface WantedGroup {
  /** Null: the default one. */
  readonly name: string | null;
  /** It is its enterprise's, not the organisation's own. */
  readonly isInherited: boolean;
}

export function findGroup(
  groups: readonly GroupDto[],
  { name, isInherited }: WantedGroup,
): GroupDto | undefined {
  return groupNamed(isInherited ? groups.filter(({ inherited }) => inherited === true) : groups, name);
}

export interface ListingState {
  /** By name in lower case; those that are archived are left out. */
  readonly repositories: ReadonlyMap<string, Listed>;
  readonly source: Source;
  /** When all pages, and the groups, were last read, monotonic milliseconds. */
  readonly wholeAt: number;
  readonly groups: Groups | null;
}

/** How they are listed: the answer's array is under `key`, or is the answer. */
interface Source {
  readonly route: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly key?: string;
}

export type ListedCoverage = Extract<Coverage, { readonly kind: 'owner' | 'organisation' }>;

/** What was deleted, or taken from the token's reach, shows when all pages are read. */
const wholeMs = 5 * 60_000;
const mostPages = 20;
const pageSize = 100;

export async function lookAtListing(
  api: GitHubApi,
  coverage: ListedCoverage,
  groupsWanted: readonly WantedGroup[],
  state: ListingState | null,
  clock: Clock,
): Promise<ListingState> {
  const source = state?.source ?? (await sourceOf(api, coverage));
  const now = clock.monotonic();
  if (state !== null && now - state.wholeAt < wholeMs) {
    const { data, date, unchanged } = await api.request(`GET ${source.route}`, {
      ...source.parameters,
      per_page: pageSize,
    });
    if (unchanged) return state;
    const first = source.key === undefined ? data : (data as Record<string, unknown>)[source.key];
    const changes = listed(first as readonly RepositoryDto[], coverage, skewOf(date, clock));
    return { ...state, repositories: merged(state.repositories, changes) };
  }
  const options = source.key === undefined ? { pages: mostPages } : { key: source.key, pages: mostPages };
  const all = await api.all<RepositoryDto>(`GET ${source.route}`, source.parameters, options);
  const changes = listed(all.items, coverage, skewOf(all.date, clock));
  return {
    repositories: merged(new Map(), changes),
    source,
    wholeAt: now,
    groups: coverage.kind === 'organisation' ? await groupsOf(api, coverage.owner, groupsWanted) : null,
  };
}

async function sourceOf(api: GitHubApi, { kind, owner }: ListedCoverage): Promise<Source> {
  const { account } = api;
  if (account.kind === 'app')
    return { route: '/installation/repositories', parameters: {}, key: 'repositories' };
  const ofOrganisation = { route: '/orgs/{org}/repos', parameters: { org: owner, sort: 'pushed' } };
  if (kind === 'organisation') return ofOrganisation;
  const own = { route: '/user/repos', parameters: { affiliation: 'owner', sort: 'pushed' } };
  if (sameName(account.login, owner)) return own;
  const { data } = await api.request<{ readonly type: string }>('GET /users/{username}', { username: owner });
  if (data.type === 'Organization') return ofOrganisation;
  return { ...own, parameters: { ...own.parameters, affiliation: 'owner,collaborator' } };
}

function skewOf(date: number | null, clock: Clock): number {
  return date === null ? 0 : clock.now() - date;
}

/** Null for those that no job can come from. */
type Change = readonly [name: string, repository: Listed | null];

function listed(items: readonly RepositoryDto[], { owner }: ListedCoverage, skew: number): readonly Change[] {
  return items
    .filter(({ full_name }) => sameName(full_name.split('/')[0] ?? '', owner))
    .map((dto) => [
      dto.full_name.toLowerCase(),
      dto.archived === true || dto.disabled === true
        ? null
        : {
            name: dto.full_name,
            isPublic: !dto.private,
            pushedAt: dto.pushed_at == null ? null : Date.parse(dto.pushed_at) + skew,
          },
    ]);
}

function merged(known: ReadonlyMap<string, Listed>, changes: readonly Change[]): ReadonlyMap<string, Listed> {
  const next = new Map(known);
  for (const [name, repository] of changes) {
    if (repository === null) next.delete(name);
    else next.set(name, repository);
  }
  return next;
}

/** At an organisation or enterprise. Null where they may not be asked: then registering a runner tells. */
export async function groupsOf(
  api: GitHubApi,
  scope: string,
  wanted: readonly WantedGroup[],
): Promise<Groups | null> {
  const groups = await orNull(groupsAt(api, scope, 'poll'));
  if (groups === null) return null;
  const selected = new Map<number, ReadonlySet<string>>();
  for (const group of new Set(wanted.flatMap((one) => findGroup(groups, one) ?? []))) {
    if (group.visibility !== 'selected') continue;
    // What an organisation inherits it may not be allowed to see: its own groups decide all the same.
    const known = await orNull(letIn(api, scope, group));
    if (known !== null) selected.set(group.id, known);
  }
  return { groups, selected };
}

async function orNull<T>(asking: Promise<T>): Promise<T | null> {
  try {
    return await asking;
  } catch (error) {
    if (hasCode(error, 'forbidden', 'not-found')) return null;
    throw error;
  }
}

async function letIn(api: GitHubApi, scope: string, group: GroupDto): Promise<ReadonlySet<string>> {
  const { route, parameters } = placeOf(scope);
  const key = parameters['enterprise'] === undefined ? 'repositories' : 'organizations';
  const { items } = await api.all<{ readonly full_name?: string; readonly login?: string }>(
    `GET ${route}/actions/runner-groups/{runner_group_id}/${key}`,
    { ...parameters, runner_group_id: group.id },
    { key, pages: mostPages },
  );
  return new Set(items.map(({ full_name, login }) => (full_name ?? login ?? '').toLowerCase()));
}
