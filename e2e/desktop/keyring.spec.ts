/** Secrets with a keyring that is open, locked, or not there at all. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ElectronApplication, Page } from 'playwright';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DesktopState } from '../../src-main/contract/desktop.ts';
import type { Answer } from '../../src-main/contract/problem.ts';
import { ask, DesktopSite, linkOf, noDesktop, windowOf } from '../support/desktop.ts';
import { hasProgram } from '../support/display.ts';
import { until } from '../support/until.ts';

const lacking = noDesktop() ?? (hasProgram('gnome-keyring-daemon') ? null : 'gnome-keyring is not installed');
const secret = 'correct-horse-battery';
let site: DesktopSite;

beforeEach(async ({ skip, onTestFailed }) => {
  if (lacking !== null) skip(lacking);
  site = await DesktopSite.start();
  onTestFailed(() => {
    console.log(site.log());
  });
});

afterEach(async () => {
  if (lacking === null) await site.dispose();
});

/** Starts the keyring on the site's bus, open to `password`; gives what ends it. */
async function openKeyring(password: string): Promise<() => void> {
  const env = site.env({ XDG_DATA_HOME: path.join(site.folder, 'data') });
  mkdirSync(path.join(site.folder, 'data'), { recursive: true });
  const daemon = spawn('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets'], {
    env,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  daemon.stdin.end(password);
  await until(() => {
    try {
      return execFileSync(
        'gdbus',
        [
          'call',
          '--session',
          '--dest',
          'org.freedesktop.DBus',
          '--object-path',
          '/',
          '--method',
          'org.freedesktop.DBus.NameHasOwner',
          'org.freedesktop.secrets',
        ],
        { env, encoding: 'utf8' },
      ).includes('true');
    } catch {
      return false;
    }
  }, 'the keyring is on the bus');
  return () => daemon.kill('SIGKILL');
}

async function open(): Promise<{ application: ElectronApplication; page: Page }> {
  const application = await site.launch({ env: { XDG_CURRENT_DESKTOP: 'GNOME' } });
  const page = await windowOf(application);
  await linkOf(page, (link) => link.connected, 'the window is connected');
  return { application, page };
}

async function stateOf(page: Page): Promise<DesktopState> {
  const answer = (await ask(page, 'desktop', 'state', {})) as Answer<DesktopState>;
  if (!answer.ok) throw new Error(answer.problem.message);
  return answer.value;
}

/** What a job that is given the secret prints of its length, and as it is masked. */
async function jobWith(name: string): Promise<string> {
  await site.home.json(['pool', 'add', '--forge', 'local', '--name', 'local']).catch(() => undefined);
  const id = await site.home.submit(['sh', '-c', `echo "length \${#${name}} value $${name}"`], {
    args: ['--in-place', '--secret', name],
  });
  const { state } = await site.home.outcome(id);
  return `${state}: ${(await site.home.cli(['job', 'logs', id])).stdout.trim()}`;
}

/** Every file of the site that holds the secret in the clear. */
function leaks(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return leaks(file);
    return entry.isFile() && readFileSync(file).includes(secret) ? [file] : [];
  });
}

test('an open keyring: a job gets the secret, after a restart too, and no file holds it', async () => {
  const close = await openKeyring('pw');
  const { application, page } = await open();
  expect((await stateOf(page)).keyring).toEqual({ backend: 'gnome_libsecret', problem: null, secrets: [] });
  const set = (await ask(page, 'desktop', 'secret.set', {
    name: 'TOKEN',
    value: secret,
  })) as Answer<DesktopState>;
  expect(set).toMatchObject({ ok: true, value: { keyring: { secrets: ['TOKEN'] } } });
  expect(JSON.stringify(set)).not.toContain(secret);
  expect(await jobWith('TOKEN')).toBe(`succeeded: length ${secret.length} value ***`);
  const file = path.join(site.home.path, 'secrets.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  await site.quit(application);
  await open();
  expect(await jobWith('TOKEN')).toBe(`succeeded: length ${secret.length} value ***`);
  expect(leaks(site.home.path)).toEqual([]);
  close();
});

test('no keyring: it is said, and the secret lives in memory alone', async () => {
  const application = await site.launch({ env: { XDG_CURRENT_DESKTOP: '' } });
  const page = await windowOf(application);
  await linkOf(page, (link) => link.connected, 'the window is connected');
  const { keyring } = await stateOf(page);
  expect(keyring).toMatchObject({ backend: null, problem: { code: 'no-keyring' } });
  expect(keyring.problem?.hint).toContain('gnome-keyring');
  await ask(page, 'desktop', 'secret.set', { name: 'TOKEN', value: secret });
  expect((await stateOf(page)).keyring.secrets).toEqual(['TOKEN']);
  expect(await jobWith('TOKEN')).toBe(`succeeded: length ${secret.length} value ***`);
  expect(existsSync(path.join(site.home.path, 'secrets.json'))).toBe(false);
  expect(leaks(site.home.path)).toEqual([]);
});

test('a locked keyring: what is kept stays, the job says why it cannot start, and nothing hangs', async () => {
  const close = await openKeyring('pw');
  const first = await open();
  await ask(first.page, 'desktop', 'secret.set', { name: 'TOKEN', value: secret });
  await site.quit(first.application);
  close();
  const file = path.join(site.home.path, 'secrets.json');
  const kept = readFileSync(file, 'utf8');
  const closeLocked = await openKeyring('another password');
  const { page } = await open();
  await expect(jobWith('TOKEN')).rejects.toThrow(
    'The secret TOKEN cannot be read: the keyring (gnome_libsecret) is locked',
  );
  expect((await stateOf(page)).keyring.secrets).toEqual(['TOKEN']);
  expect(readFileSync(file, 'utf8')).toBe(kept);
  closeLocked();
});

test('a file of secrets that is broken is left as it is', async () => {
  const file = path.join(site.home.path, 'secrets.json');
  writeFileSync(file, '{"version":1,');
  const close = await openKeyring('pw');
  const { page } = await open();
  expect(await ask(page, 'desktop', 'secret.set', { name: 'TOKEN', value: secret })).toMatchObject({
    ok: false,
    problem: { subject: file },
  });
  expect(readFileSync(file, 'utf8')).toBe('{"version":1,');
  close();
});
