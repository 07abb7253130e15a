/** Pictures of the window with real jobs that run, wait, fail, are cancelled: to be looked at by a person. */
import { afterAll, beforeAll, test } from 'vitest';
import { noBrowser, type OpenOptions, UiSite, type Window } from '../support/ui-page.ts';
import { Machine, workstation } from '../support/ui-machines.ts';
import { Story } from '../support/ui-story.ts';
import { Home } from '../support/product.ts';
import { fileOf, themes, wanted } from './shots.ts';

const sizes = { '960': { width: 960, height: 680 }, '380': { width: 380, height: 680 } } as const;

let site: UiSite;
let story: Story;

beforeAll(async () => {
  if (noBrowser !== null) throw new Error(noBrowser);
  site = await UiSite.open();
  story = await Story.tell();
}, 120_000);
afterAll(async () => {
  await story.end();
  await site.close();
}, 60_000);

type Scene = (window: Window) => Promise<void>;

async function shoot(
  name: string,
  hash: string,
  home: Home,
  scene: Scene = () => Promise.resolve(),
  more: Pick<OpenOptions, 'welcomed'> = {},
): Promise<void> {
  if (!wanted(name)) return;
  for (const [width, size] of Object.entries(sizes)) {
    const window = await site.window(home, { hash, size, ...more });
    await scene(window);
    for (const colorScheme of themes) {
      await window.page.emulateMedia({ colorScheme });
      await window.page.waitForTimeout(600);
      const file = fileOf(`${name}-${width}-${colorScheme}`);
      await window.page.screenshot({ path: file, fullPage: name.endsWith('-full') });
    }
    const complaints = await window.close();
    if (complaints.length > 0) console.error(`${name} ${width}:`, complaints.join('\n'));
  }
}

test('pictures of a machine at work', async () => {
  const { home } = story;
  await shoot('overview', 'overview', home, (w) => w.page.waitForTimeout(7000));
  await shoot('overview-full', 'overview', home, async (w) => {
    await w.page.waitForTimeout(7000);
    await w.page.locator('summary').first().click();
  });
  await shoot('overview-list', 'overview', home, (w) =>
    w.page.getByRole('button', { name: 'As a list' }).click(),
  );
  await shoot('overview-menu', 'overview', home, (w) =>
    w.page.getByRole('button', { name: 'Choose how long' }).click(),
  );
  await shoot('overview-quit', 'overview', home, async (w) => {
    await w.page.getByRole('button', { name: 'Choose how long' }).click();
    await w.page.getByRole('menuitem', { name: /quit/ }).click();
  });
  await shoot('jobs', 'jobs', home);
  await shoot('jobs-failed', `jobs/${story.failed}`, home, async (w) => {
    await w.page.getByRole('searchbox', { name: 'Search the log' }).fill("'section'");
  });
  await shoot('jobs-waiting', `jobs/${story.waiting}`, home);
  await shoot('ledger', 'ledger', home);
  await shoot('pools', 'pools', home);
  await shoot('pool-new', 'pools/new', home);
  await shoot('pool-edit-full', 'pools/local', home);
  await shoot('machine', 'machine', home, (w) => w.page.waitForTimeout(1500));
  await shoot('machine-full', 'machine', home, (w) => w.page.waitForTimeout(1500));
  await shoot('settings', 'settings', home);
  await shoot('settings-full', 'settings', home);
  await shoot('about', 'about', home);
});

test('pictures of a machine with graphics cards', async () => {
  const machine = await Machine.of(workstation());
  const measured: Scene = (w) => w.page.waitForTimeout(12_000);
  await shoot('machine-cards', 'machine', machine.home, measured);
  await shoot('machine-cards-full', 'machine', machine.home, measured);
  await machine.end();
});

test('pictures of a machine that is paused', async () => {
  await story.home.cli(['pause', '--for', '70m', '--reason', 'I need it for a talk']);
  await shoot('paused', 'overview', story.home);
  await story.home.cli(['resume']);
});

test('pictures of the first run and of nothing yet', async () => {
  const home = new Home();
  const running = await home.run();
  await shoot('first-run', 'overview', home, (w) => w.page.waitForTimeout(1500), { welcomed: false });
  await shoot('empty', 'overview', home);
  await shoot('empty-jobs', 'jobs', home);
  await running.stop();
  await home.dispose();
});

test('a picture of the first job', async () => {
  if (!wanted('first-run-sample')) return;
  for (const width of ['960', '380'] as const) {
    const home = new Home();
    const running = await home.run();
    const window = await site.window(home, { size: sizes[width], welcomed: false });
    await window.page.getByRole('button', { name: 'Start with a sample job' }).click();
    await window.page.getByText('step 3 of 5').waitFor();
    for (const colorScheme of themes) {
      await window.page.emulateMedia({ colorScheme });
      await window.page.screenshot({
        path: fileOf(`first-run-sample-${width}-${colorScheme}`),
      });
    }
    await window.close();
    await running.stop();
    await home.dispose();
  }
});

test('pictures of a supervisor that has gone', async () => {
  const home = new Home();
  const running = await home.run();
  await home.cli(['pool', 'add', '--forge', 'local']);
  if (wanted('lost')) {
    const window = await site.window(home, { hash: 'settings' });
    await window.go('pools');
    await running.kill();
    await window.page.waitForTimeout(1500);
    await window.page.screenshot({ path: fileOf('lost') });
    await window.close();
  } else await running.stop();
  await home.dispose();
});
