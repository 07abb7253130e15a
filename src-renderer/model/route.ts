/** Which page the part after # names, and back. */
export const views = [
  'overview',
  'jobs',
  'ledger',
  'pools',
  'machine',
  'accounts',
  'settings',
  'about',
] as const;
export type View = (typeof views)[number];

export interface Route {
  readonly view: View;
  /** A job, a pool ("new" is the form for another, "new/github" of GitHub), a part of a page. */
  readonly part: string | null;
}

/** What a hash means; anything unknown is the overview. */
export function routeOf(hash: string): Route {
  const [name = '', ...rest] = hash.replace(/^#/, '').split('/');
  const view = views.find((known) => known === name);
  if (view === undefined) return { view: 'overview', part: null };
  const part = rest.join('/');
  return { view, part: part === '' ? null : decoded(part) };
}

/** The hash of a page. */
export function hashOf(view: View, part: string | null = null): string {
  return part === null ? `#${view}` : `#${view}/${encodeURIComponent(part)}`;
}

/** What the tray asks for: "job:<id>", "pool:<id>", or the name of a view. */
export function hashFromTray(to: string): string {
  const split = to.indexOf(':');
  if (split < 0) return hashOf(routeOf(to).view);
  const [kind, id] = [to.slice(0, split), to.slice(split + 1)];
  return hashOf(
    kind === 'job' ? 'jobs' : kind === 'pool' ? 'pools' : 'overview',
    kind === 'job' || kind === 'pool' ? id : null,
  );
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
