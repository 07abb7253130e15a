/** Logs of real jobs in the window: long, coloured, growing, searched, copied, hostile. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Home, type Running } from '../support/product.ts';
import { noBrowser, UiSite, type Window } from '../support/ui-page.ts';
import { until } from '../support/until.ts';

describe.skipIf(noBrowser !== null)(`the log${noBrowser === null ? '' : ` (${noBrowser})`}`, () => {
  let site: UiSite;
  let home: Home;
  let running: Running;
  beforeAll(async () => {
    site = await UiSite.open();
    home = new Home();
    running = await home.run();
    await home.cli(['pool', 'add', '--forge', 'local', '--cores', '0.2', '--memory', '256m']);
  });
  afterAll(async () => {
    await home.cli(['stop', '--now']);
    await running.ended();
    await home.dispose();
    await site.close();
  });
  const open = (job: string, more: Parameters<UiSite['window']>[1] = {}): Promise<Window> =>
    site.window(home, { hash: `jobs/${job}`, ...more });
  const line = (window: Window, text: string) => window.page.locator('.log-line', { hasText: text });

  test('a million lines: few are in the page, the end and the begin are reached, any is found', async () => {
    const job = await home.submit(['seq', '-f', 'line %.0f of many', '1', '1000000']);
    await home.outcome(job);
    const window = await open(job);
    await line(window, 'line 1000000 of many').waitFor();
    const drawn = async (): Promise<number> => window.page.locator('.log-line').count();
    expect(await drawn()).toBeLessThan(120);
    await window.page.getByRole('log').press('Home');
    await window.page.evaluate(`document.querySelector('.log').scrollTop = 0`);
    await line(window, 'line 1 of many').first().waitFor();
    const follow = window.page.getByRole('button', { name: 'Follow the end' });
    expect(await follow.getAttribute('aria-pressed')).toBe('false');
    await window.page.keyboard.press('Control+f');
    await window.page.keyboard.type('LINE 654321 OF');
    await window.page.locator('mark.cur', { hasText: 'line 654321 of' }).waitFor();
    await window.page.getByText('1 of 1', { exact: true }).waitFor();
    // Scrolling all the way in 60 steps never blocks the page for long.
    const slowest = await window.page.evaluate<number>(`(async () => {
      const log = document.querySelector('.log');
      let slowest = 0;
      for (let i = 0; i <= 60; i += 1) {
        const began = performance.now();
        log.scrollTop = (log.scrollHeight / 60) * i;
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        slowest = Math.max(slowest, performance.now() - began);
      }
      return slowest;
    })()`);
    expect(slowest).toBeLessThan(1000);
    expect(await drawn()).toBeLessThan(120);
    expect(await window.close()).toEqual([]);
  }, 120_000);

  test('colours, progress, and whatever a program prints, are text', async () => {
    const script = String.raw`printf '\033[31mred\033[0m plain <img src=x onerror=alert(1)>\n10 %%\r20 %%\rdone\033[K\n\033]0;title\007\033[?25l\033[2Jtail\n'`;
    const job = await home.submit(['sh', '-c', script]);
    await home.outcome(job);
    const window = await open(job);
    await line(window, 'tail').waitFor();
    expect(await window.page.locator('.log-line > span').allTextContents()).toEqual([
      'red plain <img src=x onerror=alert(1)>',
      'done',
      'tail',
    ]);
    expect(await window.page.locator('.in-red').textContent()).toBe('red');
    expect(await window.page.locator('img').count()).toBe(0);
    expect(await window.axe()).toEqual([]);
    expect(await window.close()).toEqual([]);
  });

  test('it is followed while it grows, and not where one reads', async () => {
    const job = await home.submit(['sh', '-c', 'for i in $(seq 1 400); do echo "row $i"; sleep 0.05; done']);
    const window = await open(job);
    await line(window, 'row 60').waitFor();
    await window.page.getByRole('log').hover();
    await window.page.mouse.wheel(0, -400);
    const follow = window.page.getByRole('button', { name: 'Follow the end' });
    await until(async () => (await follow.getAttribute('aria-pressed')) === 'false', 'it follows no more');
    const top = await window.page.evaluate<number>(`document.querySelector('.log').scrollTop`);
    await window.page.waitForTimeout(600);
    expect(await window.page.evaluate<number>(`document.querySelector('.log').scrollTop`)).toBe(top);
    await follow.click();
    await until(
      () =>
        window.page.evaluate<boolean>(
          `(({ scrollTop, clientHeight, scrollHeight }) => scrollTop + clientHeight >= scrollHeight - 30)(document.querySelector('.log'))`,
        ),
      'it is at the end again',
    );
    await window.page.getByRole('button', { name: 'Cancel…' }).click();
    await window.page.getByRole('button', { name: 'Cancel job' }).click();
    await window.page.locator('.meta').getByText('cancelled').waitFor();
    expect((await home.outcome(job)).endedBy).toBe('owner');
    expect(await window.close()).toEqual([]);
  }, 90_000);

  test('wrapped lines are found where they are', async () => {
    const job = await home.submit([
      'sh',
      '-c',
      'for i in $(seq 1 300); do printf "%0400d\\n" $i; done; echo the needle; echo end',
    ]);
    await home.outcome(job);
    const window = await open(job);
    await line(window, 'end').waitFor();
    await window.page.getByRole('button', { name: 'Wrap lines' }).click();
    await line(window, 'end').waitFor();
    expect(
      await window.page.evaluate<boolean>(
        `((log) => log.scrollWidth <= log.clientWidth)(document.querySelector('.log'))`,
      ),
    ).toBe(true);
    await window.page.evaluate(`document.querySelector('.log').scrollTop = 0`);
    await window.page.getByRole('searchbox', { name: 'Search the log' }).fill('the needle');
    await window.page.locator('mark.cur').waitFor();
    expect(await window.page.locator('mark.cur').isVisible()).toBe(true);
    expect(await window.close()).toEqual([]);
  });

  test('it is copied and saved, and sent once more', async () => {
    const job = await home.submit(['sh', '-c', 'echo one; printf two']);
    await home.outcome(job);
    const window = await open(job);
    await line(window, 'two').waitFor();
    await window.page.getByRole('button', { name: 'Copy log' }).click();
    await until(() => window.desktop.askedOf('copy').length === 1, 'it was copied');
    expect(window.desktop.askedOf('copy')).toEqual([{ text: 'one\ntwo' }]);
    await window.page.getByRole('button', { name: 'Save log' }).click();
    await until(() => window.desktop.askedOf('save.log').length === 1, 'it was saved');
    await window.page.getByRole('button', { name: 'Run again' }).click();
    await until(
      async () => (await home.jobs()).filter(({ name }) => name.includes('printf two')).length === 2,
      'it was sent',
    );
    expect(await window.close()).toEqual([]);
  });

  test('a log goes on where it ended when the supervisor comes back', async () => {
    const job = await home.submit(['sh', '-c', 'for i in $(seq 1 200); do echo "step $i"; sleep 0.05; done']);
    const window = await open(job);
    await line(window, 'step 20').waitFor();
    await running.kill();
    await window.page.getByRole('alert').waitFor();
    running = await home.run();
    await line(window, 'step 200').waitFor({ timeout: 40_000 });
    const numbers = await window.page.locator('.log-line').filter({ hasText: /step/ }).allTextContents();
    const steps = numbers.map((text) => Number(/step (\d+)/.exec(text)?.[1]));
    expect(steps.slice(1).every((step, i) => step === (steps[i] ?? 0) + 1)).toBe(true);
    expect(await window.close()).toEqual([]);
  }, 90_000);
});
