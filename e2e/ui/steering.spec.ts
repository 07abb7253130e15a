/** What a person does in the window to pools and settings, and what happens when something comes in between. */
import { afterEach, beforeAll, afterAll, beforeEach, describe, expect, test } from 'vitest';
import { Home, type Running } from '../support/product.ts';
import { noBrowser, UiSite, type Window } from '../support/ui-page.ts';
import { until } from '../support/until.ts';

describe.skipIf(noBrowser !== null)(`steering${noBrowser === null ? '' : ` (${noBrowser})`}`, () => {
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
    window = await site.window(home);
  });
  afterEach(async () => {
    const complaints = await window.close();
    if (running.alive) {
      await home.cli(['stop', '--now']);
      await running.ended();
    }
    await home.dispose();
    expect(complaints).toEqual([]);
  });
  const button = (name: string | RegExp) => window.page.getByRole('button', { name });
  const addPool = (...args: string[]) =>
    home.cli(['pool', 'add', '--forge', 'local', '--cores', '0.2', '--memory', '256m', ...args]);

  test('a pool is added, its mistakes named where they are; edited, with what that does; removed', async () => {
    await window.go('pools/new');
    await window.page.getByLabel('Name').fill('My builds');
    await window.page.getByLabel('Most at once').fill('0');
    await button('Add pool').click();
    await window.page.getByText('Enter a whole number from 1 to 1,000.').waitFor();
    expect(await window.page.evaluate(`document.activeElement.getAttribute('aria-invalid')`)).toBe('true');
    expect(await window.axe()).toEqual([]);
    await window.page.getByLabel('Most at once').fill('2');
    await window.page.getByRole('radio', { name: 'Own numbers' }).check();
    await window.page.getByRole('textbox', { name: 'Cores' }).fill('0.2');
    await window.page.getByLabel('Memory in MiB').fill('256');
    await window.page.getByRole('radio', { name: /^Manual/ }).check();
    await window.page.getByLabel('Kept ready').fill('1');
    await button('Add pool').click();
    const card = window.page.getByRole('region', { name: 'Pool My builds' });
    await card.getByText('idle').waitFor();
    await button('More for My builds').click();
    await window.page.getByRole('menuitem', { name: 'Edit pool…' }).click();
    await window.page.getByLabel('More labels').fill('fast');
    await window.page.getByText('1 idle runner is replaced.').waitFor();
    await button('Save').click();
    await until(async () => (await home.status()).pools[0]?.labels.includes('fast'), 'the label is there');
    await button('More for My builds').click();
    await window.page.getByRole('menuitem', { name: 'Remove pool…' }).click();
    await window.page.getByRole('alertdialog', { name: 'Remove My builds?' }).waitFor();
    expect(await window.axe()).toEqual([]);
    expect(await window.page.evaluate(`document.activeElement.textContent.trim()`)).toBe('Cancel');
    await button('Remove pool').click();
    await until(async () => (await home.status()).pools.length === 0, 'it is gone');
  });

  test('a pool is paused and changed from its card; a refusal falls back and says why', async () => {
    await addPool('--name', 'one');
    const toggle = window.page.getByRole('switch', { name: 'one takes jobs' });
    await toggle.click();
    await until(async () => (await home.status()).pools[0]?.paused, 'it is paused');
    await toggle.click();
    await until(async () => (await home.status()).pools[0]?.paused === null, 'it is resumed');
    await window.page.getByRole('radio', { name: 'Ephemeral' }).check({ force: true });
    await until(async () => (await home.status()).pools[0]?.mode === 'ephemeral', 'it is ephemeral');
    await running.kill();
    await window.page.getByRole('alert').first().waitFor();
    await toggle.click();
    await window.page
      .getByRole('region', { name: 'Pool one' })
      .getByText('The connection to the supervisor was lost.')
      .waitFor();
    expect(await toggle.isChecked()).toBe(true);
  });

  test('what is typed stays when the supervisor goes and comes back', async () => {
    await addPool('--name', 'one');
    await window.go('pools/one');
    await window.page.getByLabel('More labels').fill('typed-before');
    await running.kill();
    await window.page.getByText('The supervisor does not answer since').waitFor();
    await window.page.getByLabel('Weight').fill('3');
    expect(await window.axe()).toEqual([]);
    await button('Save').click();
    await window.page.getByText('The connection to the supervisor was lost.').last().waitFor();
    running = await home.run();
    await until(() => window.bridge.control !== null, 'the window has found the supervisor again');
    expect(await window.page.getByLabel('More labels').inputValue()).toBe('typed-before');
    await button('Save').click();
    await until(async () => (await home.status()).pools[0]?.weight === 3, 'it was saved');
  });

  test('settings hold at once: reserve, slots, theme, language; the configuration goes out and in', async () => {
    await addPool('--name', 'one');
    await window.go('settings');
    const slots = window.page.getByLabel('Most jobs at once');
    await slots.fill('0');
    await slots.press('Enter');
    await window.page.getByText('Enter a whole number from 1 to 1,000.').waitFor();
    await slots.fill('3');
    await slots.press('Enter');
    await until(async () => (await home.status()).allowance.ceiling === 3, 'three slots');
    const before = (await home.status()).capacity.cores.reserve;
    const cpu = window.page.getByRole('slider', { name: 'CPU' });
    await cpu.focus();
    await cpu.press('End');
    await until(async () => (await home.status()).capacity.cores.reserve > before, 'more is kept');
    await button('Export…').click();
    const [saved] = await until(() => {
      const asked = window.desktop.askedOf('save.text');
      return asked.length > 0 && asked;
    }, 'it was exported');
    window.desktop.opens = (saved?.text ?? '').replace('"one"', '"two"');
    await button('Import…').click();
    await button('Replace').click();
    await until(async () => (await home.status()).pools.length === 1, 'it was imported');
    await window.page.getByRole('radio', { name: 'Dark' }).check({ force: true });
    await until(
      () => window.page.evaluate<boolean>(`document.documentElement.dataset.theme === 'dark'`),
      'dark',
    );
    await window.page.getByRole('radio', { name: 'Deutsch' }).check({ force: true });
    await window.page.getByRole('heading', { name: 'Einstellungen' }).waitFor();
    expect(await window.page.evaluate(`document.documentElement.lang`)).toBe('de');
  });

  test('a report is read before it is saved', async () => {
    await window.go('about');
    await button('Make a report').click();
    const report = window.page.getByRole('region', { name: 'Report' }).last();
    await report.getByText('0.1.0').first().waitFor();
    expect(await window.axe()).toEqual([]);
    await button('Save…').click();
    await until(() => window.desktop.askedOf('save.text').length === 1, 'it was saved');
  });

  test('quitting asks by name; ending jobs asks once more; Escape and the safe button do no harm', async () => {
    await addPool('--name', 'one');
    const job = await home.submit(['sleep', '300']);
    await until(async () => (await home.job(job)).state === 'running', 'it runs');
    await button('Choose how long').click();
    await window.page.getByRole('menuitem', { name: 'Finish 1 job, then quit…' }).click();
    const dialog = window.page.getByRole('alertdialog');
    await dialog.getByText('sleep 300').waitFor();
    expect(await window.axe()).toEqual([]);
    expect(await window.page.evaluate(`document.activeElement.textContent.trim()`)).toBe('Finish first');
    await button('End 1 job…').click();
    await window.page.getByRole('alertdialog', { name: 'End 1 job now?' }).waitFor();
    await window.page.keyboard.press('Escape');
    await window.page.keyboard.press('Escape');
    await until(async () => (await dialog.count()) === 0, 'it is closed');
    expect(window.desktop.askedOf('quit')).toEqual([]);
    await button('Choose how long').click();
    await window.page.getByRole('menuitem', { name: 'Finish 1 job, then quit…' }).click();
    await button('Leave running').click();
    await until(() => window.desktop.askedOf('quit').length === 1, 'it was asked to quit');
    expect(window.desktop.askedOf('quit')).toEqual([{ how: 'leave-running' }]);
  });

  test('the tray leads to a job; its changes of state are said, at most one in five seconds', async () => {
    await addPool('--name', 'one');
    const job = await home.submit(['sleep', '300']);
    await window.bridge.navigate(`job:${job}`);
    await window.page.getByRole('region', { name: /^Job sleep 300/ }).waitFor();
    const live = window.page.locator('[role=status]');
    await until(async () => (await live.textContent())?.startsWith('Running 1 job.'), 'it was said');
    expect(await live.count()).toBe(1);
  });

  test('names of any kind are text, cut where they are too long, and never lead anywhere', async () => {
    const names = ['x'.repeat(64), '👍🏽 build 🏗️', 'מבנה ראשי‎', '<b>bold</b><script>alert(1)</script>'];
    for (const name of names) await addPool('--name', name);
    const job = await home.submit([
      'sh',
      '-c',
      `echo ok # ${'long '.repeat(60)}<img src=x onerror=alert(1)> עברית`,
    ]);
    await home.outcome(job);
    for (const size of [
      { width: 960, height: 680 },
      { width: 360, height: 640 },
    ]) {
      await window.page.setViewportSize(size);
      for (const hash of ['overview', 'pools', 'jobs', `jobs/${job}`, 'ledger', 'settings']) {
        await window.go(hash);
        await window.settled();
        expect(await window.sideways(), hash).toBeLessThanOrEqual(0);
        expect(await window.axe(), hash).toEqual([]);
      }
    }
    await window.go('pools');
    for (const name of names) await window.page.getByText(name, { exact: true }).first().waitFor();
    expect(await window.page.locator('main img, main script, main b:has-text("bold")').count()).toBe(0);
  }, 120_000);
});
