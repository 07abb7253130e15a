/** Accounts: signed in, listed, removed. The secret goes to the keyring, the rest into the configuration. */
import type { Account, AccountAdd, AccountView } from '../contract/account.ts';
import type { CommandArgs, CommandName, CommandResults } from '../contract/commands.ts';
import { problem, type ProblemError } from '../contract/problem.ts';
import type { AccountForge, AccountSecrets } from '../core/ports.ts';
import type { RunnerRecord } from '../core/runner.ts';
import { within } from './delay.ts';
import { allAccounts, type PoolDesk, writable } from './pool-commands.ts';

/** What the account commands need; the same with a supervisor and without one. */
export interface AccountDesk extends Pick<PoolDesk, 'config' | 'changed' | 'environmentAccount'> {
  readonly forge: AccountForge;
  readonly secrets: AccountSecrets;
  /** Names of the runners that are, or may be, registered by an account. */
  readonly registeredBy: (account: string) => readonly string[];
}

type Where = Pick<AccountDesk, 'config' | 'environmentAccount'>;

type AccountCommand = Extract<CommandName, `account.${string}`>;
export type AccountHandlers = {
  readonly [K in AccountCommand]: (args: CommandArgs<K>) => Promise<CommandResults[K]> | CommandResults[K];
};

/** How long an answer waits for what accounts may do, in milliseconds. */
const factsMs = 5000;

/** What answers the account commands. */
export function accountHandlers(desk: AccountDesk): AccountHandlers {
  return {
    'account.list': () => listAccounts(desk),
    'account.add': (args) => addAccount(args, desk),
    'account.remove': ({ account }) => removeAccount(account, desk),
    'account.ways': (args) => desk.forge.ways(args),
    'account.begin': (args) => desk.forge.begin(args),
    'account.scopes': async ({ account }) => ({ scopes: await desk.forge.scopes(accountOf(account, desk)) }),
  };
}

/** One that was not asked yet would look as if its forge did not tell what it may do. */
async function listAccounts(desk: AccountDesk): Promise<CommandResults['account.list']> {
  await within(factsMs, Promise.all(accountsOf(desk).map((account) => desk.forge.asked(account))));
  return { accounts: accountsOf(desk).map((account) => accountView(account, desk)) };
}

export function accountsOf({ config, environmentAccount }: Where): readonly Account[] {
  return allAccounts(config.read().config, environmentAccount);
}

/** As an account is shown. */
export function accountView(account: Account, desk: Pick<AccountDesk, 'forge' | 'secrets'>): AccountView {
  return { ...desk.forge.view(account), kept: desk.secrets.placeOf(account) };
}

/**
 * Signs in, and keeps what that gave. The account of that name is replaced; without a name the only one of the same
 * login at the same forge.
 */
async function addAccount(wish: AccountAdd, desk: AccountDesk): Promise<CommandResults['account.add']> {
  writable(desk);
  const signedIn = await desk.forge.signIn(wish);
  const { config } = writable(desk);
  const before = replaced(wish.id, signedIn.account, config.accounts);
  const taken = accountsOf(desk).map((a) => a.id);
  const id = wish.id ?? before?.id ?? freeId(signedIn.account.login, taken);
  if (id !== before?.id && taken.includes(id)) {
    throw problem('usage', `There is an account ${id} already.`, 'Choose another name with --name.', {
      subject: id,
    });
  }
  const account: Account = { id, ...signedIn.account };
  const notes = [...signedIn.notes];
  if (signedIn.secret !== null && (await desk.secrets.set(id, signedIn.secret)) === 'memory')
    notes.push('There is no keyring here: the login is kept in memory, until Homerunner ends.');
  desk.forge.forget(id);
  desk.config.write({ ...config, accounts: [...config.accounts.filter((a) => a.id !== id), account] });
  desk.changed();
  await within(factsMs, desk.forge.asked(account));
  return { account: accountView(account, desk), notes };
}

/** Two tokens of one person may be for different owners: a name of its own makes one account more. */
function replaced(
  id: string | null,
  signedIn: Omit<Account, 'id'>,
  accounts: readonly Account[],
): Account | undefined {
  const same = accounts.filter((account) => isSame(account, signedIn));
  if (id !== null) return same.find((account) => account.id === id);
  if (same.length < 2) return same[0];
  throw problem(
    'usage',
    `There are several accounts of ${signedIn.login}: ${same.map((account) => account.id).join(', ')}.`,
    'Say with `homerunner account add --name` which of them this is, or a new name for one more.',
  );
}

function isSame(a: Account, b: Omit<Account, 'id'>): boolean {
  return (
    a.forge === b.forge &&
    a.url === b.url &&
    a.login === b.login &&
    a.app?.installation === b.app?.installation
  );
}

function freeId(login: string, taken: readonly string[]): string {
  const base =
    login
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .slice(0, 28)
      .replaceAll(/^-+|-+$/g, '') || 'account';
  let id = base;
  for (let n = 2; taken.includes(id); n += 1) id = `${base}-${n}`;
  return id;
}

/** Refused while pools register by it, or runners are left: those could not be removed any more. */
async function removeAccount(id: string, desk: AccountDesk): Promise<CommandResults['account.remove']> {
  const { config } = writable(desk);
  const account = accountOf(id, desk);
  if (desk.environmentAccount?.id === id) {
    throw problem(
      'usage',
      `The account ${id} comes from environment variables.`,
      'Change the variables, and start again.',
      { subject: id },
    );
  }
  const users = config.pools.filter((pool) => pool.account === id).map((pool) => pool.id);
  if (users.length > 0) {
    throw problem(
      'refused-by-policy',
      `The account ${id} is used by the ${users.length === 1 ? 'pool' : 'pools'} ${users.join(', ')}.`,
      'Remove those first (`homerunner pool remove`): their runners are deregistered by this account.',
      { subject: id },
    );
  }
  const left = desk.registeredBy(id);
  // By one that its forge does not accept any more nothing can be removed anyway.
  const isOver = desk.forge.view(account).problem?.code === 'unauthorized';
  if (left.length > 0 && !isOver) throw stillNeeded(id, left);
  desk.config.write({ ...config, accounts: config.accounts.filter((a) => a.id !== id) });
  await desk.secrets.remove(id);
  desk.forge.forget(id);
  desk.changed();
  return {
    notes:
      account.kind === 'gh'
        ? ['The login of the `gh` program itself stays.']
        : [
            `The token is forgotten here; it stays valid at ${new URL(account.url).host} until it is revoked there.`,
          ],
  };
}

/** Those of `records` that this account registered, and that are not known to be removed. */
export function registeredBy(account: string, records: readonly RunnerRecord[]): readonly string[] {
  return records
    .filter((record) => record.account === account && record.removedAt === null)
    .map(({ name }) => name);
}

function stillNeeded(id: string, runners: readonly string[]): ProblemError {
  const named = `${runners.length === 1 ? 'runner' : 'runners'} ${runners.slice(0, 5).join(', ')}`;
  const more = runners.length > 5 ? ` and ${runners.length - 5} more` : '';
  return problem(
    'refused-by-policy',
    `The ${named}${more} ${runners.length === 1 ? 'is' : 'are'} still registered by the account ${id}.`,
    'While Homerunner runs they are removed by themselves, each after its job: try again when `homerunner runner list` shows none of them.',
    { subject: id },
  );
}

/** The account of that name; throws `not-found`. */
function accountOf(id: string, desk: Where): Account {
  const account = accountsOf(desk).find((a) => a.id === id);
  if (account !== undefined) return account;
  throw problem('not-found', `There is no account called ${id}.`, 'See `homerunner account list`.', {
    subject: id,
  });
}
