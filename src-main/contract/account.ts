/** Accounts: logins at forges. What is secret of one never crosses a boundary outwards; see design 6. */
import * as v from 'valibot';
import { forgeIds, type ForgeId } from './job.ts';
import type { Problem } from './problem.ts';

export const AccountIdSchema = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'an account name is 1 to 32 lower-case letters, digits, -'),
);

/** An address that begins with https, or with http to this machine itself. */
const AddressSchema = v.pipe(
  v.string(),
  v.maxLength(200),
  v.check(isSafeAddress, 'an https address (http only to this machine itself)'),
);

/** A URL without credentials, query and fragment; plain http only to loopback. */
export function isSafeAddress(text: string): boolean {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return false;
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

/** The address of a whole forge: one that is safe, and has no path, as a page has that was copied from a browser. */
export function isForgeAddress(text: string): boolean {
  return isSafeAddress(text) && new URL(text).pathname === '/';
}

const ForgeAddressSchema = v.pipe(
  AddressSchema,
  v.check(isForgeAddress, 'the address of a forge, without the path of a page'),
);

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** How one signs in: by the `gh` program's login, a pasted token, a code typed in the browser, as a GitHub App, or by the environment. */
export const accountKinds = ['gh', 'token', 'device', 'app', 'environment'] as const;
export type AccountKind = (typeof accountKinds)[number];

/** What the configuration holds of an account; its secret is in the keyring under its id. */
export const AccountSchema = v.object({
  id: AccountIdSchema,
  forge: v.picklist(forgeIds),
  kind: v.picklist(accountKinds),
  login: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  /** The forge's address, https://github.com by default. */
  url: AddressSchema,
  /** Its API: https://api.github.com, https://api.HOST at ghe.com, else URL/api/v3. */
  apiUrl: AddressSchema,
  /** Of a GitHub App. */
  app: v.nullable(v.object({ id: v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/)), installation: v.number() })),
});
export type Account = v.InferOutput<typeof AccountSchema>;

/** Where the API of a GitHub is that has its pages at `url`. */
export function apiUrlOf(url: string): string {
  const { protocol, hostname, origin } = new URL(url);
  if (hostname === 'github.com' || hostname === 'www.github.com') return 'https://api.github.com';
  if (hostname.endsWith('.ghe.com')) return `${protocol}//api.${hostname}`;
  return `${origin}/api/v3`;
}

const secretText = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(16 * 1024));

/** What it takes to sign in, each its own way. Secrets come in here, and never go out. */
export const AccountAddSchema = v.object({
  id: v.nullable(AccountIdSchema),
  forge: v.literal('github'),
  url: v.nullable(ForgeAddressSchema),
  apiUrl: v.nullable(AddressSchema),
  way: v.variant('kind', [
    v.object({ kind: v.literal('gh') }),
    v.object({ kind: v.literal('token'), token: secretText }),
    v.object({
      kind: v.literal('app'),
      app: v.pipe(v.string(), v.trim(), v.regex(/^[\w.-]{1,64}$/, 'an App has a numeric id or a client id')),
      /** The PEM text of its private key. */
      key: secretText,
      /** Null: the only one that it has. */
      installation: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))),
    }),
    /** Finishes what `account.begin` began, once the person has typed the code. */
    v.object({ kind: v.literal('device'), signIn: v.pipe(v.string(), v.maxLength(64)) }),
  ]),
});
export type AccountAdd = v.InferOutput<typeof AccountAddSchema>;

/** A forge, by its addresses. */
export const AccountPlaceSchema = v.object({
  forge: v.literal('github'),
  url: v.nullable(ForgeAddressSchema),
  apiUrl: v.nullable(AddressSchema),
});
export type AccountPlace = v.InferOutput<typeof AccountPlaceSchema>;

/** A sign-in by a code. Whole organisations take a scope more, which is asked of nobody who serves none. */
export const AccountBeginSchema = v.object({ ...AccountPlaceSchema.entries, organisations: v.boolean() });
export type AccountBegin = v.InferOutput<typeof AccountBeginSchema>;

/** A sign-in by a code that waits for the person: who opens `page` types `code` there. */
export interface SignIn {
  readonly id: string;
  readonly code: string;
  readonly page: string;
  /** Wall-clock milliseconds. */
  readonly expiresAt: number;
}

/** An account as it is shown. */
export interface AccountView {
  readonly id: string;
  readonly forge: ForgeId;
  readonly kind: AccountKind;
  readonly login: string;
  readonly url: string;
  /** What its token may do, as far as the forge tells; null: it does not, or has not been asked yet. */
  readonly scopes: readonly string[] | null;
  /** When its token ends, wall-clock milliseconds; null: never, or not known. */
  readonly expiresAt: number | null;
  /** Where its secret is: gone with the process when in `memory`, and found in no place when `nowhere`. */
  readonly kept: 'keyring' | 'memory' | 'elsewhere' | 'nowhere';
  readonly problem: Problem | null;
}

/** Ways to sign in that can be offered here, and where a token is made by hand. */
export interface SignInWays {
  /** The login that the `gh` program has for github.com; null: none. */
  readonly gh: string | null;
  /**
   * As what one signs in by a code: an OAuth App is given the scopes that are asked for, a GitHub App has permissions of
   * its own; null: there is no client id for it.
   */
  readonly device: 'oauth-app' | 'github-app' | null;
  /** The pages on which a token is made that serves repositories, and one that serves whole organisations too. */
  readonly tokenPages: { readonly repositories: string; readonly organisations: string };
}
