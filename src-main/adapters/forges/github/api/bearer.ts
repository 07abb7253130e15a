/** The token that goes with each request: of a person as it is, of a GitHub App one of an hour, made by its key. */
import { createSign } from 'node:crypto';
import * as v from 'valibot';
import type { Account } from '../../../../contract/account.ts';
import { problem, problemOf } from '../../../../contract/problem.ts';
import type { ServerClock } from './clock.ts';
import { type Credentials, isToken } from './credential.ts';
import { signInAgain } from './refusals.ts';
import type { ApiAnswer } from './types.ts';

export interface Bearer {
  token(): Promise<string>;
  /** After a 401 to `refused`: another token, null where there is none. */
  another(refused: string): Promise<string | null>;
}

/** Asks with a token other than the account's. */
export type AskWith = (token: string, route: string) => Promise<ApiAnswer<unknown>>;

export interface BearerParts {
  readonly account: Account;
  readonly credentials: Credentials;
  readonly clock: ServerClock;
  readonly askWith: AskWith;
  /** What an App's installation was granted, "administration:write". */
  readonly granted: (permissions: readonly string[]) => void;
}

export function bearerOf(parts: BearerParts): Bearer {
  return parts.account.app === null ? personBearer(parts) : appBearer(parts, parts.account.app);
}

function personBearer({ account, credentials }: BearerParts): Bearer {
  const tokenOf = (credential: Awaited<ReturnType<Credentials['of']>>): string => {
    if (credential.kind === 'app') throw wrongKind(account);
    if (!isToken(credential.token)) throw notAToken(account);
    return credential.token;
  };
  return {
    token: async () => tokenOf(await credentials.of(account)),
    async another(refused) {
      const renewed = await credentials.renewed(account);
      const token = renewed === null ? null : tokenOf(renewed);
      return token === refused ? null : token;
    },
  };
}

function wrongKind({ id }: Account) {
  return problem(
    'unauthorized',
    `What is kept for the account ${id} is of another kind than the account.`,
    'Remove the account and sign in again.',
    { subject: id },
  );
}

function notAToken(account: Account) {
  return problem(
    'unauthorized',
    `What is kept for the account ${account.id} is not a token: it has spaces, line breaks or foreign letters in it.`,
    signInAgain(account),
    { subject: account.id },
  );
}

const TokenSchema = v.object({
  token: v.string(),
  expires_at: v.string(),
  permissions: v.optional(v.record(v.string(), v.string()), {}),
});

/** A token is renewed when less than this is left of its hour. */
const marginMs = 5 * 60_000;

function appBearer(
  { account, credentials, clock, askWith, granted }: BearerParts,
  app: NonNullable<Account['app']>,
): Bearer {
  let held: { readonly token: string; readonly expiresAt: number } | null = null;
  let pending: Promise<string> | null = null;

  const make = async (): Promise<string> => {
    const credential = await credentials.of(account);
    if (credential.kind !== 'app') throw wrongKind(account);
    const route = `POST /app/installations/${app.installation}/access_tokens`;
    const { data } = await askAsApp({ app: app.id, key: credential.key, clock }, (jwt) =>
      askWith(jwt, route),
    );
    const { token, expires_at: expiresAt, permissions } = v.parse(TokenSchema, data);
    granted(Object.entries(permissions).map(([name, level]) => `${name}:${level}`));
    held = { token, expiresAt: Date.parse(expiresAt) };
    return token;
  };
  const fresh = (): Promise<string> => {
    pending ??= make().finally(() => {
      pending = null;
    });
    return pending;
  };
  const current = () => (held !== null && held.expiresAt - clock.now() > marginMs ? held.token : null);

  return {
    token: async () => current() ?? (await fresh()),
    async another(refused) {
      const other = current();
      return other !== null && other !== refused ? other : fresh();
    },
  };
}

/**
 * Asks with a token that the App itself signed. A clock that is off makes GitHub refuse it: the refusal tells the right
 * time, so that the second try is signed by that.
 */
export async function askAsApp<T>(
  { app, key, clock }: { readonly app: string; readonly key: string; readonly clock: ServerClock },
  ask: (jwt: string) => Promise<T>,
): Promise<T> {
  const before = clock.ahead();
  try {
    return await ask(appJwt(app, key, clock.now()));
  } catch (thrown) {
    const corrected = Math.abs(clock.ahead() - before) > 20_000;
    if (problemOf(thrown).code !== 'unauthorized' || !corrected) throw thrown;
    return ask(appJwt(app, key, clock.now()));
  }
}

/** The signed claim to be the App; GitHub allows ten minutes, and a minute before now is for clocks that differ a little. */
function appJwt(app: string, key: string, now: number): string {
  const seconds = Math.floor(now / 1000);
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claim = { iat: seconds - 60, exp: seconds + 9 * 60, iss: app };
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claim)}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`;
}
