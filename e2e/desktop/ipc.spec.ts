/** Whatever a page sends, it is answered, and nothing is hurt by it. */
import type { ElectronApplication, Page } from 'playwright';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ask, DesktopSite, linkOf, noDesktop, windowOf } from '../support/desktop.ts';

const lacking = noDesktop();
let site: DesktopSite;
let application: ElectronApplication;
let page: Page;

beforeEach(async ({ skip, onTestFailed }) => {
  if (lacking !== null) skip(lacking);
  site = await DesktopSite.start();
  onTestFailed(() => {
    console.log(site.log());
  });
  application = await site.launch();
  page = await windowOf(application);
  await linkOf(page, (link) => link.connected, 'the window is connected');
});

afterEach(async () => {
  if (lacking === null) await site.dispose();
});

test('libraries answer pages on no channel of their own', async () => {
  await ask(page, 'desktop', 'preferences.change', { change: { theme: 'dark' } });
  // Electron itself listens for errors.
  expect(await application.evaluate(({ ipcMain }) => ipcMain.eventNames())).toEqual(['error']);
});

test('100,000 random messages: each is answered, nothing is done, nothing is hurt', async () => {
  const before = (await site.snapshot()).pools;
  const { answered, kinds } = await page.evaluate(async (total) => {
    const { homerunner } = globalThis as unknown as {
      homerunner: Record<string, (...args: unknown[]) => unknown>;
    };
    let seed = 12_345;
    const random = (n: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed % n;
    };
    const words = [
      'pool.show',
      'pool.edit',
      'job.show',
      'why',
      'preferences.change',
      'open.job',
      'secret.remove',
      'log',
      'load',
      '__proto__',
      'constructor',
      'toString',
      '',
      'x'.repeat(100),
      '\u0000',
      'état',
    ];
    const value = (depth: number): unknown => {
      const leaves = [
        null,
        undefined,
        true,
        -1,
        1.5,
        Number.NaN,
        Infinity,
        'a',
        '',
        'x'.repeat(5000),
        '\uD800',
        10n,
        new Date(0),
        new Map(),
        new Uint8Array(8),
        [],
        {},
        /x/,
      ];
      const kind = random(depth > 3 ? leaves.length : leaves.length + 4);
      if (kind < leaves.length) return leaves[kind];
      const inner = Array.from({ length: random(4) }, () => value(depth + 1));
      return kind % 2 === 0
        ? inner
        : Object.fromEntries(
            inner.map((each, i) => [['pool', 'job', 'change', 'args', '__proto__'][i] ?? 'x', each]),
          );
    };
    const found: Record<string, number> = {};
    let count = 0;
    const note = (kind: string): void => {
      count += 1;
      found[kind] = (found[kind] ?? 0) + 1;
    };
    const one = async (): Promise<void> => {
      const name = words[random(words.length)];
      if (random(20) === 0) {
        await new Promise<void>((resolve) => {
          let stop: unknown = null;
          const over = (): void => {
            note('stream');
            resolve();
          };
          try {
            stop = homerunner['stream']?.(name, value(0), { item: () => undefined, end: over });
          } catch {
            over();
          }
          if (random(2) === 0 && typeof stop === 'function') {
            (stop as () => void)();
            over();
          }
        });
        return;
      }
      let answer: unknown;
      try {
        answer = await homerunner[random(2) === 0 ? 'execute' : 'desktop']?.(name, value(0));
      } catch {
        // The bridge itself cannot carry every value.
        note('not carried');
        return;
      }
      const { ok, problem } = answer as { ok: boolean; problem?: { code: string } };
      note(ok ? 'ok' : (problem?.code ?? 'no problem'));
    };
    for (let left = total; left > 0; left -= 200)
      await Promise.all(Array.from({ length: Math.min(200, left) }, one));
    return { answered: count, kinds: found };
  }, 100_000);
  expect(answered).toBeGreaterThanOrEqual(100_000);
  expect(Object.keys(kinds)).not.toContain('unexpected');
  expect(Object.keys(kinds)).not.toContain('no problem');
  expect(kinds['usage']).toBeGreaterThan(10_000);
  expect((await site.snapshot()).pools).toEqual(before);
  expect(await ask(page, 'execute', 'pool.list', {})).toMatchObject({ ok: true });
  expect(site.log().length).toBeLessThan(100_000);
}, 300_000);

test('what is huge or deep is refused before it is looked into', async () => {
  const codes = await page.evaluate(async () => {
    const { homerunner } = globalThis as unknown as {
      homerunner: Record<
        string,
        (...args: unknown[]) => Promise<{ ok: boolean; problem: { code: string; message: string } }>
      >;
    };
    let deep: unknown = {};
    for (let i = 0; i < 100; i++) deep = { change: deep };
    const huge = ['x'.repeat(20_000_000), Array.from({ length: 200_000 }, () => 1), deep];
    return Promise.all(
      huge.map(
        async (args) =>
          (await homerunner['desktop']?.('preferences.change', { change: args }))?.problem.message,
      ),
    );
  });
  expect(codes.every((message) => message !== undefined)).toBe(true);
  expect(await ask(page, 'execute', 'pool.list', {})).toMatchObject({ ok: true });
}, 120_000);
