/** A home that cannot be used, files that are broken, a desktop without icons, a page that crashes, a plain user. */
import { chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ElectronApplication } from 'playwright';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DesktopState } from '../../src-main/contract/desktop.ts';
import type { Answer } from '../../src-main/contract/problem.ts';
import { answerDialogs, ask, DesktopSite, exitOf, linkOf, noDesktop, windowOf } from '../support/desktop.ts';
import { noTrayHost, TrayHost } from '../support/tray-host.ts';
import { until } from '../support/until.ts';
import { accounts } from '../support/users.ts';

const lacking = noDesktop();
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

test('a home that cannot be used: icon and window say why', async () => {
  writeFileSync(site.path('file'), '');
  const page = await windowOf(await site.launch({ args: ['--home', site.path('file/home')] }));
  const { problem } = await linkOf(page, (link) => link.problem?.code === 'forbidden', 'the window knows');
  expect(problem?.message).toContain(site.path('file/home'));
});

test('preferences that are broken begin anew, and are kept beside', async () => {
  const folder = path.join(site.home.path, 'desktop');
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(path.join(folder, 'preferences.json'), '{"preferences":');
  const page = await windowOf(await site.launch());
  const changed = (await ask(page, 'desktop', 'preferences.change', {
    change: { theme: 'dark' },
  })) as Answer<DesktopState>;
  expect(changed).toMatchObject({ ok: true, value: { preferences: { theme: 'dark', density: 'normal' } } });
  expect(readFileSync(path.join(folder, 'preferences.broken.json'), 'utf8')).toBe('{"preferences":');
  expect(readFileSync(path.join(folder, 'preferences.json'), 'utf8')).toContain('dark');
});

test('preferences of which one field is wrong keep the others', async () => {
  const folder = path.join(site.home.path, 'desktop');
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(
    path.join(folder, 'preferences.json'),
    JSON.stringify({ preferences: { theme: 'pink', density: 'compact' }, bounds: 'no' }),
  );
  const page = await windowOf(await site.launch());
  const state = (await ask(page, 'desktop', 'state', {})) as Answer<DesktopState>;
  expect(state).toMatchObject({
    ok: true,
    value: { preferences: { theme: 'system', density: 'compact' }, tray: false },
  });
});

test('the window comes back where it was, as far as that is on the screen', async () => {
  const folder = path.join(site.home.path, 'desktop');
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(
    path.join(folder, 'preferences.json'),
    JSON.stringify({ bounds: { x: 5000, y: -300, width: 700, height: 9000 } }),
  );
  const application = await site.launch();
  await windowOf(application);
  const bounds = await application.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.getBounds(),
  );
  expect(bounds).toEqual({ x: 580, y: 0, width: 700, height: 900 });
});

test('a screen that is unplugged takes no window with it', async () => {
  const application = await site.launch();
  await windowOf(application);
  const bounds = await application.evaluate(({ BrowserWindow, screen }) => {
    const [window] = BrowserWindow.getAllWindows();
    window?.setBounds({ x: 3000, y: 2000, width: 700, height: 500 });
    screen.emit('display-removed', {}, screen.getPrimaryDisplay());
    return window?.getBounds();
  });
  expect(bounds).toEqual({ x: 580, y: 400, width: 700, height: 500 });
});

test('without a place for an icon, closing asks once, and goes on or quits', async () => {
  const application = await site.launch();
  await windowOf(application);
  const close = (): Promise<void> =>
    application.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.close();
    });
  const asked = await answerDialogs(application, 'Go on without an icon');
  await close();
  await until(() => application.windows().length === 0, 'the window is closed');
  expect(await asked()).toHaveLength(1);
  expect((await site.snapshot()).supervisor.host).toBe('tray');
  expect(await exitOf(site.spawn())).toBe(0);
  await windowOf(application);
  await close();
  await until(() => application.windows().length === 0, 'it is closed without a question');
  expect(await asked()).toHaveLength(1);
});

test('with one, closing destroys the window, and the application goes on', async ({ skip }) => {
  skip(noTrayHost() !== null, noTrayHost() ?? '');
  const panel = await TrayHost.start(site.bus.value);
  const application = await site.launch();
  await windowOf(application);
  await application.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.close();
  });
  await until(() => application.windows().length === 0, 'the window is closed');
  const left = (): Promise<{ windows: number; renderers: number }> =>
    application.evaluate(({ app, BrowserWindow }) => ({
      windows: BrowserWindow.getAllWindows().length,
      renderers: app.getAppMetrics().filter(({ type }) => type === 'Tab').length,
    }));
  await until(async () => (await left()).renderers === 0, 'its process is gone');
  expect((await left()).windows).toBe(0);
  await panel.dispose();
});

test('a page that crashes comes back, and after three times a plain one says so', async () => {
  const application = await site.launch();
  await windowOf(application);
  for (let i = 0; i < 3; i++) {
    const before = await windowId(application);
    await application.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer();
    });
    await until(async () => (await windowId(application)) > before, 'there is a new window');
    await until(() => isLoaded(application), 'it has its page');
  }
  expect(await urlOf(application)).toBe('app://homerunner/crashed.html');
  expect((await site.snapshot()).supervisor.host).toBe('tray');
  await application.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(
      // A page that is left answers nothing.
      'setTimeout(() => document.querySelector("a").click())',
    ),
  );
  await until(async () => (await urlOf(application)).endsWith('/index.html'), 'the window is back');
});

function windowId(application: ElectronApplication): Promise<number> {
  return application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.id ?? 0);
}

function isLoaded(application: ElectronApplication): Promise<boolean> {
  return application.evaluate(
    ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.isLoading() === false,
  );
}

function urlOf(application: ElectronApplication): Promise<string> {
  return application.evaluate(
    ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL() ?? '',
  );
}

test('a failure that nobody expected: it is logged, and the application begins anew, once', async () => {
  const application = await site.launch({ args: ['--background'] });
  const { supervisor } = await site.snapshot();
  await application.evaluate(() => {
    setTimeout(() => {
      throw new Error('a planted failure');
    });
  });
  const next = await site.snapshot((s) => s.supervisor.pid !== supervisor.pid, 'it runs again');
  expect(site.log()).toContain('a planted failure');
  process.kill(next.supervisor.pid, 'SIGTERM');
  await until(async () => (await site.home.cli(['status'])).code === 3, 'it has ended');
});

test('a plain user has the sandbox', async ({ skip }) => {
  const plain = accounts.find(({ user }) => user !== null);
  if (plain?.user == null) return skip(accounts[1]?.skip ?? 'no plain user');
  for (const folder of [site.folder, site.home.path]) chownSync(folder, plain.user.uid, plain.user.gid);
  const child = site.spawn({}, plain.user);
  const pid = await until(async () => {
    const done = await site.home.cli(['status', '--json']);
    return done.code === 0 ? child.pid : null;
  }, 'it runs');
  const renderer = await until(() => sandboxed(pid), 'its page runs in a sandbox');
  expect(renderer).toBe(2);
  child.kill('SIGTERM');
  expect(await exitOf(child)).toBe(0);
});

/** The seccomp mode of a renderer below `parent`; null while there is none. */
function sandboxed(parent: number): number | null {
  for (const pid of readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ')) {
    if (pid === '') continue;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    const found = command.includes('--type=renderer')
      ? Number(/^Seccomp:\s*(\d)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
      : sandboxed(Number(pid));
    if (found !== null) return found;
  }
  return null;
}
