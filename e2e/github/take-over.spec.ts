/** A runner that somebody set up by hand becomes a pool, and is not touched. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { remove } from '../support/remove.ts';
import { GitHubSite } from './site.ts';

let site: GitHubSite;
let userHome = '';
afterEach(async () => {
  expect(site.github.violations).toEqual([]);
  await site.dispose();
  await remove(userHome);
});

it('is listed with what it serves, and taken over by a pool of the account that is there', async () => {
  userHome = mkdtempSync(path.join(tmpdir(), 'hr-user-'));
  const folder = path.join(userHome, 'actions-runner');
  mkdirSync(folder);
  site = await GitHubSite.open({ env: { HOME: userHome } });
  const settings = JSON.stringify({ AgentName: 'old-one', GitHubUrl: `${site.github.url}/ann/tools` });
  writeFileSync(path.join(folder, '.runner'), settings);
  site.github.plantRunner({
    ...{ scope: 'ann/tools', name: 'old-one', labels: ['self-hosted', 'big-disk', 'CUDA'], ephemeral: false },
  });
  const { home } = site;
  await home.run();
  await site.once((s) => s.foreign.some(({ agent }) => agent?.folder === folder), 'it was found');
  const early = await home.cli(['runner', 'adopt', folder]);
  expect(early).toMatchObject({ code: 2, stderr: expect.stringMatching(/no account at http/) as string });
  await site.signIn();
  const first = await home.cli(['runner', 'adopt', folder]);
  expect(first).toMatchObject({ code: 0, stderr: expect.stringMatching(/config\.sh remove/) as string });
  expect(first.stdout).toContain('It got the labels big-disk, cuda.');
  expect((await home.json<{ pools: unknown[] }>(['pool', 'list'])).pools).toMatchObject([
    {
      ...{ forge: 'github', scope: 'ann/tools', account: 'ann', mode: 'auto' },
      labels: ['big-disk', 'cuda'],
    },
  ]);
  expect(await home.json(['runner', 'adopt', folder])).toMatchObject({ made: false, pool: { id: 'github' } });
  expect(readFileSync(path.join(folder, '.runner'), 'utf8')).toBe(settings);
  const none = await home.cli(['runner', 'adopt', path.join(userHome, 'nothing')]);
  expect(none).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/no GitHub runner of others/) as string,
  });
});
