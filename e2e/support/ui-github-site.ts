/** For each test of a file a window before a real supervisor, with a stand-in for what it tells and answers of GitHub. */
import type { Locator } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { Home, type Running } from './product.ts';
import { UiGitHub } from './ui-github.ts';
import { UiSite, type Window } from './ui-page.ts';

export class UiGitHubSite {
  window!: Window;
  github!: UiGitHub;

  button(name: string | RegExp): Locator {
    return this.window.page.getByRole('button', { name });
  }

  /** Chooses what begins so; the mark itself is drawn over its element. */
  choose(name: RegExp): Promise<void> {
    return this.radio(name).check({ force: true });
  }

  radio(name: RegExp): Locator {
    return this.window.page.getByRole('radio', { name });
  }
}

/** What the page complains of fails the test. */
export function uiGitHubSite(): UiGitHubSite {
  const here = new UiGitHubSite();
  let site: UiSite;
  let home: Home;
  let running: Running;
  beforeAll(async () => {
    site = await UiSite.open();
    home = new Home();
    running = await home.run();
  });
  afterAll(async () => {
    await running.stop();
    await home.dispose();
    await site.close();
  });
  beforeEach(async () => {
    here.github = new UiGitHub();
    here.window = await site.window(home, { github: here.github });
  });
  afterEach(async () => {
    expect(await here.window.close()).toEqual([]);
  });
  return here;
}
