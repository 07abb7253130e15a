/** The variable by which workflows learn whether this machine is there. */
import { afterEach, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { GitHubSite } from './site.ts';

let site: GitHubSite;
afterEach(async () => {
  expect(site.github.violations).toEqual([]);
  await site.dispose();
});

/** Epoch seconds that the variable of the repository holds; null: there is none. */
async function told(): Promise<number | null> {
  const at = `${site.github.apiUrl}/repos/ann/tools/actions/variables/HOMERUNNER_ONLINE`;
  const answer = await fetch(at, { headers: { authorization: `Bearer ${site.token}` } });
  return answer.status === 404 ? null : Number(((await answer.json()) as { value: string }).value);
}

const fresh = () =>
  until(async () => Math.abs(Date.now() / 1000 - ((await told()) ?? 0)) < 60, 'it is fresh');
const stale = () => until(async () => (await told()) === 0, 'it is marked stale');

it('is fresh while runners may be made, stale in a pause and after the end, and left alone where nobody wants it', async () => {
  site = await GitHubSite.open();
  const { home } = site;
  const running = await site.run();
  await site.once((s) => s.dataAge.github !== undefined, 'GitHub was asked');
  expect(await told()).toBeNull();
  await home.json(['pool', 'edit', 'github', '--fallback']);
  await fresh();
  await home.json(['pause', '--for', '10m']);
  await stale();
  await home.json(['resume']);
  await fresh();
  await home.json(['pool', 'edit', 'github', '--no-fallback']);
  await stale();
  await home.json(['pool', 'edit', 'github', '--fallback']);
  await fresh();
  await running.stop();
  expect(await told()).toBe(0);
});

it('says why it cannot be kept, and where there can be none', async () => {
  site = await GitHubSite.open();
  const { home } = site;
  await site.run(['--fallback', '--mode', 'ephemeral'], 'ann/*');
  const { problems } = await site.once((s) => s.problems.length > 0, 'the problem is told');
  expect(problems).toMatchObject([
    { code: 'not-found', message: expect.stringMatching(/^ann is no organisation/) as string },
  ]);
  const enterprise = await home.cli([
    'pool',
    'add',
    '--forge',
    'github',
    '--scope',
    'enterprises/big',
    '--mode',
    'manual',
    '--fallback',
  ]);
  expect(enterprise).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/enterprise has no variables/) as string,
  });
  const local = await home.cli(['pool', 'add', '--forge', 'local', '--fallback']);
  expect(local).toMatchObject({ code: 2, stderr: expect.stringMatching(/run here or not at all/) as string });
});
