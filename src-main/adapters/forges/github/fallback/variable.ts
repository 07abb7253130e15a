/**
 * Keeps a variable fresh that tells workflows whether this workstation is there (core/snippet): written every two
 * minutes at most while runners may be created, and set to 0 when they may not any more.
 */
import { problem, problemOf, ProblemError, type Problem } from '../../../../contract/problem.ts';
import { onlineVariable } from '../../../../core/snippet.ts';
import type { ApiAnswer, GitHubApi, GitHubApis, Urgency } from '../api/types.ts';

/** Milliseconds; two missed writes still leave the variable fresh (300 s). 30 writes an hour of GitHub's 500. */
const refreshMs = 120_000;
/** A clock that is further off writes what hosted machines take for stale or for the future. */
const mostSkewMs = 30_000;

/** A pool that wants to be seen, and whose runners may be created just now. */
export interface Beacon {
  readonly account: string;
  /** `owner/repository`, or an organisation (`owner/*` writes that of the organisation `owner`). */
  readonly scope: string;
}

export interface Freshness {
  /**
   * To be called often, with all pools that may create runners now. Writes what is due in the background; one that is
   * not among them any more is marked stale at once.
   */
  turn(online: readonly Beacon[]): void;
  /** Marks all stale, and waits for it. Never throws: a variable that could not be written grows old by itself. */
  close(): Promise<void>;
  /** Why a variable could not be written; `subject` is its scope. */
  problems(): readonly Problem[];
}

/** What is known of the variable at one place. */
interface Mark {
  readonly beacon: Beacon;
  wanted: boolean;
  /** It may say that we are there. */
  lit: boolean;
  /** Not before, by `now`. */
  due: number;
  /** How far the forge's clock is ahead of ours, milliseconds. */
  skew: number;
  writing: Promise<void> | null;
  problem: Problem | null;
}

export function freshness({
  apis,
  now,
}: {
  readonly apis: GitHubApis;
  readonly now: () => number;
}): Freshness {
  const marks = new Map<string, Mark>();

  const advance = (mark: Mark): Promise<void> | null => {
    const isDue = mark.wanted ? now() >= mark.due : mark.lit;
    if (!isDue || mark.writing !== null) return mark.writing;
    mark.writing = write(apis, mark, now).finally(() => {
      mark.writing = null;
    });
    return mark.writing;
  };

  return {
    turn(online) {
      const wanted = new Set(online.map(keyOf));
      for (const beacon of online) {
        if (!marks.has(keyOf(beacon))) marks.set(keyOf(beacon), newMark(beacon));
      }
      for (const [key, mark] of marks) {
        const isBack = !mark.wanted && wanted.has(key);
        // That we are gone has been written since, so this is due at once.
        if (isBack && mark.problem === null) mark.due = 0;
        mark.wanted = wanted.has(key);
        if (!mark.wanted && !mark.lit && mark.writing === null) marks.delete(key);
        else void advance(mark);
      }
    },
    async close() {
      await Promise.all(
        [...marks.values()].map(async (mark) => {
          mark.wanted = false;
          await mark.writing;
          await advance(mark);
        }),
      );
      marks.clear();
    },
    problems: () => [...marks.values()].map((mark) => mark.problem).filter((told) => told !== null),
  };
}

function keyOf({ account, scope }: Beacon): string {
  return `${account} ${placeOf(scope)}`;
}

/** All repositories of an owner share the variable of their organisation. */
function placeOf(scope: string): string {
  return scope.replace(/\/\*$/, '');
}

function newMark(beacon: Beacon): Mark {
  return { beacon, wanted: true, lit: false, due: 0, skew: 0, writing: null, problem: null };
}

/** One write; what fails is tried again after two minutes, or when GitHub says. A stale mark that fails is left to age. */
async function write(apis: GitHubApis, mark: Mark, now: () => number): Promise<void> {
  const { wanted } = mark;
  mark.lit = wanted;
  mark.due = now() + refreshMs;
  try {
    const api = await apis.of(mark.beacon.account);
    const value = (): string => valueOf(wanted, now() + mark.skew);
    // Where the budget is low, jobs here are not seen either, and an old variable says so. That we are gone always matters.
    const answer = await put(api, placeOf(mark.beacon.scope), value, wanted ? 'poll' : 'must');
    const skew = answer.date === null ? 0 : answer.date - now();
    if (wanted && Math.abs(skew - mark.skew) > mostSkewMs) mark.due = now();
    mark.skew = Math.abs(skew) > mostSkewMs ? skew : 0;
    mark.problem = null;
  } catch (error) {
    const failure = problemOf(error);
    mark.problem = { ...failure, subject: mark.beacon.scope };
    mark.due = Math.max(mark.due, failure.retryAt ?? 0);
  }
}

function valueOf(wanted: boolean, at: number): string {
  return wanted ? String(Math.floor(at / 1000)) : '0';
}

/**
 * Changes the variable, or makes it where it is not there. That of an organisation is made for its private
 * repositories; who may see it is left as it is later.
 */
async function put(
  api: GitHubApi,
  place: string,
  value: () => string,
  urgency: Urgency,
): Promise<ApiAnswer<unknown>> {
  const [owner = '', repo] = place.split('/');
  if (owner === 'enterprises') {
    const hint = 'Take a pool of an organisation or a repository for the hosted fall-back.';
    throw problem('usage', 'An enterprise has no variables that its workflows can read.', hint);
  }
  const isOrg = repo === undefined;
  const path = isOrg ? '/orgs/{org}/actions/variables' : '/repos/{owner}/{repo}/actions/variables';
  const where = isOrg ? { org: owner } : { owner, repo };
  const name = onlineVariable;
  try {
    return await api.request(`PATCH ${path}/{name}`, { ...where, name, value: value() }, urgency);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const more = isOrg ? { visibility: 'private' } : {};
    try {
      return await api.request(`POST ${path}`, { ...where, ...more, name, value: value() }, urgency);
    } catch (refused) {
      if (!isOrg || !isNotFound(refused)) throw refused;
      throw problem(
        'not-found',
        `${owner} is no organisation that this account may set variables of, so its repositories cannot be told together whether this machine is there.`,
        `Make a pool with --fallback for one repository, or switch it off for ${owner}/*.`,
      );
    }
  }
}

const isNotFound = (error: unknown): boolean =>
  error instanceof ProblemError && error.problem.code === 'not-found';
