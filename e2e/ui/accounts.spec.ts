/** Accounts in the window: told, added in each way, removed; before a stand-in for what a supervisor answers of them. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Home, type Running } from '../support/product.ts';
import { UiGitHub } from '../support/ui-github.ts';
import { noBrowser, UiSite, type Window } from '../support/ui-page.ts';
import { until } from '../support/until.ts';

describe.skipIf(noBrowser !== null)(`accounts${noBrowser === null ? '' : ` (${noBrowser})`}`, () => {
  let site: UiSite;
  let home: Home;
  let running: Running;
  let github: UiGitHub;
  let window: Window;
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
    github = new UiGitHub();
    window = await site.window(home, { github });
  });
  afterEach(async () => {
    expect(await window.close()).toEqual([]);
  });
  const button = (name: string | RegExp) => window.page.getByRole('button', { name });
  const radio = (name: RegExp) => window.page.getByRole('radio', { name });

  test('are told with how they sign in, what they may, when they end, where they are kept', async () => {
    await window.go('accounts');
    const list = window.page.getByRole('list', { name: 'Accounts' });
    await list.getByText('By the login of the gh program. Not kept here: read when needed.').waitFor();
    await list.getByText(/Kept in memory only: gone when Homerunner ends\. It ends in 5 days, on/).waitFor();
    expect(await list.locator('code').allTextContents()).toEqual(['repo', 'read:org', 'workflow', 'repo']);
    await list.getByText('The token of mholt at git.northwind.example has ended.').waitFor();
    await list.getByRole('button', { name: /^Open the page/ }).click();
    expect(window.desktop.askedOf('open.page')).toEqual([
      { url: 'https://git.northwind.example/settings/tokens' },
    ]);
  });

  test('a page that is not opened says so where it was asked for, with its address', async () => {
    window.desktop.refusesPages = true;
    await window.go('accounts');
    await button(/^Open the page/).click();
    await window.page.getByText('This page is not opened from here.').waitFor();
    await window.page.getByText('https://git.northwind.example/settings/tokens', { exact: true }).waitFor();
  });

  test('the login of gh is offered where it was found', async () => {
    await window.go('accounts/add');
    await button('Use mira-holt').click();
    await window.page.getByText('Signed in as mira-holt.').first().waitFor();
    expect(github.askedOf('account.add').map(({ way }) => way)).toEqual([{ kind: 'gh' }]);
  });

  test('a code is shown, its page opened, and the sign-in ends when it was typed', async () => {
    let type: () => void = () => undefined;
    github.typed = new Promise((resolve) => (type = resolve));
    await window.go('accounts/add');
    await radio(/^With a code/).check({ force: true });
    await radio(/^Organisations too/).check({ force: true });
    await button('Get a code').click();
    expect(github.askedOf('account.begin')[0]).toMatchObject({ organisations: true });
    await window.page.getByText('WDJB-MJHT').waitFor();
    await button('Copy: WDJB-MJHT').click();
    expect(window.desktop.askedOf('copy')).toEqual([{ text: 'WDJB-MJHT' }]);
    await button('Open the page').click();
    expect(window.desktop.askedOf('open.page')).toEqual([{ url: 'https://github.com/login/device' }]);
    await window.page.getByText('Waiting for github.com to say that you have typed it').waitFor();
    expect(await window.axe()).toEqual([]);
    type();
    await window.page.getByText('Signed in as mira-holt.').first().waitFor();
    expect(await window.page.getByRole('heading', { level: 1 }).textContent()).toBe('Accounts');
  });

  test('a token that may too little is refused in place, with the page that mends it', async () => {
    await window.go('accounts/add');
    await radio(/^Paste a token/).check({ force: true });
    await button('Open the page for tokens').click();
    await radio(/^Organisations too/).check({ force: true });
    await button('Open the page for tokens').click();
    expect(window.desktop.askedOf('open.page').map(({ url }) => url.split('scopes=')[1])).toEqual([
      'repo,read:org',
      'repo,admin:org',
    ]);
    await button('Sign in').click();
    await window.page.getByText('Paste the token.').waitFor();
    await window.page.getByLabel('Token', { exact: true }).fill('weak');
    await button('Sign in').click();
    await window.page.getByRole('alert').getByText('This token may not register runners').waitFor();
    await button(/^Open the page: This token/).waitFor();
    expect(await window.axe()).toEqual([]);
    await window.page.getByLabel('Token', { exact: true }).fill('ghp_good');
    await button('Sign in').click();
    await window.page.getByText('Signed in as mira-holt.').first().waitFor();
    // What was pasted is nowhere in the page any more.
    expect(await window.page.content()).not.toContain('ghp_good');
  });

  test('an App takes its id and its key from a file; what is wrong is said beside it', async () => {
    await window.go('accounts/add');
    await radio(/^GitHub App/).check({ force: true });
    await button('Sign in').click();
    await window.page.getByText('Choose the file with the private key.').waitFor();
    window.desktop.opens = 'not a key';
    await button('Choose file…').click();
    await window.page.getByText('This file holds no private key.').waitFor();
    window.desktop.opens = '-----BEGIN RSA PRIVATE KEY-----\nx\n-----END RSA PRIVATE KEY-----\n';
    await button('Choose file…').click();
    await window.page.getByText('The key is read.').waitFor();
    await window.page.getByLabel('App', { exact: true }).fill('12345');
    await window.page.getByLabel('Installation').fill('678');
    await button('Sign in').click();
    await until(() => github.askedOf('account.add').length === 1, 'it was asked');
    expect(github.askedOf('account.add')[0]?.way).toEqual({
      ...{ kind: 'app', app: '12345', installation: 678, key: window.desktop.opens },
    });
  });

  test('another server is asked which ways it has', async () => {
    await window.go('accounts/add');
    await button('Enter its address').click();
    await window.page.getByLabel('Address of the server').fill('https://git.northwind.example');
    await window.page.getByLabel('Address of its API').focus();
    await until(() => github.askedOf('account.ways').at(-1)?.url != null, 'it was asked');
    await radio(/^Login of gh/).waitFor({ state: 'detached' });
    await radio(/^Paste a token/).check({ force: true });
    await button('Open the page for tokens').click();
    expect(window.desktop.askedOf('open.page')[0]?.url).toContain('https://git.northwind.example/settings');
  });

  test('one is removed after its meaning was said', async () => {
    await window.go('accounts');
    await button('Remove the account mira-holt').click();
    const dialog = window.page.getByRole('alertdialog', { name: 'Remove the account mira-holt?' });
    await dialog.getByText('Tessera registers by it. Remove that pool first.').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await button('Remove the account mira-ci').click();
    await button('Remove account').click();
    await button('Remove the account mira-ci').waitFor({ state: 'detached' });
    expect(github.askedOf('account.remove')).toEqual([{ account: 'ci' }]);
  });
});
