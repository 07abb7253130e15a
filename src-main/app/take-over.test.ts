import { describe, expect, it } from 'vitest';
import type { Account } from '../contract/account.ts';
import type { CommandArgs, Light } from '../contract/commands.ts';
import type { Pool, PoolEdit } from '../contract/pool.ts';
import { problem } from '../contract/problem.ts';
import type { ForeignAgent } from '../contract/snapshot.ts';
import { type Config, defaultConfig } from '../core/config/schema.ts';
import { addPool } from './pool-commands.ts';
import { adoptionOf, takeOver, type TakeOverDesk } from './take-over.ts';

const account = (id: string): Account => ({
  ...{ id, forge: 'github', kind: 'token', login: id, app: null },
  ...{ url: 'https://github.com', apiUrl: 'https://api.github.com' },
});

interface Scene {
  readonly agent?: Partial<ForeignAgent>;
  readonly accounts?: readonly Account[];
  readonly pools?: readonly PoolEdit[];
  readonly labels?: readonly string[] | Error;
  readonly lights?: readonly Light[];
}

function scene({
  agent = {},
  accounts = [account('octo')],
  pools = [],
  labels = [],
  lights = [],
}: Scene = {}) {
  let config: Config = { ...defaultConfig, accounts: [...accounts] };
  const found: ForeignAgent = {
    ...{ folder: '/srv/r', name: 'old', url: 'https://github.com/octo/app', running: false, service: false },
    commands: { stop: null, uninstall: null, remove: 'cd /srv/r && ./config.sh remove' },
    ...agent,
  };
  const desk: TakeOverDesk = {
    config: {
      ...{ file: '', watch: () => () => undefined, unwritable: () => null, replace: () => null },
      read: () => ({ config, problems: [], readOnly: false }),
      write: (next) => (config = next),
    },
    ...{ hostArch: 'x64', environmentPool: null, environmentAccount: null },
    ...{ busy: () => 0, changed: () => undefined },
    forges: [
      {
        lookAround: () =>
          Promise.resolve([{ name: null, kind: 'agent', description: '', suspicious: false, agent: found }]),
        labelsOf: ({ name, scope }) => {
          expect([name, scope]).toEqual(['old', 'octo/app']);
          return labels instanceof Error ? Promise.reject(labels) : Promise.resolve(labels);
        },
      },
    ],
    check: () => Promise.resolve(lights),
  };
  for (const pool of pools) addPool({ id: null, pool: { forge: 'github', account: 'octo', ...pool } }, desk);
  const wish = { folder: '/srv/r', pool: null, account: null, fresh: false };
  return {
    desk,
    pools: () => config.pools,
    take: (more: Partial<CommandArgs<'runner.adopt'>> = {}) => takeOver({ ...wish, ...more }, desk),
    adoption: () => adoptionOf('/srv/r', desk),
  };
}

const labelsIn = (pools: readonly Pool[]) => pools.map((pool) => pool.labels);

it('makes a pool for what the runner serves, with its labels', async () => {
  const { take, adoption, pools } = scene({ labels: ['CUDA', 'arm64', 'with space'] });
  expect(await adoption()).toMatchObject({
    scope: 'octo/app',
    choices: [{ account: 'octo', pools: [], labels: ['CUDA', 'arm64', 'with space'], unread: null }],
  });
  expect(await take()).toMatchObject({
    made: true,
    pool: { scope: 'octo/app', account: 'octo', mode: 'auto', labels: ['cuda'] },
    labels: ['cuda'],
    agent: { name: 'old' },
    notes: ['Left out, as runners here cannot have them: arm64, with space.'],
  });
  expect(pools()).toHaveLength(1);
});

describe('where a pool serves the same', () => {
  it.each(['octo/app', 'Octo/App', 'octo/*'])(
    '%s takes its jobs, and the labels that it lacks',
    async (scope) => {
      const { take, pools } = scene({ pools: [{ scope, labels: ['cuda'] }], labels: ['cuda', 'big-disk'] });
      expect(await take()).toMatchObject({ made: false, labels: ['big-disk'] });
      expect(labelsIn(pools())).toEqual([['cuda', 'big-disk']]);
      expect(await take()).toMatchObject({ made: false, labels: [] });
    },
  );

  it('a new one is made only by word', async () => {
    const { take, adoption, pools } = scene({ pools: [{ scope: 'octo/app' }] });
    expect((await adoption()).choices[0]?.pools).toEqual(pools().map(({ id }) => id));
    expect(await take({ fresh: true })).toMatchObject({ made: true });
    expect(pools()).toHaveLength(2);
  });

  it('another is refused', async () => {
    const { take, pools } = scene({ pools: [{ scope: 'octo/other' }] });
    await expect(take({ pool: pools()[0]?.id ?? '' })).rejects.toThrow(/is not one for octo\/app/);
  });

  it('and comes from the environment, its labels are the owner’s to add', async () => {
    const { desk, pools } = scene({ pools: [{ scope: 'octo/app' }], labels: ['cuda'] });
    const pool = pools()[0] ?? null;
    const wish = { folder: '/srv/r', pool: null, account: null, fresh: false };
    expect(await takeOver(wish, { ...desk, environmentPool: pool })).toMatchObject({
      labels: [],
      notes: [expect.stringContaining('add cuda to RUNNER_LABELS')],
    });
  });
});

it('says where labels could not be read', async () => {
  const unread = problem('forbidden', 'The token may not list runners.', 'Grant it.');
  const { take, adoption } = scene({ labels: unread });
  expect((await adoption()).choices[0]).toMatchObject({ labels: null, unread: { code: 'forbidden' } });
  expect((await take()).notes).toEqual([
    expect.stringMatching(/could not be read: The token may not list runners\. Add them with/),
  ]);
});

it('never takes over one that runs, and says how it is stopped', async () => {
  const stop = 'cd /srv/r && sudo ./svc.sh stop';
  const commands = { stop, uninstall: null, remove: '' };
  await expect(scene({ agent: { running: true, service: true, commands } }).take()).rejects.toMatchObject({
    problem: { code: 'refused-by-policy', hint: expect.stringContaining(stop) as string },
  });
});

it('needs an account at its host, and its name where there are several', async () => {
  const none = scene({ accounts: [] });
  await expect(none.take()).rejects.toThrow(/no account at https:\/\/github\.com/);
  expect((await none.adoption()).choices).toEqual([]);
  const two = scene({ accounts: [account('a'), account('b')] });
  await expect(two.take()).rejects.toThrow(/several accounts/);
  await expect(two.take({ account: 'c' })).rejects.toThrow(/no account c at/);
  expect(await two.take({ account: 'b' })).toMatchObject({ pool: { account: 'b' } });
});

it('writes nothing where a check forbids the pool', async () => {
  const light = { name: 'public', ok: false, message: 'It is public.', hint: null, link: null, blocks: true };
  const { take, pools } = scene({ lights: [light] });
  await expect(take()).rejects.toThrow('It is public.');
  expect(pools()).toEqual([]);
});
