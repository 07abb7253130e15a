/** A whole enterprise: runners registered there, which do jobs of the repositories of its organisations. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Light } from '../../src-main/contract/commands.ts';
import { cleared, runnerThat } from './agents.ts';
import { GitHubSite } from './site.ts';

const labels = ['self-hosted', 'linux'];
const small = ['--cores', '0.1', '--memory', '64m'];
const scope = 'enterprises/big';
const mayList = ['repo', 'manage_runners:enterprise', 'read:enterprise'];

let site: GitHubSite;
beforeEach(async () => {
  site = await GitHubSite.open();
  const { github } = site;
  github.addUser('eve', { enterprises: ['big'] });
  github.addOrganization('acme', { enterprise: 'big', admins: ['eve'] });
  github.addOrganization('shop', { enterprise: 'big', members: ['eve'] });
  for (const name of ['acme/app', 'acme/site', 'shop/cart', 'other/app']) github.addRepository(name);
});
afterEach(async () => {
  expect(site.github.violations).toEqual([]);
  await site.dispose();
});

/** A supervisor with an account of these scopes, and its token. */
async function signedIn(scopes: readonly string[]): Promise<string> {
  const { github, home } = site;
  await home.run();
  const token = github.addToken({ login: 'eve', scopes });
  const child = home.spawn([
    ...['account', 'add', '--forge', 'github', '--url', github.url, '--name', 'eve', '--token-stdin'],
  ]);
  child.stdin?.end(`${token}\n`);
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
  return token;
}

const addPool = (...more: readonly string[]) =>
  site.home.json(['pool', 'add', '--forge', 'github', '--scope', scope, '--name', 'big', ...small, ...more]);

/** What is told makes the check end with 1. */
async function toldOf(pool: string): Promise<readonly Light[]> {
  const { stdout } = await site.home.cli(['pool', 'check', pool, '--json']);
  return (JSON.parse(stdout) as { lights: Light[] }).lights.filter(({ ok }) => !ok);
}

it('has runners by demand, made for the jobs of its organisations and of nobody else', async () => {
  const { github } = site;
  await signedIn(mayList);
  await addPool('--mode', 'auto', '--max', '4');
  const queued = ['acme/app', 'shop/cart'].flatMap((repository) => github.queueJob({ repository, labels }));
  const [foreign = 0] = github.queueJob({ repository: 'other/app', labels });
  const done = await site.ended(2);
  expect(done.map(({ id, state, pool }) => [id, state, pool]).sort()).toEqual(
    queued.map((id) => [`gh-${id}`, 'succeeded', 'big']).sort(),
  );
  expect(done.map(({ url }) => url?.split('/').slice(3, 5).join('/')).sort()).toEqual([
    'acme/app',
    'shop/cart',
  ]);
  expect([...queued, foreign].map((job) => github.jobRuns.get(job))).toEqual([1, 1, undefined]);
  const asked = github.requests.map(({ method, path: to }) => `${method} ${to}`);
  expect(asked.filter((request) => request.endsWith('/generate-jitconfig'))).toEqual(
    queued.map(() => `POST /${scope}/actions/runners/generate-jitconfig`),
  );
  // One question of the demand, one of the check.
  expect(asked.filter((request) => request === 'POST /api/graphql').length).toBeLessThanOrEqual(4);
  expect((await toldOf('big')).map(({ name, blocks }) => [name, blocks])).toEqual([
    ['actions', false],
    ['fork-pull-requests', false],
    // None of them has a workflow.
    ['workflows', false],
  ]);
  await cleared(site);
});

it('whose organisations may not be listed says which scope is missing, and works once that is granted', async () => {
  const { github, home } = site;
  const token = await signedIn(['repo', 'manage_runners:enterprise']);
  const lacks = 'may not list the organisations of the enterprise big: it lacks the scope read:enterprise';
  const pool = ['pool', 'add', '--forge', 'github', '--scope', scope, ...small];
  expect(await home.cli(pool)).toMatchObject({ code: 4, stderr: expect.stringContaining(lacks) });
  await addPool('--mode', 'ephemeral', '--min', '0');
  const [job = 0] = github.queueJob({ repository: 'acme/app', labels });
  const { problems } = await site.once(
    (snapshot) => snapshot.problems.some(({ message }) => message.includes(lacks)),
    'it is said',
  );
  expect(problems.find(({ message }) => message.includes(lacks))).toMatchObject({
    subject: 'big',
    hint: expect.stringContaining('Grant it to the token'),
    link: `${github.url}/settings/tokens`,
  });
  expect(github.runners()).toEqual([]);
  Object.assign(github.world.tokens.get(token)!, { scopes: mayList });
  // A change of the pools has everything looked at anew.
  await home.json(['pool', 'edit', 'big', '--max', '2']);
  await site.ended(1);
  expect(github.jobRuns.get(job)).toBe(1);
});

it('has runners that persist, which do jobs of its organisations, whatever may be listed', async () => {
  const { github } = site;
  await signedIn(['repo', 'manage_runners:enterprise']);
  await addPool('--mode', 'manual', '--min', '1', '--max', '1');
  await runnerThat(site, ({ phase }) => phase === 'idle', 'is idle');
  expect(github.runners()).toMatchObject([{ scope, ephemeral: false }]);
  const asked = github.requests.map(({ method, path: to }) => `${method} ${to}`);
  expect(asked).toContain(`POST /${scope}/actions/runners/registration-token`);
  expect(asked.filter((request) => request.endsWith('/generate-jitconfig'))).toEqual([]);
  // What only who administers the whole enterprise may see is told, and keeps nobody from it.
  expect((await toldOf('big')).map(({ name, blocks }) => [name, blocks])).toEqual([
    ['scope', false],
    ['actions', false],
    ['fork-pull-requests', false],
  ]);
  const [job = 0] = github.queueJob({ repository: 'acme/app', labels });
  const [done] = await site.ended(1);
  expect([done?.state, github.jobRuns.get(job)]).toEqual(['succeeded', 1]);
  expect(done).toMatchObject({ id: `gh-${job}`, pool: 'big' });
  expect(done?.url).toContain('/acme/app/');
});
