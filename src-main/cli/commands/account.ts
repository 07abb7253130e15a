/** account add, list, remove. */
import * as v from 'valibot';
import { type AccountAdd, AccountIdSchema, type AccountView } from '../../contract/account.ts';
import { formatDuration } from '../../core/duration.ts';
import { type Addresses, addressesOf, addressOptions } from '../forge-address.ts';
import { table } from '../format.ts';
import { wrong } from '../parse.ts';
import { ask, show, withEither } from '../reach.ts';
import { secretFile, tokenOf, tokenOptions } from '../secret-input.ts';
import type { Call, CommandSpec } from '../spec.ts';
import type { Connected } from '../world.ts';

type Way = AccountAdd['way'];

export const accountAdd: CommandSpec = {
  name: 'account add',
  positionals: [],
  summary: 'Sign in at a forge; the secret goes to the keyring.',
  options: [
    { name: 'forge', value: 'FORGE', help: 'Where: github.' },
    { name: 'login', value: 'PROGRAM', help: 'By the login that a program has here: gh.' },
    { name: 'device', help: 'By a code that is typed in a browser.' },
    {
      name: 'organisations',
      help: 'With --device: for whole organisations too, not for repositories alone (asks for admin:org).',
    },
    ...tokenOptions,
    { name: 'app', value: 'ID', help: 'As a GitHub App: its id or client id.' },
    { name: 'key-file', value: 'FILE', help: 'The private key of that App.' },
    { name: 'installation', value: 'N', help: 'Which installation of it, where it has several.' },
    { name: 'name', value: 'ID', help: 'What the account is called here; its login by default.' },
    ...addressOptions,
  ],
  examples: [
    'homerunner account add --forge github --login gh',
    'homerunner account add --forge github --device --organisations',
    'homerunner account add --forge github --token-stdin < token.txt',
    'homerunner account add --forge github --app 12345 --key-file app.pem',
  ],
  async run(call) {
    const { args } = call;
    checkForge(args.get('forge'));
    const id = args.get('name');
    if (id !== null && !v.is(AccountIdSchema, id))
      throw wrong(accountAdd, '--name is not an account name: 1 to 32 lower-case letters, digits, -');
    const at = addressesOf(accountAdd, call);
    const chosen = wayOf(call);
    const way = chosen === 'device' ? null : await chosen();
    return withEither(call, async (api) => {
      const value = await ask(api, 'account.add', {
        id,
        forge: 'github',
        ...at,
        way: way ?? (await typedCode(call, api, at)),
      });
      for (const note of value.notes) call.terminal.note(note);
      const { account } = value;
      return show(
        call,
        value,
        () => `Signed in as ${loginOf(account)}; the account is called ${account.id}.`,
      );
    });
  },
};

function checkForge(forge: string | null): void {
  if (forge === null || forge === 'github') return;
  throw wrong(
    accountAdd,
    forge === 'local'
      ? 'The local forge needs no account'
      : 'Accounts at other forges than GitHub are not part of this version yet: give --forge github',
  );
}

/** The one way that the options choose. */
function wayOf(call: Call): 'device' | (() => Promise<Way>) {
  const { args } = call;
  const given = ['login', 'device', 'token-stdin', 'token-file', 'app'].filter((name) => args.has(name));
  const [way] = given;
  if (given.length > 1) throw wrong(accountAdd, `Give one of ${given.map((name) => `--${name}`).join(', ')}`);
  if (way === undefined)
    throw wrong(
      accountAdd,
      'account add needs one of --login gh, --device, --token-stdin, --token-file FILE, --app ID --key-file FILE',
    );
  if (way !== 'app' && (args.has('key-file') || args.has('installation')))
    throw wrong(accountAdd, '--key-file and --installation belong to --app');
  if (way !== 'device' && args.has('organisations'))
    throw wrong(accountAdd, '--organisations belongs to --device: other logins bring their permissions');
  if (way === 'device') return 'device';
  if (way === 'app') return () => Promise.resolve(appWay(call));
  if (way === 'login') {
    if (args.get('login') !== 'gh')
      throw wrong(accountAdd, '--login takes only gh: the login of that program');
    return () => Promise.resolve({ kind: 'gh' });
  }
  return async () => ({ kind: 'token', token: (await tokenOf(accountAdd, call)) ?? '' });
}

function appWay(call: Call): Way {
  const { args } = call;
  const app = args.get('app') ?? '';
  if (!/^[\w.-]{1,64}$/.test(app))
    throw wrong(accountAdd, '--app is not the id of an App, which is a number, or its client id');
  const file = args.get('key-file');
  if (file === null) throw wrong(accountAdd, '--app needs the private key of the App: --key-file FILE');
  const text = args.get('installation');
  if (text !== null && !/^[1-9]\d{0,14}$/.test(text))
    throw wrong(accountAdd, '--installation is not a number');
  return {
    kind: 'app',
    app,
    key: secretFile(call, file),
    installation: text === null ? null : Number(text),
  };
}

/** Begins a sign-in by a code and tells it; what it answers is settled once the code was typed. */
async function typedCode(call: Call, api: Connected, at: Addresses): Promise<Way> {
  const signIn = await ask(api, 'account.begin', {
    ...{ forge: 'github', ...at },
    organisations: call.args.has('organisations'),
  });
  const left = formatDuration(Math.max(0, signIn.expiresAt - call.terminal.now()));
  call.terminal.note(`Open ${signIn.page} and type the code ${signIn.code}`);
  call.terminal.note(`Waiting for it, ${left} at most; Ctrl-C gives up.`);
  return { kind: 'device', signIn: signIn.id };
}

/** "octo", or "octo at git.lab" where that is not github.com. */
export function loginOf({ login, url }: Pick<AccountView, 'login' | 'url'>): string {
  const { host } = new URL(url);
  return host === 'github.com' ? login : `${login} at ${host}`;
}

export const accountList: CommandSpec = {
  name: 'account list',
  positionals: [],
  summary: 'All accounts, what they may do and until when.',
  options: [],
  run: (call) =>
    withEither(call, async (api) => {
      const value = await ask(api, 'account.list', {});
      return show(call, value, () =>
        value.accounts.length === 0
          ? 'There is no account yet. Add one with `homerunner account add --forge github --login gh`.'
          : accountTable(value.accounts, call),
      );
    }),
};

const kinds: Readonly<Record<AccountView['kind'], string>> = {
  gh: 'gh login',
  token: 'token',
  device: 'browser',
  app: 'app',
  environment: 'variable',
};

const placeOf = ({ kept, kind }: AccountView): string => {
  if (kept === 'elsewhere') return kind === 'gh' ? 'by gh' : 'environment';
  return { keyring: 'keyring', memory: 'memory only', nowhere: 'lost' }[kept];
};

function accountTable(accounts: readonly AccountView[], { terminal }: Call): string {
  const rows = accounts.map((a) => [
    a.id,
    loginOf(a),
    kinds[a.kind],
    a.scopes === null ? '?' : a.scopes.join(', '),
    expiryText(a.expiresAt, terminal.now()),
    placeOf(a),
    a.problem?.message ?? '',
  ]);
  const shown = table(
    ['ACCOUNT', 'LOGIN', 'KIND', 'SCOPES', 'EXPIRES', 'KEPT', 'PROBLEM'],
    rows,
    terminal.columns,
  );
  return accounts.some(({ scopes, problem }) => scopes === null && problem === null)
    ? `${shown}\n${untold}`
    : shown;
}

/** What "?" in the table means. */
const untold =
  '? GitHub does not tell what this login may do: it is checked, permission to write too, when a pool is added.';

function expiryText(at: number | null, now: number): string {
  if (at === null) return '';
  return at <= now ? 'expired' : `in ${formatDuration(at - now)}`;
}

export const accountRemove: CommandSpec = {
  name: 'account remove',
  positionals: ['ACCOUNT'],
  summary: 'Forget an account and its secret.',
  options: [],
  run: (call) =>
    withEither(call, async (api) => {
      const value = await ask(api, 'account.remove', { account: call.args.at(0) });
      for (const note of value.notes) call.terminal.note(note);
      return show(call, value, () => `The account ${call.args.at(0)} was removed.`);
    }),
};
