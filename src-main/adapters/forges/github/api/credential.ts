/** What an account proves itself with. As JSON it is what the keyring holds under the account's id. */
import * as v from 'valibot';
import type { Account } from '../../../../contract/account.ts';

export const CredentialSchema = v.variant('kind', [
  v.object({ kind: v.literal('token'), token: v.string() }),
  /** The PEM text of a GitHub App's private key. */
  v.object({ kind: v.literal('app'), key: v.string() }),
  /** Of a sign-in by a code; `expiresAt` in wall-clock milliseconds, null: it does not end. */
  v.object({
    kind: v.literal('device'),
    token: v.string(),
    refresh: v.nullable(v.string()),
    expiresAt: v.nullable(v.number()),
  }),
]);
export type Credential = v.InferOutput<typeof CredentialSchema>;

/** What can stand in a header at all; all that GitHub gives out is of such characters. */
export const isToken = (text: string): boolean => /^[\x21-\x7e]+$/.test(text);

/** Where credentials come from. Both throw `unauthorized` where there is none, `no-keyring` where it cannot be read. */
export interface Credentials {
  of(account: Account): Promise<Credential>;
  /** After a 401: one that is newer than the refused one; null: there is none. */
  renewed(account: Account): Promise<Credential | null>;
}
