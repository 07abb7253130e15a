/** Jobs of GitHub from its queue to the history here, in each mode. */
import { afterEach, describe, expect, it } from 'vitest';
import type { RunnerView } from '../../src-main/contract/snapshot.ts';
import { until } from '../support/until.ts';
import { allow, Held } from './held.ts';
import { GitHubSite, type SiteOptions } from './site.ts';

let site: GitHubSite;
let held: Held;
const open = async (slots = 8, options: SiteOptions = {}): Promise<GitHubSite> => {
  site = await GitHubSite.open(options);
  held = new Held(site);
  allow(site.home, slots);
  return site;
};

afterEach(async () => {
  expect(site.github.violations).toEqual([]);
  await site.dispose();
});

const labels = ['self-hosted', 'linux'];
const repository = 'ann/tools';
/** How often this was asked at the double, as "POST …/generate-jitconfig". */
const asked = (method: string, end: string) =>
  site.github.requests.filter((request) => request.method === method && request.path.endsWith(end));
const inPhase = (runners: readonly RunnerView[], phase: RunnerView['phase']) =>
  runners.filter((runner) => runner.phase === phase);

describe('auto', () => {
  it('makes a runner for the job that waits, and removes it when the job is done', async () => {
    const { github, home } = await open();
    await site.run();
    const [job = 0] = github.queueJob({ repository, labels, name: 'build', script: 'echo hello' });
    const [done] = await site.ended(1);
    expect(done).toMatchObject({
      id: `gh-${job}`,
      forge: 'github',
      name: 'ann/tools · build',
      state: 'succeeded',
      result: 'It succeeded.',
    });
    expect(github.jobRuns.get(job)).toBe(1);
    await site.once((s) => s.runners.length === 0, 'its runner is gone');
    expect(github.runners()).toEqual([]);
    const { stdout } = await home.cli(['job', 'logs', `gh-${job}`]);
    expect(stdout).toContain('Running job: build');
  });

  it('starts as many runners of a matrix at once as the machine has room for, each with the labels of its job', async () => {
    const { github } = await open(6);
    await site.run(['--max', '8', '--label', 'matrix']);
    const jobs = held.queue('leg', [...labels, 'matrix'], { count: 8 });
    await until(() => held.running(jobs) === 6, 'six jobs run');
    const made = asked('POST', '/generate-jitconfig');
    expect(made).toHaveLength(6);
    expect(github.runners().map((runner) => runner.labels.toSorted())).toEqual(
      Array.from({ length: 6 }, () => ['linux', 'matrix', 'self-hosted']),
    );
    const { waiting, runners } = await site.once((s) => s.waiting.length === 2, 'two jobs wait');
    expect(inPhase(runners, 'busy')).toHaveLength(6);
    expect(waiting.map(({ why }) => why)).toEqual(waiting.map(() => [expect.stringMatching(/room|capacity|busy|at work/)]));
    held.release('leg');
    const done = await site.ended(8);
    expect(new Set(done.map(({ id }) => id))).toEqual(new Set(jobs.map((id) => `gh-${id}`)));
    expect([...new Set(done.map(({ state }) => state))]).toEqual(['succeeded']);
    expect(jobs.map((job) => github.jobRuns.get(job))).toEqual(jobs.map(() => 1));
    await site.once((s) => s.runners.length === 0, 'all runners are gone');
    expect(github.runners()).toEqual([]);
    expect(asked('POST', '/generate-jitconfig')).toHaveLength(8);
  });
});
