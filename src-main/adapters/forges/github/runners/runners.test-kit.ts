/** For tests: our runners at a GitHub in memory that is asked over HTTP, by a clock that the test moves on. */
import { afterEach, beforeEach, expect } from 'vitest';
import type { ProblemCode } from '../../../../contract/problem.ts';
import type { RunnerRecord } from '../../../../core/runner.ts';
import { makeRecord } from '../../../../core/testing/make.ts';
import { githubApis } from '../api/apis.ts';
import { requestBudget } from '../api/budget.ts';
import { served, testAccount } from '../fake-apis.test-kit.ts';
import { FakeGitHub } from '../fake-github.test-kit.ts';
import { githubRunners, type GitHubRunners } from './runners.ts';

export const install = 'abc123';
export const name = `hr-${install}-p-aaaaaa`;
export const place = { account: 'me', scope: 'acme/site' };
export const record = (more: Partial<RunnerRecord> = {}): RunnerRecord =>
  makeRecord({
    ...place,
    name,
    forge: 'github',
    oneJob: true,
    registration: null,
    labels: ['self-hosted', 'Linux', 'my label'],
    ...more,
  });
const nothing = () => undefined;
const log = { info: nothing, warn: nothing, error: nothing };

export class Scene {
  readonly github: FakeGitHub;
  readonly runners: GitHubRunners;
  readonly woken: string[] = [];
  /** How far the clocks are ahead, milliseconds. */
  passed = 0;

  constructor(github: FakeGitHub, url: string) {
    this.github = github;
    const now = () => Date.now() + this.passed;
    const apis = githubApis({
      accounts: () => [{ ...testAccount, url, apiUrl: url }],
      credentials: {
        of: () => Promise.resolve({ kind: 'token', token: 'ghp_secret' }),
        renewed: () => Promise.resolve(null),
      },
      seen: nothing,
      userAgent: 'test',
      log,
      now,
      budget: requestBudget({ now, load: () => null, save: nothing }),
      timeoutMs: 2000,
      retryMs: 1,
    });
    this.runners = githubRunners({
      apis,
      install,
      clock: { now, monotonic: () => performance.now() + this.passed },
      log,
      wake: (why) => this.woken.push(why),
      jobOn: (runner) =>
        runner === name
          ? { id: 'gh-1', name: 'build', url: null, startedAt: 5, timeLimitMs: null, cancel: false }
          : null,
      isOver: () => false,
      hasEnded: () => Promise.resolve(false),
    });
  }

  /** The answers to all POST requests. */
  posts(): readonly number[] {
    return this.github.requests.filter(({ method }) => method === 'POST').map(({ status }) => status);
  }

  /** What is known of these places once what was asked for is answered. */
  async listed(places = [place]) {
    this.runners.list(places);
    await expect.poll(() => this.runners.list(places).unknown.size, { interval: 5 }).toBe(0);
    return this.runners.list(places);
  }
}

/** A new scene for each test. */
export function eachScene(begin: (scene: Scene) => void): void {
  let server: Awaited<ReturnType<typeof served>>;
  beforeEach(async () => {
    const github = new FakeGitHub();
    server = await served(github);
    begin(new Scene(github, server.url));
  });
  afterEach(() => server.end());
}

export async function codeOf(promise: Promise<unknown>, code: ProblemCode) {
  const error: unknown = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ problem: { code } });
  return (error as { problem: { message: string; hint: string; retryAt?: number } }).problem;
}
