/** Jobs of GitHub from its queue to the history here, in each mode. */
import { afterEach, describe, expect, it } from 'vitest';
import { GitHubSite, type SiteOptions } from './site.ts';

let site: GitHubSite;
const open = async (options: SiteOptions = {}): Promise<GitHubSite> =>
  (site = await GitHubSite.open(options));

afterEach(async () => {
  expect(site.github.violations).toEqual([]);
  await site.dispose();
});

const labels = ['self-hosted', 'linux'];

describe('auto', () => {
  it('makes a runner for the job that waits, and removes it when the job is done', async () => {
    const { github, home } = await open();
    await site.run();
    const [job = 0] = github.queueJob({
      repository: 'ann/tools',
      labels,
      name: 'build',
      script: 'echo hello',
    });
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
});
