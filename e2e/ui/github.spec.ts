/** Pools, jobs and runners of GitHub in the window, before a stand-in for what a supervisor tells and answers of them. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Home, type Running } from '../support/product.ts';
import { UiGitHub } from '../support/ui-github.ts';
import { noBrowser, UiSite, type Window } from '../support/ui-page.ts';
import { until } from '../support/until.ts';

describe.skipIf(noBrowser !== null)(`GitHub${noBrowser === null ? '' : ` (${noBrowser})`}`, () => {
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
  const pages = {
    overview: 'overview',
    pools: 'pools',
    'a new pool': 'pools/new/github',
    'a pool': 'pools/tessera',
    accounts: 'accounts',
    'a sign-in': 'accounts/add',
    'a waiting job': 'jobs/gh-93',
    'a lost job': 'jobs/gh-90',
  };

  describe('pools', () => {
    const scope = () => window.page.getByRole('combobox', { name: 'Repositories' });
    const option = (name: RegExp) => window.page.getByRole('option', { name });
    const add = () => button('Add pool');
    const choose = async () => {
      await window.go('pools/new/github');
      await radio(/^mira-holt/).check({ force: true });
      await option(/^harborline\/tessera /).waitFor();
    };

    test('a place is found by typing and chosen by keys; it is checked, then added', async () => {
      await choose();
      await scope().fill('tess');
      expect(await window.page.getByRole('option').count()).toBe(3);
      await scope().press('ArrowDown');
      await scope().press('Enter');
      expect(await scope().inputValue()).toBe('harborline/tessera');
      await window.page.getByText('The account can register runners').waitFor();
      await window.page.getByText('Workflows of outside collaborators run without approval.').waitFor();
      expect(await window.axe()).toEqual([]);
      await add().click();
      await until(() => github.askedOf('pool.add').length === 1, 'it was added');
      expect(github.askedOf('pool.add')[0]?.pool).toMatchObject({
        ...{ forge: 'github', scope: 'harborline/tessera', account: 'mira-holt', publicAllowed: false },
        ...{ group: null, mode: 'auto' },
      });
    });

    /** Pressed although it is held: nothing may come of it. */
    const addAnyway = () => add().click({ force: true });

    test('while a check is in the way nothing is saved, and it is said why', async () => {
      await choose();
      await option(/^harborline\/tessera-docs/).click();
      await window.page.getByText('Not yet: a check is in the way.').waitFor();
      await addAnyway();
      await window.page.getByRole('checkbox', { name: /^Jobs of public repositories may run here/ }).check();
      // A change is checked again.
      await until(() => github.askedOf('pool.try').at(-1)?.pool.publicAllowed, 'it was asked again');
      await button(/^Open the page: The repository is public/).click();
      expect(window.desktop.askedOf('open.page')[0]?.url).toContain('tessera-docs/settings');
      expect(github.askedOf('pool.add')).toEqual([]);
    });

    test('what could not be checked is not saved either, and is asked again by a button', async () => {
      await choose();
      github.refusal = {
        ...{ code: 'forge-unreachable', message: 'GitHub does not answer.', hint: 'It is tried again.' },
      };
      await scope().fill('harborline/tessera');
      await window.page.getByText('Not yet: it could not be checked.').waitFor();
      await window.page.getByText('GitHub does not answer.').waitFor();
      await addAnyway();
      expect(github.askedOf('pool.add')).toEqual([]);
      github.refusal = null;
      await button('Try again').click();
      await window.page.getByText('The account can register runners').waitFor();
    });

    test('names, weights and the like are not asked about; what matters is asked once it rests', async () => {
      await choose();
      await scope().pressSequentially('harborline/tessera', { delay: 20 });
      await window.page.getByText('The account can register runners').waitFor();
      const before = github.askedOf('pool.try').length;
      expect(before).toBe(1);
      await window.page.getByLabel('Name').fill('Another name');
      await window.page.getByLabel('Weight').fill('3');
      await window.page.waitForTimeout(1000);
      expect(github.askedOf('pool.try')).toHaveLength(before);
    });

    test('an organisation takes a group; all repositories of one owner cannot be kept ready', async () => {
      await choose();
      await scope().fill('harborline');
      await window.page.getByLabel('Runner group').fill('trusted');
      await until(() => github.askedOf('pool.try').at(-1)?.pool.group === 'trusted', 'it was asked');
      await scope().fill('https://github.com/mira-holt/*');
      await window.page.getByText('The repositories take turns.').waitFor();
      expect(await radio(/^Manual/).isDisabled()).toBe(true);
      await radio(/^Ephemeral/).check({ force: true });
      await window.page.getByLabel('Kept ready').fill('1');
      await add().click();
      await window.page.getByText('Over several repositories none can be kept ready: enter 0.').waitFor();
      expect(await window.axe()).toEqual([]);
    });

    test('without an account the way there and back is short', async () => {
      github.accounts = [];
      github.empty = true;
      github.tellsLate = true;
      await window.page.reload();
      await window.go('pools/new/github');
      await window.page.getByText('This needs an account at GitHub.').waitFor();
      await window.page.getByRole('link', { name: 'Add account' }).click();
      await button('Use mira-holt').click();
      await option(/^harborline\/tessera /).waitFor();
      expect(await radio(/^mira-holt/).isChecked()).toBe(true);
    });

    test('what cannot be listed can be typed, and the list asked for again', async () => {
      github.refusal = {
        ...{ code: 'rate-limited', message: 'GitHub asks for a pause.', hint: 'Wait until 15:10.' },
      };
      await window.go('pools/new/github');
      await radio(/^mira-holt/).check({ force: true });
      await window.page.getByText('GitHub asks for a pause.').waitFor();
      expect(await window.axe()).toEqual([]);
      github.refusal = null;
      await button('Try again').click();
      await option(/^harborline\/tessera /).waitFor();
    });

    test('one that is there is checked from its card, and again when it is changed', async () => {
      await window.go('pools');
      await button('More for Tessera').click();
      await window.page.getByRole('menuitem', { name: 'Check pool…' }).click();
      const dialog = window.page.getByRole('dialog', { name: 'Checks of Tessera' });
      await dialog.getByText('The repository is private').waitFor();
      expect(await window.axe()).toEqual([]);
      await dialog.getByRole('button', { name: 'Close' }).click();
      await window.go('pools/tessera');
      await scope().fill('harborline/tessera-firmware');
      await window.page.getByText('The account can register runners').waitFor();
      await button('Save').click();
      await until(() => github.askedOf('pool.edit').length === 1, 'it was changed');
      expect(github.askedOf('pool.edit')[0]).toEqual({
        ...{ pool: 'tessera', change: { scope: 'harborline/tessera-firmware' } },
      });
    });
  });

  test('jobs that wait at GitHub are listed with repository and why, and lead there', async () => {
    await window.go('jobs/gh-93');
    await window.page.getByRole('link', { name: /test \/ cuda/ }).waitFor();
    await window.page.getByText('It asks for the label gpu, which no pool here has.').waitFor();
    expect(await button('Cancel…').count()).toBe(0);
    await button(/^Open at GitHub/).click();
    expect(window.desktop.askedOf('open.page')[0]?.url).toContain('/harborline/tessera/actions/runs/');
    await window.page.getByRole('searchbox', { name: 'Search jobs' }).fill('tessera-docs');
    await window.page.getByRole('link', { name: /deploy \/ docs/ }).waitFor();
    expect(await window.page.getByRole('link', { name: /test \/ cuda/ }).count()).toBe(0);
  });

  test('a lost job is run again at GitHub, and a finished one opens there', async () => {
    await window.go('jobs/gh-90');
    await button('Run again at GitHub').click();
    await window.page.getByText('GitHub queues its failed jobs again.').first().waitFor();
    await window.go('jobs/gh-88');
    await button('Open at GitHub').click();
    expect(window.desktop.askedOf('open.job')).toEqual([{ job: 'gh-88' }]);
    expect(await button('Run again at GitHub').count()).toBe(0);
  });

  test('runners say in which phase they are and why; a download shows how far it is and is cancelled', async () => {
    await window.go('pools');
    const list = window.page.getByRole('list', { name: 'Runners of Tessera' });
    await list.getByRole('link', { name: 'test / build (ubuntu, stable)' }).waitFor();
    await list.getByText('GitHub still holds it busy after the crash').waitFor();
    await list.getByText('Made for “test / build (macos)”').waitFor();
    const bar = window.page.getByRole('progressbar', { name: 'Runner 2.331.0 for Linux x64' });
    expect(await bar.getAttribute('aria-valuenow')).toBe('67');
    await button('Cancel: Runner 2.331.0 for Linux x64').click();
    await bar.waitFor({ state: 'detached' });
  });

  test('what is not ours is warned of, and removed only by name and word', async () => {
    await window.page.getByText('An unknown runner is on this machine.').waitFor();
    await window.page.getByRole('link', { name: 'Show' }).click();
    await window.page.getByRole('heading', { name: 'Not ours' }).waitFor();
    expect(await button(/^Remove the registration/).count()).toBe(1);
    await button('Remove the registration hr-77be01-tessera-q2m8xa').click();
    await window.page.getByRole('alertdialog').waitFor();
    expect(await window.axe()).toEqual([]);
    expect(await window.page.evaluate(`document.activeElement.textContent.trim()`)).toBe('Cancel');
    await button('Remove registration').click();
    await button(/^Remove the registration/).waitFor({ state: 'detached' });
    expect(github.askedOf('runner.remove')).toEqual([{ runner: 'hr-77be01-tessera-q2m8xa', now: false }]);
  });

  test('an agent of others that is idle is taken over by a pool, with its labels', async () => {
    await window.go('pools');
    await button('Take over den-legacy…').click();
    const dialog = window.page.getByRole('dialog', { name: 'Take over den-legacy?' });
    await dialog.getByText('take the jobs of harborline/legacy').waitFor();
    await dialog.getByText('The pool gets its labels big-disk and cuda.').waitFor();
    expect(await window.axe()).toEqual([]);
    await dialog.getByRole('button', { name: 'Take over' }).click();
    const done = window.page.getByRole('dialog', { name: 'den-legacy is taken over' });
    await done.getByText('It got the labels big-disk and cuda.').waitFor();
    await done.getByText('Left out, as runners here cannot have them: arm64.').waitFor();
    await done.getByRole('button', { name: /^Copy: cd .* uninstall$/ }).click();
    await done.getByRole('button', { name: /^Copy: cd .*config\.sh remove$/ }).click();
    expect(window.desktop.askedOf('copy').map(({ text }) => text)).toEqual([
      "cd '/opt/actions-runner' && sudo ./svc.sh uninstall",
      "cd '/opt/actions-runner' && ./config.sh remove",
    ]);
    expect(await window.axe()).toEqual([]);
    expect(github.askedOf('runner.adopt')).toEqual([
      { folder: '/opt/actions-runner', pool: null, account: 'mira-holt', fresh: true },
    ]);
    await done.getByRole('button', { name: 'Close' }).click();
    expect(await window.page.evaluate(`document.activeElement.textContent.trim()`)).toBe('Take over…');
  });

  test('one that runs is to be stopped by its owner first; then a pool that serves the same is offered', async () => {
    await window.go('pools');
    await button('Take over den-tessera…').click();
    const dialog = window.page.getByRole('dialog', { name: 'Take over den-tessera?' });
    await dialog.getByRole('button', { name: /^Copy: cd .*svc\.sh stop$/ }).click();
    await dialog.getByRole('button', { name: 'Take over' }).click({ force: true });
    expect(await window.axe()).toEqual([]);
    expect(github.askedOf('runner.adopt')).toEqual([]);
    github.stopped = true;
    await dialog.getByRole('button', { name: 'Look again' }).click();
    await dialog.getByText('It runs, and may be at a job.').first().waitFor({ state: 'detached' });
    expect(await dialog.getByRole('radio', { name: /^Tessera/ }).isChecked()).toBe(true);
    await dialog.getByRole('button', { name: 'Take over' }).click();
    await window.page.getByText('The pool Tessera takes its jobs.').waitFor();
    expect(github.askedOf('runner.adopt')).toMatchObject([{ pool: 'tessera', fresh: false }]);
  });

  test('labels that cannot be read are said, by the account that is chosen; without one there is a way to it', async () => {
    github.adopters = 2;
    await window.go('pools');
    await button('Take over den-legacy…').click();
    const dialog = window.page.getByRole('dialog', { name: 'Take over den-legacy?' });
    await dialog.getByRole('radio', { name: /^mira-ci/ }).check({ force: true });
    await dialog.getByText('The token of mira-ci may not list runners.').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    github.adopters = 0;
    await button('Take over den-legacy…').click();
    await dialog.getByText('No account at github.com yet').first().waitFor();
    await dialog.getByRole('button', { name: 'Take over' }).click({ force: true });
    await dialog.getByRole('link', { name: 'Add account' }).click();
    await window.page.getByRole('heading', { name: 'Add an account at GitHub' }).waitFor();
    expect(github.askedOf('runner.adopt')).toEqual([]);
  });

  for (const colorScheme of ['light', 'dark'] as const)
    test(`axe has nothing to say, ${colorScheme}, nor does anything scroll sideways`, async () => {
      await window.page.emulateMedia({ colorScheme });
      for (const width of [960, 380])
        for (const [name, hash] of Object.entries(pages)) {
          await window.page.setViewportSize({ width, height: 680 });
          await window.go(hash);
          await window.settled();
          expect(await window.axe(), `${name} ${width}`).toEqual([]);
          expect(await window.sideways(), `${name} ${width}`).toBeLessThanOrEqual(0);
        }
    }, 120_000);

  test('in German, with texts 40 % longer, everything is still there at 360 pixels', async () => {
    await window.desktop.answer('preferences.change', { change: { language: 'de' } });
    await window.page.setViewportSize({ width: 360, height: 680 });
    for (const [name, hash] of Object.entries(pages)) {
      await window.page.reload();
      await window.go(hash);
      await window.settled();
      expect(await window.sideways(), name).toBeLessThanOrEqual(0);
      await window.lengthen();
      expect(await window.sideways(), `${name}, longer`).toBeLessThanOrEqual(0);
      await window.page.reload();
    }
  }, 120_000);
});
