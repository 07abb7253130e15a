/** The repositories of an owner, by their last push. */
import type { Clock } from '../../../../core/ports.ts';
import type { GitHubApi } from '../api/types.ts';
import type { GroupDto } from '../runners/dto.ts';
import { groupsAt } from '../runners/groups.ts';
import { type Coverage, sameName } from '../runners/place.ts';
import { hasCode } from '../runners/refusal.ts';
import type { RepositoryDto } from './dto.ts';

export interface Listed {
  readonly name: string;
  readonly isPublic: boolean;
  /** Wall-clock milliseconds by our clock; null: never. */
  readonly pushedAt: number | null;
}

/** The runner groups of an organisation, and the repositories that those may serve which serve selected ones only. */
export interface Groups {
  readonly groups: readonly GroupDto[];
  readonly selected: ReadonlyMap<number, ReadonlySet<string>>;
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
  groupsWanted: readonly (string | null)[],
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

/** Null where they may not be asked: then registering a runner tells. */
async function groupsOf(
  api: GitHubApi,
  org: string,
  wanted: readonly (string | null)[],
): Promise<Groups | null> {
  try {
    const groups = await groupsAt(api, org, 'poll');
    const selected = new Map<number, ReadonlySet<string>>();
    for (const group of groups) {
      const isWanted = wanted.some((name) => (name === null ? group.default : sameName(group.name, name)));
      if (isWanted && group.visibility === 'selected') selected.set(group.id, await served(api, org, group));
    }
    return { groups, selected };
  } catch (error) {
    if (hasCode(error, 'forbidden', 'not-found')) return null;
    throw error;
  }
}

async function served(api: GitHubApi, org: string, group: GroupDto): Promise<ReadonlySet<string>> {
  const { items } = await api.all<RepositoryDto>(
    'GET /orgs/{org}/actions/runner-groups/{runner_group_id}/repositories',
    { org, runner_group_id: group.id },
    { key: 'repositories', pages: mostPages },
  );
  return new Set(items.map(({ full_name }) => full_name.toLowerCase()));
}
