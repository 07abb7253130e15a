import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AccountView } from '../../contract/account.ts';
import { cli, MemoryWorld, now, Paper } from '../cli.test-kit.ts';

const view = (more: Partial<AccountView> = {}): AccountView => ({
  id: 'octo',
  forge: 'github',
  kind: 'token',
  login: 'octo',
  url: 'https://github.com',
  scopes: ['repo', 'read:org'],
  expiresAt: now + 86_400_000,
  kept: 'keyring',
  problem: null,
  ...more,
});

const secret = 'ghp_0123456789abcdefABCDEF0123456789abcd';
const worldWith = (handlers: MemoryWorld['handlers']) => Object.assign(new MemoryWorld(), { handlers });
const signsIn = () => worldWith({ 'account.add': () => ({ account: view(), notes: ['Kept in memory.'] }) });
const typing = (input: string | null) => Object.assign(new Paper(), { input });

let folder = '';
beforeAll(() => (folder = mkdtempSync(path.join(tmpdir(), 'cli-'))));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const written = (name: string, text: string): string => {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
};

describe('account add', () => {
  const asked = async (argv: string[], paper = new Paper()) => {
    const world = signsIn();
    const outcome = await cli(['account', 'add', ...argv], world, paper);
    expect(outcome.code).toBe(0);
    expect(outcome.paper.stdout).toBe('Signed in as octo; the account is called octo.\n');
    expect(outcome.paper.stderr).toBe('Kept in memory.\n');
    return world.asked;
  };
  const plain = { id: null, forge: 'github', url: null, apiUrl: null };

  test('by the login of gh', async () => {
    expect(await asked(['--forge', 'github', '--login', 'gh'])).toEqual([
      ['account.add', { ...plain, way: { kind: 'gh' } }],
    ]);
  });

  test('by a token from standard input or a file, trimmed', async () => {
    const way = { kind: 'token', token: secret };
    expect(await asked(['--token-stdin'], typing(`${secret}\n`))).toEqual([
      ['account.add', { ...plain, way }],
    ]);
    expect(await asked(['--token-file', written('token', `\n${secret}\n`)])).toEqual([
      ['account.add', { ...plain, way }],
    ]);
  });

  test('as an App, at another address, under a name', async () => {
    const argv = ['--app', '12', '--key-file', written('app.pem', 'PEM\n'), '--installation', '7'];
    const where = ['--name', 'lab', '--url', 'https://git.lab/', '--api-url', 'https://git.lab/api/v3'];
    expect(await asked([...argv, ...where])).toEqual([
      [
        'account.add',
        {
          id: 'lab',
          forge: 'github',
          url: 'https://git.lab',
          apiUrl: 'https://git.lab/api/v3',
          way: { kind: 'app', app: '12', key: 'PEM', installation: 7 },
        },
      ],
    ]);
  });

  test('by a code: page and code are told on stderr, then it waits', async () => {
    const page = 'https://github.com/login/device';
    for (const json of [[], ['--json', '--organisations']]) {
      const world = signsIn();
      world.handlers['account.begin'] = () => ({ id: 's1', code: 'AB-12', page, expiresAt: now + 900_000 });
      const { code, paper } = await cli(['account', 'add', '--device', ...json], world);
      expect(code).toBe(0);
      expect(paper.stderr).toContain(`Open ${page} and type the code AB-12\nWaiting for it, 15 min at most`);
      expect(world.asked).toEqual([
        ['account.begin', { forge: 'github', url: null, apiUrl: null, organisations: json.length > 0 }],
        ['account.add', { ...plain, way: { kind: 'device', signIn: 's1' } }],
      ]);
      if (json.length > 0) expect(paper.documents).toEqual([{ account: view(), notes: ['Kept in memory.'] }]);
    }
  });

  test('works without a supervisor', async () => {
    const world = Object.assign(new MemoryWorld(), {
      reachable: [false],
      offlineHandlers: { 'account.add': () => ({ account: view(), notes: [] }) },
    });
    expect((await cli(['account', 'add', '--login', 'gh'], world)).code).toBe(0);
  });

  test('a token on the command line is refused in each place, and never repeated', async () => {
    const old = '0123456789abcdef0123456789abcdef01234567';
    for (const argv of [
      ['account', 'add', '--token', 'hunter2'],
      ['account', 'add', '--token=hunter2'],
      ['account', 'add', '--token-stdin', 'hunter2'],
      ['account', 'add', '--token-stdin=hunter2'],
      ['pool', 'add', '--forge', 'github', '--token-stdin', 'hunter2'],
      ['pool', 'edit', 'p', '--token-stdin', 'hunter2'],
      ...[secret, `github_pat_${old}`, old].flatMap((token) => [
        ['account', 'add', token],
        ['account', 'add', '--token-file', token],
        ['account', 'add', '--login', token],
        ['account', 'remove', token],
        ['pool', 'add', '--forge', 'github', `--account=${token}`],
      ]),
    ]) {
      for (const json of [[], ['--json']]) {
        const { code, paper, world } = await cli([...argv, ...json], new MemoryWorld(), typing(''));
        const said = paper.stdout + paper.stderr;
        expect([code, world.asked]).toEqual([2, []]);
        expect(said).toMatch(/token/);
        for (const token of ['hunter2', secret, old]) expect(said).not.toContain(token);
      }
    }
  });

  test('a file that cannot be read, or is empty', async () => {
    for (const [file, sentence] of [
      [path.join(folder, 'none'), 'cannot be read'],
      [written('empty', ' \n'), 'is empty'],
    ] as const) {
      const { code, paper } = await cli(['account', 'add', '--token-file', file]);
      expect([code, paper.stderr]).toEqual([2, expect.stringContaining(sentence)]);
    }
  });
});

test('account list: login, kind, scopes, expiry, place and what is wrong', async () => {
  const accounts = [
    view(),
    view({
      id: 'env',
      login: 'ann',
      kind: 'environment',
      url: 'https://git.lab',
      scopes: null,
      expiresAt: null,
      kept: 'elsewhere',
      problem: { code: 'unauthorized', message: 'Refused.', hint: 'Make a new one.' },
    }),
    view({ id: 'gh', kind: 'gh', kept: 'elsewhere' }),
    view({ id: 'old', expiresAt: now - 1, kept: 'memory' }),
  ];
  const world = worldWith({ 'account.list': () => ({ accounts }) });
  const { paper } = await cli(['account', 'list'], world, Object.assign(new Paper(), { columns: 200 }));
  const lines = paper.stdout.split('\n').map((line) => line.split(/ {2,}/));
  expect(lines.slice(0, 5)).toEqual([
    ['ACCOUNT', 'LOGIN', 'KIND', 'SCOPES', 'EXPIRES', 'KEPT', 'PROBLEM'],
    ['octo', 'octo', 'token', 'repo, read:org', 'in 1 d', 'keyring'],
    ['env', 'ann at git.lab', 'variable', '?', 'environment', 'Refused.'],
    ['gh', 'octo', 'gh login', 'repo, read:org', 'in 1 d', 'by gh'],
    ['old', 'octo', 'token', 'repo, read:org', 'expired', 'memory only'],
  ]);
  expect((await cli(['account', 'list', '--json'], world)).paper.documents).toEqual([{ accounts }]);
  const none = await cli(['account', 'list'], worldWith({ 'account.list': () => ({ accounts: [] }) }));
  expect(none.paper.stdout).toContain('`homerunner account add --forge github --login gh`');
});

test('account remove', async () => {
  const world = worldWith({ 'account.remove': () => ({ notes: ['The token stays valid.'] }) });
  const { code, paper } = await cli(['account', 'remove', 'octo'], world);
  expect([code, paper.stdout, paper.stderr]).toEqual([
    0,
    'The account octo was removed.\n',
    'The token stays valid.\n',
  ]);
  expect(world.asked).toEqual([['account.remove', { account: 'octo' }]]);
});
