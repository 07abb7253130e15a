/** The clients by account, made when first asked. */
import type { Account } from '../../../../contract/account.ts';
import { problem, problemOf } from '../../../../contract/problem.ts';
import { type Client, type ClientOptions, githubClient, type Seen } from './client.ts';
import type { Credentials } from './credential.ts';
import type { GitHubApis } from './types.ts';

export interface ApisOptions extends ClientOptions {
  readonly accounts: () => readonly Account[];
  readonly credentials: Credentials;
  /** What answers tell about an account. */
  readonly seen: (account: string, ...what: Parameters<Seen>) => void;
}

export interface Apis extends GitHubApis {
  of(account: string): Promise<Client>;
  /** Its secret changed or is gone: its client, with what it was answered, is dropped. */
  forget(account: string): void;
}

export function githubApis(options: ApisOptions): Apis {
  const clients = new Map<string, Client>();
  const proven = async (account: Account) => {
    try {
      await options.credentials.of(account);
    } catch (thrown) {
      options.seen(account.id, { refused: problemOf(thrown) });
      throw thrown;
    }
  };
  return {
    async of(id) {
      const account = options.accounts().find((one) => one.id === id);
      if (account === undefined) throw unknownAccount(id);
      await proven(account);
      const known = clients.get(id);
      if (known !== undefined && isSame(known.account, account)) return known;
      const client = githubClient({ ...options, account, seen: (what) => options.seen(id, what) });
      clients.set(id, client);
      return client;
    },
    left: (id) => options.budget.left(id),
    forget: (id) => void clients.delete(id),
  };
}

const isSame = (a: Account, b: Account): boolean => JSON.stringify(a) === JSON.stringify(b);

function unknownAccount(id: string) {
  return problem(
    'unauthorized',
    `There is no account ${id} any more.`,
    'Add it again, or give the pool another account: `homerunner account list` shows which there are.',
    { subject: id },
  );
}
