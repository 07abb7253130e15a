/** What looking costs, and how much of it may be spent: requests, and those of them that count for the hourly limit. */
import type { GitHubApi, PollsLeft } from '../api/types.ts';
import type { Budget, Left } from './schedule.ts';

/** A look's cost so far. */
export interface Cost {
  requests: number;
  counted: number;
}

const pageSize = 100;

/** A client for polling that adds what it spends to `cost`. */
export function counting(api: GitHubApi, cost: Cost): GitHubApi {
  const spend = (requests: number, isFree: boolean): void => {
    cost.requests += requests;
    if (!isFree) cost.counted += requests;
  };
  return {
    account: api.account,
    async request(...[route, parameters]: Parameters<GitHubApi['request']>) {
      const answer = await orSpent(api.request<never>(route, parameters, 'poll'), spend);
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

/** What is planned for in a minute, over all accounts: of the 200 that may be asked the rest is for what is no look. */
const requestsPerMinute = 120;
/** While much is left looks are planned as if there were this many times as much, so that what is saved serves haste. */
const ease = 3;
const leastPart = 0.3;
/** The part of the most that can be left which quiet places leave to the others: less than what the plan settles at, 1 / `ease`. */
const kept = 0.2;

/** What looks leave to lists of our runners, which come one at a time: those would find nothing where looks take all. */
const forLists = { requests: 4, counted: 0.03 };

/** What to plan with: the less is left, the less; whatever else is asked so takes its part. `accounts` share the minute. */
export function planned({ counted, mostCounted, countedPerHour }: PollsLeft, accounts: number): Budget {
  const part = mostCounted > 0 ? counted / mostCounted - forLists.counted : 0;
  return {
    requestsPerMinute: requestsPerMinute / Math.max(1, accounts),
    countedPerHour: Math.max(1, countedPerHour) * Math.max(leastPart, ease * part),
  };
}

/** A look that takes more begins all the same: what it cannot ask any more comes next. Fewer than are always theirs at once. */
const mostExpected = 12;

/** What an entry's next look is expected to take. */
export function expectedOf({ requests, counted }: Readonly<Cost>): Cost {
  return { requests: Math.min(mostExpected, requests), counted };
}

/** The looks under way: what each may take, and what it took so far. */
export class Spending {
  readonly #looks = new Set<{ readonly expected: Cost; readonly cost: Cost }>();

  get looks(): number {
    return this.#looks.size;
  }

  /** A look begins that may take this: it adds to `cost` what it takes, until `end`. */
  begin(expected: Readonly<Cost>): { readonly cost: Cost; readonly end: () => void } {
    const look = { expected: expectedOf(expected), cost: { requests: 0, counted: 0 } };
    this.#looks.add(look);
    return { cost: look.cost, end: () => void this.#looks.delete(look) };
  }

  /** What further looks may take now, of what polls may ask. */
  left({ requests, counted, mostCounted }: PollsLeft): Left {
    const ahead: Cost = { requests: 0, counted: 0 };
    for (const { expected, cost } of this.#looks) {
      ahead.requests += Math.max(0, expected.requests - cost.requests);
      ahead.counted += Math.max(0, expected.counted - cost.counted);
    }
    return {
      requests: requests - ahead.requests - forLists.requests,
      counted: counted - ahead.counted - mostCounted * forLists.counted,
      kept: mostCounted * kept,
    };
  }
}
