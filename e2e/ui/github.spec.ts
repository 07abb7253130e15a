/** Pools, jobs and runners of GitHub in the window, before a stand-in for what a supervisor tells and answers of them. */
import { describe, expect, test } from 'vitest';
import { uiGitHubSite } from '../support/ui-github-site.ts';
import { noBrowser } from '../support/ui-page.ts';
import { until } from '../support/until.ts';

describe.skipIf(noBrowser !== null)(`GitHub${noBrowser === null ? '' : ` (${noBrowser})`}`, () => {
  const site = uiGitHubSite();
  const button = (name: string | RegExp) => site.button(name);
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
    const scope = () => site.window.page.getByRole('combobox', { name: 'Repositories' });
    const option = (name: RegExp) => site.window.page.getByRole('option', { name });
    const add = () => button('Add pool');
    const choose = async () => {
      await site.window.go('pools/new/github');
      await site.choose(/^mira-holt/);
      await option(/^harborline\/tessera /).waitFor();
    };

    test('a place is found by typing and chosen by keys; it is checked, then added', async () => {
      await choose();
      await scope().fill('tess');
      expect(await site.window.page.getByRole('option').count()).toBe(3);
      await scope().press('ArrowDown');
      await scope().press('Enter');
      expect(await scope().inputValue()).toBe('harborline/tessera');
      await site.window.page.getByText('Right to register runners').waitFor();
      await site.window.page.getByText('Workflows of outside collaborators run without approval.').waitFor();
      expect(await site.window.axe()).toEqual([]);
      await add().click();
      await until(() => site.github.askedOf('pool.add').length === 1, 'it was added');
      expect(site.github.askedOf('pool.add')[0]?.pool).toMatchObject({
        ...{ forge: 'github', scope: 'harborline/tessera', account: 'mira-holt', publicAllowed: false },
        ...{ group: null, mode: 'auto' },
      });
    });

    /** Pressed although it is held: nothing may come of it. */
    const addAnyway = () => add().click({ force: true });

    test('while a check is in the way nothing is saved, and it is said why', async () => {
      await choose();
      await option(/^harborline\/tessera-docs/).click();
      await site.window.page.getByText('Not yet: a check is in the way.').waitFor();
      await addAnyway();
      await site.window.page
        .getByRole('checkbox', { name: /^Jobs of public repositories may run here/ })
        .check();
      // A change is checked again.
      await until(() => site.github.askedOf('pool.try').at(-1)?.pool.publicAllowed, 'it was asked again');
      await button(/^Open the page: Public repositories/).click();
      expect(site.window.desktop.askedOf('open.page')[0]?.url).toContain('tessera-docs/settings');
      expect(site.github.askedOf('pool.add')).toEqual([]);
    });

    test('what could not be checked is not saved either, and is asked again by a button', async () => {
      await choose();
      site.github.refusal = {
        ...{ code: 'forge-unreachable', message: 'GitHub does not answer.', hint: 'It is tried again.' },
      };
      await scope().fill('harborline/tessera');
      await site.window.page.getByText('Not yet: it could not be checked.').waitFor();
      await site.window.page.getByText('GitHub does not answer.').waitFor();
      await addAnyway();
      expect(site.github.askedOf('pool.add')).toEqual([]);
      site.github.refusal = null;
      await button('Try again').click();
      await site.window.page.getByText('Right to register runners').waitFor();
    });

    test('names, weights and the like are not asked about; what matters is asked once it rests', async () => {
      await choose();
      await scope().pressSequentially('harborline/tessera', { delay: 20 });
      await site.window.page.getByText('Right to register runners').waitFor();
      const before = site.github.askedOf('pool.try').length;
      expect(before).toBe(1);
      await site.window.page.getByLabel('Name').fill('Another name');
      await site.window.page.getByLabel('Weight').fill('3');
      await site.window.page.waitForTimeout(1000);
      expect(site.github.askedOf('pool.try')).toHaveLength(before);
    });

    test('an organisation takes a group; all repositories of one owner cannot be kept ready', async () => {
      await choose();
      await scope().fill('harborline');
      await site.window.page.getByLabel('Runner group').fill('trusted');
      await until(() => site.github.askedOf('pool.try').at(-1)?.pool.group === 'trusted', 'it was asked');
      await scope().fill('https://github.com/mira-holt/*');
      await site.window.page.getByText('The repositories take turns.').waitFor();
      expect(await site.radio(/^Manual/).isDisabled()).toBe(true);
      await site.choose(/^Ephemeral/);
      await site.window.page.getByLabel('Kept ready').fill('1');
      await add().click();
      await site.window.page
        .getByText('Over several repositories none can be kept ready: enter 0.')
        .waitFor();
      expect(await site.window.axe()).toEqual([]);
    });

    test('without an account the way there and back is short', async () => {
      site.github.accounts = [];
      site.github.empty = true;
      site.github.tellsLate = true;
      await site.window.page.reload();
      await site.window.go('pools/new/github');
      await site.window.page.getByText('This needs an account at GitHub.').waitFor();
      await site.window.page.getByRole('link', { name: 'Add account' }).click();
      await button('Use mira-holt').click();
      await option(/^harborline\/tessera /).waitFor();
      expect(await site.radio(/^mira-holt/).isChecked()).toBe(true);
    });

    test('what cannot be listed can be typed, and the list asked for again', async () => {
      site.github.refusal = {
        ...{ code: 'rate-limited', message: 'GitHub asks for a pause.', hint: 'Wait until 15:10.' },
      };
      await site.window.go('pools/new/github');
      await site.choose(/^mira-holt/);
      await site.window.page.getByText('GitHub asks for a pause.').waitFor();
      expect(await site.window.axe()).toEqual([]);
      site.github.refusal = null;
      await button('Try again').click();
      await option(/^harborline\/tessera /).waitFor();
    });

    test('one that is there is checked from its card, and again when it is changed', async () => {
      await site.window.go('pools');
      await button('More for Tessera').click();
      await site.window.page.getByRole('menuitem', { name: 'Check pool…' }).click();
      const dialog = site.window.page.getByRole('dialog', { name: 'Checks of Tessera' });
      await dialog.getByText('It is private').waitFor();
      expect(await site.window.axe()).toEqual([]);
      await dialog.getByRole('button', { name: 'Close' }).click();
      await site.window.go('pools/tessera');
      await scope().fill('harborline/tessera-firmware');
      await site.window.page.getByText('Right to register runners').waitFor();
      await button('Save').click();
      await until(() => site.github.askedOf('pool.edit').length === 1, 'it was changed');
      expect(site.github.askedOf('pool.edit')[0]).toEqual({
        ...{ pool: 'tessera', change: { scope: 'harborline/tessera-firmware' } },
      });
    });
  });

  test('jobs that wait at GitHub are listed with repository and why, and lead there', async () => {
    await site.window.go('jobs/gh-93');
    await site.window.page.getByRole('link', { name: /test \/ cuda/ }).waitFor();
    await site.window.page.getByText('It asks for the label gpu, which no pool here has.').waitFor();
    expect(await button('Cancel…').count()).toBe(0);
    await button(/^Open at GitHub/).click();
    expect(site.window.desktop.askedOf('open.page')[0]?.url).toContain('/harborline/tessera/actions/runs/');
    await site.window.page.getByRole('searchbox', { name: 'Search jobs' }).fill('tessera-docs');
    await site.window.page.getByRole('link', { name: /deploy \/ docs/ }).waitFor();
    expect(await site.window.page.getByRole('link', { name: /test \/ cuda/ }).count()).toBe(0);
  });

  test('a lost job is run again at GitHub, and a finished one opens there', async () => {
    await site.window.go('jobs/gh-90');
    await button('Run again at GitHub').click();
    await site.window.page.getByText('GitHub queues its failed jobs again.').first().waitFor();
    await site.window.go('jobs/gh-88');
    await button('Open at GitHub').click();
    expect(site.window.desktop.askedOf('open.job')).toEqual([{ job: 'gh-88' }]);
    expect(await button('Run again at GitHub').count()).toBe(0);
  });

  test('runners say in which phase they are and why; a download shows how far it is and is cancelled', async () => {
    await site.window.go('pools');
    const list = site.window.page.getByRole('list', { name: 'Runners of Tessera' });
    await list.getByRole('link', { name: 'test / build (ubuntu, stable)' }).waitFor();
    await list.getByText('GitHub still holds it busy after the crash').waitFor();
    await list.getByText('Made for “test / build (macos)”').waitFor();
    const bar = site.window.page.getByRole('progressbar', { name: 'Runner 2.331.0 for Linux x64' });
    expect(await bar.getAttribute('aria-valuenow')).toBe('67');
    await button('Cancel: Runner 2.331.0 for Linux x64').click();
    await bar.waitFor({ state: 'detached' });
  });

  test('what is not ours is warned of, and removed only by name and word', async () => {
    await site.window.page.getByText('An unknown runner is on this machine.').waitFor();
    await site.window.page.getByRole('link', { name: 'Show' }).click();
    await site.window.page.getByRole('heading', { name: 'Not ours' }).waitFor();
    expect(await button(/^Remove the registration/).count()).toBe(1);
    await button('Remove the registration hr-77be01-tessera-q2m8xa').click();
    await site.window.page.getByRole('alertdialog').waitFor();
    expect(await site.window.axe()).toEqual([]);
    expect(await site.window.page.evaluate(`document.activeElement.textContent.trim()`)).toBe('Cancel');
    await button('Remove registration').click();
    await button(/^Remove the registration/).waitFor({ state: 'detached' });
    expect(site.github.askedOf('runner.remove')).toEqual([
      { runner: 'hr-77be01-tessera-q2m8xa', now: false },
    ]);
  });

  test('an agent of others that is idle is taken over by a pool, with its labels', async () => {
    await site.window.go('pools');
    await button('Take over den-legacy…').click();
    const dialog = site.window.page.getByRole('dialog', { name: 'Take over den-legacy?' });
    await dialog.getByText('take the jobs of harborline/legacy').waitFor();
    await dialog.getByText('The pool gets its labels big-disk and cuda.').waitFor();
    expect(await site.window.axe()).toEqual([]);
    await dialog.getByRole('button', { name: 'Take over' }).click();
    const done = site.window.page.getByRole('dialog', { name: 'den-legacy is taken over' });
    await done.getByText('It got the labels big-disk and cuda.').waitFor();
    await done.getByText('Left out, as runners here cannot have them: arm64.').waitFor();
    await done.getByRole('button', { name: /^Copy: cd .* uninstall$/ }).click();
    await done.getByRole('button', { name: /^Copy: cd .*config\.sh remove$/ }).click();
    expect(site.window.desktop.askedOf('copy').map(({ text }) => text)).toEqual([
      "cd '/opt/actions-runner' && sudo ./svc.sh uninstall",
      "cd '/opt/actions-runner' && ./config.sh remove",
    ]);
    expect(await site.window.axe()).toEqual([]);
    expect(site.github.askedOf('runner.adopt')).toEqual([
      { folder: '/opt/actions-runner', pool: null, account: 'mira-holt', fresh: true },
    ]);
    await done.getByRole('button', { name: 'Close' }).click();
    expect(await site.window.page.evaluate(`document.activeElement.textContent.trim()`)).toBe('Take over…');
  });

  test('one that runs is to be stopped by its owner first; then a pool that serves the same is offered', async () => {
    await site.window.go('pools');
    await button('Take over den-tessera…').click();
    const dialog = site.window.page.getByRole('dialog', { name: 'Take over den-tessera?' });
    await dialog.getByRole('button', { name: /^Copy: cd .*svc\.sh stop$/ }).click();
    await dialog.getByRole('button', { name: 'Take over' }).click({ force: true });
    expect(await site.window.axe()).toEqual([]);
    expect(site.github.askedOf('runner.adopt')).toEqual([]);
    site.github.stopped = true;
    await dialog.getByRole('button', { name: 'Look again' }).click();
    await dialog.getByText('It runs, and may be at a job.').first().waitFor({ state: 'detached' });
    expect(await dialog.getByRole('radio', { name: /^Tessera/ }).isChecked()).toBe(true);
    await dialog.getByRole('button', { name: 'Take over' }).click();
    await site.window.page.getByText('The pool Tessera takes its jobs.').waitFor();
    expect(site.github.askedOf('runner.adopt')).toMatchObject([{ pool: 'tessera', fresh: false }]);
  });

  test('labels that cannot be read are said, by the account that is chosen; without one there is a way to it', async () => {
    site.github.adopters = 2;
    await site.window.go('pools');
    await button('Take over den-legacy…').click();
    const dialog = site.window.page.getByRole('dialog', { name: 'Take over den-legacy?' });
    await dialog.getByRole('radio', { name: /^mira-ci/ }).check({ force: true });
    await dialog.getByText('The token of mira-ci may not list runners.').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    site.github.adopters = 0;
    await button('Take over den-legacy…').click();
    await dialog.getByText('No account at github.com yet').first().waitFor();
    await dialog.getByRole('button', { name: 'Take over' }).click({ force: true });
    await dialog.getByRole('link', { name: 'Add account' }).click();
    await site.window.page.getByRole('heading', { name: 'Add an account at GitHub' }).waitFor();
    expect(site.github.askedOf('runner.adopt')).toEqual([]);
  });

  for (const colorScheme of ['light', 'dark'] as const)
    test(`axe has nothing to say, ${colorScheme}, nor does anything scroll sideways`, async () => {
      await site.window.page.emulateMedia({ colorScheme });
      for (const width of [960, 380])
        for (const [name, hash] of Object.entries(pages)) {
          await site.window.page.setViewportSize({ width, height: 680 });
          await site.window.go(hash);
          await site.window.settled();
          expect(await site.window.axe(), `${name} ${width}`).toEqual([]);
          expect(await site.window.sideways(), `${name} ${width}`).toBeLessThanOrEqual(0);
        }
    }, 120_000);

  test('in German, with texts 40 % longer, everything is still there at 360 pixels', async () => {
    await site.window.desktop.answer('preferences.change', { change: { language: 'de' } });
    await site.window.page.setViewportSize({ width: 360, height: 680 });
    for (const [name, hash] of Object.entries(pages)) {
      await site.window.page.reload();
      await site.window.go(hash);
      await site.window.settled();
      expect(await site.window.sideways(), name).toBeLessThanOrEqual(0);
      await site.window.lengthen();
      expect(await site.window.sideways(), `${name}, longer`).toBeLessThanOrEqual(0);
      await site.window.page.reload();
    }
  }, 120_000);
});
