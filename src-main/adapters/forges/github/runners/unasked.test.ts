/** What need not be asked of GitHub about runners. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { problem } from '../../../../contract/problem.ts';
import { makeRecord } from '../../../../core/testing/make.ts';
import { directApis } from '../fake-apis.test-kit.ts';
import { FakeGitHub } from '../fake-github.test-kit.ts';
import { githubRunners, type GitHubRunners } from './runners.ts';

const install = 'abc123';
const name = `hr-${install}-p-aaaaaa`;
const place = { account: 'me', scope: 'acme/site' };
const record = makeRecord({
  ...place,
  name,
  forge: 'github',
  oneJob: true,
  registration: null,
  labels: ['x'],
});
const log = { info: () => {}, warn: () => {}, error: () => {} };

let github: FakeGitHub;
let runners: GitHubRunners;
let passed: number;
let over: boolean;

beforeEach(() => {
  github = new FakeGitHub();
  passed = 0;
  over = false;
  runners = githubRunners({
    apis: directApis(github).apis,
    install,
    clock: { now: () => Date.now() + passed, monotonic: () => performance.now() + passed },
    log,
    wake: () => {},
    jobOn: () => null,
    isOver: () => over,
    hasEnded: () => Promise.resolve(over),
  });
});

afterEach(() => vi.useRealTimers());

it('the removal of one whose job has ended: GitHub does that itself; what is left all the same is removed', async () => {
  const { id } = (await runners.register(record)) as { id: string };
  over = true;
  runners.list([place]);
  await new Promise(setImmediate);
  const names = () => runners.list([place]).runners.map((runner) => runner.name);
  expect(names()).toEqual([name]);
  const before = github.requests.length;
  expect(await runners.fence({ ...record, registration: id })).toBe('fenced');
  expect(names()).toEqual([]);
  await runners.remove({ ...place, name, registration: id });
  expect(github.requests).toHaveLength(before);
  // A ghost: it is still listed.
  await runners.remove({ ...place, name, registration: id });
  expect(github.names('acme/site')).toEqual([]);
});

it('but the removal of one that persists, whose next job may come', async () => {
  over = true;
  github.plant('acme/site', name);
  expect(await runners.fence({ ...record, oneJob: false, registration: null })).toBe('fenced');
  await runners.remove({ ...place, name, registration: null });
  expect(github.names('acme/site')).toEqual([]);
});

it('places where none of ours is, while answers are new, until one may be there', async () => {
  const other = github.plant('acme/site', 'other', { status: 'online' });
  /** How often it is asked in so long, where something changes all the time. */
  const askedIn = async (ms: number) => {
    const before = github.requests.length;
    for (let at = 0; at < ms; at += 10_000) {
      passed += 10_000;
      other.labels = [{ name: `at ${passed}` }];
      runners.list([place]);
      await new Promise(setImmediate);
      expect(runners.list([place]).unknown.size).toBe(0);
    }
    return github.requests.length - before;
  };
  await askedIn(600_000);
  expect(await askedIn(1_800_000)).toBeLessThanOrEqual(4);
  github.fault = (method) => (method === 'POST' || method === 'GET' ? { status: 502 } : null);
  await expect(runners.register(record)).rejects.toMatchObject({ problem: { code: 'forge-unreachable' } });
  github.fault = () => null;
  expect(await askedIn(180_000)).toBeGreaterThanOrEqual(3);
  expect(await askedIn(1_800_000)).toBeLessThanOrEqual(4);
  await runners.register(record);
  expect(await askedIn(600_000)).toBeGreaterThanOrEqual(9);
});

it('no place where one of ours is for more than 90 s, however many there are and though all changes', async () => {
  vi.useFakeTimers();
  const many = Array.from({ length: 20 }, (_, n) => ({ account: 'me', scope: `acme/r${n}` }));
  const rows = many.map(({ scope }, n) => {
    github.repository(scope);
    return github.plant(scope, `hr-${install}-p-${String(100_000 + n)}`, { status: 'online' });
  });
  const times = new Map<string, number[]>();
  for (let at = 0; at < 600_000; at += 5000) {
    for (const row of rows) row.labels = [{ name: `at ${at}` }];
    const before = github.requests.length;
    runners.list(many);
    await vi.advanceTimersByTimeAsync(5000);
    for (const { path } of github.requests.slice(before)) times.set(path, [...(times.get(path) ?? []), at]);
  }
  expect(times.size).toBe(many.length);
  for (const each of times.values()) {
    const gaps = [...each, 600_000].map((at, n) => at - (each[n - 1] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(90_000);
  }
});

it('what a limit puts off, until it allows; and it is no failure', async () => {
  const { apis } = directApis(github);
  let limitedUntil = Date.now() + 30_000;
  const now = () => Date.now() + passed;
  const watched = githubRunners({
    apis: {
      ...apis,
      async of(account) {
        if (now() >= limitedUntil) return apis.of(account);
        throw problem('rate-limited', 'It has asked as often as it may.', 'It waits.', {
          retryAt: limitedUntil,
        });
      },
    },
    install,
    clock: { now, monotonic: () => performance.now() + passed },
    log,
    wake: () => {},
    jobOn: () => null,
    isOver: () => false,
    hasEnded: () => Promise.resolve(false),
  });
  const look = async () => {
    watched.list([place]);
    await new Promise(setImmediate);
    return watched.list([place]).unknown.size;
  };
  github.plant('acme/site', name);
  expect(await look()).toBe(1);
  passed += 29_000;
  expect(await look()).toBe(1);
  passed += 2000;
  expect(await look()).toBe(0);
  // Known for a while, as of a list that was asked for: one that is put off is not what makes it old.
  limitedUntil = now() + 100_000;
  passed += 70_000;
  expect(await look()).toBe(0);
  passed += 31_000;
  const before = github.requests.length;
  await look();
  expect(github.requests.length).toBe(before + 1);
});
