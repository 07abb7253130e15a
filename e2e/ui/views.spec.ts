/** Every view with real jobs in it: readable by everyone, at every width, in both themes and languages. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser, UiSite } from '../support/ui-page.ts';
import { Story } from '../support/ui-story.ts';

describe.skipIf(noBrowser !== null)(`the views${noBrowser === null ? '' : ` (${noBrowser})`}`, () => {
  let site: UiSite;
  let story: Story;
  beforeAll(async () => {
    site = await UiSite.open();
    story = await Story.tell();
  }, 120_000);
  afterAll(async () => {
    await story.end();
    await site.close();
  });
  const pages = (): Readonly<Record<string, string>> => ({
    overview: 'overview',
    'a running job': `jobs/${story.busy}`,
    'a failed job': `jobs/${story.failed}`,
    'a waiting job': `jobs/${story.waiting}`,
    ledger: 'ledger',
    pools: 'pools',
    'a new pool': 'pools/new',
    'a pool': 'pools/local',
    machine: 'machine',
    settings: 'settings',
    about: 'about',
  });

  for (const colorScheme of ['light', 'dark'] as const)
    test(`axe has nothing to say, ${colorScheme}`, async () => {
      const window = await site.window(story.home, { context: { colorScheme } });
      for (const [name, hash] of Object.entries(pages())) {
        await window.go(hash);
        await window.settled();
        expect(await window.axe(), name).toEqual([]);
      }
      expect(await window.close()).toEqual([]);
    }, 120_000);

  test('axe has nothing to say with more contrast, at 380 pixels, and in German', async () => {
    const size = { width: 380, height: 680 };
    const window = await site.window(story.home, {
      size,
      context: { contrast: 'more', reducedMotion: 'reduce' },
    });
    await window.desktop.answer('preferences.change', { change: { language: 'de' } });
    await window.page.reload();
    await window.page.getByRole('link', { name: 'Übersicht' }).waitFor();
    for (const [name, hash] of Object.entries(pages())) {
      await window.go(hash);
      await window.settled();
      expect(await window.axe(), name).toEqual([]);
    }
    expect(await window.close()).toEqual([]);
  }, 120_000);

  test('forced colours leave every control to be seen', async () => {
    const window = await site.window(story.home, { context: { forcedColors: 'active' } });
    for (const [name, hash] of Object.entries(pages())) {
      await window.go(hash);
      await window.settled();
      expect(await window.axe(), name).toEqual([]);
    }
    expect(await window.close()).toEqual([]);
  }, 120_000);

  for (const width of [360, 480, 820, 960, 2560])
    test(`nothing scrolls sideways at ${width} pixels, nor with texts 40 % longer`, async () => {
      const window = await site.window(story.home, { size: { width, height: 680 } });
      for (const [name, hash] of Object.entries(pages())) {
        await window.go(hash);
        await window.settled();
        expect(await window.sideways(), name).toBeLessThanOrEqual(0);
        await window.lengthen();
        expect(await window.sideways(), `${name}, longer`).toBeLessThanOrEqual(0);
        // Texts that were made longer by hand are not the page's own: it begins anew.
        await window.page.reload();
      }
      expect(await window.close()).toEqual([]);
    }, 120_000);

  test('at 200 % zoom everything is still there', async () => {
    const window = await site.window(story.home, {
      size: { width: 480, height: 340 },
      context: { deviceScaleFactor: 2 },
    });
    for (const hash of Object.values(pages())) {
      await window.go(hash);
      await window.settled();
      expect(await window.sideways(), hash).toBeLessThanOrEqual(0);
    }
    expect(await window.close()).toEqual([]);
  }, 120_000);

  test('the window weighs no more than it may', () => {
    const built = path.resolve('dist/renderer');
    const files = readdirSync(built, { recursive: true, withFileTypes: true });
    const bytes = files
      .filter((file) => file.isFile() && !file.name.endsWith('.map'))
      .reduce((sum, file) => sum + gzipSync(readFileSync(path.join(file.parentPath, file.name))).length, 0);
    expect(bytes).toBeLessThanOrEqual(250 * 1024);
    expect(bytes).toBeGreaterThan(10 * 1024);
  });
});
