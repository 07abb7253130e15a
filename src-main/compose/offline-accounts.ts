/**
 * Accounts and what is asked of their forges without a supervisor. This process ends with the command: a login that
 * could be kept in its memory alone is refused.
 */
import { headlessAccountSecrets } from '../adapters/secrets/accounts.ts';
import { createRedactor } from '../adapters/log/redact.ts';
import { accountHandlers, type AccountHandlers, accountsOf, registeredBy } from '../app/account-commands.ts';
import type { ConfigDesk } from '../app/config-commands.ts';
import type { Light } from '../contract/commands.ts';
import type { Pool } from '../contract/pool.ts';
import { problem, type ProblemError } from '../contract/problem.ts';
import type { AccountSecrets, Detector, Log, Store } from '../core/ports.ts';
import type { ReadEnvironment } from './environment.ts';
import { github } from './github.ts';
import type { Place } from './machine.ts';

export interface OfflineAccounts {
  readonly handlers: AccountHandlers;
  /** What `pool.check` says; throws `no-supervisor` where only a running Homerunner has the login. */
  readonly check: (pool: Pool) => Promise<readonly Light[]>;
}

export function offlineAccounts(wish: {
  readonly place: Place;
  readonly desk: ConfigDesk;
  readonly environment: ReadEnvironment;
  readonly store: Store;
  readonly log: Log;
  readonly detector: Detector;
}): OfflineAccounts {
  const { desk, detector } = wish;
  const secrets = lasting(headlessAccountSecrets({ env: process.env }));
  const hub = github({
    ...wish,
    config: () => desk.config.read().config,
    redactor: createRedactor(),
    secrets,
  });
  const handlers = accountHandlers({
    ...desk,
    forge: hub.accounts,
    secrets: hub.secrets,
    registeredBy: (account) => registeredBy(account, wish.store.runners()),
  });
  return {
    handlers: {
      ...handlers,
      async 'account.add'(args) {
        if (args.way.kind !== 'gh') await checkKeyring(secrets);
        return handlers['account.add'](args);
      },
      // Before a person types a code for nothing.
      async 'account.begin'(args) {
        await checkKeyring(secrets);
        return handlers['account.begin'](args);
      },
    },
    async check(pool) {
      const account = accountsOf(desk).find(({ id }) => id === pool.account);
      const isOurs = account !== undefined && account.kind !== 'gh' && account.kind !== 'environment';
      if (isOurs && (await secrets.get(account.id).catch(() => null)) === null)
        throw loginElsewhere(account.id);
      return hub.check(pool, detector);
    },
  };
}

/** What would be gone with this process is not taken. */
function lasting(secrets: AccountSecrets): AccountSecrets {
  return {
    ...secrets,
    async set(account, secret) {
      const kept = await secrets.set(account, secret);
      if (kept === 'keyring') return kept;
      await secrets.remove(account);
      throw noKeyring();
    },
  };
}

async function checkKeyring(secrets: AccountSecrets): Promise<void> {
  if (!(await secrets.lasts())) throw noKeyring();
}

function noKeyring(): ProblemError {
  return problem(
    'no-keyring',
    'There is no keyring here that could keep this login, and without a supervisor it would be gone with this command.',
    'Start `homerunner run` first and add it then, use the login of the gh program (--login gh), or install and unlock a keyring (the program secret-tool).',
  );
}

function loginElsewhere(account: string): ProblemError {
  return problem(
    'no-supervisor',
    `The login of the account ${account} cannot be read without the Homerunner that keeps it.`,
    'Start it (`homerunner run`, or the application), then try again.',
    { subject: account },
  );
}
