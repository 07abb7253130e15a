import { beforeEach, describe, expect, it } from 'vitest';
import type { Account, AccountAdd } from '../contract/account.ts';
import { problem } from '../contract/problem.ts';
import { defaultConfig } from '../core/config/schema.ts';
import type { SignedIn } from '../core/ports.ts';
import { makePool } from '../core/testing/make.ts';
import { type AccountDesk, accountHandlers, type AccountHandlers } from './account-commands.ts';

const account = (id: string, more: Partial<Account> = {}): Account => ({
  ...{ id, forge: 'github', kind: 'token', login: id, app: null },
  ...{ url: 'https://github.com', apiUrl: 'https://api.github.com' },
  ...more,
});

let config: typeof defaultConfig;
let environmentAccount: Account | null;
let readOnly: boolean;
let secrets: Map<string, string>;
let keyring: boolean;
let signedIn: () => SignedIn;
let forgotten: string[];
let changes: number;
/** Runners that are registered, each by an account. */
let runners: Record<string, string>;
let ask: AccountHandlers;

beforeEach(() => {
  config = { ...defaultConfig, accounts: [] };
  [environmentAccount, readOnly, keyring, changes] = [null, false, true, 0];
  [secrets, forgotten, runners] = [new Map(), [], {}];
  signedIn = () => ({ account: account('ann'), secret: 'ghp_ann', notes: [] });
  ask = accountHandlers(desk());
});

function desk(): AccountDesk {
  const nothing = { file: '', watch: () => () => undefined, unwritable: () => null, replace: () => null };
  return {
    config: {
      ...nothing,
      read: () => ({ config, problems: [], readOnly }),
      write: (next) => (config = next),
    },
    environmentAccount,
    changed: () => (changes += 1),
    registeredBy: (id) => Object.keys(runners).filter((name) => runners[name] === id),
    secrets: {
      get: (id) => Promise.resolve(secrets.get(id) ?? null),
      set: (id, secret) => {
        secrets.set(id, secret);
        return Promise.resolve(keyring ? 'keyring' : 'memory');
      },
      lasts: () => Promise.resolve(keyring),
      remove: (id) => Promise.resolve(void secrets.delete(id)),
      placeOf: ({ kind }) => (kind === 'gh' ? 'elsewhere' : keyring ? 'keyring' : 'memory'),
    },
    forge: {
      ways: () =>
        Promise.resolve({ gh: null, device: null, tokenPages: { repositories: '', organisations: '' } }),
      begin: () => Promise.resolve({ id: 's', code: 'AB-12', page: '', expiresAt: 0 }),
      signIn: async () => {
        await Promise.resolve();
        const { account: made, ...more } = signedIn();
        const { id: _, ...known } = made as Account;
        return { account: known, ...more };
      },
      view: ({ id, forge, kind, login, url }) => ({
        ...{ id, forge, kind, login, url, scopes: null, expiresAt: null, problem: null },
      }),
      asked: () => Promise.resolve(),
      forget: (id) => void forgotten.push(id),
      scopes: ({ id }) => Promise.resolve([{ scope: `${id}/app`, kind: 'repository' } as never]),
    },
  };
}

const wish = (id: string | null = null): AccountAdd => ({
  ...{ id, forge: 'github', url: null, apiUrl: null },
  way: { kind: 'token', token: 'ghp_ann' },
});
const code = (code: string) => ({ problem: { code } });
const add = async (id: string | null = null) => await ask['account.add'](wish(id));

describe('an account that is added', () => {
  it('has its secret in the keyring, and all else in the configuration', async () => {
    const { account: shown, notes } = await add();
    expect(shown).toMatchObject({ id: 'ann', login: 'ann', kept: 'keyring' });
    expect(notes).toEqual([]);
    expect(config.accounts).toEqual([account('ann')]);
    expect(JSON.stringify(config)).not.toContain('ghp_');
    expect([...secrets]).toEqual([['ann', 'ghp_ann']]);
    expect(changes).toBe(1);
    expect(await ask['account.list']({})).toMatchObject({ accounts: [{ id: 'ann' }] });
  });

  it('says where there is no keyring, and nothing where there is no secret to keep', async () => {
    keyring = false;
    expect((await add()).notes.join(' ')).toContain('kept in memory');
    signedIn = () => ({ account: account('bob', { kind: 'gh' }), secret: null, notes: ['As gh says.'] });
    expect((await add()).notes).toEqual(['As gh says.']);
    expect([...secrets.keys()]).toEqual(['ann']);
  });

  it('replaces the one of the same login, under its name, and what was made with the old secret is forgotten', async () => {
    await add('work');
    signedIn = () => ({ account: account('ann'), secret: 'ghp_new', notes: [] });
    expect((await add()).account.id).toBe('work');
    expect(config.accounts).toHaveLength(1);
    expect([...secrets]).toEqual([['work', 'ghp_new']]);
    expect(forgotten).toEqual(['work', 'work']);
  });

  it('is one more under a name of its own, and is then to be told by it', async () => {
    await add();
    config = { ...config, pools: [makePool({ id: 'p', account: 'ann' })] };
    signedIn = () => ({ account: account('ann'), secret: 'ghp_other', notes: [] });
    expect((await add('other')).account.id).toBe('other');
    expect([...secrets]).toEqual([
      ['ann', 'ghp_ann'],
      ['other', 'ghp_other'],
    ]);
    await expect(add()).rejects.toMatchObject({ message: expect.stringContaining('ann, other') as unknown });
    signedIn = () => ({ account: account('ann'), secret: 'ghp_new', notes: [] });
    expect((await add('ann')).account.id).toBe('ann');
    expect(secrets.get('ann')).toBe('ghp_new');
    expect(config.accounts.map(({ id }) => id)).toEqual(['other', 'ann']);
  });

  it('is shown with what it may do', async () => {
    const asked: string[] = [];
    const { forge, ...rest } = desk();
    ask = accountHandlers({
      ...rest,
      forge: { ...forge, asked: ({ id }) => Promise.resolve(void asked.push(id)) },
    });
    await add();
    expect(asked).toEqual(['ann']);
    await ask['account.list']({});
    expect(asked).toEqual(['ann', 'ann']);
  });

  it('is another one at another address, of another App, or of another login', async () => {
    await add();
    const app = { id: '7', installation: 1 };
    for (const more of [{ url: 'https://acme.ghe.com' }, { app }, { app: { ...app, installation: 2 } }]) {
      signedIn = () => ({ account: account('ann', more), secret: 'x', notes: [] });
      await add();
    }
    expect(config.accounts.map(({ id }) => id)).toEqual(['ann', 'ann-2', 'ann-3', 'ann-4']);
  });

  it('gets a name that is one, whatever its login', async () => {
    signedIn = () => ({
      account: account('The_Long.Login-of-somebody-who-has-time'),
      secret: null,
      notes: [],
    });
    expect((await add()).account.id).toBe('the-long-login-of-somebody-w');
    signedIn = () => ({ account: account('__'), secret: null, notes: [] });
    expect((await add()).account.id).toBe('account');
  });

  it('takes nobody else’s name', async () => {
    await add();
    signedIn = () => ({ account: account('bob'), secret: 'x', notes: [] });
    await expect(add('ann')).rejects.toMatchObject(code('usage'));
    expect(secrets.get('ann')).toBe('ghp_ann');
    environmentAccount = account('env', { kind: 'environment' });
    ask = accountHandlers(desk());
    await expect(add('env')).rejects.toMatchObject(code('usage'));
  });

  it('changes nothing where the sign-in or the configuration refuses', async () => {
    signedIn = () => {
      throw problem('unauthorized', 'The token is wrong.', 'Paste it again.');
    };
    await expect(add()).rejects.toMatchObject(code('unauthorized'));
    readOnly = true;
    await expect(add()).rejects.toMatchObject(code('config-newer'));
    expect({ changes, secrets: secrets.size }).toEqual({ changes: 0, secrets: 0 });
  });
});

describe('an account that is removed', () => {
  const remove = async (id: string) => await ask['account.remove']({ account: id });

  it('goes with its secret, and it is said what stays', async () => {
    await add();
    expect((await remove('ann')).notes.join(' ')).toContain('stays valid at github.com');
    expect({ accounts: config.accounts, secrets: secrets.size }).toEqual({ accounts: [], secrets: 0 });
    expect(forgotten).toEqual(['ann', 'ann']);
    config = { ...config, accounts: [account('bob', { kind: 'gh' })] };
    expect((await remove('bob')).notes.join(' ')).toContain('`gh` program itself stays');
  });

  it('stays while pools register by it, or the environment names it', async () => {
    await add();
    config = {
      ...config,
      pools: [makePool({ id: 'p', account: 'ann' }), makePool({ id: 'q', account: 'ann' })],
    };
    await expect(remove('ann')).rejects.toThrow(/used by the pools p, q/);
    environmentAccount = account('env', { kind: 'environment' });
    ask = accountHandlers(desk());
    await expect(remove('env')).rejects.toMatchObject(code('usage'));
    await expect(remove('nobody')).rejects.toMatchObject(code('not-found'));
    expect(secrets.size).toBe(1);
  });

  it('stays until the last runner of a pool that was removed is gone: nobody else could remove it', async () => {
    await add();
    runners = { r1: 'ann', r2: 'bob' };
    await expect(remove('ann')).rejects.toThrow(/runner r1 is still registered by the account ann/);
    runners = { r1: 'ann', r2: 'ann' };
    await expect(remove('ann')).rejects.toThrow(/runners r1, r2 are still registered/);
    expect(secrets.size).toBe(1);
    runners = { r2: 'bob' };
    await remove('ann');
    expect(config.accounts).toEqual([]);
  });
});

it('scopes are those of the account that is named', async () => {
  await add();
  expect(await ask['account.scopes']({ account: 'ann' })).toMatchObject({ scopes: [{ scope: 'ann/app' }] });
  await expect(ask['account.scopes']({ account: 'bob' })).rejects.toMatchObject(code('not-found'));
});
