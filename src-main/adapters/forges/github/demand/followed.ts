/** All that the pools of one account serve: enterprises, the lists of repositories of owners, and repositories. */
import type { Pool } from '../../../../contract/pool.ts';
import { groupNamed } from '../runners/groups.ts';
import { type Coverage, coverageOf } from '../runners/place.ts';
import type { EnterpriseState } from './enterprise.ts';
import { type Entry, newEntry } from './entry.ts';
import type { ListedCoverage, ListingState, WantedGroup } from './listing.ts';
import type { Expected } from './pushes.ts';
import { nothingKnown, type RepositoryState } from './repository.ts';

export interface EnterpriseEntry extends Entry<EnterpriseState | null> {
  readonly enterprise: string;
  /** The groups of the pools that serve it. */
  groups: readonly (string | null)[];
}

export interface ListingEntry extends Entry<ListingState | null> {
  readonly coverage: ListedCoverage;
  /** The groups of the pools that serve it. */
  groups: readonly WantedGroup[];
  /** When it was first known, monotonic milliseconds. */
  knownSince: number | null;
}

export interface RepositoryEntry extends Entry<RepositoryState> {
  readonly name: string;
  /** It is all that some pool serves. */
  isAlone: boolean;
  /** It was pushed to, and the run of that has not shown yet; null: nothing is expected. */
  expects: Expected | null;
}

export type AnyEntry = EnterpriseEntry | ListingEntry | RepositoryEntry;

interface Served {
  readonly key: string;
  readonly coverage: Coverage;
  readonly groups: readonly (string | null)[];
}

/** Keys are scopes in lower case: those of enterprises, lists and repositories never meet. */
export class Followed {
  readonly enterprises = new Map<string, EnterpriseEntry>();
  /** Those of the organisations of enterprises among them. */
  readonly listings = new Map<string, ListingEntry>();
  readonly repositories = new Map<string, RepositoryEntry>();
  #served: readonly Served[] = [];

  *all(): Generator<AnyEntry> {
    yield* this.enterprises.values();
    yield* this.listings.values();
    yield* this.repositories.values();
  }

  of(key: string): AnyEntry | undefined {
    return this.enterprises.get(key) ?? this.listings.get(key) ?? this.repositories.get(key);
  }

  /** From now on it is what these pools serve. */
  serve(pools: readonly Pool[]): void {
    const byScope = new Map<string, Served>();
    for (const { scope, group } of pools) {
      if (scope === null) continue;
      const key = scope.toLowerCase();
      const { coverage, groups } = byScope.get(key) ?? { coverage: coverageOf(scope), groups: [] };
      byScope.set(key, { key, coverage, groups: [...groups, group] });
    }
    this.#served = [...byScope.values()];
    this.follow();
  }

  /** The lists are those of the pools and of the organisations of enterprises; the repositories those that lists and pools name. */
  follow(): void {
    this.#followEnterprises();
    this.#followListings();
    const named = new Set<string>();
    for (const entry of this.repositories.values()) entry.isAlone = false;
    for (const { coverage } of this.#served)
      if (coverage.kind === 'repository') {
        named.add(coverage.name.toLowerCase());
        this.#repository(coverage.name).isAlone = true;
      }
    for (const { state } of this.listings.values())
      for (const [key, { name }] of state?.repositories ?? []) {
        named.add(key);
        this.#repository(name);
      }
    keep(this.repositories, named);
  }

  #followEnterprises(): void {
    const named = new Set<string>();
    for (const { key, coverage, groups } of this.#served) {
      if (coverage.kind !== 'enterprise') continue;
      const entry = this.enterprises.get(key) ?? {
        ...newEntry<EnterpriseState | null>(key, null),
        enterprise: coverage.enterprise,
        groups,
      };
      entry.groups = groups;
      this.enterprises.set(key, entry);
      named.add(key);
    }
    keep(this.enterprises, named);
  }

  #followListings(): void {
    const wanted = new Map<string, { coverage: ListedCoverage; groups: WantedGroup[] }>();
    const want = (key: string, coverage: ListedCoverage, groups: readonly WantedGroup[]): void => {
      const known = wanted.get(key);
      if (known === undefined) wanted.set(key, { coverage, groups: [...groups] });
      else known.groups.push(...groups);
    };
    for (const { key, coverage, groups } of this.#served)
      if (coverage.kind === 'owner' || coverage.kind === 'organisation')
        want(
          key,
          coverage,
          groups.map((name) => ({ name, isInherited: false })),
        );
    for (const entry of this.enterprises.values())
      for (const { login } of entry.state?.organisations ?? [])
        want(login.toLowerCase(), { kind: 'organisation', owner: login }, inherited(entry));
    for (const [key, { coverage, groups }] of wanted) {
      const made = { ...newEntry<ListingState | null>(key, null), coverage, groups, knownSince: null };
      const entry: ListingEntry = this.listings.get(key) ?? made;
      entry.groups = groups;
      this.listings.set(key, entry);
    }
    keep(this.listings, wanted);
  }

  #repository(name: string): RepositoryEntry {
    const key = name.toLowerCase();
    const entry = this.repositories.get(key) ?? {
      ...newEntry(key, nothingKnown),
      name,
      isAlone: false,
      expects: null,
    };
    this.repositories.set(key, entry);
    return entry;
  }
}

/** The groups of an enterprise's pools, as its organisations inherit them. */
function inherited({ groups, state }: EnterpriseEntry): readonly WantedGroup[] {
  const named = groups.map((name) => groupNamed(state?.groups?.groups ?? [], name)?.name ?? name);
  return named.flatMap((name) => (name === null ? [] : [{ name, isInherited: true }]));
}

function keep(entries: Map<string, unknown>, named: { has(key: string): boolean }): void {
  for (const key of entries.keys()) if (!named.has(key)) entries.delete(key);
}
