/** The eyes of the chaos with GitHub on what it is asked: how often work is looked for, and what is not ours. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Traffic } from '../chaos/github/traffic.ts';
import { type GitHubDouble, startGitHubDouble } from '../support/github/double.ts';
import type { RequestRecord } from '../support/github/serve.ts';
import { remove } from '../support/remove.ts';

let dir: string;
let traffic: Traffic;

beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'hr-eyes-'));
  traffic = new Traffic(path.join(dir, 'requests'), 1000);
});

afterEach(async () => {
  await traffic.end();
  await remove(dir);
});

const look: RequestRecord = {
  ...{ method: 'GET', path: '/repos/ann/tools/actions/runs?status=queued', login: 'ann' },
  ...{ route: '/repos/{owner}/{repo}/actions/runs', at: 0, status: 200, agent: false },
};

/** So many, the same time after each other. */
function ask(times: number, everyMs: number, change: Partial<RequestRecord> = {}): void {
  const { at = 1_000_000 } = change;
  for (let n = 0; n < times; n += 1) traffic.hear({ ...look, ...change, at: at + n * everyMs });
}

it('as many looks as are allowed are no violation, in a minute and in an hour', () => {
  ask(200, 1);
  expect(traffic.violations()).toEqual([]);
  // Where nothing was new it costs nothing.
  ask(1000, 400, { at: 1_100_000, status: 304 });
  expect(traffic.violations()).toEqual([]);
});

it.each<[string, Partial<RequestRecord>]>([
  ['that were answered', {}],
  ['at which nothing was new', { status: 304 }],
  ['that failed', { status: 502 }],
  ['that were never answered', { status: 0 }],
  ['for repositories', { route: '/user/repos', path: '/user/repos' }],
  ['for those of an organisation', { route: '/orgs/{org}/repos', path: '/orgs/acme/repos' }],
])('too many looks in a minute %s are told', (_which, change) => {
  ask(201, 290, change);
  expect(traffic.violations()).toContain('It looked for work 201 times in a minute.');
});

it('too many looks in an hour are told', () => {
  ask(201, 17_000);
  expect(traffic.violations()).toEqual(['It looked for work 201 times in an hour.']);
});

it('as many over a longer time, and what is no look, are no violation', () => {
  ask(300, 20_000);
  ask(1000, 1, { method: 'POST', route: '/repos/{owner}/{repo}/actions/runners/generate-jitconfig' });
  ask(1000, 1, { agent: true });
  expect(traffic.violations()).toEqual([]);
});

it('who never looked for work has not been seen, and that is told', () => {
  expect(traffic.violations()).toEqual(['It never looked for work.']);
});

it.each([
  ['DELETE', '/repos/ann/tools/actions/runners/7'],
  ['PUT', '/repos/ann/tools/actions/runners/7/labels'],
  ['POST', '/orgs/acme/actions/runners/7/labels'],
  ['DELETE', '/enterprises/acme/actions/runners/7?force=1'],
  ['PUT', '/orgs/acme/actions/runner-groups/1/runners/7'],
])('a foreign runner that is touched by %s %s is told, also where nothing came of it', (method, asked) => {
  traffic.foreign.add(7);
  ask(1, 0);
  ask(1, 0, { method, path: asked, route: null, status: 0 });
  expect(traffic.violations()).toEqual([`A foreign runner was touched: ${method} ${asked}`]);
});

it('a foreign runner that is looked at, and another that is touched, are no violation', () => {
  traffic.foreign.add(7);
  ask(1, 0);
  ask(1, 0, { path: '/repos/ann/tools/actions/runners/7', route: null });
  ask(1, 0, { method: 'DELETE', path: '/repos/ann/tools/actions/runners/77', route: null });
  expect(traffic.violations()).toEqual([]);
});

it('hears of what the double was really asked: what faults struck counts too', async () => {
  const github: GitHubDouble = await startGitHubDouble({ heard: (request) => traffic.hear(request) });
  try {
    github.addUser('ann');
    github.addRepository('ann/tools');
    const authorization = `Bearer ${github.addToken({ login: 'ann', scopes: ['repo'] })}`;
    const { id } = github.plantRunner({ scope: 'ann/tools', name: 'hr-0f0f0f-person-a' });
    traffic.foreign.add(id);
    const asking = (method: string, to: string) =>
      fetch(`${github.apiUrl}/repos/ann/tools/actions/${to}`, { method, headers: { authorization } })
        .then(({ status }) => status)
        .catch(() => 0);
    const any = /^GET .*actions\/runs/;
    for (const fault of ['500', '502', 'html', 'drop'] as const) github.fault({ match: any, do: fault });
    const statuses = [];
    for (let n = 0; n < 5; n += 1) statuses.push(await asking('GET', 'runs'));
    expect(statuses).toEqual([500, 502, 200, 0, 200]);
    expect(traffic.looks.minute.total).toBe(5);
    expect(await asking('DELETE', `runners/${id}`)).toBe(204);
    expect(traffic.violations()).toEqual([
      `A foreign runner was touched: DELETE /repos/ann/tools/actions/runners/${id}`,
    ]);
    await traffic.end();
    expect(readFileSync(path.join(dir, 'requests'), 'utf8').trim().split('\n')).toHaveLength(6);
  } finally {
    await github.close();
  }
});
