import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProblemCode } from '../../../../contract/problem.ts';
import type { RunnerRecord } from '../../../../core/runner.ts';
import { makeRecord } from '../../../../core/testing/make.ts';
import { githubApis } from '../api/apis.ts';
import { requestBudget } from '../api/budget.ts';
import { served, testAccount } from '../fake-apis.test-kit.ts';
import { FakeGitHub } from '../fake-github.test-kit.ts';
import { githubRunners, type GitHubRunners } from './runners.ts';

const install = 'abc123';
const name = `hr-${install}-p-aaaaaa`;
const record = (more: Partial<RunnerRecord> = {}): RunnerRecord =>
  makeRecord({
    name,
    forge: 'github',
    account: 'me',
    scope: 'acme/site',
    oneJob: true,
    registration: null,
    labels: ['self-hosted', 'Linux', 'my label'],
    ...more,
  });
const place = { account: 'me', scope: 'acme/site' };
const log = { info: () => {}, warn: () => {}, error: () => {} };

let github: FakeGitHub;
let server: Awaited<ReturnType<typeof served>>;
let runners: GitHubRunners;
let passed: number;
let woken: string[];

beforeEach(async () => {
  github = new FakeGitHub();
  server = await served(github);
  passed = 0;
  woken = [];
  const now = () => Date.now() + passed;
  const apis = githubApis({
    accounts: () => [{ ...testAccount, url: server.url, apiUrl: server.url }],
    credentials: {
      of: () => Promise.resolve({ kind: 'token', token: 'ghp_secret' }),
      renewed: () => Promise.resolve(null),
    },
    seen: () => {},
    userAgent: 'test',
    log,
    now,
    budget: requestBudget({ now, load: () => null, save: () => {} }),
    timeoutMs: 2000,
    retryMs: 1,
  });
  runners = githubRunners({
    apis,
    install,
    clock: { now, monotonic: () => performance.now() + passed },
    log,
    wake: (why) => woken.push(why),
    jobOn: (runner) =>
      runner === name
        ? { id: 'gh-1', name: 'build', url: null, startedAt: 5, timeLimitMs: null, cancel: false }
        : null,
    isOver: () => false,
    hasEnded: () => Promise.resolve(false),
  });
});
afterEach(() => server.end());

const posts = () => github.requests.filter(({ method }) => method === 'POST').map(({ status }) => status);
const codeOf = async (promise: Promise<unknown>, code: ProblemCode) => {
  const error: unknown = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ problem: { code } });
  return (error as { problem: { message: string; hint: string; retryAt?: number } }).problem;
};
/** What is known of these places once what was asked for is answered. */
const listed = async (places = [place]) => {
  runners.list(places);
  await expect.poll(() => runners.list(places).unknown.size, { interval: 5 }).toBe(0);
  return runners.list(places);
};

describe('registering', () => {
  it('gives the configuration of a runner with exactly the labels of its record', async () => {
    const answer = await runners.register(record());
    const [runner] = github.runners.get('acme/site') ?? [];
    expect(answer).toEqual({ kind: 'jit', id: String(runner?.id), jit: `jit-of-${name}` });
    expect(runner).toMatchObject({
      name,
      group: 1,
      labels: record().labels.map((label) => ({ name: label })),
    });
  });

  it('replaces one of the same name that a crash left', async () => {
    const first = await runners.register(record());
    const second = await runners.register(record());
    expect(posts()).toEqual([201, 409, 201]);
    expect(second).not.toEqual(first);
    expect(github.names('acme/site')).toEqual([name]);
  });

  it('leaves one of the same name that is at work', async () => {
    const theirs = github.plant('acme/site', name, { busy: true, status: 'online' });
    await codeOf(runners.register(record()), 'name-taken');
    expect(github.runners.get('acme/site')).toEqual([theirs]);
  });

  it('never deletes a runner of the same name without our install', async () => {
    github.plant('acme/site', 'hr-ffffff-p-aaaaaa');
    await codeOf(runners.register(record({ name: 'hr-ffffff-p-aaaaaa' })), 'name-taken');
    expect(github.names('acme/site')).toEqual(['hr-ffffff-p-aaaaaa']);
  });

  it('removes what was registered by an answer that was lost, so that it is done anew', async () => {
    github.fault = (method) => (method === 'POST' ? { status: 502, after: true } : null);
    await codeOf(runners.register(record()), 'forge-unreachable');
    expect(github.names('acme/site')).toEqual([]);
    expect(posts()).toEqual([502]);
    github.fault = () => null;
    expect(await runners.register(record())).toMatchObject({ kind: 'jit' });
  });

  it('says what GitHub does not accept, in its words', async () => {
    const problem = await codeOf(runners.register(record({ labels: ['bad'] })), 'config-field');
    expect(problem.message).toContain('Label bad is reserved');
    for (const labels of [[], Array.from({ length: 101 }, (_, i) => `l${i}`), ['x'.repeat(257)], ['a,b']])
      await codeOf(runners.register(record({ labels })), 'config-field');
    expect(posts()).toEqual([422]);
  });

  it('finds the group of an organisation by its name, and remembers it', async () => {
    github.groups = [
      { id: 3, name: 'All', default: true, visibility: 'all', repositories: [] },
      { id: 7, name: 'Fast', default: false, visibility: 'all', repositories: [] },
    ];
    const at = (suffix: string, group: string | null) =>
      runners.register(record({ scope: 'acme', group, name: `hr-${install}-p-${suffix}` }));
    await at('aaaaaa', 'fast');
    await at('bbbbbb', null);
    expect(github.runners.get('acme')?.map(({ group }) => group)).toEqual([7, 3]);
    expect(github.requests.filter(({ path }) => path.includes('groups'))).toHaveLength(1);
    const problem = await codeOf(at('cccccc', 'slow'), 'not-found');
    expect(problem.message).toContain('slow');
    expect(problem.hint).toContain('Fast');
  });

  it('uses the default group of an enterprise whose groups may not be listed', async () => {
    github.fault = (_, path) => (path.includes('groups') ? { status: 403 } : null);
    await runners.register(record({ scope: 'enterprises/big' }));
    expect(github.names('enterprises/big')).toEqual([name]);
    await codeOf(runners.register(record({ scope: 'enterprises/big', group: 'x' })), 'forbidden');
  });

  it('gives a token for one that persists, whose id is then found by its name', async () => {
    github.plant('acme/site', name);
    const persistent = record({ oneJob: false });
    const answer = await runners.register(persistent);
    expect(answer).toMatchObject({ kind: 'token', token: 'AAAA' });
    expect(answer.kind === 'token' && answer.expiresAt > Date.now()).toBe(true);
    expect(await runners.idOf(persistent)).toBeNull();
    const { id } = github.plant('acme/site', name);
    expect(await runners.idOf(persistent)).toBe(String(id));
  });
});

describe('fencing', () => {
  it('deletes a one-job runner, unless it is at work', async () => {
    const { id } = github.plant('acme/site', name, { busy: true });
    const ours = record({ registration: String(id) });
    expect(await runners.fence(ours)).toBe('busy');
    github.runners.get('acme/site')![0]!.busy = false;
    expect(await runners.fence(ours)).toBe('fenced');
    expect(github.names('acme/site')).toEqual([]);
    expect(await runners.fence(ours)).toBe('fenced');
    expect(await runners.fence(record())).toBe('fenced');
  });

  it('takes all labels from one that persists, and says whether it is at work', async () => {
    const runner = github.plant('acme/site', name, { busy: true });
    const ours = record({ registration: String(runner.id), oneJob: false });
    expect(await runners.fence(ours)).toBe('busy');
    expect(runner.labels).toEqual([]);
    runner.busy = false;
    expect(await runners.fence(ours)).toBe('fenced');
    expect(github.names('acme/site')).toEqual([name]);
    expect((await listed()).runners).toMatchObject([{ name, fenced: true }]);
    github.runners.clear();
    expect(await runners.fence(ours)).toBe('fenced');
  });

  it('is unknown while GitHub gives no answer', async () => {
    github.fault = () => ({ status: 502 });
    expect(await runners.fence(record({ registration: '5' }))).toBe('unknown');
    expect(await runners.fence(record({ registration: '5', oneJob: false }))).toBe('unknown');
    github.fault = () => ({ status: 401 });
    await codeOf(runners.fence(record({ registration: '5' })), 'unauthorized');
  });
});

describe('removing', () => {
  it('takes an absent one for removed, and finds one by name whose id was never written down', async () => {
    const known = { name, scope: 'acme/site', account: 'me' };
    await runners.remove({ ...known, registration: '12' });
    github.plant('acme/site', name);
    github.plant('acme/site', 'hr-ffffff-p-aaaaaa');
    await runners.remove({ ...known, registration: null });
    expect(github.names('acme/site')).toEqual(['hr-ffffff-p-aaaaaa']);
  });

  it('is to be tried again in a minute while GitHub holds it busy', async () => {
    const { id } = github.plant('acme/site', name, { busy: true });
    const removal = runners.remove({ name, scope: 'acme/site', account: 'me', registration: String(id) });
    const problem = await codeOf(removal, 'forge-unreachable');
    expect(problem.retryAt).toBeGreaterThan(Date.now() + 50_000);
    expect(github.names('acme/site')).toEqual([name]);
  });

  it('touches nothing without our install, and finds the place of a ghost by what was listed', async () => {
    github.plant('acme/site', 'theirs');
    github.plant('acme/site', name);
    await listed();
    await runners.remove({ name: 'theirs', scope: null, account: null, registration: null });
    await runners.remove({ name, scope: null, account: null, registration: null });
    await runners.remove({ name: `hr-${install}-p-zzzzzz`, scope: null, account: null, registration: null });
    expect(github.names('acme/site')).toEqual(['theirs']);
  });
});

describe('the list', () => {
  it('knows nothing at first, then tells our runners as they are, of all pages', async () => {
    const ours = github.plant('acme/site', name, { status: 'online', busy: true });
    github.plant('acme/site', 'theirs');
    expect(runners.list([place])).toEqual({ runners: [], unknown: new Set(['acme/site']) });
    const { runners: rows } = await listed();
    expect(rows).toMatchObject([
      {
        name,
        forge: 'github',
        id: String(ours.id),
        online: true,
        busy: true,
        fenced: false,
        job: { id: 'gh-1' },
      },
    ]);
    expect(woken).toHaveLength(1);
  });

  it('shows at once what was registered and removed, whatever GitHub still answers', async () => {
    await listed();
    const answer = await runners.register(record());
    expect(runners.list([place]).runners).toMatchObject([
      { name, online: false, busy: false, fenced: false },
    ]);
    const lagging = github.runners.get('acme/site') ?? [];
    github.runners.set('acme/site', []);
    passed += 11_000;
    expect((await listed()).runners).toMatchObject([{ name }]);
    github.runners.set('acme/site', lagging);
    const id = answer.kind === 'jit' ? answer.id : '';
    await runners.remove({ name, scope: 'acme/site', account: 'me', registration: id });
    github.runners.set('acme/site', lagging);
    expect(runners.list([place]).runners).toEqual([]);
  });

  it('is unknown again when GitHub has given no answer for two minutes, other places are not', async () => {
    const other = { account: 'me', scope: 'acme/shop' };
    github.plant('acme/site', name);
    await listed([place, other]);
    github.fault = (_, path) => (path.includes('site') ? { status: 502 } : null);
    passed += 90_000;
    expect(runners.list([place, other]).unknown.size).toBe(0);
    passed += 300_000;
    runners.list([place, other]);
    await expect
      .poll(() => [...runners.list([place, other]).unknown], { interval: 5 })
      .toEqual(['acme/site']);
    expect(runners.list([place, other]).runners).toEqual([]);
  });

  it('asks each place once for many calls at the same time', async () => {
    for (let i = 0; i < 50; i += 1) runners.list([place, { ...place, account: 'me' }]);
    await listed();
    expect(github.requests).toHaveLength(1);
  });
});

describe('runners of others', () => {
  it('are shown while they are offline, and removed by the name that is shown', async () => {
    github.plant('acme/site', 'hr-ffffff-p-aaaaaa');
    github.plant('acme/site', 'old', { os: 'unknown' });
    github.plant('acme/site', 'at-work', { status: 'online' });
    github.plant('acme/site', name);
    github.plant('acme/shop', 'old');
    await listed([place, { account: 'me', scope: 'acme/shop' }]);
    passed += 7_200_000;
    expect(runners.foreign().map((one) => one.name)).toEqual(['hr-ffffff-p-aaaaaa', 'old', 'acme/shop:old']);
    expect(runners.foreign()[0]).toMatchObject({ kind: 'registration', suspicious: false });
    expect(runners.foreign()[0]?.description).toContain('another installation of Homerunner');
    expect(runners.foreign()[1]?.description).toMatch(/old at acme\/site has been offline for at least 2 h/);
    await runners.removeForeign('acme/shop:old');
    expect(github.names('acme/shop')).toEqual([]);
    expect(github.names('acme/site')).toHaveLength(4);
    await codeOf(runners.removeForeign('nobody'), 'not-found');
  });

  it('are left alone when they have come back', async () => {
    const runner = github.plant('acme/site', 'old');
    await listed();
    runner.status = 'online';
    await codeOf(runners.removeForeign('old'), 'usage');
    runner.status = 'offline';
    runner.busy = true;
    await codeOf(runners.removeForeign('old'), 'usage');
    expect(github.names('acme/site')).toEqual(['old']);
    github.runners.clear();
    await runners.removeForeign('old');
  });
});
