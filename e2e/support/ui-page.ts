/** The window in a real browser, before the real supervisor; what goes wrong in the page fails the test. */
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright';
import type { DesktopState } from '../../src-main/contract/desktop.ts';
import type { Home } from './product.ts';
import { remove } from './remove.ts';
import { UiBridge } from './ui-bridge.ts';
import { UiDesktop } from './ui-desktop.ts';
import type { UiGitHub } from './ui-github.ts';
import { serve, type Served } from './ui-server.ts';

const built = path.resolve('dist/renderer');
const candidates = [process.env['HOMERUNNER_CHROMIUM'], '/usr/bin/chromium', '/usr/bin/google-chrome'];
const executablePath = candidates.find((file) => file !== undefined && existsSync(file));

/** Why tests of the window cannot run here; null where they can. */
export const noBrowser =
  executablePath === undefined
    ? 'no Chromium is installed (apt install chromium)'
    : existsSync(path.join(built, 'index.html'))
      ? null
      : 'the window is not built (npm run build:renderer)';

export interface OpenOptions {
  readonly hash?: string;
  readonly size?: { readonly width: number; readonly height: number };
  /** The owner has seen the first run; so it is unless said otherwise. */
  readonly welcomed?: boolean;
  readonly desktop?: Partial<DesktopState>;
  /** What is told of GitHub beside what the supervisor has. */
  readonly github?: UiGitHub;
  readonly context?: BrowserContextOptions;
  /** What the page may complain of without failing the test. */
  readonly allowed?: RegExp;
}

/** One browser and one file server for all tests of a file. */
export class UiSite {
  readonly #browser: Browser;
  readonly #served: Served;

  private constructor(browser: Browser, served: Served) {
    this.#browser = browser;
    this.#served = served;
  }

  static async open(): Promise<UiSite> {
    const options = executablePath === undefined ? {} : { executablePath };
    const browser = await chromium.launch({ ...options, args: ['--no-sandbox', '--disable-gpu'] });
    return new UiSite(browser, await serve(built));
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#served.close();
  }

  /** The window before the supervisor of `home`. */
  async window(home: Home, options: OpenOptions = {}): Promise<Window> {
    const context = await this.#browser.newContext({
      viewport: options.size ?? { width: 960, height: 680 },
      locale: 'en-GB',
      timezoneId: 'UTC',
      ...options.context,
    });
    const page = await context.newPage();
    const work = mkdtempSync(path.join(tmpdir(), 'hr-ui-'));
    const bridge = new UiBridge(page, home, options.github);
    const desktop = new UiDesktop(work, () => bridge.control, options.desktop);
    const window = new Window(
      { page, bridge, desktop, github: options.github ?? null },
      work,
      options.allowed ?? null,
    );
    const { preferences } = desktop.state;
    desktop.state = { ...desktop.state, preferences: { ...preferences, welcomed: options.welcomed ?? true } };
    await bridge.install(desktop);
    await page.goto(`${this.#served.url}#${options.hash ?? 'overview'}`);
    await page.waitForSelector('h1');
    return window;
  }
}

export class Window {
  readonly page: Page;
  readonly bridge: UiBridge;
  readonly desktop: UiDesktop;
  readonly github: UiGitHub | null;
  readonly complaints: string[] = [];
  readonly #work: string;

  constructor(
    { page, bridge, desktop, github }: Pick<Window, 'page' | 'bridge' | 'desktop' | 'github'>,
    work: string,
    allowed: RegExp | null,
  ) {
    this.page = page;
    this.bridge = bridge;
    this.desktop = desktop;
    this.github = github;
    this.#work = work;
    const complain = (text: string): void => {
      if (allowed?.test(text) !== true) this.complaints.push(text);
    };
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complain(message.text());
    });
    page.on('pageerror', (error) => complain(error.stack ?? error.message));
  }

  /** Goes to a page of the window. */
  async go(hash: string): Promise<void> {
    await this.page.evaluate(`location.hash = ${JSON.stringify(`#${hash}`)}`);
    await this.page.waitForSelector('main h1');
  }

  /** Waits until nothing is being asked for and the transitions of the page have ended. */
  async settled(): Promise<void> {
    await this.page.waitForFunction(`!document.querySelector('[aria-busy=true]')`);
    await this.page.evaluate(
      `Promise.all(document.getAnimations().filter((a) => a.effect?.getTiming().iterations !== Infinity).map((a) => a.finished.catch(() => {})))`,
    );
    await this.page.waitForTimeout(150);
  }

  /** What axe has to say against the page as it stands: WCAG 2.2 AA and best practice. */
  async axe(): Promise<readonly string[]> {
    // evaluate, unlike a script element, is not stopped by the policy of the page.
    await this.page.evaluate(axe.source);
    return this.page.evaluate<string[]>(`axe.run(document, { resultTypes: ['violations'] }).then((result) =>
      result.violations.flatMap((v) => v.nodes.map((n) => v.id + ': ' + n.target.join(' ') + ': ' + n.failureSummary)))`);
  }

  /** How many pixels the page is wider than its window. */
  sideways(): Promise<number> {
    return this.page.evaluate<number>(
      `document.documentElement.scrollWidth - document.documentElement.clientWidth`,
    );
  }

  /** Makes every text of the page 40 % longer, as another language would. */
  async lengthen(): Promise<void> {
    await this.page.evaluate(`(() => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const nodes = [];
      while (walker.nextNode()) nodes.push(walker.currentNode);
      for (const node of nodes) {
        const text = node.data.trim();
        if (!/\\p{L}{3}/u.test(text) || node.parentElement.closest('code, .log, .mono, bdi')) continue;
        node.data = node.data.replace(/\\p{L}{3,}/gu, (word) => word + 'é'.repeat(Math.ceil(word.length * 0.4)));
      }
    })()`);
  }

  /** Closes the page; what it complained of in the meantime is answered. */
  async close(): Promise<readonly string[]> {
    const errors = this.desktop.askedOf('log.error').map(({ message }) => message);
    this.bridge.close();
    await this.page.context().close();
    await remove(this.#work);
    return [...this.complaints, ...errors];
  }
}
