/** From nothing to a job of GitHub that was done here, as a person does it in the application. */
import type { ElectronApplication, Page } from 'playwright';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { allow, Held } from '../github/held.ts';
import { GitHubSite } from '../github/site.ts';
import { DesktopSite, noDesktop, windowOf } from '../support/desktop.ts';
import { until } from '../support/until.ts';

const lacking = noDesktop();
let desktop: DesktopSite;
let site: GitHubSite;
let page: Page;

beforeEach(async ({ skip, onTestFailed }) => {
  if (lacking !== null) skip(lacking);
  desktop = await DesktopSite.start({ env: { HOMERUNNER_DOUBLE_TIME: '0.1' } });
  site = await GitHubSite.open({ home: desktop.home });
  onTestFailed(() => {
    console.log(desktop.log(), desktop.supervisorLog());
  });
});

afterEach(async () => {
  if (lacking !== null) return;
  expect(site.github.violations).toEqual([]);
  await desktop.dispose();
  await site.dispose();
});

/** Pages are not opened in a browser, but told to the test. */
async function pagesOf(application: ElectronApplication): Promise<() => Promise<readonly string[]>> {
  await application.evaluate(({ shell }) => {
    const opened: string[] = [];
    Object.assign(globalThis, { opened });
    shell.openExternal = (url) => {
      opened.push(url);
      return Promise.resolve();
    };
  });
  return () => application.evaluate(() => (globalThis as unknown as { opened: string[] }).opened);
}

const button = (name: string | RegExp) => page.getByRole('button', { name });
/** By its words: what lies over a choice, such as what was said last, is waited for. */
const choose = (name: string) => page.getByText(name, { exact: true }).click();

async function signIn(): Promise<void> {
  await page.getByRole('link', { name: 'Serve GitHub' }).click();
  await page.getByRole('link', { name: 'Add account' }).click();
  await button('Enter its address').click();
  await page.getByLabel('Address of the server').fill(site.github.url);
  await page.getByLabel('Address of its API').focus();
  await choose('Paste a token');
  await page.getByLabel('Token', { exact: true }).fill(site.token);
  await button('Sign in').click();
}

async function addPool(): Promise<void> {
  await page.getByRole('option', { name: /^ann\/tools/ }).click();
  const lights = page.getByRole('list', { name: 'Checks' });
  await lights
    .getByText(/private/)
    .first()
    .waitFor();
  await choose('Own numbers');
  await page.getByLabel('Cores', { exact: true }).fill('0.5');
  await page.getByLabel('Memory in MiB', { exact: true }).fill('64');
  // Not before what was typed last has been checked too.
  await page.locator('button[type=submit]:not([aria-disabled])').click();
  await page.getByRole('heading', { level: 1, name: 'Pools' }).waitFor();
}

test('an account, a pool, a job with its page, and the workflow that falls back', async () => {
  allow(desktop.home, 4);
  const held = new Held(site);
  const application = await desktop.launch();
  page = await windowOf(application);
  const pages = await pagesOf(application);
  await signIn();
  await addPool();
  const [job = 0] = held.queue('build', ['self-hosted', 'linux']);
  await page.getByRole('link', { name: 'ann/tools · build' }).first().click();
  await page.locator('.job-top .ph').getByText('running').waitFor();
  await button('Open at GitHub').click();
  const [opened] = await until(async () => {
    const all = await pages();
    return all.length > 0 ? all : null;
  }, 'the page of the job is opened');
  expect(opened).toMatch(new RegExp(`^${site.github.url}/ann/tools/actions/runs/\\d+/job/${job}$`));
  held.release('build');
  await page.locator('.job-top .ph').getByText('succeeded').waitFor();
  expect(site.github.jobRuns.get(job)).toBe(1);
  await page.getByRole('link', { name: /^Pools/ }).click();
  await button(/^More for/).click();
  await page.getByRole('menuitem', { name: 'Copy workflow with fall-back' }).click();
  await page.getByText('The workflow is in the clipboard.').first().waitFor();
  const copied = await application.evaluate(({ clipboard }) => clipboard.readText());
  expect(copied).toMatch(/runs-on: .*fromJSON/);
  // What was pasted is nowhere on the disk in the clear, nor in a log.
  expect(desktop.log() + desktop.supervisorLog()).not.toContain(site.token);
});
