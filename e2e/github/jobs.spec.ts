/** Jobs of GitHub from its queue to the history here, in each mode. */
import { describe, expect, it } from 'vitest';
import type { RunnerView } from '../../src-main/contract/snapshot.ts';
import { until } from '../support/until.ts';
import { heldSite } from './held-site.ts';

const here = heldSite();

const labels = ['self-hosted', 'linux'];
const repository = 'ann/tools';
/** How often this was asked at the double, as "POST …/generate-jitconfig". */
const asked = (method: string, end: string) =>
  here.site.github.requests.filter((request) => request.method === method && request.path.endsWith(end));
const inPhase = (runners: readonly RunnerView[], phase: RunnerView['phase']) =>
  runners.filter((runner) => runner.phase === phase);

describe('auto', () => {
  it('makes a runner for the job that waits, and removes it when the job is done', async () => {
    const { github, home } = await here.open();
    await here.site.run();
    const [job = 0] = github.queueJob({ repository, labels, name: 'build', script: 'echo hello' });
    const [done] = await here.site.ended(1);
    expect(done).toMatchObject({
      id: `gh-${job}`,
      forge: 'github',
      name: 'ann/tools · build',
      state: 'succeeded',
      result: 'It succeeded.',
    });
    expect(github.jobRuns.get(job)).toBe(1);
    await here.site.once((s) => s.runners.length === 0, 'its runner is gone');
    expect(github.runners()).toEqual([]);
    const { stdout } = await home.cli(['job', 'logs', `gh-${job}`]);
    expect(stdout).toContain('Running job: build');
  });

  it('starts as many runners of a matrix at once as the machine has room for, each with the labels of its job', async () => {
    const { github } = await here.open(6);
    await here.site.run(['--max', '8', '--label', 'matrix']);
    const jobs = here.held.queue('leg', [...labels, 'matrix'], { count: 8 });
    await until(() => here.held.running(jobs) === 6, 'six jobs run');
    const made = asked('POST', '/generate-jitconfig');
    expect(made).toHaveLength(6);
    expect(github.runners().map((runner) => runner.labels.toSorted())).toEqual(
      Array.from({ length: 6 }, () => ['linux', 'matrix', 'self-hosted']),
    );
    const { waiting } = await here.site.once(
      (s) => s.waiting.length === 2 && inPhase(s.runners, 'busy').length === 6,
      'two jobs wait, and six are known to run',
    );
    for (const { why } of waiting) expect(why).toEqual([expect.stringMatching(/room|capacity|busy|at work/)]);
    here.held.release('leg');
    const done = await here.site.ended(8);
    expect(new Set(done.map(({ id }) => id))).toEqual(new Set(jobs.map((id) => `gh-${id}`)));
    expect([...new Set(done.map(({ state }) => state))]).toEqual(['succeeded']);
    expect(jobs.map((job) => github.jobRuns.get(job))).toEqual(jobs.map(() => 1));
    await here.site.once((s) => s.runners.length === 0, 'all runners are gone');
    expect(github.runners()).toEqual([]);
    expect(asked('POST', '/generate-jitconfig')).toHaveLength(8);
  });
});

describe('ephemeral', () => {
  it('keeps its minimum ready, one job each, and scales down around those at work', async () => {
    const { github, home } = await here.open();
    await here.site.run([
      '--mode',
      'ephemeral',
      '--min',
      '3',
      '--max',
      '4',
      '--warm',
      '0',
      '--cooldown',
      '1s',
    ]);
    const ready = await here.site.once((s) => inPhase(s.runners, 'idle').length === 3, 'three are ready');
    const first = new Set(ready.runners.map(({ name }) => name));
    expect(github.runners().every((runner) => runner.ephemeral && github.isOnline(runner))).toBe(true);
    const [long = 0] = here.held.queue('long', labels);
    await until(() => here.held.running([long]) === 1, 'its job runs');
    const worker = github.job(long).runner?.name ?? '';
    expect(first).toContain(worker);
    await home.json(['pool', 'edit', 'github', '--min', '1']);
    await until(() => github.runners().length === 1, 'the idle ones are gone at GitHub');
    const left = await here.site.once((s) => s.runners.length === 1, 'the idle ones are gone here');
    expect(left.runners).toMatchObject([{ name: worker, phase: 'busy' }]);
    here.held.release('long');
    expect(await here.site.ended(1)).toMatchObject([
      { id: `gh-${long}`, runner: worker, state: 'succeeded' },
    ]);
    const [next] = (
      await here.site.once((s) => inPhase(s.runners, 'idle').length === 1, 'a new one is ready')
    ).runners;
    expect(first).not.toContain(next?.name);
    github.queueJob({ repository, labels, name: 'short', script: 'exit 3' });
    expect((await here.site.ended(2))[0]).toMatchObject({
      runner: next?.name,
      state: 'failed',
      result: 'It failed.',
    });
    await here.site.once(
      (s) => s.runners.some((r) => r.phase === 'idle' && r.name !== next?.name),
      'it is replaced',
    );
  });
});

describe('manual', () => {
  it('registers once, takes job after job, and is started again whenever its agent ends', async () => {
    const { github, home } = await here.open();
    const running = await here.site.run(['--mode', 'manual', '--min', '1', '--max', '1']);
    const { name, pid } = (
      await here.site.once((s) => inPhase(s.runners, 'idle').length === 1, 'it is ready')
    ).runners[0]!;
    const [row] = github.runners();
    expect(row).toMatchObject({ name, ephemeral: false });
    const [a, b, c] = github.queueJob({ repository, labels, name: 'leg', script: 'echo leg', count: 3 });
    expect((await here.site.ended(3)).map((job) => [job.id, job.runner, job.state])).toEqual(
      expect.arrayContaining([a, b, c].map((id) => [`gh-${id}`, name, 'succeeded'])),
    );
    expect(pid).toBeGreaterThan(1);
    process.kill(pid ?? 0, 'SIGKILL');
    const again = await here.site.once(
      (s) => s.runners.some((r) => r.phase === 'idle' && r.pid !== null && r.pid !== pid),
      'its agent runs again',
    );
    expect(again.runners.map((runner) => runner.name)).toEqual([name]);
    await running.kill();
    const second = await home.run();
    // Without a keyring the token went with the process.
    await here.site.signIn();
    await here.site.once((s) => inPhase(s.runners, 'idle').length === 1, 'it was adopted');
    const [d] = github.queueJob({ repository, labels, name: 'last', script: 'exit 1' });
    const history = await here.site.ended(4);
    expect(history.map((job) => job.id).toSorted()).toEqual([a, b, c, d].map((id) => `gh-${id}`).toSorted());
    expect([a, b, c, d].map((job) => github.jobRuns.get(job ?? 0))).toEqual([1, 1, 1, 1]);
    expect(github.runners()).toEqual([row]);
    expect(asked('POST', '/registration-token')).toHaveLength(1);
    expect((await home.cli(['stop', '--now'])).code).toBe(0);
    expect((await second.ended()).code).toBe(0);
    expect(github.runners()).toEqual([]);
  });
});

describe('scaling', () => {
  it('waits as its preset says, and says so', async () => {
    const { github, home } = await here.open(8);
    await home.run();
    await here.site.signIn();
    await here.site.pool('ann/tools', ['--name', 'lazy', '--scaling', 'lazy', '--label', 'lz', '--max', '6']);
    await here.site.pool('ann/tools', ['--name', 'even', '--scaling', 'balanced', '--label', 'bl']);
    const lazy = here.held.queue('lazy', [...labels, 'lz']);
    const [even = 0] = here.held.queue('even', [...labels, 'bl']);
    const why = async (job = 0) => (await home.cli(['why', `gh-${job}`])).stdout;
    await here.site.once((s) => s.waiting.length === 2, 'both wait');
    expect(await why(lazy[0])).toContain('The pool lazy scales lazy: a single job waits up to 2 min.');
    await until(() => here.held.running([even]) === 1, 'the balanced pool has started one');
    const { createdAt, startedAt } = github.job(even);
    expect((startedAt ?? 0) - createdAt).toBeGreaterThan(9000);
    expect(here.held.running(lazy)).toBe(0);
    lazy.push(...here.held.queue('lazy', [...labels, 'lz'], { count: 4 }));
    await until(() => here.held.running(lazy) === 5, 'the lazy pool has started all five');
    here.held.release('lazy', 'even');
    await here.site.ended(6);
  });
});
