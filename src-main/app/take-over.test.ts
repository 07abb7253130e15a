import { expect, it } from 'vitest';
import type { Account } from '../contract/account.ts';
import type { ForeignAgent } from '../contract/snapshot.ts';
import { type Config, defaultConfig } from '../core/config/schema.ts';
import type { Pool } from '../contract/pool.ts';
import { makePool } from '../core/testing/make.ts';
import type { PoolDesk } from './pool-commands.ts';
import { takeOver } from './take-over.ts';

const account = (id: string): Account => ({
  ...{ id, forge: 'github', kind: 'token', login: id, app: null },
  ...{ url: 'https://github.com', apiUrl: 'https://api.github.com' },
});
const agent: ForeignAgent = {
  ...{ folder: '/srv/r', name: 'old', url: 'https://github.com/octo/app', running: false, service: false },
};

interface Wish {
  readonly folder?: string;
  readonly pool?: string;
  readonly pools?: readonly Pool[];
}

function take(change: Partial<ForeignAgent>, accounts = [account('octo')], wish: Wish = {}) {
  let config: Config = { ...defaultConfig, accounts, pools: [...(wish.pools ?? [])] };
  const desk: PoolDesk = {
    config: {
      ...{ file: '', watch: () => () => undefined, unwritable: () => null, replace: () => null },
      read: () => ({ config, problems: [], readOnly: false }),
      write: (next) => (config = { ...next, accounts }),
    },
    ...{ hostArch: 'x64', environmentPool: null, environmentAccount: null },
    ...{ busy: () => 0, changed: () => undefined },
  };
  const view = { name: null, kind: 'agent', description: '', suspicious: false } as const;
  const asked = { folder: wish.folder ?? '/srv/r', pool: wish.pool ?? null };
  return takeOver(asked, [{ ...view, agent: { ...agent, ...change } }], desk);
}

it('makes a pool for what the runner serves', () => {
  expect(take({})).toMatchObject({ made: true, pool: { scope: 'octo/app', account: 'octo', mode: 'auto' } });
  expect(take({ service: true }).notes.join(' ')).toMatch(/svc\.sh uninstall/);
});

it('never takes over one that runs, and needs exactly one account', () => {
  expect(() => take({ running: true })).toThrow(/runs, and may be at a job/);
  expect(() => take({}, [])).toThrow(/no account at https:\/\/github\.com/);
  expect(() => take({}, [account('a'), account('b')])).toThrow(/several accounts/);
});

it('takes the pool that serves the same already, the one that is named or any', () => {
  const serves = makePool({ id: 'app', forge: 'github', account: 'octo', scope: 'Octo/App' });
  const other = makePool({ id: 'lib', forge: 'github', account: 'octo', scope: 'octo/lib' });
  const pools = [other, serves];
  expect(take({}, undefined, { pools })).toMatchObject({ made: false, pool: { id: 'app' } });
  expect(take({}, undefined, { pools, pool: 'app' })).toMatchObject({ made: false, pool: { id: 'app' } });
  expect(() => take({}, undefined, { pools, pool: 'lib' })).toThrow(/lib is not one for octo\/app/);
  expect(() => take({}, undefined, { pools, pool: 'none' })).toThrow(/no pool called none/);
  expect(take({}, undefined, { pools: [other] })).toMatchObject({ made: true, pool: { scope: 'octo/app' } });
});

it('serves an organisation and another host of GitHub too, by the account there', () => {
  const there = { ...account('work'), url: 'https://git.acme.test' };
  const agentThere = { url: 'https://git.acme.test/octo' };
  expect(take(agentThere, [account('octo'), there])).toMatchObject({
    pool: { scope: 'octo', account: 'work' },
  });
  expect(() => take(agentThere)).toThrow(/no account at https:\/\/git\.acme\.test/);
});

it('knows only what was found, and says what is left to be done with it', () => {
  expect(() => take({}, undefined, { folder: '/srv/other' })).toThrow(/no GitHub runner of others/);
  const { notes } = take({});
  expect(notes.join(' ')).toMatch(/config\.sh remove/);
  expect(notes.join(' ')).not.toMatch(/svc\.sh/);
  expect(() => take({ running: true, service: true })).toThrow(/runs/);
});
