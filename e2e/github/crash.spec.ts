/** kill -9 of the supervisor, of agents and of their workers: no job is lost that lives, none is done twice, nothing is left. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Running } from '../support/product.ts';
import { until } from '../support/until.ts';
import { agentPid, agentPids, atWork, cleared, leftOf, runnerThat, Sign } from './agents.ts';
import { GitHubSite, type SiteOptions } from './site.ts';

let site: GitHubSite;
const open = async (options: SiteOptions = {}): Promise<GitHubSite> =>
  (site = await GitHubSite.open({ login: 'gh', ...options }));

afterEach(async () => {
  expect(site.github.violations).toEqual([]);
  await site.dispose();
});

const labels = ['self-hosted', 'linux'];
const wanted = { repository: 'ann/tools', labels, name: 'build' };

describe('kill -9 of the supervisor', () => {
  it('takes up a job that runs, and one that ended while nobody looked; neither runs twice', async () => {
    const { github, home } = await open();
    const first = await site.run(['--max', '2']);
    const [stays, ends] = [new Sign(site, 'stays'), new Sign(site, 'ends')];
    const [a = 0] = github.queueJob({ ...wanted, name: 'stays', script: stays.script });
    const [b = 0] = github.queueJob({ ...wanted, name: 'ends', script: `${ends.script}; exit 3` });
    await atWork(site, a);
    await atWork(site, b);
    const listeners = agentPids(site, 'Runner.Listener');
    await first.kill();
    ends.open();
    await until(() => github.job(b).status === 'completed', 'it has ended');

    const second = await home.run();
    expect(await site.ended(1)).toMatchObject([{ id: `gh-${b}`, state: 'failed', result: 'It failed.' }]);
    const runner = await runnerThat(site, (r) => r.job?.id === `gh-${a}`, 'works on');
    expect(runner.phase).toBe('busy');
    expect(listeners).toContain(await agentPid(site, 'Runner.Listener'));
    await second.kill();

    await home.run();
    stays.open();
    await site.ended(2);
    expect(await home.job(`gh-${a}`)).toMatchObject({ state: 'succeeded', runner: runner.name });
    expect([github.jobRuns.get(a), github.jobRuns.get(b)]).toEqual([1, 1]);
    expect(await home.jobs()).toHaveLength(2);
    await cleared(site);
  });

  it('goes on from each step at which it can die, with one job that is done once', async () => {
    const { github, home } = await open();
    await (await site.run()).stop();
    const sign = new Sign(site);
    const [job = 0] = github.queueJob({ ...wanted, script: sign.script });
    const points = [
      ...['after-intent', 'after-register', 'after-registered', 'after-prepare', 'after-prepared'],
      ...['after-spawn', 'after-remove', 'before-forget', 'after-forget'],
    ];
    for (const point of points) {
      if (point === 'after-remove') {
        await atWork(site, job);
        sign.open();
      }
      const running = await home.run({ env: { HOMERUNNER_CRASH_AT: point } });
      expect(await crashed(running, point)).toBe('SIGKILL');
      expect(github.runners().length, point).toBeLessThanOrEqual(1);
    }
    const last = await home.run();
    expect(await site.ended(1)).toMatchObject([{ id: `gh-${job}`, state: 'succeeded' }]);
    expect(github.jobRuns.get(job)).toBe(1);
    await cleared(site);

    const [other = 0] = github.queueJob(wanted);
    await last.kill();
    const started = await home.run({ env: { HOMERUNNER_CRASH_AT: 'after-started' } });
    expect(await crashed(started, 'after-started')).toBe('SIGKILL');
    await home.run();
    await site.ended(2);
    expect(github.jobRuns.get(other)).toBe(1);
    await cleared(site);
  });

  it('goes on with the end of an idle runner', async () => {
    const { github, home } = await open();
    const first = await site.run(['--mode', 'ephemeral', '--min', '1']);
    await runnerThat(site, ({ phase }) => phase === 'idle', 'is idle');
    await first.kill();
    const fencing = await home.run({ env: { HOMERUNNER_CRASH_AT: 'after-fence' } });
    await home.json(['pause']);
    expect(await crashed(fencing, 'after-fence')).toBe('SIGKILL');
    const last = await home.run();
    await site.once((s) => s.runners.length === 0, 'it is gone');
    expect(github.runners()).toEqual([]);
    expect((await last.stop()).code).toBe(0);
    expect(leftOf(site)).toEqual([]);
  });
});

async function crashed(running: Running, point: string): Promise<NodeJS.Signals | null> {
  await until(() => !running.alive, `it dies ${point}`);
  return running.child.signalCode;
}

describe('kill -9 of an agent', () => {
  it('whose worker lives: the job goes on, and ends as GitHub says', async () => {
    const { github, home } = await open();
    await site.run(['--max', '1']);
    const sign = new Sign(site);
    const [good = 0] = github.queueJob({ ...wanted, script: sign.script });
    await sign.begun();
    process.kill(await agentPid(site, 'Runner.Listener'), 'SIGKILL');
    await until(() => agentPids(site, 'Runner.Listener').length === 0, 'it is dead');
    await runnerThat(site, (r) => r.phase === 'busy', 'is still at work');
    sign.open();
    const [done] = await site.ended(1);
    expect(done).toMatchObject({ id: `gh-${good}`, state: 'succeeded', result: 'It succeeded.' });

    const second = new Sign(site, 'second');
    const [bad = 0] = github.queueJob({ ...wanted, script: `${second.script}; exit 4` });
    await second.begun();
    process.kill(await agentPid(site, 'Runner.Listener'), 'SIGKILL');
    second.open();
    await site.ended(2);
    expect(await home.job(`gh-${bad}`)).toMatchObject({ state: 'failed' });
    expect([github.jobRuns.get(good), github.jobRuns.get(bad)]).toEqual([1, 1]);
    await cleared(site);
  });

  it('and of its worker: the job is lost, said so, and run again at GitHub when asked for', async () => {
    const { github, home } = await open({ double: { waits: { online: 2000, pickup: 5000, lost: 8000 } } });
    await site.run(['--max', '1']);
    const sign = new Sign(site);
    const [job = 0] = github.queueJob({ ...wanted, script: sign.script });
    await atWork(site, job);
    await runnerThat(site, (r) => r.job?.id === `gh-${job}`, 'works on it');
    const pids = [await agentPid(site, 'Runner.Worker'), await agentPid(site, 'Runner.Listener')];
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    const waits = await runnerThat(site, (r) => r.phase === 'removing', 'waits for GitHub');
    expect(waits.why).toContain('GitHub has not noticed yet');
    expect(github.job(job).status).toBe('in_progress');

    const [lost] = await site.ended(1);
    expect(lost).toMatchObject({ id: `gh-${job}`, state: 'lost' });
    expect(lost?.result).toContain('Run it again');
    expect(github.job(job).conclusion).toBe('failure');
    expect((await home.cli(['job', 'logs', `gh-${job}`])).stdout).toContain('Running job: build');
    await cleared(site);

    sign.open();
    const again = await home.cli(['job', 'again', `gh-${job}`]);
    expect(again).toMatchObject({ code: 0 });
    const jobs = await site.ended(2);
    expect(jobs.map(({ state }) => state).sort()).toEqual(['lost', 'succeeded']);
    await cleared(site);
  });

  it('together with the supervisor: the next one says what was lost, and makes a new runner', async () => {
    const { github, home } = await open();
    const first = await site.run(['--max', '1']);
    const sign = new Sign(site);
    const [job = 0] = github.queueJob({ ...wanted, script: sign.script });
    await atWork(site, job);
    const pids = [await agentPid(site, 'Runner.Worker'), await agentPid(site, 'Runner.Listener')];
    process.kill(first.pid, 'SIGSTOP');
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await first.kill();
    await home.run();
    expect(await site.ended(1)).toMatchObject([{ id: `gh-${job}`, state: 'lost' }]);
    const [next = 0] = github.queueJob(wanted);
    await site.ended(2);
    expect(await home.job(`gh-${next}`)).toMatchObject({ state: 'succeeded' });
    await cleared(site);
  });
});
