/** By which account a pool registers: the one that is named, one that is added for it, or the only one there is. */
import type { AccountView } from '../../contract/account.ts';
import { type ProblemError, problem } from '../../contract/problem.ts';
import { type Addresses, addressesOf, addressOptions } from '../forge-address.ts';
import { wrong } from '../parse.ts';
import { ask } from '../reach.ts';
import { tokenOf, tokenOptions } from '../secret-input.ts';
import type { Call, CommandSpec, OptionSpec } from '../spec.ts';
import type { Connected } from '../world.ts';
import { loginOf } from './account.ts';

export const accountOptions: readonly OptionSpec[] = [
  { name: 'account', value: 'ACCOUNT', help: 'github: the account to register by; see `account list`.' },
  ...tokenOptions,
  ...addressOptions,
];

/** What the options say of the account. */
export interface AccountWish extends Addresses {
  readonly account: string | null;
  readonly token: string | null;
}

/** Reads the options, and the token where one is given; `forge` is that of the pool. */
export async function accountWish(spec: CommandSpec, call: Call): Promise<AccountWish> {
  const account = call.args.get('account');
  const addresses = addressesOf(spec, call);
  const given = ['account', 'token-file', 'token-stdin'].filter((name) => call.args.has(name));
  if (given.length > 1) throw wrong(spec, `Give one of ${given.map((name) => `--${name}`).join(', ')}`);
  return { account, ...addresses, token: await tokenOf(spec, call) };
}

/** Does it say anything? */
export function saysAccount(wish: AccountWish): boolean {
  return Object.values(wish).some((value) => value !== null);
}

/** The id of the account; it is added where a token or the login of `gh` gives one. */
export async function accountFor(wish: AccountWish, call: Call, api: Connected): Promise<string> {
  if (wish.token !== null) return added(wish, { kind: 'token', token: wish.token }, call, api);
  const { accounts } = await ask(api, 'account.list', {});
  if (wish.account !== null) return named(wish, wish.account, accounts);
  const [only, ...others] = accounts.filter((a) => a.forge === 'github' && isAt(a, wish));
  if (only !== undefined && others.length === 0) return only.id;
  if (only !== undefined) throw several([only, ...others]);
  const ways = await ask(api, 'account.ways', { forge: 'github', url: wish.url, apiUrl: wish.apiUrl });
  if (ways.gh === null) throw noAccount(ways.tokenPages.repositories);
  call.terminal.note(`The login of the gh program, ${ways.gh}, is used.`);
  return added(wish, { kind: 'gh' }, call, api);
}

/** An address that is not given fits all. */
function isAt(account: AccountView, { url }: Addresses): boolean {
  return url === null || new URL(url).host === new URL(account.url).host;
}

function named(wish: AccountWish, id: string, accounts: readonly AccountView[]): string {
  const account = accounts.find((a) => a.id === id);
  if (account === undefined)
    throw problem('not-found', `There is no account called ${id}.`, 'See `homerunner account list`.', {
      subject: id,
    });
  if (isAt(account, wish)) return id;
  throw problem(
    'usage',
    `The account ${id} is one at ${account.url}, and --url says ${wish.url ?? ''}.`,
    'Leave --url out: the account knows where it is.',
    { subject: id },
  );
}

async function added(
  { url, apiUrl }: Addresses,
  way: { kind: 'token'; token: string } | { kind: 'gh' },
  call: Call,
  api: Connected,
): Promise<string> {
  const { account, notes } = await ask(api, 'account.add', { id: null, forge: 'github', url, apiUrl, way });
  for (const note of notes) call.terminal.note(note);
  call.terminal.note(`Signed in as ${loginOf(account)}; the account is called ${account.id}.`);
  return account.id;
}

function several(accounts: readonly AccountView[]): ProblemError {
  const ids = accounts.map((a) => a.id).join(', ');
  return problem(
    'usage',
    `There are several accounts: ${ids}.`,
    'Name one with --account, see `homerunner account list`.',
  );
}

function noAccount(tokenPage: string): ProblemError {
  return problem(
    'usage',
    'There is no account to register runners by.',
    'Add one with `homerunner account add --forge github --login gh`, or give a token with --token-stdin or --token-file FILE; one is made here:',
    { link: tokenPage },
  );
}
