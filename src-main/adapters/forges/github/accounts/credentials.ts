/** The credential of each account, from where it is kept; held in memory while the process lives. */
import * as v from 'valibot';
import type { Account } from '../../../../contract/account.ts';
import { problem } from '../../../../contract/problem.ts';
import type { AccountSecrets } from '../../../../core/ports.ts';
import { type Credential, CredentialSchema, type Credentials } from '../api/credential.ts';
import { signInAgain } from '../api/refusals.ts';
import type { GhToken } from './gh.ts';
import { hostOf } from './place.ts';

type DeviceCredential = Extract<Credential, { kind: 'device' }>;

export interface CredentialsOptions {
  readonly secrets: AccountSecrets;
  /** The token of an account that the environment gives; null: none. */
  readonly environment: (account: Account) => string | null;
  readonly gh: GhToken;
  /** Exchanges the refresh token of a sign-in by a code. */
  readonly refresh: (account: Account, refreshToken: string) => Promise<DeviceCredential>;
  readonly now: () => number;
}

export interface KeptCredentials extends Credentials {
  forget(account: string): void;
}

/** A token with an end is exchanged when less than this is left of it. */
const marginMs = 10 * 60_000;

export function githubCredentials(options: CredentialsOptions): KeptCredentials {
  const { secrets, now } = options;
  const held = new Map<string, Credential>();
  const refreshing = new Map<string, Promise<Credential>>();

  const read = async (account: Account): Promise<Credential> => {
    const found = await fromItsPlace(account, options);
    if (found === null) throw gone(account);
    held.set(account.id, found);
    return found;
  };
  const exchange = async (account: Account, refreshToken: string): Promise<Credential> => {
    const fresh = await options.refresh(account, refreshToken);
    // The former refresh token is used up, whatever becomes of the write: without it the account is lost at the next start.
    held.set(account.id, fresh);
    await secrets.set(account.id, JSON.stringify(fresh));
    return fresh;
  };
  /** One exchange at a time: each refresh token works once. */
  const exchangeOnce = (account: Account, refreshToken: string): Promise<Credential> => {
    const running =
      refreshing.get(account.id) ??
      exchange(account, refreshToken).finally(() => refreshing.delete(account.id));
    refreshing.set(account.id, running);
    return running;
  };

  return {
    async of(account) {
      const credential = held.get(account.id) ?? (await read(account));
      if (credential.kind !== 'device') return credential;
      const { expiresAt, refresh } = credential;
      const nearEnd = expiresAt !== null && expiresAt - now() < marginMs;
      return nearEnd && refresh !== null ? exchangeOnce(account, refresh) : credential;
    },
    async renewed(account) {
      const former = held.get(account.id);
      if (former?.kind === 'device') {
        return former.refresh === null ? null : exchangeOnce(account, former.refresh);
      }
      held.delete(account.id);
      return read(account);
    },
    forget: (account) => void held.delete(account),
  };
}

async function fromItsPlace(
  account: Account,
  { secrets, environment, gh }: CredentialsOptions,
): Promise<Credential | null> {
  if (account.kind === 'environment') return asToken(environment(account));
  if (account.kind === 'gh') return asToken(await gh(hostOf(account)));
  const text = await secrets.get(account.id);
  return text === null ? null : credentialIn(text, account);
}

const asToken = (token: string | null): Credential | null =>
  token === null ? null : { kind: 'token', token };

/** What was kept by us is JSON; a credential file or variable may hold the bare token or key. */
function credentialIn(text: string, { kind }: Account): Credential {
  const bare: Credential =
    kind === 'app' ? { kind: 'app', key: text.trim() } : { kind: 'token', token: text.trim() };
  if (!text.trimStart().startsWith('{')) return bare;
  try {
    const kept = v.safeParse(CredentialSchema, JSON.parse(text));
    return kept.success ? kept.output : bare;
  } catch {
    return bare;
  }
}

function gone(account: Account) {
  return problem(
    'unauthorized',
    account.kind === 'gh'
      ? `The program gh has no login for ${hostOf(account)} any more, which the account ${account.id} used.`
      : `There is no secret for the account ${account.id} (${account.login}) any more.`,
    signInAgain(account),
    { subject: account.id },
  );
}
