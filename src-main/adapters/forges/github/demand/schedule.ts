/** When each place is looked at next, within what the forge allows. Times are monotonic milliseconds. */

/**
 * `listing`: the repositories of an owner by their last push. `busy`: a repository where something goes on, or that is
 * all that a pool serves. `quiet`: any other.
 */
export type Kind = 'listing' | 'busy' | 'quiet';

export interface Target {
  readonly key: string;
  readonly kind: Kind;
  /** Null: never yet. */
  readonly lookedAt: number | null;
  /** When a look last told something new. */
  readonly changedAt: number;
  /** After a failure: not before this. */
  readonly notBefore: number;
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
/** What quiet repositories may always have of what is allowed, however much goes on elsewhere. */
const quietPart = 0.25;
const laterMs = 1000;
/** Looks that count less than this cost nothing. */
const free = 0.05;

/**
 * How long to wait between two looks at each place. Where all together would take more than is allowed the waits
 * grow, of quiet places first. `fixedMs` replaces the usual waits.
 */
export function intervals(
  targets: readonly Target[],
  budget: Budget,
  now: number,
  fixedMs: number | null = null,
): ReadonlyMap<string, number> {
  const usual = new Map(targets.map((target) => [target.key, fixedMs ?? usualInterval(target, now)]));
  const perMinute = ({ key, requests }: Target) => requests / ((usual.get(key) ?? quietMs) / 60_000);
  const perHour = ({ key, countedUsually }: Target) =>
    countedUsually / ((usual.get(key) ?? quietMs) / 3_600_000);
  const byMinute = stretches(targets, perMinute, budget.requestsPerMinute);
  const byHour = stretches(targets, perHour, budget.countedPerHour);
  return new Map(
    targets.map(({ key, kind }) => {
      const part = kind === 'quiet' ? 'quiet' : 'fast';
      return [key, (usual.get(key) ?? quietMs) * Math.max(byMinute[part], byHour[part])];
    }),
  );
}

function usualInterval({ kind, changedAt }: Target, now: number): number {
  if (kind === 'quiet') return quietMs;
  const calm = Math.min(1, Math.max(0, now - changedAt) / calmMs);
  return fastestMs + (slowestMs - fastestMs) * calm;
}

function stretches(
  targets: readonly Target[],
  rate: (target: Target) => number,
  allowed: number,
): { readonly fast: number; readonly quiet: number } {
  let fast = 0;
  let quiet = 0;
  for (const target of targets) {
    if (target.kind === 'quiet') quiet += rate(target);
    else fast += rate(target);
  }
  if (fast + quiet <= allowed) return { fast: 1, quiet: 1 };
  // Each by itself, never as what the other leaves: a rate close to nothing would round to no room at all.
  return {
    fast: Math.max(1, fast / Math.max(allowed - quiet, allowed * (1 - quietPart))),
    quiet: Math.max(1, quiet / Math.max(allowed - fast, allowed * quietPart)),
  };
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
  for (const { target, at } of due.sort((a, b) => order(a.target) - order(b.target) || a.at - b.at)) {
    const kept = target.kind === 'quiet' ? left.kept : 0;
    const isPaid = target.counted < free || target.counted <= counted - kept;
    if (at <= now && target.requests <= requests && isPaid) {
      look.push(target.key);
      requests -= target.requests;
      counted -= target.counted;
    } else nextAt = Math.min(nextAt, Math.max(at, now + laterMs));
  }
  return { look, nextAt };
}

function dueAt({ key, lookedAt, notBefore }: Target, waits: ReadonlyMap<string, number>): number {
  return Math.max(notBefore, lookedAt === null ? -Infinity : lookedAt + (waits.get(key) ?? quietMs));
}

const places: readonly Kind[] = ['listing', 'busy', 'quiet'];
function order({ kind }: Target): number {
  return places.indexOf(kind);
}
