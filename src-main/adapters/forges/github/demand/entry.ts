/** The book of one place that is looked at: when, with what success, and what a look takes. */
import { type Problem, problemOf } from '../../../../contract/problem.ts';
import type { Clock } from '../../../../core/ports.ts';
import type { Cost } from './spending.ts';
import type { Kind, Target } from './schedule.ts';

/** Times are monotonic milliseconds, but `goodWall`. */
export interface Entry<State> {
  readonly key: string;
  state: State;
  lookedAt: number | null;
  changedAt: number;
  notBefore: number;
  /** Something is expected there by then; Infinity: nothing is. */
  soonAt: number;
  /** What looks took of late. */
  requests: number;
  counted: number;
  countedUsually: number;
  /** The last look that told something; null: none yet, or none that still counts. */
  goodAt: number | null;
  goodWall: number | null;
  /** Looks that failed since then. */
  failures: number;
  problem: Problem | null;
  isLooking: boolean;
  /** How long the plan waits between two looks. */
  waitMs: number;
}

/** What was known is unknown when it is older than this, or than some looks. */
const staleMs = 120_000;
const staleLooks = 2.5;
const mostFailures = 1;
const firstRetryMs = 3000;
const lastRetryMs = 60_000;

export function newEntry<State>(key: string, state: State): Entry<State> {
  return {
    key,
    state,
    lookedAt: null,
    changedAt: -Infinity,
    notBefore: -Infinity,
    soonAt: Infinity,
    requests: 1,
    counted: 1,
    countedUsually: 0,
    goodAt: null,
    goodWall: null,
    failures: 0,
    problem: null,
    isLooking: false,
    waitMs: 0,
  };
}

/** What was last seen still counts: by both clocks, as the monotonic one stands still while the machine sleeps. */
export function isFresh({ goodAt, goodWall, failures, waitMs }: Entry<unknown>, clock: Clock): boolean {
  if (goodAt === null || goodWall === null || failures > mostFailures) return false;
  const longest = Math.max(staleMs, staleLooks * waitMs);
  return clock.monotonic() - goodAt < longest && clock.now() - goodWall < longest;
}

/** The forge says that it is not there, or closed to us: asking again does not help. */
export function isRefused({ problem }: Entry<unknown>): boolean {
  return problem !== null && (problem.code === 'not-found' || problem.code === 'forbidden');
}

/** It is looked at as soon as may be. */
export function lookSoon(entry: Entry<unknown>): void {
  entry.lookedAt = null;
  entry.notBefore = -Infinity;
}

export function succeeded<State>(
  entry: Entry<State>,
  state: State,
  hasChanged: boolean,
  cost: Readonly<Cost>,
  clock: Clock,
): void {
  const now = clock.monotonic();
  Object.assign(entry, {
    state,
    goodAt: now,
    goodWall: clock.now(),
    failures: 0,
    problem: null,
    notBefore: -Infinity,
    ...(hasChanged && { changedAt: now }),
    requests: mean(entry.requests, cost.requests, 1 / 2),
    counted: mean(entry.counted, cost.counted, 1 / 2),
    countedUsually: mean(entry.countedUsually, cost.counted, 1 / 4),
  } satisfies Partial<Entry<State>>);
}

/** A limit that is reached is no failure: it only takes longer, and is told where nothing fresh is known. */
export function failed(entry: Entry<unknown>, error: unknown, clock: Clock): Problem {
  const problem = problemOf(error);
  const now = clock.monotonic();
  if (problem.code === 'rate-limited') {
    entry.notBefore = now + waitOf(problem, clock.now());
    if (!isRefused(entry)) entry.problem = problem;
    return problem;
  }
  entry.failures += 1;
  entry.problem = problem;
  entry.notBefore =
    now + (isRefused(entry) ? lastRetryMs : Math.min(lastRetryMs, firstRetryMs * 2 ** (entry.failures - 1)));
  return problem;
}

/** How long a limit asks to wait, milliseconds: clocks may differ, so never more than an hour. */
export function waitOf({ retryAt }: Problem, now: number): number {
  return Math.min(3_600_000, Math.max(250, (retryAt ?? now + lastRetryMs) - now));
}

export function targetOf(
  { key, lookedAt, changedAt, notBefore, soonAt, requests, counted, countedUsually }: Entry<unknown>,
  kind: Kind,
): Target {
  return { key, kind, lookedAt, changedAt, notBefore, soonAt, requests, counted, countedUsually };
}

/** `part` is how much of it the newest makes. */
function mean(before: number, now: number, part: number): number {
  return before + (now - before) * part;
}
