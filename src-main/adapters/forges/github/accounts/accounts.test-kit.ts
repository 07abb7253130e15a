/** A small forge that answers by route, and the accounts that ask it. */
import type { IncomingMessage } from 'node:http';
import type { AccountAdd, AccountPlace } from '../../../../contract/account.ts';
import type { AccountSecrets } from '../../../../core/ports.ts';
import { json, noLog, type SmallForge, token } from '../api/api.test-kit.ts';
import { requestBudget } from '../api/budget.ts';
import { type AccessOptions, githubAccess, type GitHubAccess } from './accounts.ts';

export type Reply = readonly [status: number, data: unknown, headers?: Record<string, string>];
/** By "METHOD path" without the query; what is not named is not found. */
export type Routes = Record<string, Reply | ((request: IncomingMessage, body: string) => Reply)>;

export function serve(forge: SmallForge, routes: Routes): void {
  forge.handler = (request, response, body) => {
    const path = (request.url ?? '').split('?')[0]?.replace('/api/v3', '') ?? '';
    const route = routes[`${request.method ?? ''} ${path}`];
    const reply = typeof route === 'function' ? route(request, body) : route;
    const [status, data, headers] = reply ?? [404, { message: 'Not Found' }];
    json(response, status, data, headers);
  };
}

export const userWith = (headers: Record<string, string> = {}): Routes => ({
  'GET /user': [200, { login: 'octo' }, headers],
});

export function memorySecrets(): { kept: Map<string, string>; secrets: AccountSecrets } {
  const kept = new Map<string, string>();
  const secrets: AccountSecrets = {
    get: (account) => Promise.resolve(kept.get(account) ?? null),
    set(account, secret) {
      kept.set(account, secret);
      return Promise.resolve('keyring');
    },
    remove: (account) => Promise.resolve(void kept.delete(account)),
    lasts: () => Promise.resolve(true),
    placeOf: () => 'keyring',
  };
  return { kept, secrets };
}

export function accessTo(forge: SmallForge, more: Partial<AccessOptions> = {}): GitHubAccess {
  const now = () => forge.now;
  return githubAccess({
    userAgent: 'homerunner-test',
    log: noLog,
    now,
    budget: requestBudget({ now, load: () => null, save: () => undefined }),
    retryMs: 5,
    accounts: () => [],
    secrets: memorySecrets().secrets,
    environment: () => null,
    clientId: null,
    changed: () => undefined,
    gh: () => Promise.resolve(null),
    ...more,
  });
}

export const placeAt = (forge: SmallForge): AccountPlace => ({
  forge: 'github',
  url: forge.origin,
  apiUrl: null,
});
export const wishAt = (forge: SmallForge, way: AccountAdd['way']): AccountAdd => ({
  id: null,
  forge: 'github',
  url: forge.origin,
  apiUrl: null,
  way,
});
export const byToken = (forge: SmallForge): AccountAdd => wishAt(forge, { kind: 'token', token });
