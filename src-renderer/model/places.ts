/** Where a pool of GitHub takes jobs from: what may be typed, what is offered, and what can be had there. */
import type { ScopeOffer } from '../../src-main/contract/commands.ts';
import { type Mode, modes } from '../../src-main/contract/pool.ts';

export type PlaceKind = ScopeOffer['kind'];

const forms: readonly (readonly [PlaceKind, RegExp])[] = [
  ['enterprise', /^enterprises\/[\w.-]+$/],
  ['repositories', /^[A-Za-z0-9][A-Za-z0-9_-]*\/\*$/],
  ['repository', /^[A-Za-z0-9][A-Za-z0-9_-]*\/[\w.-]+$/],
  ['organisation', /^[A-Za-z0-9][A-Za-z0-9_-]*$/],
];

/** What kind of place a text names; null: it names none. */
export function placeKind(scope: string): PlaceKind | null {
  return forms.find(([, form]) => form.test(scope))?.[0] ?? null;
}

/** `owner/repository` of what was typed or pasted, also of the address of its page. */
export function scopeOf(typed: string): string {
  return typed
    .trim()
    .replace(/^https?:\/\/[^/]+\//, '')
    .replace(/(\.git)?\/*$/, '');
}

/** The offers that go with what is typed. What is chosen hides no other: all are there to be chosen instead. */
export function matchingOffers(offers: readonly ScopeOffer[], typed: string): readonly ScopeOffer[] {
  const text = scopeOf(typed).toLowerCase();
  if (offers.some((offer) => offer.scope.toLowerCase() === text)) return offers;
  return offers.filter((offer) => offer.scope.toLowerCase().includes(text));
}

/** Groups of runners are there in organisations and enterprises. */
export function hasGroups(scope: string): boolean {
  const kind = placeKind(scope);
  return kind === 'organisation' || kind === 'enterprise';
}

/** May jobs of public repositories come from there? Only a repository that is known to be private says no. */
export function mayBePublic(scope: string, offers: readonly ScopeOffer[]): boolean {
  const offer = offers.find((one) => one.scope === scope);
  return offer?.kind !== 'repository' || offer.isPublic;
}

/** The lifecycles that a place allows: runners of an owner's repositories are made at one as work appears there. */
export function modesAt(scope: string): readonly Mode[] {
  return placeKind(scope) === 'repositories' ? ['auto', 'ephemeral'] : modes;
}
