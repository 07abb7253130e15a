/** Accounts in the window: told, added in each way, removed; before a stand-in for what a supervisor answers of them. */
import { describe, expect, test } from 'vitest';
import { uiGitHubSite } from '../support/ui-github-site.ts';
import { noBrowser } from '../support/ui-page.ts';
import { until } from '../support/until.ts';

describe.skipIf(noBrowser !== null)(`accounts${noBrowser === null ? '' : ` (${noBrowser})`}`, () => {
  const site = uiGitHubSite();
  const button = (name: string | RegExp) => site.button(name);

  test('are told with how they sign in, what they may, when they end, where they are kept', async () => {
    await site.window.go('accounts');
    const list = site.window.page.getByRole('list', { name: 'Accounts' });
    await list.getByText('By the login of the gh program. Not kept here: read when needed.').waitFor();
    await list.getByText(/Kept in memory only: gone when Homerunner ends\. It ends in 5 days, on/).waitFor();
    expect(await list.locator('code').allTextContents()).toEqual(['repo', 'read:org', 'workflow', 'repo']);
    await list.getByText('The token of mholt at git.northwind.example has ended.').waitFor();
    await list.getByRole('button', { name: /^Open the page/ }).click();
    expect(site.window.desktop.askedOf('open.page')).toEqual([
      { url: 'https://git.northwind.example/settings/tokens' },
    ]);
  });

  test('a page that is not opened says so where it was asked for, with its address', async () => {
    site.window.desktop.refusesPages = true;
    await site.window.go('accounts');
    await button(/^Open the page/).click();
    await site.window.page.getByText('This page is not opened from here.').waitFor();
    await site.window.page
      .getByText('https://git.northwind.example/settings/tokens', { exact: true })
      .waitFor();
  });

  test('the login of gh is offered where it was found', async () => {
    await site.window.go('accounts/add');
    await button('Use mira-holt').click();
    await site.window.page.getByText('Signed in as mira-holt.').first().waitFor();
    expect(site.github.askedOf('account.add').map(({ way }) => way)).toEqual([{ kind: 'gh' }]);
  });

  test('a code is shown, its page opened, and the sign-in ends when it was typed', async () => {
    let type: () => void = () => undefined;
    site.github.typed = new Promise((resolve) => (type = resolve));
    await site.window.go('accounts/add');
    await site.choose(/^With a code/);
    await site.choose(/^Organisations too/);
    await button('Get a code').click();
    expect(site.github.askedOf('account.begin')[0]).toMatchObject({ organisations: true });
    await site.window.page.getByText('WDJB-MJHT').waitFor();
    await button('Copy: WDJB-MJHT').click();
    expect(site.window.desktop.askedOf('copy')).toEqual([{ text: 'WDJB-MJHT' }]);
    await button('Open the page').click();
    expect(site.window.desktop.askedOf('open.page')).toEqual([{ url: 'https://github.com/login/device' }]);
    await site.window.page.getByText('Waiting for github.com to say that you have typed it').waitFor();
    expect(await site.window.axe()).toEqual([]);
    type();
    await site.window.page.getByText('Signed in as mira-holt.').first().waitFor();
    expect(await site.window.page.getByRole('heading', { level: 1 }).textContent()).toBe('Accounts');
  });

  test('a token that may too little is refused in place, with the page that mends it', async () => {
    await site.window.go('accounts/add');
    await site.choose(/^Paste a token/);
    await button('Open the page for tokens').click();
    await site.choose(/^Organisations too/);
    await button('Open the page for tokens').click();
    expect(site.window.desktop.askedOf('open.page').map(({ url }) => url.split('scopes=')[1])).toEqual([
      'repo,read:org',
      'repo,admin:org',
    ]);
    await button('Sign in').click();
    await site.window.page.getByText('Paste the token.').waitFor();
    await site.window.page.getByLabel('Token', { exact: true }).fill('weak');
    await button('Sign in').click();
    await site.window.page.getByRole('alert').getByText('This token may not register runners').waitFor();
    await button(/^Open the page: This token/).waitFor();
    expect(await site.window.axe()).toEqual([]);
    await site.window.page.getByLabel('Token', { exact: true }).fill('ghp_good');
    await button('Sign in').click();
    await site.window.page.getByText('Signed in as mira-holt.').first().waitFor();
    // What was pasted is nowhere in the page any more.
    expect(await site.window.page.content()).not.toContain('ghp_good');
  });

  test('an App takes its id and its key from a file; what is wrong is said beside it', async () => {
    await site.window.go('accounts/add');
    await site.choose(/^GitHub App/);
    await button('Sign in').click();
    await site.window.page.getByText('Choose the file with the private key.').waitFor();
    site.window.desktop.opens = 'not a key';
    await button('Choose file…').click();
    await site.window.page.getByText('This file holds no private key.').waitFor();
    site.window.desktop.opens = '-----BEGIN RSA PRIVATE KEY-----\nx\n-----END RSA PRIVATE KEY-----\n';
    await button('Choose file…').click();
    await site.window.page.getByText('The key is read.').waitFor();
    await site.window.page.getByLabel('App', { exact: true }).fill('12345');
    await site.window.page.getByLabel('Installation').fill('678');
    await button('Sign in').click();
    await until(() => site.github.askedOf('account.add').length === 1, 'it was asked');
    expect(site.github.askedOf('account.add')[0]?.way).toEqual({
      ...{ kind: 'app', app: '12345', installation: 678, key: site.window.desktop.opens },
    });
  });

  test('another server is asked which ways it has', async () => {
    await site.window.go('accounts/add');
    await button('Enter its address').click();
    await site.window.page.getByLabel('Address of the server').fill('https://git.northwind.example');
    await site.window.page.getByLabel('Address of its API').focus();
    await until(() => site.github.askedOf('account.ways').at(-1)?.url != null, 'it was asked');
    await site.radio(/^Login of gh/).waitFor({ state: 'detached' });
    await site.choose(/^Paste a token/);
    await button('Open the page for tokens').click();
    expect(site.window.desktop.askedOf('open.page')[0]?.url).toContain(
      'https://git.northwind.example/settings',
    );
  });

  test('one is removed after its meaning was said', async () => {
    await site.window.go('accounts');
    await button('Remove the account mira-holt').click();
    const dialog = site.window.page.getByRole('alertdialog', { name: 'Remove the account mira-holt?' });
    await dialog.getByText('Tessera registers by it. Remove that pool first.').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await button('Remove the account mira-ci').click();
    await button('Remove account').click();
    await button('Remove the account mira-ci').waitFor({ state: 'detached' });
    expect(site.github.askedOf('account.remove')).toEqual([{ account: 'ci' }]);
  });
});
