/** What looking costs, and how much of it may be spent: requests, and those of them that count for the hourly limit. */
import type { GitHubApi } from '../api/types.ts';
import type { Budget, Left } from './schedule.ts';

/** A look's cost so far. */
export interface Cost {
  requests: number;
  counted: number;
}

const pageSize = 100;

/** A client for polling that adds what it spends to `cost`, and tells of the hourly limit that answers name. */
export function counting(api: GitHubApi, cost: Cost, limitIs: (perHour: number) => void): GitHubApi {
  const spend = (requests: number, isFree: boolean): void => {
    cost.requests += requests;
    if (!isFree) cost.counted += requests;
  };
  return {
    account: api.account,
    async request(...[route, parameters]: Parameters<GitHubApi['request']>) {
      const answer = await orSpent(api.request<never>(route, parameters, 'poll'), spend);
      const told = Number(answer.headers['x-ratelimit-limit']);
      if (told > 0) limitIs(told);
      spend(1, answer.unchanged);
      return answer;
    },
    async all(...[route, parameters, options]: Parameters<GitHubApi['all']>) {
      const answer = await orSpent(api.all<never>(route, parameters, { ...options, urgency: 'poll' }), spend);
      spend(Math.max(1, Math.ceil(answer.items.length / pageSize)), answer.unchanged);
      return answer;
    },
  };
}

async function orSpent<T>(
  asking: Promise<T>,
  spend: (requests: number, isFree: boolean) => void,
): Promise<T> {
  try {
    return await asking;
  } catch (error) {
    spend(1, false);
    throw error;
  }
}

/** Polls of an account may take a fifth of its hourly limit; what remains of that is for its lists of runners. */
const share = 0.2 * 0.6;
const usualLimit = 5000;
/** 200 a minute are allowed in all: the rest is for what is not polled. */
const requestsPerMinute = 130;
/** What may be spent at once, as a part of an hour's and in requests. */
const atOnce = { requests: 40, counted: 1 / 3 };

/** While the purse is full looks are planned as if there were this many times as much, so that what is saved serves haste. */
const ease = 3;
const leastPart = 0.3;
/** The part of a full purse that quiet places leave to the others: less than what the plan settles at, 1 / `ease`. */
const kept = 0.2;

export interface Purse {
  /** What to plan with: the emptier the purse, the less. */
  budget(): Budget;
  left(): Left;
  spend(cost: Readonly<Cost>): void;
  limitIs(perHour: number): void;
}

/** `accounts`: how many share the minute. `monotonic` in milliseconds. */
export function purse(monotonic: () => number, accounts: () => number): Purse {
  let perHour = usualLimit;
  let at = monotonic();
  const income = (): Budget => ({
    requestsPerMinute: requestsPerMinute / Math.max(1, accounts()),
    countedPerHour: perHour * share,
  });
  const free = { requests: atOnce.requests, counted: income().countedPerHour * atOnce.counted };
  const refill = (): Budget => {
    const now = monotonic();
    const rates = income();
    const passed = now - at;
    at = now;
    free.requests = Math.min(atOnce.requests, free.requests + (passed * rates.requestsPerMinute) / 60_000);
    free.counted = Math.min(
      rates.countedPerHour * atOnce.counted,
      free.counted + (passed * rates.countedPerHour) / 3_600_000,
    );
    return rates;
  };
  return {
    budget() {
      const { requestsPerMinute, countedPerHour } = refill();
      const part = free.counted / (countedPerHour * atOnce.counted);
      return { requestsPerMinute, countedPerHour: countedPerHour * Math.max(leastPart, ease * part) };
    },
    left() {
      const { countedPerHour } = refill();
      return { ...free, kept: countedPerHour * atOnce.counted * kept };
    },
    spend(cost) {
      refill();
      free.requests -= cost.requests;
      free.counted -= cost.counted;
    },
    limitIs: (limit) => void (perHour = limit),
  };
}
