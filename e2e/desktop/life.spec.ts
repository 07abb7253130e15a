/** Starting, starting twice, being client or host, and every way out. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ElectronApplication } from 'playwright';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Snapshot } from '../../src-main/contract/snapshot.ts';
import { answerDialogs, ask, DesktopSite, exitOf, linkOf, noDesktop, windowOf } from '../support/desktop.ts';
import { remove } from '../support/remove.ts';
import { until } from '../support/until.ts';

const lacking = noDesktop();
let site: DesktopSite;

beforeEach(async ({ skip, onTestFailed }) => {
  if (lacking !== null) skip(lacking);
  site = await DesktopSite.start();
  onTestFailed(() => {
    console.log(site.log());
  });
});

afterEach(async () => {
  if (lacking === null) await site.dispose();
});

describe('starting', () => {
  test('the first run shows its window, with the bridge and nothing of Node', async () => {
    const page = await windowOf(await site.launch());
    expect(page.url()).toBe('app://homerunner/index.html');
    const found = await page.evaluate(() =>
      ['homerunner', 'require', 'process', 'module', 'Buffer'].filter((name) => name in globalThis),
    );
    expect(found).toEqual(['homerunner']);
  });

  test('at login no window comes, and the supervisor works', async () => {
    const application = await site.launch({ args: ['--background'] });
    expect((await site.snapshot()).supervisor.host).toBe('tray');
    expect(application.windows()).toHaveLength(0);
  });

  test('a second start shows the window of the first, and ends', async () => {
    const application = await site.launch({ args: ['--background'] });
    await site.snapshot();
    expect(await exitOf(site.spawn({ args: ['--background'] }))).toBe(0);
    expect(application.windows()).toHaveLength(0);
    expect(await exitOf(site.spawn())).toBe(0);
    await windowOf(application);
  });

  test('a second start for another home is a program of its own', async () => {
    const other = mkdtempSync(path.join(tmpdir(), 'hr-other-'));
    try {
      await site.launch({ args: ['--background'] });
      const { supervisor } = await site.snapshot();
      const second = site.spawn({ args: ['--background', '--home', other] });
      const pid = await until(async () => {
        const done = await site.home.cli(['status', '--json', '--home', other]);
        return done.code === 0 ? (JSON.parse(done.stdout) as Snapshot).supervisor.pid : null;
      }, 'the second one answers');
      expect(pid).not.toBe(supervisor.pid);
      second.kill('SIGTERM');
      expect(await exitOf(second)).toBe(0);
    } finally {
      await remove(other);
    }
  });
});

describe('beside a supervisor that runs already', () => {
  test('it is its client, and leaves it running', async () => {
    const headless = await site.home.run();
    const application = await site.launch();
    const page = await windowOf(application);
    const { snapshot } = await linkOf(page, (link) => link.connected, 'the window is connected');
    expect(snapshot?.supervisor).toMatchObject({ host: 'headless', pid: headless.pid });
    // Its answer may come too late for the page.
    void ask(page, 'desktop', 'quit', { how: 'ask' }).catch(() => undefined);
    await until(() => !site.isOpen(application), 'the application has quit');
    expect((await site.snapshot()).supervisor.pid).toBe(headless.pid);
  });

  test('which dies: the window says so, keeps what it knows, and finds the next one', async () => {
    const headless = await site.home.run();
    const page = await windowOf(await site.launch());
    await linkOf(page, (link) => link.connected, 'the window is connected');
    await headless.kill();
    const lost = await linkOf(page, (link) => !link.connected, 'the window knows');
    expect(lost.snapshot?.supervisor.pid).toBe(headless.pid);
    expect(lost.problem).toMatchObject({ code: 'no-supervisor' });
    expect(await ask(page, 'execute', 'pool.list', {})).toMatchObject({ ok: false, problem: lost.problem });
    const next = await site.home.run();
    const found = await linkOf(page, (link) => link.connected, 'the window is connected again');
    expect(found.snapshot?.supervisor.pid).toBe(next.pid);
  });

  test('which is stopped: it is started here when the owner says so', async () => {
    const headless = await site.home.run();
    const page = await windowOf(await site.launch());
    await linkOf(page, (link) => link.connected, 'the window is connected');
    await headless.stop();
    await linkOf(page, (link) => !link.connected, 'the window knows');
    expect(await ask(page, 'desktop', 'supervisor.start', {})).toEqual({ ok: true, value: null });
    const { snapshot } = await linkOf(page, (link) => link.connected, 'it runs here');
    expect(snapshot?.supervisor.host).toBe('tray');
  });
});

describe('the way out', () => {
  /** A job that goes on until it is told otherwise. */
  async function working(): Promise<{ application: ElectronApplication; job: string }> {
    const application = await site.launch({ args: ['--background'] });
    await site.snapshot();
    await site.home.json(['pool', 'add', '--forge', 'local']);
    const job = await site.home.submit(['sh', '-c', 'until [ -e go ]; do sleep 0.05; done'], {
      cwd: site.folder,
    });
    await site.snapshot((s) => s.runners.some((r) => r.job?.id === job), 'the job runs');
    return { application, job };
  }
  const quit = (application: ElectronApplication): Promise<void> =>
    application.evaluate(({ app }) => {
      app.quit();
    });
  const gone = (application: ElectronApplication): Promise<true> =>
    until(() => (site.isOpen(application) ? null : true), 'the application has quit');

  test('without jobs it just quits', async () => {
    const application = await site.launch({ args: ['--background'] });
    await site.snapshot();
    await quit(application);
    await gone(application);
    expect((await site.home.cli(['status'])).code).toBe(3);
  });

  test('asks about a running job by its name; thought better of, everything goes on', async () => {
    const { application, job } = await working();
    const { name } = await site.home.job(job);
    const asked = await answerDialogs(application, 'Cancel');
    await quit(application);
    await until(async () => (await asked()).length === 1, 'it asks');
    expect((await asked())[0]).toContain(name);
    expect((await site.snapshot()).state).toBe('working');
  });

  test('finish first: it quits when the job has ended by itself', async () => {
    const { application, job } = await working();
    await answerDialogs(application, 'Finish first');
    await quit(application);
    await site.snapshot((s) => s.state === 'stopping', 'it is stopping');
    site.touch('go');
    await gone(application);
    expect((await site.history(job)).state).toBe('succeeded');
  });

  test('leave running: the job goes on, and the next start takes it up', async () => {
    const { application, job } = await working();
    await answerDialogs(application, 'Leave it running');
    await quit(application);
    await gone(application);
    expect((await site.history(job)).state).toBe('running');
    await site.launch({ args: ['--background'] });
    site.touch('go');
    expect((await site.home.outcome(job)).state).toBe('succeeded');
  });

  test('end them: the job ends with it', async () => {
    const { application, job } = await working();
    await answerDialogs(application, 'End the job now');
    await quit(application);
    await gone(application);
    expect(await site.history(job)).toMatchObject({ state: 'cancelled', endedBy: 'stop-now' });
  });

  test('SIGTERM finishes jobs, a second one ends them', async () => {
    const { application, job } = await working();
    application.process().kill('SIGTERM');
    await site.snapshot((s) => s.state === 'stopping', 'it is stopping');
    const asked = performance.now();
    await until(() => performance.now() - asked > 600, 'a second signal is one of its own');
    application.process().kill('SIGTERM');
    await gone(application);
    expect(await site.history(job)).toMatchObject({ endedBy: 'stop-now' });
  });

  test('a job holds nothing that the application has open', async () => {
    await site.launch({ args: ['--background'] });
    await site.snapshot();
    await site.home.json(['pool', 'add', '--forge', 'local']);
    const job = await site.home.submit(['sh', '-c', 'for fd in /proc/$$/fd/*; do readlink "$fd"; done']);
    await site.home.outcome(job);
    const { stdout } = await site.home.cli(['job', 'logs', job]);
    const held = new Set(stdout.trim().split('\n'));
    held.delete('/dev/null');
    // Its output is the only thing.
    expect([...held]).toEqual([expect.stringMatching(/\/runners\//)]);
  });

  test('`homerunner stop` ends the application too', async () => {
    const application = await site.launch({ args: ['--background'] });
    await site.snapshot();
    expect((await site.home.cli(['stop'])).code).toBe(0);
    await gone(application);
  });
});
