/** For each test a site of its own, made when the test asks for it, and jobs at it that go on until they are let go. */
import { afterEach, expect } from 'vitest';
import { allow, Held } from './held.ts';
import { GitHubSite, type SiteOptions } from './site.ts';

export class HeldSite {
  site!: GitHubSite;
  held!: Held;

  /** For so many runners at once, whatever the machine has. */
  async open(slots = 8, options: SiteOptions = {}): Promise<GitHubSite> {
    this.site = await GitHubSite.open(options);
    this.held = new Held(this.site);
    allow(this.site.home, slots);
    return this.site;
  }
}

/** What the double was asked against GitHub's rules fails the test. */
export function heldSite(): HeldSite {
  const here = new HeldSite();
  afterEach(async () => {
    expect(here.site.github.violations).toEqual([]);
    await here.site.dispose();
  });
  return here;
}
