/** Which route a path leads to. */
import type { Route } from './call.ts';
import { fullName } from './model.ts';
import { accountRoutes } from './routes/accounts.ts';
import { appRoutes } from './routes/apps.ts';
import { groupRoutes } from './routes/groups.ts';
import { jobRoutes } from './routes/jobs.ts';
import { repositoryRoutes } from './routes/repositories.ts';
import { runnerRoutes } from './routes/runners.ts';
import { variableRoutes } from './routes/variables.ts';
import type { World } from './world.ts';

interface Compiled {
  readonly route: Route;
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

const names = (path: string): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');

/** Only a path in a repository's contents has slashes in it. */
const compiled = (route: Route): Compiled => ({
  route,
  names: names(route.path),
  pattern: new RegExp(
    `^${route.path.replace(/\{(\w+)\}/g, (_all, name) => (name === 'path' ? '(.+)' : '([^/]+)'))}$`,
  ),
});

const meta: Route = {
  method: 'GET',
  path: '/meta',
  answer: () => ({
    status: 200,
    body: { verifiable_password_authentication: false, installed_version: '3.19.0' },
  }),
};

/** What is written out goes before what a parameter would take as well. */
const routes: readonly Compiled[] = [
  meta,
  ...accountRoutes,
  ...repositoryRoutes,
  ...runnerRoutes,
  ...groupRoutes,
  ...jobRoutes,
  ...variableRoutes,
  ...appRoutes,
]
  .map(compiled)
  .sort((a, b) => a.names.length - b.names.length);

export interface Found {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** A repository also answers to its id, which is where redirects lead. */
export function byName(world: World, path: string): string {
  const [, id, rest = ''] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? [];
  const repository = id === undefined ? undefined : world.repositories.get(Number(id));
  return repository ? `/repos/${fullName(repository)}${rest}` : path;
}

export function routeOf(method: string, path: string): Found | null {
  for (const { route, pattern, names: called } of routes) {
    const match = route.method === method ? pattern.exec(path) : null;
    if (match)
      return {
        route,
        params: Object.fromEntries(
          called.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? '')]),
        ),
      };
  }
  return null;
}

/** It proves itself with an app's signed token, not with an access token. */
export const isForApps = (route: Route): boolean => appRoutes.includes(route);
