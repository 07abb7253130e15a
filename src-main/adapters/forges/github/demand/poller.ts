/** Looks at all that one account serves, again and again, within its budget. */
import type { Pool } from '../../../../contract/pool.ts';
import { type Problem, problemOf } from '../../../../contract/problem.ts';
import type { Clock, Log } from '../../../../core/ports.ts';
import type { GitHubApi, GitHubApis } from '../api/types.ts';
import { lookAtEnterprise } from './enterprise.ts';
import { failed, isRefused, lookSoon, succeeded, targetOf, waitOf } from './entry.ts';
import {
  type AnyEntry,
  type EnterpriseEntry,
  Followed,
  type ListingEntry,
  type RepositoryEntry,
} from './followed.ts';
import type { JobsSeen } from './jobs-seen.ts';
import type { SeenJob } from './job.ts';
import { lookAtListing } from './listing.ts';
import { afterLook, expected, pushesIn } from './pushes.ts';
import { aboutToAsk, areOver, lookAt, newerOf, type RepositoryState, withJobs } from './repository.ts';
import { intervals, type Kind, turn } from './schedule.ts';
import { type Cost, counting, expectedOf, planned, Spending } from './spending.ts';

export interface PollerParts {
  readonly apis: GitHubApis;
  readonly clock: Clock;
  readonly log: Log;
  /** Something new is known. */
  readonly changed: () => void;
  /** Replaces the usual waits between looks; null: they adapt. */
  readonly checkMs: () => number | null;
  readonly seen: JobsSeen;
}

/** Looks at once. */
const mostLooks = 6;
/** A push within this time may be followed by jobs: the repository is looked at often. */
const afterPushMs = 30 * 60_000;
const afterChangeMs = 10 * 60_000;
const signInMs = 60_000;
/** The two clocks part by more than this only when the machine slept. */
const sleptMs = 30_000;
const noWaitMs = 100;
const longestWaitMs = 10_000;
/** GitHub needs a moment to end a run after the last of its jobs. */
const runEndMs = 4000;
const jobsAPage = 100;

export class Poller {
  readonly followed = new Followed();
  /** What keeps the whole account from being asked. */
  problem: Problem | null = null;
  #notBefore = -Infinity;
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;
  #offset: number;
  readonly #account: string;
  readonly #parts: PollerParts;
  /** How many accounts share the minute. */
  readonly #accounts: () => number;
  readonly #spending = new Spending();

  constructor(account: string, parts: PollerParts, accounts: () => number) {
    this.#account = account;
    this.#parts = parts;
    this.#accounts = accounts;
    this.#offset = parts.clock.now() - parts.clock.monotonic();
  }

  /** From now on it serves these pools, all of this account. */
  serve(pools: readonly Pool[]): void {
    this.followed.serve(pools);
    this.#soon(0);
  }

  /** Looks at everything before its time. */
  nudge(): void {
    this.#lookAnew();
    this.#notBefore = -Infinity;
    this.#soon(0);
  }

  /** The run that is followed and has this job; null: none is, or it has too many for one request. */
  runOf(name: string, job: string): number | null {
    for (const [id, { jobs }] of this.followed.repositories.get(name.toLowerCase())?.state.runs ?? [])
      if (jobs.length < jobsAPage && jobs.some((one) => one.id === job)) return id;
    return null;
  }

  /** The jobs of a run as somebody else has just asked for them: what follows one that has ended is among them. */
  told(name: string, run: number, jobs: readonly SeenJob[]): void {
    const entry = this.followed.repositories.get(name.toLowerCase());
    if (entry?.state.runs.has(run) !== true) return;
    const { clock, changed } = this.#parts;
    entry.state = withJobs(entry.state, run, jobs, clock);
    entry.changedAt = clock.monotonic();
    if (areOver(jobs)) entry.soonAt = Math.min(entry.soonAt, clock.monotonic() + runEndMs);
    changed();
    this.#soon(0);
  }

  close(): void {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #soon(inMs: number): void {
    if (this.#isClosed) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#turn();
    }, inMs);
    this.#timer.unref();
  }

  /** Starts the looks that are due, and comes back for the next. */
  #turn(): void {
    const { clock, checkMs } = this.#parts;
    this.#noticeSleep();
    const now = clock.monotonic();
    const targets = [...this.followed.all()]
      .filter((entry) => !entry.isLooking)
      .map((entry) => {
        const target = targetOf(entry, this.#kindOf(entry));
        const notBefore = Math.max(target.notBefore, this.#notBefore);
        return { ...target, ...expectedOf(target), notBefore };
      });
    const mayAsk = this.#parts.apis.left(this.#account);
    const waits = intervals(targets, planned(mayAsk, this.#accounts()), now, checkMs());
    for (const entry of this.followed.all()) entry.waitMs = waits.get(entry.key) ?? entry.waitMs;
    const { look, nextAt } = turn(targets, waits, this.#spending.left(mayAsk), now);
    const room = Math.max(0, mostLooks - this.#spending.looks);
    for (const key of look.slice(0, room)) this.#start(key);
    // Each look that ends brings the next turn.
    if (look.length > room) return;
    this.#soon(Math.min(longestWaitMs, Math.max(noWaitMs, nextAt - now)));
  }

  /** While the machine slept, everything may have changed. */
  #noticeSleep(): void {
    const { clock } = this.#parts;
    const offset = clock.now() - clock.monotonic();
    if (offset - this.#offset > sleptMs) {
      for (const entry of this.followed.all()) entry.goodAt = null;
      this.#lookAnew();
    }
    this.#offset = offset;
  }

  #lookAnew(): void {
    for (const entry of this.followed.all()) lookSoon(entry);
    for (const entry of this.followed.repositories.values()) entry.state = aboutToAsk(entry.state);
  }

  #kindOf(entry: AnyEntry): Kind {
    if ('enterprise' in entry) return 'enterprise';
    if ('coverage' in entry) return 'listing';
    const { clock } = this.#parts;
    if (isRefused(entry)) return 'quiet';
    if (entry.isAlone || entry.state.runs.size > 0 || entry.expects !== null) return 'busy';
    if (entry.changedAt + afterChangeMs > clock.monotonic()) return 'recent';
    for (const { state } of this.followed.listings.values()) {
      const pushedAt = state?.repositories.get(entry.key)?.pushedAt ?? null;
      if (pushedAt !== null && pushedAt + afterPushMs > clock.now()) return 'recent';
    }
    return 'quiet';
  }

  #start(key: string): void {
    const entry = this.followed.of(key);
    if (entry === undefined) return;
    const { cost, end } = this.#spending.begin(entry);
    entry.isLooking = true;
    entry.soonAt = Infinity;
    entry.lookedAt = this.#parts.clock.monotonic();
    void this.#look(entry, cost).finally(() => {
      entry.isLooking = false;
      end();
      this.#soon(0);
    });
  }

  async #look(entry: AnyEntry, cost: Cost): Promise<void> {
    try {
      const api = counting(await this.#parts.apis.of(this.#account), cost);
      if ('enterprise' in entry) await this.#count(entry, api, cost);
      else if ('coverage' in entry) await this.#list(entry, api, cost);
      else await this.#visit(entry, api, cost);
      this.problem = null;
    } catch (error) {
      this.#note(entry, error);
    }
    this.#parts.changed();
  }

  async #count(entry: EnterpriseEntry, api: GitHubApi, cost: Cost): Promise<void> {
    const state = await lookAtEnterprise(api, entry.enterprise, entry.groups);
    succeeded(entry, state, false, cost, this.#parts.clock);
    this.followed.follow();
  }

  async #list(entry: ListingEntry, api: GitHubApi, cost: Cost): Promise<void> {
    const { clock } = this.#parts;
    const before = entry.state;
    const state = await lookAtListing(api, entry.coverage, entry.groups, before, clock);
    const pushed = pushesIn(before, state, clock);
    succeeded(entry, state, pushed.size > 0, cost, clock);
    entry.knownSince ??= clock.monotonic();
    this.followed.follow();
    for (const [key, pushedAt] of pushed) {
      const repository = this.followed.repositories.get(key);
      if (repository !== undefined) Object.assign(repository, expected(pushedAt, clock));
    }
  }

  async #visit(entry: RepositoryEntry, api: GitHubApi, cost: Cost): Promise<void> {
    const { clock, seen } = this.#parts;
    const before = entry.state;
    const state = newerOf(await lookAt(api, entry.name, before, entry.isAlone, clock), entry.state);
    succeeded(entry, state, statusOf(before) !== statusOf(state), cost, clock);
    if (entry.expects !== null) Object.assign(entry, afterLook(entry.expects, state, clock));
    for (const run of state.runs.values()) seen.note(run.jobs);
  }

  #note(entry: AnyEntry, error: unknown): void {
    const { clock, log } = this.#parts;
    const { code, message } = problemOf(error);
    if (code === 'unauthorized') {
      this.problem = problemOf(error);
      this.#notBefore = clock.monotonic() + signInMs;
    }
    const wasWell = entry.failures === 0;
    const problem = failed(entry, error, clock);
    // Its next look would be long after what failed was mended.
    if ('enterprise' in entry) entry.soonAt = entry.notBefore;
    if (code === 'rate-limited') this.#notBefore = clock.monotonic() + waitOf(problem, clock.now());
    else if (wasWell) log.warn(`GitHub could not be asked about ${entry.key}.`, { code, message });
  }
}

/** What a look would have to change to be called news. */
function statusOf({ runs }: RepositoryState): string {
  return JSON.stringify([...runs].map(([id, { jobs }]) => [id, jobs.map((job) => [job.id, job.status])]));
}
