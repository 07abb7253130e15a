/** Where a pool of GitHub is registered, by its scope. */

export type Place =
  | { readonly kind: 'repository'; readonly owner: string; readonly repo: string }
  | { readonly kind: 'owner'; readonly owner: string }
  | { readonly kind: 'organisation'; readonly org: string }
  | { readonly kind: 'enterprise'; readonly enterprise: string };

/** Null where the text has none of the four forms. */
export function placeOf(scope: string): Place | null {
  const [first = '', second, ...more] = scope.split('/');
  if (more.length > 0 || !isName(first)) return null;
  if (second === undefined) return { kind: 'organisation', org: first };
  if (second === '*') return { kind: 'owner', owner: first };
  if (!isName(second)) return null;
  return first === 'enterprises'
    ? { kind: 'enterprise', enterprise: second }
    : { kind: 'repository', owner: first, repo: second };
}

function isName(text: string): boolean {
  return /^[\w.-]{1,100}$/.test(text) && text !== '.' && text !== '..';
}
