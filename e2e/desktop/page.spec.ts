/** What a page may do that has become an enemy: everything that the bridge lets through, and nothing else. */
import type { ElectronApplication, Page } from 'playwright';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Bridge } from '../../src-main/contract/desktop.ts';
import { DesktopSite, linkOf, noDesktop, windowOf } from '../support/desktop.ts';
import { until } from '../support/until.ts';

const lacking = noDesktop();
let site: DesktopSite;
let application: ElectronApplication;
let page: Page;
let complaints: string[];

interface PageGlobals {
  readonly homerunner: Bridge;
  readonly document: {
    addEventListener(
      name: string,
      fn: (event: { violatedDirective: string; blockedURI: string }) => void,
    ): void;
    createElement(name: string): Record<string, string>;
    body: { appendChild(element: unknown): void };
  };
  open(url: string): unknown;
  fetch(url: string): Promise<unknown>;
  location: { href: string };
}

beforeEach(async ({ skip, onTestFailed }) => {
  if (lacking !== null) skip(lacking);
  site = await DesktopSite.start();
  onTestFailed(() => {
    console.log(site.log());
  });
  application = await site.launch();
  page = await windowOf(application);
  complaints = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await linkOf(page, (link) => link.connected, 'the window is connected');
});

afterEach(async () => {
  if (lacking === null) await site.dispose();
});

test('the page is in a sandbox of its own, and its own policy troubles it nowhere', async () => {
  const preferences = await application.evaluate(({ webContents }) =>
    webContents.getAllWebContents().map((each) => {
      const { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag } = (
        each as unknown as { getLastWebPreferences(): Electron.WebPreferences }
      ).getLastWebPreferences();
      return { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag };
    }),
  );
  expect(preferences).toEqual([
    { sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true, webviewTag: false },
  ]);
  await page.reload();
  await page.waitForTimeout(500);
  expect(complaints).toEqual([]);
});

test('every request that is not for its own files is refused, and every way out of the page', async () => {
  const found = await page.evaluate(async () => {
    const { document, fetch, open } = globalThis as unknown as PageGlobals;
    const violations: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) => {
      violations.push(event.violatedDirective);
    });
    const answers: unknown[] = [];
    for (const url of [
      'https://example.org/',
      'http://127.0.0.1:9/',
      'file:///etc/passwd',
      'app://homerunner/index.html',
      'app://other/',
    ])
      answers.push(
        await fetch(url).then(
          () => 'answered',
          () => 'refused',
        ),
      );
    const picture = document.createElement('img');
    picture['src'] = 'https://example.org/picture.png';
    const script = document.createElement('script');
    script['textContent'] = 'globalThis.injected = true';
    const frame = document.createElement('iframe');
    frame['src'] = 'app://homerunner/index.html';
    for (const element of [picture, script, frame]) document.body.appendChild(element);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const opened = open('https://example.org/');
    return { answers, violations, opened: opened === null, injected: 'injected' in globalThis };
  });
  expect(found.answers).toEqual(['refused', 'refused', 'refused', 'refused', 'refused']);
  expect(new Set(found.violations)).toEqual(
    new Set(['connect-src', 'img-src', 'script-src-elem', 'frame-src']),
  );
  expect(found).toMatchObject({ opened: true, injected: false });
  const before = page.url();
  await page.evaluate(() => {
    (globalThis as unknown as PageGlobals).location.href = 'https://example.org/';
  });
  await until(() => site.log().includes('tried to go elsewhere'), 'the refusal is logged');
  expect(page.url()).toBe(before);
  expect(application.windows()).toHaveLength(1);
});

test('even without its policy a page reaches nothing, and gets no rights', async () => {
  const reached = await application.evaluate(async ({ net, session }) => {
    const tries = ['https://example.org/', 'http://127.0.0.1:9/'].map((url) =>
      session.defaultSession.fetch(url).then(
        () => 'answered',
        (error: unknown) => String(error),
      ),
    );
    return { online: net.isOnline(), tries: await Promise.all(tries) };
  });
  for (const answer of reached.tries) expect(answer).toContain('ERR_BLOCKED_BY_CLIENT');
  const rights = await page.evaluate(async () => {
    const { navigator } = globalThis as unknown as {
      navigator: { permissions: { query(wish: object): Promise<{ state: string }> } };
    };
    const names = ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read'];
    return Promise.all(names.map(async (name) => (await navigator.permissions.query({ name })).state));
  });
  expect(new Set(rights)).toEqual(new Set(['denied']));
});

test('files outside of the window are not served, however the path is written', async () => {
  const paths = [
    '../main.cjs',
    '..%2fmain.cjs',
    '%2e%2e/%2e%2e/package.json',
    '..\\main.cjs',
    'a%00.html',
    '%',
    '/etc/passwd',
  ];
  const statuses = await application.evaluate(async ({ session }, names) => {
    const get = (name: string) =>
      session.defaultSession.fetch(`app://homerunner/${name}`, { bypassCustomProtocolHandlers: false }).then(
        (r) => r.status,
        () => 0,
      );
    return Promise.all(names.map(get));
  }, paths);
  for (const status of statuses) expect([0, 404]).toContain(status);
});

test('another page with the same channel in its hands is answered nothing', async () => {
  site.write(
    'raw-preload.cjs',
    `require('electron').contextBridge.exposeInMainWorld('raw', (m) => require('electron').ipcRenderer.invoke('homerunner', m))`,
  );
  const answer = await application.evaluate(async ({ BrowserWindow }, preload) => {
    const other = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
    await other.loadURL('app://homerunner/index.html');
    const said: unknown = await other.webContents.executeJavaScript(
      `raw({ do: 'execute', name: 'pool.list', args: {} })`,
    );
    other.destroy();
    return said;
  }, site.path('raw-preload.cjs'));
  expect(answer).toMatchObject({ ok: false, problem: { code: 'forbidden' } });
});

test('a log of many megabytes comes whole, and a slow page holds it up, not the application', async () => {
  await site.home.json(['pool', 'add', '--forge', 'local']);
  const job = await site.home.submit([
    'sh',
    '-c',
    'i=0; while [ $i -lt 2000 ]; do printf "%08192d" $i; i=$((i+1)); done',
  ]);
  await site.home.outcome(job, 60_000);
  const { bytes, ended, slowest } = await page.evaluate(async (id) => {
    const { homerunner } = globalThis as unknown as PageGlobals;
    let got = 0;
    let slow = 0;
    const problem = await new Promise((resolve) => {
      homerunner.stream(
        'log',
        { job: id, runner: null, cursor: 0, follow: false },
        {
          item: ({ data }) => {
            got += (data.length * 3) / 4;
          },
          end: resolve,
        },
      );
      void (async () => {
        for (let i = 0; i < 20; i++) {
          const begun = performance.now();
          await homerunner.execute('pool.list', {});
          slow = Math.max(slow, performance.now() - begun);
        }
      })();
    });
    return { bytes: got, ended: problem, slowest: slow };
  }, job);
  expect(ended).toBeNull();
  expect(bytes).toBeGreaterThanOrEqual(2000 * 8192);
  expect(bytes).toBeLessThan(2000 * 8192 + 200_000);
  expect(slowest).toBeLessThan(2000);
}, 120_000);

test('streams end with the page', async () => {
  await site.home.json(['pool', 'add', '--forge', 'local']);
  const job = await site.home.submit(['sh', '-c', 'while :; do echo line; sleep 0.01; done']);
  const follow = (): Promise<number> =>
    page.evaluate(async (id) => {
      const { homerunner } = globalThis as unknown as PageGlobals;
      let items = 0;
      for (let i = 0; i < 30; i++)
        homerunner.stream(
          'log',
          { job: id, runner: null, cursor: 0, follow: true },
          { item: () => (items += 1), end: () => undefined },
        );
      await new Promise((resolve) => setTimeout(resolve, 500));
      return items;
    }, job);
  // More than one page may have at once, but for those of pages that have gone.
  for (let i = 0; i < 4; i++) {
    expect(await follow()).toBeGreaterThan(0);
    await page.reload();
  }
  await site.home.cli(['job', 'cancel', job]);
});
