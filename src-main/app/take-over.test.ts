import { expect, it } from 'vitest';
import type { Account } from '../contract/account.ts';
import type { ForeignAgent } from '../contract/snapshot.ts';
import { defaultConfig } from '../core/config/schema.ts';
import type { PoolDesk } from './pool-commands.ts';
import { takeOver } from './take-over.ts';

const account = (id: string): Account => ({
  ...{ id, forge: 'github', kind: 'token', login: id, app: null },
  ...{ url: 'https://github.com', apiUrl: 'https://api.github.com' },
});
const agent: ForeignAgent = {
  ...{ folder: '/srv/r', name: 'old', url: 'https://github.com/octo/app', running: false, service: false },
};

function take(change: Partial<ForeignAgent>, accounts = [account('octo')]) {
  let config = { ...defaultConfig, accounts };
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
  return takeOver({ folder: '/srv/r', pool: null }, [{ ...view, agent: { ...agent, ...change } }], desk);
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
