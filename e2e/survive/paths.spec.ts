/** Homes in unusual places: work is done there, or a sentence says why not. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Finished, Home } from '../support/product.ts';
import { until } from '../support/until.ts';
import { accounts, homeOf } from '../support/users.ts';

let parent: string;
const homes: Home[] = [];
beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), 'hr-paths-'));
});
afterEach(async () => {
  for (const home of homes.splice(0)) await home.dispose();
  rmSync(parent, { recursive: true, force: true });
});

/** A home of the tests whose program is told of `dir` instead. */
function homeAt(dir: string, env: Record<string, string> = {}): Home {
  const home = new Home({ under: parent, env: { HOMERUNNER_HOME: dir, ...env } });
  homes.push(home);
  return home;
}

/** A job from a commit with an output, in the home that is there. */
async function expectWork(home: Home): Promise<void> {
  const supervisor = await home.run();
  await home.json(['pool', 'add', '--forge', 'local']);
  const done = await home.cli([
    'submit',
    '--wait',
    '--copy',
    '--out',
    'made',
    '--',
    'sh',
    '-c',
    'cat there > made; echo "it is $(cat made)"',
  ]);
  expect(done).toMatchObject({ code: 0, stdout: 'it is here\n' });
  const [job] = await home.jobs();
  expect(await home.json(['job', 'get', job?.id ?? '', path.join(parent, 'got')])).toMatchObject({
    files: ['made'],
  });
  expect((await supervisor.stop()).code).toBe(0);
}

const places: readonly [string, (parent: string) => string][] = [
  ['200 characters long', (dir) => path.join(dir, 'x'.repeat(Math.max(1, 200 - dir.length - 1)))],
  ['with spaces and quotes', (dir) => path.join(dir, `a "home" of o'ne $HOME \`id\` \\ *`)],
  ['with other alphabets', (dir) => path.join(dir, 'Zuhause für ジョブ 🏠')],
  ['with a line feed', (dir) => path.join(dir, 'first\nsecond')],
  ['that begins with a dash', (dir) => path.join(dir, '--json')],
  ['deep in folders that are not there', (dir) => path.join(dir, 'a', 'b', 'c')],
  [
    'behind a link',
    (dir) => {
      mkdirSync(path.join(dir, 'real'));
      symlinkSync('real', path.join(dir, 'link'));
      return path.join(dir, 'link');
    },
  ],
];

test.each(places)('a home %s', async (_what, at) => {
  const home = homeAt(at(parent));
  writeFileSync(path.join(home.path, 'there'), 'here\n');
  await expectWork(home);
});

test('a relative --home, from different folders', async () => {
  const home = homeAt('');
  const child = home.spawn(['run', '--home', '../relative']);
  let out = '';
  child.stdout?.on('data', (data: Buffer) => (out += data.toString()));
  await until(() => out.includes('ready'), 'it is ready');
  expect(out).toContain(`home ${path.join(parent, 'relative')})`);
  expect((await home.cli(['status', '--home', 'relative'], { cwd: parent })).code).toBe(0);
  expect((await home.cli(['status', '--home', path.join(parent, 'relative')])).code).toBe(0);
  child.kill('SIGTERM');
  await until(() => child.exitCode !== null, 'it stops');
});

test('one home by two names has one supervisor', async () => {
  mkdirSync(path.join(parent, 'real'));
  symlinkSync('real', path.join(parent, 'link'));
  const home = homeAt(path.join(parent, 'real'));
  await home.run();
  const second = await home.cli(['run', '--home', path.join(parent, 'link')]);
  expect(second).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Another supervisor runs') as string,
  });
});

function expectSentence({ code, stdout, stderr }: Finished, words: RegExp): void {
  expect(code).toBe(1);
  expect(stderr).toMatch(words);
  expect(stderr).toMatch(/--home|home/);
  expect(stderr + stdout).not.toMatch(/^\s+at /m);
}

describe.each(accounts)('$title', (account) => {
  test('a home that is a file', async (context) => {
    if (account.skip !== null) context.skip(account.skip);
    const home = homeOf(account);
    homes.push(home);
    const file = path.join(home.path, 'file');
    writeFileSync(file, '');
    expectSentence(
      await home.cli(['run', '--home', file]),
      /cannot be made or written: a (file of that name is in the way|part of the path is a file)/,
    );
    expectSentence(
      await home.cli(['run', '--home', path.join(file, 'below')]),
      /a part of the path is a file/,
    );
  });
});

test('a home that may not be written', async (context) => {
  const plain = accounts.find((account) => account.user !== null);
  if (plain === undefined || plain.user === null) {
    context.skip('needs root and a plain user');
    return;
  }
  const home = homeOf(plain);
  homes.push(home);
  const sealed = path.join(path.dirname(home.path), 'sealed');
  mkdirSync(sealed);
  chownSync(sealed, plain.user.uid, plain.user.gid);
  chmodSync(sealed, 0o500);
  expectSentence(await home.cli(['run', '--home', sealed]), /cannot be made or written: access is denied/);
  expectSentence(
    await home.cli(['run', '--home', path.join(sealed, 'below')]),
    /cannot be made or written: access is denied/,
  );
  expectSentence(await home.cli(['run', '--home', '/proc/homerunner']), /cannot be made or written/);
});

test('a home on a disk that is read-only', async (context) => {
  if (process.getuid?.() !== 0) context.skip('only root can mount a disk read-only');
  const disk = path.join(parent, 'disk');
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,ro', 'tmpfs', disk], { stdio: 'pipe' });
  } catch (error) {
    context.skip(`no disk can be mounted here: ${String(error)}`);
  }
  try {
    const home = homeAt(path.join(disk, 'home'));
    expectSentence(await home.cli(['run']), /the file system is read-only/);
    expect((await home.cli(['status'])).code).toBe(3);
  } finally {
    execFileSync('umount', ['-l', disk]);
  }
});

test('a home of another user', async (context) => {
  const plain = accounts.find((account) => account.user !== null);
  if (plain === undefined || plain.user === null) {
    context.skip('needs root and a plain user');
    return;
  }
  const theirs = path.join(parent, 'theirs');
  mkdirSync(theirs);
  chownSync(theirs, plain.user.uid, plain.user.gid);
  expectSentence(await homeAt(theirs).cli(['run']), /belongs to another user \(uid \d+\), and you are uid 0/);
});

test('a shared folder is not made private', async () => {
  const shared = path.join(parent, 'shared');
  mkdirSync(shared, { mode: 0o755 });
  writeFileSync(path.join(shared, 'thesis.tex'), '');
  const done = await homeAt(shared).cli(['run']);
  expect(done).toMatchObject({ code: 2, stderr: expect.stringContaining('holds other things') as string });
});

describe('XDG_RUNTIME_DIR', () => {
  test.each<[string, (dir: string) => string]>([
    ['is missing', (dir) => path.join(dir, 'missing')],
    [
      'is a file',
      (dir) => {
        writeFileSync(path.join(dir, 'file'), '');
        return path.join(dir, 'file');
      },
    ],
    [
      'is too long',
      (dir) => {
        mkdirSync(path.join(dir, 'y'.repeat(120)));
        return path.join(dir, 'y'.repeat(120));
      },
    ],
    ['is relative', () => 'run'],
    ['is empty', () => ''],
    [
      'has a file where our folder should be',
      (dir) => {
        writeFileSync(path.join(dir, 'homerunner'), '');
        return dir;
      },
    ],
    [
      'has a link where our folder should be',
      (dir) => {
        symlinkSync('/etc', path.join(dir, 'homerunner'));
        return dir;
      },
    ],
  ])('%s: work is done, and clients with another one find the supervisor', async (_what, at) => {
    const home = homeAt(path.join(parent, 'home'), { XDG_RUNTIME_DIR: at(parent) });
    writeFileSync(path.join(home.path, 'there'), 'here\n');
    await expectWork(home);
    await home.run();
    expect((await home.cli(['status'], { env: { XDG_RUNTIME_DIR: parent } })).code).toBe(0);
    expect((await home.cli(['status'], { env: { XDG_RUNTIME_DIR: '' } })).code).toBe(0);
  });
});

test('a home that was moved while nobody ran works in its new place', async () => {
  const home = homeAt(path.join(parent, 'old'));
  writeFileSync(path.join(home.path, 'there'), 'here\n');
  await expectWork(home);
  renameSync(path.join(parent, 'old'), path.join(parent, 'new'));
  const moved = homeAt(path.join(parent, 'new'));
  writeFileSync(path.join(moved.path, 'there'), 'here\n');
  const supervisor = await moved.run();
  expect(await moved.outcome(await moved.submit(['cat', 'there']))).toMatchObject({ state: 'succeeded' });
  expect((await supervisor.stop()).code).toBe(0);
});
