/** What a job costs in requests that are no looks, in an ordinary run without faults. */
import { afterEach, expect, it } from 'vitest';
import { allow } from './held.ts';
import { GitHubSite } from './site.ts';

let site: GitHubSite;
afterEach(async () => {
  expect(site.github.violations).toEqual([]);
  await site.dispose();
});

const repository = 'ann/tools';
const labels = ['self-hosted', 'linux'];
/** Lists that are looked at again and again, whoever waits. */
const looks = ['/repos/{owner}/{repo}/actions/runs', '/repos/{owner}/{repo}/actions/runners'];
const runsJobs = '/repos/{owner}/{repo}/actions/runs/{run_id}/jobs';

it('is its registration and the end of its job, and the preflight is not repeated', async () => {
  site = await GitHubSite.open();
  const { github, home } = site;
  allow(home, 4);
  await site.run();
  const run = async (count: number, from: number) => {
    for (let i = 0; i < count; i += 1)
      github.queueJob({ repository, labels, name: `job ${from + i}`, script: 'sleep 1' });
    await site.ended(from + count);
  };
  await run(1, 0);
  await site.once((s) => s.runners.length === 0, 'the first runner is gone');
  const before = github.requests.length;
  await run(4, 1);
  await run(4, 5);
  await site.once((s) => s.runners.length === 0, 'all runners are gone');
  const ours = github.requests.slice(before).filter(({ agent }) => !agent);
  const by = (method: string, route: string) =>
    ours.filter((one) => one.method === method && one.route === route).length;
  expect(by('POST', '/repos/{owner}/{repo}/actions/runners/generate-jitconfig')).toBe(8);
  // GitHub takes them away by itself; one whose job was over before anybody looked is asked for.
  expect(by('DELETE', '/repos/{owner}/{repo}/actions/runners/{runner_id}')).toBeLessThanOrEqual(3);
  const others = ours.filter(
    ({ route, path }) => route === null || !looks.includes(route) || /[?&]name=/.test(path),
  );
  // Looks ask for the jobs of runs too: all of these are counted here.
  expect(others.length - by('GET', runsJobs)).toBeLessThanOrEqual(8 * 1.5);
  expect(others.length).toBeLessThanOrEqual(8 * 5);
});
