/** Pictures of everything of GitHub in the window: wide and narrow, light and dark, in English and German; for a person to look at. */
import { afterAll, beforeAll, test } from 'vitest';
import type { Language } from '../../src-main/contract/desktop.ts';
import { Home, type Running } from '../support/product.ts';
import { type Filled, type Key, type Speech, speechOf } from '../../src-renderer/texts/speech.ts';
import { UiGitHub } from '../support/ui-github.ts';
import { troubledAccounts } from '../support/ui-github-story.ts';
import { noBrowser, UiSite, type Window } from '../support/ui-page.ts';
import { fileOf, themes, wanted } from './shots.ts';

const sizes = { '1100': { width: 1100, height: 760 }, '380': { width: 380, height: 680 } } as const;

let site: UiSite;
let home: Home;
let running: Running;

beforeAll(async () => {
  if (noBrowser !== null) throw new Error(noBrowser);
  site = await UiSite.open();
  home = new Home();
  running = await home.run();
}, 60_000);
afterAll(async () => {
  await running.stop();
  await home.dispose();
  await site.close();
}, 60_000);

type Scene = (window: Window, say: Speech) => Promise<unknown>;
interface Shot {
  readonly hash: string;
  readonly github?: () => Partial<UiGitHub>;
  /** What a person does before; German texts are looked at as they come, without it. */
  readonly scene?: Scene;
  readonly welcomed?: boolean;
}

const never = new Promise<void>(() => undefined);
const forbidden = {
  code: 'forge-unreachable',
  message: 'GitHub does not answer: the connection was refused.',
  hint: 'It is tried again by itself; check your network.',
} as const;
const nothing = (): Partial<UiGitHub> => ({ accounts: [], empty: true });

/** Texts are named by key, those without blanks: the scenes are the same in each language. */
const words = ({ t }: Speech, text: Key | RegExp): string | RegExp =>
  typeof text === 'string' ? (t as (key: Key) => string)(text) : text;

const button =
  <K extends Key>(...text: [key: K, ...Filled<K>]): Scene =>
  ({ page }, { t }) =>
    page
      .getByRole('button', { name: t(...text), exact: true })
      .first()
      .click();
const radio =
  (name: Key | RegExp): Scene =>
  ({ page }, say) =>
    page
      .getByRole('radio', { name: words(say, name) })
      .first()
      .check({ force: true });
const field =
  (key: Key, value: string): Scene =>
  ({ page }, say) =>
    page.getByLabel(words(say, key), { exact: true }).first().fill(value);
const says =
  (text: Key | RegExp): Scene =>
  ({ page }, say) =>
    page.getByText(words(say, text)).first().waitFor();
const both =
  (...scenes: readonly Scene[]): Scene =>
  async (window, say) => {
    for (const scene of scenes) await scene(window, say);
  };
const place = (scope: string): Scene =>
  both(
    radio(/^mira-holt/),
    ({ page }) => page.getByRole('option').first().waitFor(),
    ({ page }) => page.getByRole('combobox').fill(scope),
  );
const menu = (item: Key): Scene =>
  both(button('do.more', { name: 'Tessera' }), ({ page }, say) =>
    page.getByRole('menuitem', { name: words(say, item) }).click(),
  );
const takeOver = (name: string, then: Key | RegExp): Scene =>
  both(button('take.openOne', { name }), says(then));

const shots: Readonly<Record<string, Shot>> = {
  'first-run': { hash: 'overview', welcomed: false, github: nothing },
  overview: { hash: 'overview' },
  pools: { hash: 'pools', scene: async ({ page }) => page.locator('summary').first().click() },
  'pool-menu': { hash: 'pools', scene: button('do.more', { name: 'Tessera' }) },
  'pool-snippet': { hash: 'pools', scene: both(menu('pool.snippet'), says('pool.snippet.done')) },
  'pool-check': { hash: 'pools', scene: menu('pool.check') },
  'pool-check-fails': {
    hash: 'pools',
    github: () => ({ refusal: forbidden }),
    scene: both(menu('pool.check'), says(/^GitHub does not answer/)),
  },
  'pool-remove': { hash: 'pools', scene: menu('pool.remove') },
  'pool-new': { hash: 'pools/new/github' },
  'pool-new-no-account': { hash: 'pools/new/github', github: nothing },
  'pool-red': {
    hash: 'pools/new/github',
    scene: both(place('harborline/tessera-docs'), says('check.blocked')),
  },
  'pool-amber': {
    hash: 'pools/new/github',
    scene: both(place('harborline/tessera'), says('check.name.self-hosted')),
  },
  'pool-green': {
    hash: 'pools/new/github',
    scene: both(place('mira-holt/weather-station'), says('check.name.self-hosted')),
  },
  'pool-loading': {
    hash: 'pools/new/github',
    github: () => ({ checked: never }),
    scene: both(place('harborline/tessera'), says('check.wait')),
  },
  'pool-fails': {
    hash: 'pools/new/github',
    scene: both(
      place('harborline'),
      (window) => Promise.resolve(Object.assign(window.github ?? {}, { refusal: forbidden })),
      place('harborline/tessera'),
      says(/^GitHub does not answer/),
    ),
  },
  'pool-errors': { hash: 'pools/new/github', scene: both(radio(/^mira-holt/), button('form.submit')) },
  'pool-edit': { hash: 'pools/tessera' },
  accounts: { hash: 'accounts' },
  'accounts-troubled': { hash: 'accounts', github: () => ({ accounts: troubledAccounts() }) },
  'accounts-none': { hash: 'accounts', github: nothing },
  'account-remove': { hash: 'accounts', scene: button('account.removeOne', { name: 'mira-holt' }) },
  'sign-in-gh': { hash: 'accounts/add' },
  'sign-in-code': { hash: 'accounts/add', scene: radio('way.device') },
  'sign-in-code-waits': {
    hash: 'accounts/add',
    github: () => ({ typed: never }),
    scene: both(radio('way.device'), button('way.device.do'), says(/WDJB/)),
  },
  'sign-in-token': { hash: 'accounts/add', scene: radio('way.token.text') },
  'sign-in-token-weak': {
    hash: 'accounts/add',
    scene: both(
      radio('way.token.text'),
      field('way.token.paste', 'weak'),
      button('way.do'),
      says(/^This token may not/),
    ),
  },
  'sign-in-app': { hash: 'accounts/add', scene: both(radio('way.app.text'), button('way.do')) },
  'sign-in-elsewhere': { hash: 'accounts/add', scene: button('way.elsewhere.do') },
  'take-over': { hash: 'pools', scene: takeOver('den-legacy', /big-disk/) },
  'take-over-runs': {
    hash: 'pools',
    github: () => ({ adopters: 2 }),
    scene: takeOver('den-tessera', 'take.stopService'),
  },
  'take-over-no-account': {
    hash: 'pools',
    github: () => ({ adopters: 0 }),
    scene: takeOver('den-legacy', 'take.do'),
  },
  'take-over-done': {
    hash: 'pools',
    scene: both(takeOver('den-legacy', /big-disk/), button('take.do'), says('take.left')),
  },
  'foreign-remove': {
    hash: 'pools',
    scene: button('foreign.removeOne', { name: 'hr-77be01-tessera-q2m8xa' }),
  },
  jobs: { hash: 'jobs' },
  'job-waiting': { hash: 'jobs/gh-93' },
  'job-running': { hash: 'jobs/gh-91' },
  'job-lost': { hash: 'jobs/gh-90' },
};

for (const [name, shot] of Object.entries(shots))
  test.runIf(wanted(`github-${name}`))(
    `github-${name}`,
    async () => {
      const open = (language: Language) => {
        const github = Object.assign(new UiGitHub(), shot.github?.());
        const welcomed = shot.welcomed ?? true;
        return site.window(home, { hash: shot.hash, github, welcomed, desktop: { language } });
      };
      const take = async (window: Window, width: keyof typeof sizes, as: string): Promise<void> => {
        await window.page.setViewportSize(sizes[width]);
        await window.page.waitForTimeout(400);
        await window.page.screenshot({ path: fileOf(`github-${name}-${width}-${as}`), fullPage: true });
      };
      for (const language of ['en', 'de'] as const) {
        const window = await open(language);
        await window.page.setViewportSize(sizes['1100']);
        await shot.scene?.(window, speechOf(language));
        for (const theme of language === 'en' ? themes : (['light'] as const)) {
          await window.page.emulateMedia({ colorScheme: theme });
          const as = language === 'en' ? theme : language;
          for (const width of ['1100', '380'] as const) await take(window, width, as);
        }
        const complaints = await window.close();
        if (complaints.length > 0) console.error(`${name} ${language}:`, complaints.join('\n'));
      }
    },
    60_000,
  );
