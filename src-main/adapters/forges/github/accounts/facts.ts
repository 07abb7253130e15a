/** What is known of each account from the answers it was given. */
import type { AccountView } from '../../../../contract/account.ts';
import type { Seen } from '../api/client.ts';
import type { Headers } from '../api/limits.ts';
import { scopesIn } from '../api/permissions.ts';

export type Facts = Pick<AccountView, 'scopes' | 'expiresAt' | 'problem'>;

const nothingKnown: Facts = { scopes: null, expiresAt: null, problem: null };

export interface AccountFacts {
  of(account: string): Facts;
  /** Has it answered, or been refused, since it was forgotten? */
  known(account: string): boolean;
  see(account: string, what: Parameters<Seen>[0]): void;
  forget(account: string): void;
}

/** `changed` is called when what is shown of an account is another than before. */
export function accountFacts(changed: () => void): AccountFacts {
  const facts = new Map<string, Facts>();
  const put = (account: string, next: Facts) => {
    const before = facts.get(account);
    facts.set(account, next);
    if (JSON.stringify(before) !== JSON.stringify(next)) changed();
  };
  const of = (account: string) => facts.get(account) ?? nothingKnown;
  return {
    of,
    known: (account) => facts.has(account),
    see(account, what) {
      if ('refused' in what) put(account, { ...of(account), problem: what.refused });
      else if ('permissions' in what) put(account, { ...of(account), scopes: what.permissions });
      else
        put(account, {
          scopes: scopesIn(what.headers['x-oauth-scopes']) ?? of(account).scopes,
          expiresAt: expiryIn(what.headers) ?? of(account).expiresAt,
          problem: null,
        });
    },
    forget: (account) => void facts.delete(account),
  };
}

/** When the token ends, by the header that GitHub sends for tokens with an end ("2026-06-01 12:00:00 UTC"). */
export function expiryIn(headers: Headers): number | null {
  const at = Date.parse(String(headers['github-authentication-token-expiration'] ?? ''));
  return Number.isNaN(at) ? null : at;
}
