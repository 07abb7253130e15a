/** Versions of the agent that GitHub refuses: gone back from, gone on from, and never tried for ever. */
import { afterEach, expect, it } from 'vitest';
import type { Light } from '../../src-main/contract/commands.ts';
import type { Problem } from '../../src-main/contract/problem.ts';
import { until } from '../support/until.ts';
import { cleared } from './agents.ts';
import { firstVersion, GitHubSite, type SiteOptions } from './site.ts';

let site: GitHubSite;
const open = async (options: SiteOptions = {}): Promise<GitHubSite> =>
  (site = await GitHubSite.open(options));

afterEach(async () => {
  expect(site.github.violations).toEqual([]);
  await site.dispose();
});

/** What the check says of the version; where that is more than all is well it ends with 1. */
const light = async (): Promise<Light | undefined> => {
  const { stdout } = await site.home.cli(['pool', 'check', 'github', '--json']);
  return (JSON.parse(stdout) as { lights: Light[] }).lights.find(({ name }) => name === 'runner-version');
};

const wanted = { repository: 'ann/tools', labels: ['self-hosted', 'linux'], name: 'build' };

it('one that GitHub refuses is gone back from by itself between jobs, and said, also after a restart', async () => {
  // Three starts within seconds, each with its checks: more than goes at once of a fifth of the usual limit.
  const { github, home } = await open({ login: 'gh', double: { limits: { limit: 50_000 } } });
  const runnerOf = async (job: number): Promise<string | null> => {
    await until(() => github.job(job).status === 'completed', `job ${job} is done`);
    expect(github.jobRuns.get(job)).toBe(1);
    return github.job(job).runner?.version ?? null;
  };
  const former = await site.run(['--max', '1']);
  expect(await runnerOf(github.queueJob(wanted)[0] ?? 0)).toBe(firstVersion);
  await former.stop();

  await site.offer('2.337.0');
  github.refuseVersion('2.337.0');
  const second = await home.run();
  expect(await runnerOf(github.queueJob(wanted)[0] ?? 0)).toBe(firstVersion);
  const isSaid = ({ message }: Problem): boolean =>
    message === `The runner's version 2.337.0 was refused, and ${firstVersion} is used instead.`;
  const { problems } = await home.status();
  expect(problems.find(isSaid)).toMatchObject({ code: 'agent-outdated', link: expect.any(String) });
  expect(await light()).toMatchObject({
    ok: false,
    blocks: false,
    link: expect.stringMatching(/releases$/),
  });
  await second.stop();
  // Without a supervisor too.
  expect((await light())?.message).toContain('2.337.0 here, which was refused lately');

  const tried = (): number =>
    github.requests.filter(({ path: to, status }) => to === '/_agent/sessions' && status === 403).length;
  const before = tried();
  await home.run();
  expect(await runnerOf(github.queueJob(wanted)[0] ?? 0)).toBe(firstVersion);
  expect(tried()).toBe(before);
  await cleared(site);
});

it('a persistent runner whose version is refused goes on with the next one, under its registration', async () => {
  const { github } = await open();
  await site.run(['--mode', 'manual', '--min', '1', '--max', '1']);
  const [first = 0] = github.queueJob(wanted);
  await site.ended(1);
  const [row] = github.runners();
  await site.offer('2.337.0');
  github.deprecateBelow('2.337.0');
  await until(() => github.runners()[0]?.version === '2.337.0', 'it has the next version');
  const [second = 0] = github.queueJob(wanted);
  await site.ended(2);
  expect([first, second].map((job) => github.jobRuns.get(job))).toEqual([1, 1]);
  expect(github.runners()).toMatchObject([{ id: row?.id, name: row?.name, version: '2.337.0' }]);
  // What its former process said last is not said of the next one's version.
  expect(await light()).toMatchObject({ ok: true, message: expect.stringContaining('2.337.0') });
});

it('an agent that GitHub wants to update itself for ever is found after the first time, and told', async () => {
  const { github } = await open();
  github.updateAgents('2.999.0');
  await site.run(['--max', '1']);
  const [job = 0] = github.queueJob(wanted);
  const made = (): number =>
    github.requests.filter(({ path: to }) => to.endsWith('/generate-jitconfig')).length;
  const told = await site.once(
    (s) => s.pools[0]?.problem?.message.includes('no other one to go back to') === true,
    'the loop is told',
  );
  expect(told.pools[0]?.problem).toMatchObject({ code: 'agent-outdated', retryAt: expect.any(Number) });
  expect([made(), github.jobRuns.get(job)]).toEqual([1, undefined]);
  await site.offer('2.999.0');
  await site.ended(1);
  expect([made(), github.jobRuns.get(job)]).toEqual([2, 1]);
  await cleared(site);
});
