/** Behind a proxy that wants a login: all of ours goes through it, and its password is nowhere to be read. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { marked } from '../support/processes.ts';
import { finished } from '../support/product.ts';
import { type SmallProxy, startProxy } from '../support/proxy.ts';
import { allow } from './held.ts';
import { GitHubSite } from './site.ts';

let proxy: SmallProxy;
let site: GitHubSite;
afterEach(async () => {
  await site.dispose();
  await proxy.close();
});

const password = 'Pr0xy$word';

/** Every file below, but those of jobs and agents, which are given the variables as they are. */
function* written(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* written(file);
    else if (entry.isFile()) yield readFileSync(file, 'latin1');
  }
}

it('signs in, fetches the agent, and runs a job', async () => {
  proxy = await startProxy();
  proxy.login = `ann:${password}`;
  const address = `http://ann:${encodeURIComponent(password)}@127.0.0.1:${proxy.port}`;
  // The double is on this machine, which needs no proxy unless NO_PROXY is set and does not name it.
  site = await GitHubSite.open({ env: { HTTP_PROXY: address, NO_PROXY: 'elsewhere.test' } });
  allow(site.home, 2);
  await site.run();
  const script = 'test -n "$HTTP_PROXY" && sleep 1';
  site.github.queueJob({ repository: 'ann/tools', labels: ['self-hosted', 'linux'], name: 'build', script });
  const commands = marked(site.home.path).map(({ command }) => command);
  expect(await site.ended(1)).toMatchObject([{ state: 'succeeded' }]);
  const ours = site.github.requests.filter(({ agent }) => !agent);
  expect(ours.length).toBeGreaterThan(10);
  expect(ours.some(({ path: asked }) => asked.endsWith('.tar.gz'))).toBe(true);
  expect(proxy.asked).toHaveLength(ours.length);
  for (const text of [...commands, ...written(site.home.path)]) {
    expect(text).not.toContain(password);
    expect(text).not.toContain(encodeURIComponent(password));
  }
});

it('says what is wrong with it, at the sign-in', async () => {
  proxy = await startProxy();
  proxy.login = 'ann:another';
  const address = `http://ann:${encodeURIComponent(password)}@127.0.0.1:${proxy.port}`;
  site = await GitHubSite.open({ env: { HTTP_PROXY: address, NO_PROXY: 'elsewhere.test' } });
  await site.home.run();
  const child = site.home.spawn([
    ...['account', 'add', '--forge', 'github', '--url', site.github.url, '--token-stdin'],
  ]);
  child.stdin?.end(`${site.token}\n`);
  const { code, stderr } = await finished(child);
  expect(code).not.toBe(0);
  expect(stderr).toContain('does not accept the name and password in HTTP_PROXY');
  expect(stderr).not.toContain(password);
});
