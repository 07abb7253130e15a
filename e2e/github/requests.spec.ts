/** What a job costs in requests, from its queue to its end, in an ordinary run without faults. */
import { afterEach, expect, it } from 'vitest';
import type { RequestRecord } from '../support/github/serve.ts';
import { allow } from './held.ts';
import { GitHubSite } from './site.ts';

let site: GitHubSite;
afterEach(async () => {
  expect(site.github.violations).toEqual([]);
  await site.dispose();
});

const kind = ({ method, path }: RequestRecord) =>
  `${method} ${path.replaceAll(/\/\d+/g, '/N').replaceAll(/name=[^&]+/g, 'name=X')}`;

it('asks ', async () => {
  site = await GitHubSite.open();
  const { github, home } = site;
  allow(home, 4);
  await site.run();
  github.queueJob({
    repository: 'ann/tools',
    labels: ['self-hosted', 'linux'],
    name: 'first',
    script: 'echo',
  });
  await site.ended(1);
  await site.once((s) => s.runners.length === 0, 'gone');
  const before = github.requests.length;
  const n = 20;
  for (let i = 0; i < n; i += 1) {
    github.queueJob({
      repository: 'ann/tools',
      labels: ['self-hosted', 'linux'],
      name: `job ${i}`,
      script: 'sleep 1',
    });
    if (i % 4 === 3) await site.ended(i + 2);
  }
  await site.ended(n + 1);
  await site.once((s) => s.runners.length === 0, 'gone');
  const table: Record<string, number> = {};
  for (const r of github.requests.slice(before))
    if (!r.agent) table[`${kind(r)} ${r.status}`] = (table[`${kind(r)} ${r.status}`] ?? 0) + 1;
  console.log(JSON.stringify(table, null, 1));
  const tableBefore: Record<string, number> = {};
  for (const r of github.requests.slice(0, before))
    if (!r.agent) tableBefore[`${kind(r)} ${r.status}`] = (tableBefore[`${kind(r)} ${r.status}`] ?? 0) + 1;
  console.log('start', JSON.stringify(tableBefore, null, 1));
}, 180_000);
