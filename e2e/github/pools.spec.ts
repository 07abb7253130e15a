/** Pools at GitHub: what each reaches, which jobs it takes, what holds it back, and what becomes of it when told to stop. */
import { describe, expect, it } from 'vitest';
import type { Light } from '../../src-main/contract/commands.ts';
import { until } from '../support/until.ts';
import { heldSite } from './held-site.ts';

const here = heldSite();

const labels = ['self-hosted', 'linux'];
const repository = 'ann/tools';
const why = async (job = 0) => (await here.site.home.cli(['why', `gh-${job}`])).stdout;
const registrations = () =>
  here.site.github.requests.filter(
    ({ method, path }) => method === 'POST' && /-token$|-jitconfig$/.test(path),
  );

describe('scopes', () => {
  it('serves all repositories of an owner in turns, each by registrations of its own', async () => {
    const repositories = ['ann/a', 'ann/b', 'ann/c'];
    const { github } = await here.open(2, { repositories });
    const one = (name: string, at: string) => here.held.queue(name, labels, { repository: at })[0] ?? 0;
    const a = one('a', 'ann/a');
    const more = [one('a2', 'ann/a'), one('a3', 'ann/a')];
    const first = new Map([
      ['ann/a', a],
      ['ann/b', one('b', 'ann/b')],
      ['ann/c', one('c', 'ann/c')],
    ]);
    await here.site.run([], 'ann/*');
    await until(() => here.held.running([...first.values()]) === 2, 'one of each of two repositories runs');
    expect(here.held.running(more)).toBe(0);
    const served = github.runners().map(({ scope }) => scope);
    expect(new Set(served).size).toBe(2);
    const third = repositories.find((name) => !served.includes(name)) ?? '';
    here.held.release(served.find((name) => name !== 'ann/a')?.slice(4) ?? '');
    await until(() => here.held.running([first.get(third) ?? 0]) === 1, 'the third repository is next');
    expect(here.held.running(more)).toBe(0);
    here.held.release('a', 'b', 'c', 'a2', 'a3');
    const done = await here.site.ended(5);
    expect(done.map(({ name }) => name.split(' ')[0]).toSorted()).toEqual([
      'ann/a',
      'ann/a',
      'ann/a',
      'ann/b',
      'ann/c',
    ]);
    await here.site.once((s) => s.runners.length === 0, 'nothing is left here');
    expect(github.runners()).toEqual([]);
  });

  it('serves an organisation by its group and labels, and says of every other job why it is not here', async () => {
    const { github, home } = await here.open();
    github.addOrganization('acme', { admins: ['ann'] });
    for (const name of ['acme/site', 'acme/shop']) github.addRepository(name);
    const group = github.addGroup('acme', {
      name: 'Lab',
      visibility: 'selected',
      chosen: ['acme/site'],
    });
    await here.site.run(['--group', 'Lab', '--label', 'lab'], 'acme');
    await here.site.pool('ann/tools', ['--name', 'big', '--size', 'large']);
    const [ours = 0] = here.held.queue('ours', ['lab'], { repository: 'acme/site' });
    const [big = 0] = here.held.queue('big', [...labels, 'large']);
    await until(() => here.held.running([ours, big]) === 2, 'both run');
    const made = (name: string) => github.runners().find(({ scope }) => scope === name);
    expect(made('acme')).toMatchObject({ groupId: group.id, labels: ['lab'], ephemeral: true });
    expect(made('ann/tools')?.labels).toEqual([...labels, 'large']);

    const closed = here.held.queue('closed', ['lab'], { repository: 'acme/shop' });
    const missing = here.held.queue('missing', ['self-hosted', 'windows', 'vr-headset'], {
      repository: 'acme/site',
    });
    const small = here.held.queue('small', labels);
    const arch = here.held.queue('arch', ['self-hosted', 'riscv64']);
    here.held.queue('hosted', ['ubuntu-latest']);
    const waiting = await here.site.once((s) => s.waitingTotal === 4, 'four wait');
    expect(waiting.waiting.map(({ job }) => job).toSorted()).toEqual(
      [closed, missing, small, arch]
        .flat()
        .map((id) => `gh-${id}`)
        .toSorted(),
    );
    expect(await why(closed[0])).toContain('The runner group Lab is closed to the repository acme/shop.');
    expect(await why(missing[0])).toContain('No pool has the labels windows, vr-headset.');
    expect(await why(small[0])).toContain(
      'The pool big takes only jobs that ask for one of its labels large too.',
    );
    expect(await why(arch[0])).toContain('No pool takes riscv64: this machine is');
    await home.json([
      'pool',
      'add',
      '--forge',
      'github',
      '--scope',
      'ann/tools',
      '--name',
      'hosted',
      '--label',
      'ubuntu-latest',
      '--cores',
      '0.1',
      '--memory',
      '64m',
    ]);
    here.held.release('ours', 'big', 'small', 'hosted');
    expect((await here.site.ended(4)).map(({ name }) => name).toSorted()).toEqual([
      'acme/site · ours',
      'ann/tools · big',
      'ann/tools · hosted',
      'ann/tools · small',
    ]);
  });
});

describe('the owner', () => {
  it('pauses a pool or all, and idle runners go while jobs end; drains; leaves jobs running for the next start', async () => {
    const { github, home } = await here.open();
    const running = await home.run();
    await here.site.signIn();
    const one = ['--mode', 'ephemeral', '--min', '1', '--max', '2'];
    await here.site.pool(repository, ['--name', 'one', '--label', 'a', ...one]);
    await here.site.pool(repository, ['--name', 'two', '--label', 'b', ...one]);
    const idle = (pool: string) => (s: { runners: readonly { pool: string; phase: string }[] }) =>
      s.runners.some((runner) => runner.pool === pool && runner.phase === 'idle');
    await here.site.once((s) => idle('one')(s) && idle('two')(s), 'both have one ready');

    await home.json(['pause', '--pool', 'one', '--for', '1h', '--reason', 'maintenance']);
    await here.site.once((s) => s.runners.every(({ pool }) => pool === 'two'), 'those of the pool are gone');
    expect(github.runners().map((runner) => runner.labels.includes('a'))).toEqual([false]);
    const [a = 0] = github.queueJob({ repository, labels: ['a'], name: 'a' });
    const [b = 0] = here.held.queue('b', ['b']);
    await until(() => here.held.running([b]) === 1, 'the other pool works');
    await here.site.once((s) => s.waiting.some(({ job }) => job === `gh-${a}`), 'the job of the first waits');
    expect(await why(a)).toMatch(/one.*maintenance/);

    await home.json(['pause']);
    const paused = await here.site.once((s) => s.runners.length === 1, 'only the job is left');
    expect(paused.runners).toMatchObject([{ pool: 'two', phase: 'busy', job: { id: `gh-${b}` } }]);
    expect(paused.sentence).toMatch(/^Paused.*1 job is finishing/);
    await home.json(['resume', '--pool', 'one']);
    expect(github.jobRuns.has(a)).toBe(false);
    await home.json(['resume']);
    expect((await here.site.ended(1))[0]).toMatchObject({ id: `gh-${a}`, state: 'succeeded' });
    expect(here.held.running([b])).toBe(1);

    await here.site.once(idle('one'), 'one is ready again');
    const left = await home.cli(['stop', '--leave-running']);
    expect([left.code, (await running.ended()).code]).toEqual([0, 0]);
    expect(github.runners()).toMatchObject([{ name: github.job(b).runner?.name }]);
    expect(here.held.running([b])).toBe(1);
    const second = await home.run();
    await here.site.signIn();
    await here.site.once((s) => s.runners.some(({ job }) => job?.id === `gh-${b}`), 'the job was taken up');
    const drain = home.cli(['stop']);
    await until(() => github.runners().length === 1, 'what was ready is gone');
    expect(second.alive).toBe(true);
    here.held.release('b');
    expect([(await drain).code, (await second.ended()).code]).toEqual([0, 0]);
    expect(github.runners()).toEqual([]);
    const history = await home.jobs();
    expect(history.map(({ id, state }) => [id, state])).toEqual([
      [`gh-${a}`, 'succeeded'],
      [`gh-${b}`, 'succeeded'],
    ]);
    expect([a, b].map((job) => github.jobRuns.get(job))).toEqual([1, 1]);
  });

  it('ends jobs at once when told so, and they are written down as ended by that', async () => {
    const { github, home } = await here.open();
    const running = await here.site.run();
    const [job = 0] = here.held.queue('long', labels);
    await here.site.once(
      (s) => s.runners.some((runner) => runner.job?.id === `gh-${job}`),
      'its job is known',
    );
    expect((await home.cli(['stop', '--now'])).code).toBe(0);
    expect((await running.ended()).code).toBe(0);
    expect((await home.jobs())[0]).toMatchObject({ id: `gh-${job}`, endedBy: 'stop-now' });
    await until(() => github.job(job).status === 'completed', 'GitHub knows');
    expect([github.job(job).conclusion, github.jobRuns.get(job), github.runners()]).toEqual([
      'failure',
      1,
      [],
    ]);
  });
});

describe('checks', () => {
  it('refuse a public repository before anything is registered, and are shown for any pool', async () => {
    const { github, home } = await here.open();
    const workflows = {
      'ci.yml': 'on: push\njobs:\n  a:\n    runs-on: [self-hosted, linux]\n    steps:\n      - run: echo\n',
    };
    github.addRepository('ann/tidy', { workflows });
    github.addRepository('ann/open', { private: false });
    github.addOrganization('shut', { admins: ['ann'], selfHosted: 'none' });
    github.addRepository('shut/app');
    await here.site.run();
    await here.site.pool('ann/tidy', ['--name', 'tidy']);
    const lights = async (pool: string) =>
      (await home.json<{ lights: Light[] }>(['pool', 'check', pool])).lights;
    expect((await lights('tidy')).filter(({ ok }) => !ok)).toEqual([]);
    for (const [scope, words] of [
      ['ann/open', /public/],
      ['shut/app', /self-hosted/],
      ['ann/none', /ann\/none/],
    ] as const) {
      const { code, stderr } = await home.cli(['pool', 'add', '--forge', 'github', '--scope', scope]);
      expect([code, stderr]).toEqual([4, expect.stringMatching(words)]);
    }
    expect((await home.json<{ pools: unknown[] }>(['pool', 'list'])).pools).toHaveLength(2);

    github.makePublic(repository);
    here.held.queue('strange', labels);
    const { code, stdout } = await home.cli(['pool', 'check', 'github']);
    expect([code, stdout]).toEqual([1, expect.stringMatching(/^NO {2}public: .*public/m)]);
    const seen = await here.site.once((s) => s.waiting.length === 1, 'its job waits');
    expect(seen.waiting[0]?.why.join()).toContain('is public');
    expect(registrations()).toEqual([]);
  });
});
