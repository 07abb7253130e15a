/** GitHub in trouble: answers that break, limits, outages, tokens that are revoked, repositories that change. */
import { afterEach, describe, expect, it } from 'vitest';
import { finished } from '../support/product.ts';
import { until } from '../support/until.ts';
import { agentPid, atWork, cleared, runnerThat, Sign } from './agents.ts';
import { GitHubSite, type SiteOptions } from './site.ts';

let site: GitHubSite;
const open = async (options: SiteOptions = {}): Promise<GitHubSite> =>
  (site = await GitHubSite.open(options));

afterEach(async () => {
  expect(site.github.violations).toEqual([]);
  await site.dispose();
});

const labels = ['self-hosted', 'linux'];
const wanted = { repository: 'ann/tools', labels, name: 'build' };
/** What the product asks, and not its agents. */
const everything = /^\w+ \/(?!_agent|login)/;
const registration = /^POST .*generate-jitconfig/;

describe('on the way', () => {
  it('makes good for registrations whose answers break, by name and without a second runner', async () => {
    const { github } = await open();
    await site.run(['--max', '1']);
    const faults = ['502-after', 'drop-after', '500', 'drop', 'html'] as const;
    for (const [done, fault] of faults.entries()) {
      github.fault({ match: registration, do: fault });
      const [job = 0] = github.queueJob(wanted);
      await site.ended(done + 1);
      expect(github.jobRuns.get(job), fault).toBe(1);
      expect(github.runners().length, fault).toBeLessThanOrEqual(1);
    }
    await cleared(site);
  });

  it('waits as long as a limit says, and ends nothing in an outage', async () => {
    const { github } = await open();
    await site.run(['--mode', 'ephemeral', '--min', '1', '--max', '2']);
    const idle = await runnerThat(site, ({ phase }) => phase === 'idle', 'is idle');
    const sign = new Sign(site);
    const [job = 0] = github.queueJob({ ...wanted, script: sign.script });
    await atWork(site, job);
    // A job whose name GitHub has not told before an outage goes by a name of ours.
    await runnerThat(site, (r) => r.job?.id === `gh-${job}`, 'has a job that GitHub named');
    await runnerThat(site, (r) => r.phase === 'idle' && r.name !== idle.name, 'replaces it');
    const runners = (await site.home.status()).runners.map(({ name }) => name);

    github.fault({ match: everything, do: '502', times: 100_000 });
    const blind = await site.once((s) => s.pools[0]?.demand === null, 'nothing is known', 45_000);
    expect(blind.problems.map(({ code }) => code)).toContain('forge-unreachable');
    expect(blind.runners.map(({ name }) => name)).toEqual(runners);
    expect(blind.runners.map(({ phase }) => phase).sort()).toEqual(['busy', 'idle']);
    github.faults.clear();
    sign.open();
    expect(await site.ended(1)).toMatchObject([{ id: `gh-${job}`, state: 'succeeded' }]);

    github.limits.secondary = { times: 1, retryAfter: 2 };
    const [next = 0] = github.queueJob(wanted);
    await site.ended(2);
    expect(github.jobRuns.get(next)).toBe(1);
  });
});

describe('an outage in which a job begins', () => {
  it('leaves it with a name of ours, until GitHub tells its own; the log and the link come with it', async () => {
    const { github, home } = await open();
    await site.run(['--mode', 'ephemeral', '--min', '1', '--max', '1']);
    await runnerThat(site, ({ phase }) => phase === 'idle', 'is idle');
    github.fault({ match: everything, do: '502', times: 100_000 });
    const sign = new Sign(site);
    const [job = 0] = github.queueJob({ ...wanted, script: sign.script });
    await atWork(site, job);
    const ours = async () => (await home.jobs()).find(({ id, runner }) => id === runner);
    const entry = await until(ours, 'it goes by the name of its runner', 30_000);
    expect(entry).toMatchObject({ url: null, state: 'running' });
    sign.open();
    expect(await site.ended(1)).toMatchObject([{ id: entry.runner, state: 'succeeded' }]);
    github.faults.clear();
    await until(async () => (await ours()) === undefined, 'GitHub has named it', 45_000);
    const named = await home.job(`gh-${job}`);
    expect(named).toMatchObject({ runner: entry.runner, state: 'succeeded', startedAt: entry.startedAt });
    expect(named.url).toContain(`/ann/tools/actions/runs/`);
    expect(await home.jobs()).toHaveLength(1);
    expect((await home.cli(['job', 'logs', `gh-${job}`])).stdout).toContain('Running job: build');
  });
});

describe('a token that is revoked in the middle', () => {
  it('is said with the way out; runners are kept, and all goes on after a new sign-in', async () => {
    const { github, home } = await open();
    await site.run(['--max', '1']);
    const sign = new Sign(site);
    const [job = 0] = github.queueJob({ ...wanted, script: sign.script });
    await atWork(site, job);
    const agent = await agentPid(site, 'Runner.Listener');
    github.revokeToken(site.token);
    const told = await site.once(
      (s) => s.problems.some(({ code }) => code === 'unauthorized'),
      'the token is refused',
    );
    const problem = told.problems.find(({ code }) => code === 'unauthorized');
    expect(problem).toMatchObject({ link: `${github.url}/settings/tokens` });
    expect(problem?.hint).toContain('homerunner account add');
    expect(told.runners.map(({ phase }) => phase)).toEqual(['busy']);
    expect(await agentPid(site, 'Runner.Listener')).toBe(agent);
    sign.open();
    await until(() => github.job(job).status === 'completed', 'the job has ended');

    const [next = 0] = github.queueJob(wanted);
    const token = github.addToken({ login: 'ann', scopes: ['repo', 'read:org', 'admin:org'] });
    const add = home.spawn(['account', 'add', '--forge', 'github', '--url', github.url, '--token-stdin']);
    add.stdin?.end(`${token}\n`);
    expect((await finished(add)).code).toBe(0);
    await site.ended(2);
    expect([github.jobRuns.get(job), github.jobRuns.get(next)]).toEqual([1, 1]);
    expect((await home.status()).accounts).toHaveLength(1);
    await site.once((s) => s.problems.every(({ code }) => code !== 'unauthorized'), 'all is well');
    await cleared(site);
  });
});

describe('repositories that change', () => {
  it('renamed, archived, deleted and made public: each is said, and nothing wrong is registered', async () => {
    const names = ['ann/renamed', 'ann/archived', 'ann/deleted', 'ann/opened'];
    const { github, home } = await open({ repositories: names });
    await home.run();
    await site.signIn();
    for (const name of names) await site.pool(name, ['--name', name.slice(4), '--max', '1']);
    const sign = new Sign(site);
    const [held = 0] = github.queueJob({ ...wanted, repository: 'ann/opened', script: sign.script });
    await atWork(site, held);
    await site.once((s) => s.pools.every(({ demand }) => demand !== null), 'all is known');

    github.renameRepository('ann/renamed', 'called');
    github.changeRepository('ann/archived', { archived: true });
    github.deleteRepository('ann/deleted');
    github.makePublic('ann/opened');
    // What a repository is is asked once a minute, and at each change of the pools.
    github.addRepository('ann/plain');
    await site.pool('ann/plain', ['--name', 'plain']);
    const [moved = 0] = github.queueJob({ ...wanted, repository: 'ann/called' });
    const told = (subject: string, text: string) =>
      site.once(
        ({ problems }) => problems.some((p) => p.subject === subject && p.message.includes(text)),
        `${subject}: ${text}`,
      );
    await told('renamed', 'is called ann/called now');
    await told('archived', 'is archived');
    await told('deleted', 'does not know the repository ann/deleted');
    await until(() => github.jobRuns.get(moved) === 1, 'the job at the new name has run');

    const [refused = 0] = github.queueJob({ ...wanted, repository: 'ann/opened' });
    const waits = await site.once(
      ({ waiting }) => waiting.some((job) => job.job === `gh-${refused}`),
      'the job of the public repository is shown',
    );
    expect(waits.waiting.find(({ job }) => job === `gh-${refused}`)?.why.join(' ')).toContain('is public');
    expect(github.jobs().find(({ id }) => id === held)?.status).toBe('in_progress');
    sign.open();
    await site.ended(2);
    expect(await home.job(`gh-${held}`)).toMatchObject({ state: 'succeeded' });
    expect(github.jobRuns.get(refused)).toBeUndefined();
    await cleared(site);
  });

  it('made public while runners wait there: no job can be handed to them any more, and they end', async () => {
    const names = ['ann/kept', 'ann/held'];
    const { github, home } = await open({ repositories: names });
    await home.run();
    await site.signIn();
    await site.pool('ann/kept', ['--name', 'kept', '--mode', 'ephemeral', '--min', '1', '--max', '1']);
    await site.pool('ann/held', ['--name', 'held', '--mode', 'manual', '--min', '1', '--max', '1']);
    await site.once(
      ({ runners }) => runners.filter(({ phase }) => phase === 'idle').length === 2,
      'both wait',
    );
    for (const name of names) github.makePublic(name);
    // What a repository is is asked at each change of the pools.
    github.addRepository('ann/plain');
    await site.pool('ann/plain', ['--name', 'plain']);
    const { problems } = await site.once(
      ({ runners }) => runners.every(({ why }) => why.includes('is public')),
      'both end because of it',
    );
    expect(problems.filter(({ message }) => message.includes('is public')).map((p) => p.subject)).toEqual([
      'kept',
      'held',
    ]);
    await until(
      () => github.runners().every(({ labels: own, scope }) => scope !== 'ann/kept' && own.length === 0),
      'nothing there can be handed a job',
    );
  });
});
