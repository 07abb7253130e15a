/** The first run, from consent to the first job, with a mouse and with keys alone. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Home, type Running } from '../support/product.ts';
import { noBrowser, UiSite, type Window } from '../support/ui-page.ts';
import { until } from '../support/until.ts';

describe.skipIf(noBrowser !== null)(`the first run${noBrowser === null ? '' : ` (${noBrowser})`}`, () => {
  let site: UiSite;
  let home: Home;
  let running: Running;
  let window: Window;
  beforeAll(async () => {
    site = await UiSite.open();
  });
  afterAll(() => site.close());
  beforeEach(async () => {
    home = new Home();
    running = await home.run();
    window = await site.window(home, { welcomed: false });
  });
  afterEach(async () => {
    const complaints = await window.close();
    if (running.alive) await running.stop();
    await home.dispose();
    expect(complaints).toEqual([]);
  });

  /** Tab until this has the focus; what is reached by keys is what people without a mouse can use. */
  async function tabTo(name: RegExp): Promise<void> {
    for (let i = 0; i < 40; i += 1) {
      await window.page.keyboard.press('Tab');
      const text = await window.page.evaluate<string>(
        `(document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '').trim()`,
      );
      if (name.test(text)) return;
    }
    throw new Error(`No way by keys to ${name.source}`);
  }

  test('says that nothing runs, and nothing does', async () => {
    await window.page.getByRole('heading', { name: 'Nothing runs until you say so.' }).waitFor();
    await window.page.getByText('Jobs run as you, with your files readable.').waitFor();
    await window.page.getByRole('list', { name: 'What this machine is good for' }).waitFor();
    for (const scheme of ['light', 'dark'] as const) {
      await window.page.emulateMedia({ colorScheme: scheme });
      expect(await window.axe()).toEqual([]);
    }
    expect((await home.status()).pools).toEqual([]);
  });

  test('by keys alone: a sample job runs, with its log, to its end; then the overview; then a pause', async () => {
    await window.page.getByRole('heading', { name: 'Nothing runs until you say so.' }).waitFor();
    await tabTo(/^Start with a sample job$/);
    await window.page.keyboard.press('Enter');
    await window.page.getByText('step 2 of 5').waitFor();
    expect(await window.axe()).toEqual([]);
    await window.page
      .getByRole('heading', { name: /^The first job succeeded after/ })
      .waitFor({ timeout: 30_000 });
    await tabTo(/^Open the overview$/);
    await window.page.keyboard.press('Enter');
    await window.page.getByRole('heading', { name: /^Ready\./ }).waitFor();
    expect(window.desktop.state.preferences.welcomed).toBe(true);

    await tabTo(/^Choose how long$/);
    await window.page.keyboard.press('Enter');
    await until(
      () => window.page.evaluate<boolean>(`/15 minutes/.test(document.activeElement.textContent)`),
      'the first length has the focus',
    );
    await window.page.keyboard.press('ArrowDown');
    await window.page.keyboard.press('Enter');
    await window.page.getByRole('heading', { name: /^Paused by you until/ }).waitFor();
    const { pause } = await home.status();
    expect(pause?.kind).toBe('duration');
    // The focus is back at the button that opened the menu, and the pause can be ended from there.
    await window.page.keyboard.press('Shift+Tab');
    await window.page.keyboard.press('Enter');
    await window.page.getByRole('heading', { name: /^Ready\./ }).waitFor();
    expect((await home.status()).pause).toBeNull();
  }, 90_000);

  test('one click serves the own repositories, and nothing runs yet', async () => {
    await window.page.getByRole('button', { name: 'Serve my repositories' }).click();
    await window.page.getByRole('heading', { name: 'Your repositories are served.' }).waitFor();
    const { pools, jobs } = await home.status();
    expect([pools.length, jobs.length]).toEqual([1, 0]);
    await window.page.getByRole('button', { name: /^Copy/ }).click();
    await until(() => window.desktop.askedOf('copy').length === 1, 'the command was copied');
    expect(window.desktop.askedOf('copy')).toEqual([{ text: 'npx homerunner submit --wait -- npm test' }]);
  });

  test('"not now" decides nothing but that', async () => {
    await window.page.getByRole('button', { name: 'Not now, stay in the tray' }).click();
    await until(() => window.desktop.askedOf('window.close').length === 1, 'the window was closed');
    expect((await home.status()).pools).toEqual([]);
    await window.page.getByRole('heading', { name: /^Ready\./ }).waitFor();
  });

  test('what is kept can be changed first', async () => {
    await window.page.getByRole('link', { name: 'Change this first' }).click();
    await window.page.getByRole('heading', { name: 'Settings' }).waitFor();
    await window.page.getByRole('link', { name: 'Overview' }).click();
    await window.page.getByRole('heading', { name: 'Nothing runs until you say so.' }).waitFor();
  });

  test('a refusal stands where it happened, with what to do', async () => {
    await running.kill();
    await window.page.waitForTimeout(300);
    await window.page.getByRole('button', { name: 'Serve my repositories' }).click();
    await window.page.getByRole('alert').getByText('The connection to the supervisor was lost.').waitFor();
    running = await home.run();
    await until(() => window.bridge.control !== null, 'the window has found the supervisor again');
    await window.page.getByRole('button', { name: 'Serve my repositories' }).click();
    await window.page.getByRole('heading', { name: 'Your repositories are served.' }).waitFor();
  });
});
