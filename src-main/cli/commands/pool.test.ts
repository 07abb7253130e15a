import { describe, expect, test } from 'vitest';
import type { AccountView } from '../../contract/account.ts';
import type { Light } from '../../contract/commands.ts';
import { poolDefaults } from '../../core/config/defaults.ts';
import { cli, MemoryWorld, noSupervisor, Paper } from '../cli.test-kit.ts';

const account = (id: string, url = 'https://github.com'): AccountView => ({
  id,
  forge: 'github',
  kind: 'token',
  login: id,
  url,
  scopes: null,
  expiresAt: null,
  kept: 'keyring',
  problem: null,
});

const tokenPages = { repositories: 'https://github.com/settings/tokens/new', organisations: '' };

const light = (more: Partial<Light>): Light => ({
  name: 'repository',
  ok: true,
  message: 'It is private.',
  hint: null,
  link: null,
  blocks: false,
  ...more,
});
const warning = light({ name: 'workflows', ok: false, message: 'One uses docker.', hint: 'Look at it.' });
const refusal = light({
  ok: false,
  blocks: true,
  message: 'The repository is public.',
  hint: 'Make it private.',
  link: 'https://github.com/o/r/settings',
});

const pool = {
  ...poolDefaults('github', 'auto', 'x64'),
  forge: 'github' as const,
  scope: 'o/r',
  account: 'octo',
};

/** A supervisor with these accounts that answers the preflight with these lights. */
function worldOf(accounts: readonly AccountView[], lights: readonly Light[] = [light({})]): MemoryWorld {
  const world = new MemoryWorld();
  world.handlers = {
    'account.list': () => ({ accounts }),
    'account.ways': () => ({ gh: null, device: null, tokenPages }),
    'account.add': () => ({ account: account('new'), notes: ['It ends in a week.'] }),
    'pool.try': () => ({ pool, lights }),
    'pool.add': () => ({ pool, notes: [] }),
    'pool.edit': () => ({ pool, notes: [] }),
    'pool.show': () => ({ pool }),
    'pool.check': () => ({ lights }),
  };
  return world;
}

const add = ['pool', 'add', '--forge', 'github', '--scope', 'o/r'];
const wishOf = (world: MemoryWorld, command: string): unknown =>
  world.asked.find(([name]) => name === command)?.[1];

describe('pool add: by which account', () => {
  test.each([
    ['the only one', ['octo'], [], 'octo'],
    ['the one that is named', ['ann', 'octo'], ['--account', 'octo'], 'octo'],
  ])('%s', async (_, ids, argv, expected) => {
    const world = worldOf(ids.map((id) => account(id)));
    expect((await cli([...add, ...argv], world)).code).toBe(0);
    expect(wishOf(world, 'pool.add')).toEqual({
      id: null,
      pool: { forge: 'github', scope: 'o/r', account: expected },
    });
  });

  test('the only one at that address', async () => {
    const world = worldOf([account('octo'), account('lab', 'https://git.lab')]);
    expect((await cli([...add, '--url', 'https://git.lab/'], world)).code).toBe(0);
    expect(wishOf(world, 'pool.add')).toMatchObject({ pool: { account: 'lab' } });
  });

  test('a token makes one', async () => {
    const world = worldOf([account('octo')]);
    const paper = Object.assign(new Paper(), { input: 'sEcReT\n' });
    const argv = [...add, '--token-stdin', '--url', 'https://git.lab'];
    expect((await cli(argv, world, paper)).code).toBe(0);
    expect(wishOf(world, 'account.add')).toEqual({
      id: null,
      forge: 'github',
      url: 'https://git.lab',
      apiUrl: null,
      way: { kind: 'token', token: 'sEcReT' },
    });
    expect(wishOf(world, 'pool.add')).toMatchObject({ pool: { account: 'new' } });
    expect(paper.stderr).toBe('It ends in a week.\nSigned in as new; the account is called new.\n');
    expect(paper.stdout).not.toContain('sEcReT');
  });

  test('else the login of gh, which is said', async () => {
    const world = worldOf([]);
    world.handlers['account.ways'] = () => ({ gh: 'octo', device: null, tokenPages });
    const { code, paper } = await cli(add, world);
    expect([code, wishOf(world, 'account.add')]).toEqual([
      0,
      expect.objectContaining({ way: { kind: 'gh' } }),
    ]);
    expect(paper.stderr).toContain('The login of the gh program, octo, is used.');
  });

  test.each([
    ['none', [], [], 2, 'There is no account to register runners by.'],
    ['several', ['a', 'b'], [], 2, 'There are several accounts: a, b.'],
    ['no such one', ['a'], ['--account', 'b'], 1, 'There is no account called b.'],
    ['one elsewhere', ['a'], ['--account', 'a', '--url', 'https://git.lab'], 2, 'one at https://github.com'],
  ])('%s: a sentence, and nothing is made', async (_, ids, argv, expected, sentence) => {
    const world = worldOf(ids.map((id) => account(id)));
    const { code, paper } = await cli([...add, ...argv], world);
    expect([code, paper.stderr]).toEqual([expected, expect.stringContaining(sentence)]);
    expect(wishOf(world, 'pool.add')).toBeUndefined();
    expect(wishOf(world, 'account.add')).toBeUndefined();
  });
});

describe('pool add: the checks before it', () => {
  test('ask with all that was wished', async () => {
    const world = worldOf([account('octo')]);
    const argv = ['--group', 'lab', '--mode', 'ephemeral', '--min', '0', '--allow-public', '--label', 'A'];
    expect((await cli([...add.slice(0, -1), 'octo', ...argv], world)).code).toBe(0);
    const wish = {
      forge: 'github',
      scope: 'octo',
      account: 'octo',
      group: 'lab',
      mode: 'ephemeral',
      min: 0,
      publicAllowed: true,
      labels: ['a'],
    };
    expect(wishOf(world, 'pool.try')).toEqual({ pool: wish });
    expect(wishOf(world, 'pool.add')).toEqual({ id: null, pool: wish });
  });

  test('what is not ok is told, with --json in the document', async () => {
    const lights = [light({}), warning];
    const { code, paper } = await cli(add, worldOf([account('octo')], lights));
    expect([code, paper.stderr]).toEqual([0, 'NO  workflows: One uses docker. Look at it.\n']);
    expect(paper.stdout).toBe('The pool github was made: auto, aggressive, up to 4 runners.\n');
    const json = await cli([...add, '--json'], worldOf([account('octo')], lights));
    expect(json.paper.documents).toEqual([{ pool, notes: [], lights }]);
  });

  test('one that blocks refuses: exit 4, its sentence, nothing made', async () => {
    const lights = [warning, refusal];
    const world = worldOf([account('octo')], lights);
    const { code, paper } = await cli(add, world);
    expect([code, wishOf(world, 'pool.add')]).toEqual([4, undefined]);
    expect(paper.stderr).toBe(
      'NO  workflows: One uses docker. Look at it.\nhomerunner: The repository is public. Make it private. https://github.com/o/r/settings\n',
    );
    const json = await cli([...add, '--json'], worldOf([account('octo')], lights));
    expect([json.code, json.paper.documents]).toEqual([
      4,
      [{ problem: expect.objectContaining({ code: 'refused-by-policy', message: refusal.message }), lights }],
    ]);
  });

  test('where nobody can be asked, that is only noted', async () => {
    const world = worldOf([account('octo')]);
    world.handlers['pool.try'] = () => {
      throw noSupervisor();
    };
    const { code, paper } = await cli(add, world);
    expect([code, wishOf(world, 'pool.add')]).toEqual([0, expect.anything()]);
    expect(paper.stderr).toContain('is checked once `homerunner run` runs');
  });

  test('--allow-public asks a person', async () => {
    for (const [answers, argv, expected] of [
      [['n'], [], 1],
      [[null], [], 1],
      [['y'], [], 0],
      [[], ['--yes'], 0],
    ] as const) {
      const world = worldOf([account('octo')]);
      const paper = Object.assign(new Paper(), { interactive: true, answers: [...answers] });
      expect((await cli([...add, '--allow-public', ...argv], world, paper)).code).toBe(expected);
      expect(wishOf(world, 'pool.add') !== undefined).toBe(expected === 0);
    }
    // Not for nothing: what a check forbids is told instead.
    const paper = Object.assign(new Paper(), { interactive: true, answers: [] });
    const forbidden = worldOf([account('octo')], [{ ...warning, blocks: true }]);
    expect((await cli([...add, '--allow-public'], forbidden, paper)).code).toBe(4);
  });

  test('a local pool asks nobody', async () => {
    const world = worldOf([]);
    expect((await cli(['pool', 'add', '--forge', 'local'], world)).code).toBe(0);
    expect(world.asked).toEqual([['pool.add', { id: null, pool: { forge: 'local' } }]]);
  });
});

describe('pool edit', () => {
  test('checks what the pool will be, and changes only what was named', async () => {
    const world = worldOf([account('octo')], [warning]);
    const argv = ['pool', 'edit', 'github', '--scope', 'o/*', '--no-public'];
    const { code, paper } = await cli(argv, world);
    expect([code, paper.stderr]).toEqual([0, 'NO  workflows: One uses docker. Look at it.\n']);
    const change = { scope: 'o/*', publicAllowed: false };
    const { id: _, ...before } = pool;
    expect(wishOf(world, 'pool.try')).toEqual({ pool: { ...before, ...change } });
    expect(wishOf(world, 'pool.edit')).toEqual({ pool: 'github', change });
  });

  test('is refused by a light that blocks', async () => {
    const world = worldOf([], [refusal]);
    expect((await cli(['pool', 'edit', 'github', '--max', '2'], world)).code).toBe(4);
    expect(wishOf(world, 'pool.edit')).toBeUndefined();
  });

  test('takes another account, which a local pool has not', async () => {
    const world = worldOf([account('octo'), account('ann')]);
    expect((await cli(['pool', 'edit', 'github', '--account', 'ann'], world)).code).toBe(0);
    expect(wishOf(world, 'pool.edit')).toEqual({ pool: 'github', change: { account: 'ann' } });
    world.handlers['pool.show'] = () => ({ pool: poolDefaults('local', 'auto', 'x64') });
    const { code, paper } = await cli(['pool', 'edit', 'local', '--account', 'ann'], world);
    expect([code, paper.stderr]).toEqual([2, expect.stringContaining('is a local one')]);
  });
});

test('pool check: each light on its line, with its page', async () => {
  const { code, paper } = await cli(['pool', 'check', 'github'], worldOf([], [light({}), refusal]));
  expect([code, paper.stdout]).toEqual([
    1,
    'ok  repository: It is private.\nNO  repository: The repository is public. Make it private. https://github.com/o/r/settings\n',
  ]);
});

test('pool show names account, group and what is allowed', async () => {
  const world = worldOf([]);
  world.handlers['pool.show'] = () => ({
    pool: { ...pool, scope: 'octo', group: 'lab', publicAllowed: true },
  });
  expect((await cli(['pool', 'show', 'github'], world)).paper.stdout).toMatch(
    /Jobs from: +github octo\nAccount: +octo\nRunner group: +lab\nPublic: +jobs of public repositories are allowed\n/,
  );
});
