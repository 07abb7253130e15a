/** When each place is looked at next, within what the forge allows. Times are monotonic milliseconds. */

/**
 * `enterprise`: the organisations of one. `listing`: the repositories of an owner by their last push. `busy`: a repository with open runs, or that is all that
 * a pool serves. `recent`: one where something went on of late. `quiet`: any other.
 */
export type Kind = 'enterprise' | 'listing' | 'busy' | 'recent' | 'quiet';

export interface Target {
  readonly key: string;
  readonly kind: Kind;
  /** Null: never yet. */
  readonly lookedAt: number | null;
  /** When a look last told something new. */
  readonly changedAt: number;
  /** After a failure: not before this. */
  readonly notBefore: number;
  /** Something is expected there: it is looked at then, whatever the plan says; Infinity: nothing is. */
  readonly soonAt: number;
  /** What the next look may take: requests, and how many of them count for the hourly limit (those answered with 304 do not). */
  readonly requests: number;
  readonly counted: number;
  /** How many count in the long run. */
  readonly countedUsually: number;
}

export interface Budget {
  readonly requestsPerMinute: number;
  readonly countedPerHour: number;
}

export interface Turn {
  /** What to look at now, the most pressing first. */
  readonly look: readonly string[];
  /** When to ask again; Infinity where there is nothing to look at. */
  readonly nextAt: number;
}

const fastestMs = 3000;
const slowestMs = 10_000;
/** A place at which nothing changed for this long is looked at least often. */
const calmMs = 5 * 60_000;
const quietMs = 60_000;
/** Enterprises seldom get or lose an organisation. */
const enterpriseMs = 10 * 60_000;
/** What quiet repositories may always have of what is allowed, however much goes on elsewhere. */
const quietPart = 0.4;
const laterMs = 1000;
/** Looks that count less than this cost nothing. */
const free = 0.05;

/**
 * How much a look is worth, where not all can be paid. One listing shows each push, and a push is why most runs begin;
 * what was pushed before needs no look of its own.
 */
const worth: Readonly<Record<Kind, number>> = {
  enterprise: 9,
  listing: 9,
  busy: 1,
  recent: 1 / 16,
  quiet: 1,
};

/**
 * How long to wait between two looks at each place. Where all together would take more than is allowed the waits grow,
 * of quiet places first; among the others by what a look is worth: the mean wait of what is looked for is least where
 * each wait grows with the root of a look's cost by its worth. `fixedMs` replaces the usual waits.
 */
export function intervals(
  targets: readonly Target[],
  budget: Budget,
  now: number,
  fixedMs: number | null = null,
): ReadonlyMap<string, number> {
  const rows = targets.map((target): Row => ({ target, usual: usualInterval(target, now, fixedMs) }));
  const byMinute = stretched(rows, ({ requests }) => requests, budget.requestsPerMinute / 60_000);
  const byHour = stretched(rows, ({ countedUsually }) => countedUsually, budget.countedPerHour / 3_600_000);
  return new Map(rows.map(({ target }, i) => [target.key, Math.max(byMinute[i] ?? 0, byHour[i] ?? 0)]));
}

interface Row {
  readonly target: Target;
  readonly usual: number;
}

function usualInterval({ kind, changedAt }: Target, now: number, fixedMs: number | null): number {
  if (kind === 'enterprise') return Math.max(enterpriseMs, fixedMs ?? 0);
  if (fixedMs !== null) return fixedMs;
  if (kind === 'quiet') return quietMs;
  const calm = Math.min(1, Math.max(0, now - changedAt) / calmMs);
  return fastestMs + (slowestMs - fastestMs) * calm;
}

/** The waits by which no more than `allowed` is spent each millisecond. */
function stretched(rows: readonly Row[], cost: (target: Target) => number, allowed: number): number[] {
  const isQuiet = ({ target }: Row) => target.kind === 'quiet';
  const rate = (some: readonly Row[]) => spentAt(some, cost, 0);
  const quiet = rows.filter(isQuiet);
  const fast = rows.filter((row) => !isQuiet(row));
  const [ofQuiet, ofFast] = [rate(quiet), rate(fast)];
  if (ofQuiet + ofFast <= allowed) return rows.map(({ usual }) => usual);
  // Each by itself, never as what the other leaves: a rate close to nothing would round to no room at all.
  const quietStep = step(quiet, cost, Math.max(allowed - ofFast, allowed * quietPart));
  const fastStep = step(fast, cost, Math.max(allowed - ofQuiet, allowed * (1 - quietPart)));
  return rows.map((row) => waitAt(row, cost, isQuiet(row) ? quietStep : fastStep));
}

function waitAt({ target, usual }: Row, cost: (target: Target) => number, step: number): number {
  return Math.max(usual, step * Math.sqrt(cost(target) / worth[target.kind]));
}

function spentAt(rows: readonly Row[], cost: (target: Target) => number, step: number): number {
  return rows.reduce((sum, row) => sum + cost(row.target) / waitAt(row, cost, step), 0);
}

/** The least step of the waits by which no more than `room` is spent each millisecond. */
function step(rows: readonly Row[], cost: (target: Target) => number, room: number): number {
  if (spentAt(rows, cost, 0) <= room) return 0;
  // With this all waits are as their worth says, and none as usual.
  let enough = rows.reduce((sum, { target }) => sum + Math.sqrt(cost(target) * worth[target.kind]), 0) / room;
  let tooLittle = 0;
  for (let i = 0; i < 30; i += 1) {
    const middle = (enough + tooLittle) / 2;
    if (spentAt(rows, cost, middle) <= room) enough = middle;
    else tooLittle = middle;
  }
  return enough;
}

/** What may be spent now: requests, and counted ones; of the latter quiet places leave `kept` to the others. */
export interface Left {
  readonly requests: number;
  readonly counted: number;
  readonly kept: number;
}

/** What is due now and within what is left. */
export function turn(
  targets: readonly Target[],
  waits: ReadonlyMap<string, number>,
  left: Left,
  now: number,
): Turn {
  const due = targets.map((target) => ({ target, at: dueAt(target, waits) }));
  const look: string[] = [];
  let { requests, counted } = left;
  let nextAt = Infinity;
  for (const { target, at } of due.sort(
    (a, b) => order(a.target, now) - order(b.target, now) || a.at - b.at,
  )) {
    const kept = target.kind === 'quiet' && target.soonAt > now ? left.kept : 0;
    const isPaid = target.counted < free || target.counted <= counted - kept;
    if (at <= now && target.requests <= requests && isPaid) {
      look.push(target.key);
      requests -= target.requests;
      counted -= target.counted;
    } else nextAt = Math.min(nextAt, Math.max(at, now + laterMs));
  }
  return { look, nextAt };
}

function dueAt({ key, lookedAt, notBefore, soonAt }: Target, waits: ReadonlyMap<string, number>): number {
  const planned = lookedAt === null ? -Infinity : lookedAt + (waits.get(key) ?? quietMs);
  return Math.max(notBefore, Math.min(soonAt, planned));
}

/** Enterprises and listings, then where something is expected, then by kind. */
const places: readonly Kind[] = ['enterprise', 'listing', 'busy', 'recent', 'quiet'];
function order({ kind, soonAt }: Target, now: number): number {
  const place = places.indexOf(kind);
  return soonAt <= now ? Math.min(place, 1.5) : place;
}
