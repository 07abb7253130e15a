/** For tests: the demand at a GitHub in memory, by a clock that the test moves on. */
import { afterEach, beforeEach, vi } from 'vitest';
import type { Pool } from '../../../../contract/pool.ts';
import type { Demand, WaitingJob } from '../../../../core/forge-port.ts';
import { makePool } from '../../../../core/testing/make.ts';
import { directApis } from '../fake-apis.test-kit.ts';
import { FakeGitHub } from '../fake-github.test-kit.ts';
import { type DemandParts, githubDemand, type GitHubDemand } from './demand.ts';

export const install = 'abc123';

export const poolAt = (scope: string, more: Partial<Pool> = {}): Pool =>
  makePool({ id: 'p', forge: 'github', account: 'me', scope, ...more });

export const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

export const jobs = (demand: Demand): readonly WaitingJob[] => {
  if (demand === 'unknown') throw new Error('the demand is unknown');
  return demand.jobs;
};
export const ids = (demand: GitHubDemand) => jobs(demand.demand()).map(({ id }) => id);

export class World {
  readonly github = new FakeGitHub();
  readonly direct = directApis(this.github);
  readonly #opened: GitHubDemand[] = [];

  open(pools: readonly Pool[] | (() => readonly Pool[]), more: Partial<DemandParts> = {}): GitHubDemand {
    const nothing = () => undefined;
    const demand = githubDemand({
      apis: this.direct.apis,
      pools: typeof pools === 'function' ? pools : () => pools,
      install,
      clock: { now: () => Date.now(), monotonic: () => performance.now() },
      log: { info: nothing, warn: nothing, error: nothing },
      takesPublic: () => false,
      checkMs: () => null,
      ...more,
    });
    this.#opened.push(demand);
    return demand;
  }

  /** Every request whose path has this in it is answered by a 502. */
  down(path = ''): void {
    this.github.fault = (_, asked) => (asked.includes(path) ? { status: 502 } : null);
  }

  well(): void {
    this.github.fault = () => null;
  }

  end(): void {
    for (const demand of this.#opened) demand.close();
  }
}

/** A new world for each test, by fake timers. */
export function eachInAWorld(begin: (world: World) => void): void {
  let world: World;
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse('2026-05-01T12:00:00Z') });
    world = new World();
    begin(world);
  });
  afterEach(() => {
    world.end();
    vi.useRealTimers();
  });
}
