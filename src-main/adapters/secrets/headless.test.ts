import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Problem, problemOf } from '../../contract/problem.ts';
import { headlessSecrets } from './headless.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'secrets-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

type Env = Record<string, string | undefined>;
/** Without a keyring: no secret-tool on the PATH. */
const get = (name: string, env: Env = {}) => headlessSecrets({ env: { PATH: dir, ...env } }).get(name);
const failure = (promise: Promise<unknown>): Promise<Problem> =>
  promise.then(
    (value) => Promise.reject(new Error(`answered ${JSON.stringify(value)}`)),
    (thrown: unknown) => problemOf(thrown),
  );
const file = (name: string, text: string): string => {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
};
/** A program of that name that does as the script says. */
const program = (name: string, script: string) => chmodSync(file(name, `#!/bin/sh\n${script}\n`), 0o755);

describe('without a keyring', () => {
  it('is in a variable of the exact name, or in upper case', async () => {
    expect(
      await get('npm-token', { 'HOMERUNNER_SECRET_npm-token': 'a', HOMERUNNER_SECRET_NPM_TOKEN: 'b' }),
    ).toBe('a');
    expect(await get('npm-token', { HOMERUNNER_SECRET_NPM_TOKEN: 'b' })).toBe('b');
    expect(await get('X', { HOMERUNNER_SECRET_X: ' with\nlines ' })).toBe(' with\nlines ');
  });

  it('is in the file that a variable names, without the line feed at its end', async () => {
    expect(await get('X', { HOMERUNNER_SECRET_X_FILE: file('x', 'a\nb\n') })).toBe('a\nb');
    expect(await get('x', { HOMERUNNER_SECRET_X_FILE: file('x', 'c\r\n') })).toBe('c');
  });

  it('is in the credentials of the service', async () => {
    file('db', 'secret\n');
    expect(await get('db', { CREDENTIALS_DIRECTORY: dir })).toBe('secret');
  });

  it('is taken from the first place that has it', async () => {
    const env: Env = { CREDENTIALS_DIRECTORY: dir, HOMERUNNER_SECRET_A_FILE: file('f', 'file') };
    file('A', 'credential');
    expect(await get('A', { ...env, HOMERUNNER_SECRET_A: 'variable' })).toBe('variable');
    expect(await get('A', { ...env, HOMERUNNER_SECRET_A: '' })).toBe('file');
    expect(await get('A', { CREDENTIALS_DIRECTORY: dir })).toBe('credential');
  });

  it('says which file cannot be read, and never what the variable holds', async () => {
    const found = await failure(get('X', { HOMERUNNER_SECRET_X_FILE: 'ghp_putHereByMistake' }));
    expect(found.message).toBe(
      'The file that HOMERUNNER_SECRET_X_FILE names cannot be read (it does not exist).',
    );
    expect((await failure(get('X', { HOMERUNNER_SECRET_X_FILE: dir }))).message).toContain('(EISDIR)');
    mkdirSync(join(dir, 'Y'));
    expect((await failure(get('Y', { CREDENTIALS_DIRECTORY: dir }))).message).toContain(
      'The credential Y cannot be read',
    );
  });

  it.each(['', '../x', 'a/b', '.hidden', 'a b', 'x'.repeat(65)])('refuses %j as a name', async (name) => {
    expect((await failure(get(name, { CREDENTIALS_DIRECTORY: dir }))).code).toBe('usage');
  });

  it('tells how to store it where only a keyring could have it', async () => {
    const found = await failure(get('npm-token', { CREDENTIALS_DIRECTORY: dir }));
    expect(found).toMatchObject({ code: 'no-keyring', subject: 'npm-token' });
    expect(found.message).toContain('the program secret-tool was not found');
    expect(found.hint).toContain('HOMERUNNER_SECRET_NPM_TOKEN or HOMERUNNER_SECRET_NPM_TOKEN_FILE');
    expect(found.hint).toContain(
      "secret-tool store --label='Homerunner npm-token' service homerunner secret npm-token",
    );
  });
});

describe.skipIf(process.platform === 'win32')('asking secret-tool', () => {
  it('gives it neither the secrets of others nor any secret in its arguments', async () => {
    program('secret-tool', `/usr/bin/env > ${dir}/env; echo "$@" >> ${dir}/args; exit 1`);
    expect(await get('X', { HOMERUNNER_SECRET_OTHER: 'private', DISPLAY: ':9' })).toBeNull();
    const env = readFileSync(join(dir, 'env'), 'utf8');
    expect(env).toContain('DISPLAY=:9');
    expect(env).not.toContain('private');
    expect(readFileSync(join(dir, 'args'), 'utf8')).toBe(
      'lookup service homerunner secret X\nsearch service homerunner secret X\n',
    );
  });

  it('waits no longer than it may', async () => {
    program('secret-tool', 'exec /bin/sleep 60');
    const found = await failure(headlessSecrets({ env: { PATH: dir }, timeoutMs: 200 }).get('X'));
    expect(found.message).toContain('it did not answer in time');
  });

  it('says that it cannot be reached, where secret-tool says so', async () => {
    program('secret-tool', 'echo "Cannot autolaunch D-Bus without X11" >&2; exit 1');
    expect((await failure(get('X'))).message).toContain(
      'the keyring could not be asked: it cannot be reached.',
    );
  });
});

const onPath = (name: string) =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      return readdirSync(folder).includes(name);
    } catch {
      return false;
    }
  });
const missing = ['secret-tool', 'gnome-keyring-daemon', 'dbus-daemon', 'dbus-send'].filter(
  (name) => !onPath(name),
);

describe('a real keyring', () => {
  let session: string;
  let env: Env;
  const children: ChildProcess[] = [];
  const bus = (program: string, args: string[], input = '') =>
    spawnSync(program, args, { env: env, input, encoding: 'utf8', timeout: 20_000 });

  beforeAll(async () => {
    if (missing.length > 0) return;
    session = mkdtempSync(join(tmpdir(), 'keyring-'));
    env = { PATH: process.env['PATH'], HOME: session, XDG_RUNTIME_DIR: session, XDG_DATA_HOME: session };
    const daemon = spawn('dbus-daemon', ['--session', '--nofork', '--print-address'], {
      env: env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(daemon);
    const [address] = (await once(daemon.stdout, 'data')) as [Buffer];
    env['DBUS_SESSION_BUS_ADDRESS'] = address.toString().trim();
    const keyring = spawn('gnome-keyring-daemon', ['--unlock', '--foreground', '--components=secrets'], {
      env: env,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    children.push(keyring);
    keyring.stdin.end('password');
    // Asked for before it owns its name, the bus would start a second one, which is locked.
    const owned = ['--session', '--print-reply', '--dest=org.freedesktop.DBus', '/'];
    const name = ['org.freedesktop.DBus.NameHasOwner', 'string:org.freedesktop.secrets'];
    await vi.waitFor(() => expect(bus('dbus-send', [...owned, ...name]).stdout).toContain('boolean true'), {
      timeout: 20_000,
    });
    const store = ['store', '--label=test', 'service', 'homerunner', 'secret', 'stored'];
    expect(bus('secret-tool', store, 'from the keyring')).toMatchObject({ status: 0, stderr: '' });
  }, 40_000);

  afterAll(async () => {
    for (const child of children.reverse()) {
      const ended = once(child, 'exit');
      if (child.kill('SIGTERM')) await ended;
    }
    if (missing.length === 0) rmSync(session, { recursive: true, force: true, maxRetries: 5 });
  });

  it('has what was stored, knows of nothing else, and says when it is locked', async (context) => {
    if (missing.length > 0) context.skip(`${missing.join(', ')} missing here`);
    const secrets = headlessSecrets({ env, timeoutMs: 20_000 });
    expect(await secrets.get('stored')).toBe('from the keyring');
    expect(await secrets.get('other')).toBeNull();

    const lock = ['--session', '--print-reply', '--dest=org.freedesktop.secrets', '/org/freedesktop/secrets'];
    const collection = 'array:objpath:/org/freedesktop/secrets/collection/login';
    expect(bus('dbus-send', [...lock, 'org.freedesktop.Secret.Service.Lock', collection]).stderr).toBe('');
    expect(await failure(secrets.get('stored'))).toMatchObject({
      code: 'no-keyring',
      message: expect.stringMatching(/could not be asked: it is locked\.$/),
    });
    expect(await secrets.get('other')).toBeNull();
  }, 60_000);
});
