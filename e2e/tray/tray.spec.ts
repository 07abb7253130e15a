/** The icon as a desktop's panel sees it: read and clicked over D-Bus. */
import type { ElectronApplication } from 'playwright';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DesktopSite, noDesktop, windowOf } from '../support/desktop.ts';
import { noTrayHost, TrayHost } from '../support/tray-host.ts';
import { until } from '../support/until.ts';

const lacking = noDesktop() ?? noTrayHost();

let site: DesktopSite;
let panel: TrayHost;
let application: ElectronApplication;

beforeEach(async ({ skip, onTestFailed }) => {
  if (lacking !== null) skip(lacking);
  site = await DesktopSite.start();
  onTestFailed(() => {
    console.log(site.log());
  });
  panel = await TrayHost.start(site.bus.value);
  application = await site.launch({ args: ['--background'] });
  await panel.registered();
});

afterEach(async () => {
  if (lacking !== null) return;
  await panel.dispose();
  await site.dispose();
});

test('shows the sentence of the state, in the tooltip and as the first line', async () => {
  const { sentence } = await site.snapshot();
  await panel.entry(sentence);
  const [first] = await panel.menu();
  expect(first).toMatchObject({ label: sentence, enabled: false });
  await expect.poll(() => panel.tooltip()).toBe(sentence);
});

test('a click on a length pauses, and another picture says so; a click on Resume resumes', async () => {
  await site.snapshot();
  await panel.entry('Ready. Nothing asks this machine for work yet.');
  const idle = await panel.icon();
  expect(idle.length).toBeGreaterThan(200);
  await panel.click('Pause', 'For 1 hour');
  const { pause } = await site.snapshot((s) => s.pause !== null, 'it is paused');
  expect((pause?.until ?? 0) - Date.now()).toBeGreaterThan(59 * 60_000);
  expect((pause?.until ?? 0) - Date.now()).toBeLessThanOrEqual(60 * 60_000);
  const resume = await panel.entry('Resume');
  // Menu, tooltip and picture are three messages.
  await expect.poll(() => panel.tooltip()).toMatch(/^Paused by you until /);
  await expect.poll(() => panel.icon()).not.toBe(idle);
  expect(resume.enabled).toBe(true);
  await panel.click('Resume');
  await site.snapshot((s) => s.pause === null, 'it is not paused');
  await panel.entry('Pause');
  await expect.poll(() => panel.icon()).toBe(idle);
});

test('one pool is paused by itself', async () => {
  await site.snapshot();
  await site.home.json(['pool', 'add', '--forge', 'local', '--name', 'Work & play']);
  await panel.click('Pools', 'Work & play', 'Pause', 'Until I resume');
  const { pools, pause } = await site.snapshot((s) => s.pools[0]?.paused != null, 'the pool is paused');
  expect(pools[0]?.paused).toMatchObject({ by: 'owner', kind: 'indefinite' });
  expect(pause).toBeNull();
  await panel.click('Pools', 'Work & play', 'Resume');
  await site.snapshot((s) => s.pools[0]?.paused === null, 'the pool goes on');
});

test('a running job is there by its name, and its log can be opened', async () => {
  await site.snapshot();
  await site.home.json(['pool', 'add', '--forge', 'local']);
  const id = await site.home.submit(['sh', '-c', 'echo hello; exec sleep 60']);
  await site.snapshot((s) => s.state === 'working', 'the job runs');
  const { name } = await site.home.job(id);
  await panel.click('Running jobs', name, 'Open log');
  const page = await windowOf(application);
  expect(page.url()).toMatch(/^app:\/\/homerunner\//);
  await site.home.cli(['job', 'cancel', id]);
});

test('activating the icon opens the window, and a registration is repeated for a panel that comes back', async () => {
  expect(application.windows()).toHaveLength(0);
  await panel.activate();
  await windowOf(application);
  await panel.dispose();
  panel = await TrayHost.start(site.bus.value);
  await panel.registered();
  await until(async () => (await panel.menu()).length > 0, 'the menu is there again');
});

test('Quit ends the application and the supervisor in it', async () => {
  const { supervisor } = await site.snapshot();
  expect(supervisor.host).toBe('tray');
  const closed = application.waitForEvent('close');
  await panel.click('Quit Homerunner');
  await closed;
  expect((await site.home.cli(['status'])).code).toBe(3);
});
