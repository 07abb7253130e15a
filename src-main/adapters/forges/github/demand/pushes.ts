/** A push is seen before its run is there: the repository is looked at until that shows. */
import type { Clock } from '../../../../core/ports.ts';
import type { Entry } from './entry.ts';
import type { ListingState } from './listing.ts';
import type { RepositoryState } from './repository.ts';

export interface Expected {
  /** When it was pushed to, wall-clock milliseconds by our clock. */
  readonly pushedAt: number;
  /** Looks since the push that did not show it. */
  readonly looks: number;
}

/** What becomes of the book of its repository. */
type Change = Pick<Entry<unknown>, 'soonAt'> & { readonly expects: Expected | null };

/** So long after a push GitHub has made the runs of it, mostly. */
const runMs = 3000;
/** When to look again while it has not; a push that begins no run is given up after the last. */
const againMs = [3000, 6000, 12_000, 24_000];
/** Times of the forge are told in whole seconds. */
const toleranceMs = 1000;
/** At the first listing: older pushes have been followed by their runs, if any. */
const freshMs = 60_000;

/** Repositories that were pushed to between two listings, and when, wall-clock milliseconds. */
export function pushesIn(
  before: ListingState | null,
  now: ListingState,
  clock: Clock,
): ReadonlyMap<string, number> {
  const pushed = new Map<string, number>();
  for (const [key, { pushedAt }] of now.repositories) {
    if (pushedAt === null) continue;
    const isNew =
      before === null
        ? pushedAt > clock.now() - freshMs
        : pushedAt > (before.repositories.get(key)?.pushedAt ?? -Infinity);
    if (isNew) pushed.set(key, pushedAt);
  }
  return pushed;
}

export function expected(pushedAt: number, clock: Clock): Change {
  const inMs = Math.min(runMs, Math.max(0, pushedAt + runMs - clock.now()));
  return { expects: { pushedAt, looks: 0 }, soonAt: clock.monotonic() + inMs };
}

export function afterLook(
  { pushedAt, looks }: Expected,
  { newestAt }: RepositoryState,
  clock: Clock,
): Change {
  const inMs = againMs[looks];
  if (newestAt >= pushedAt - toleranceMs || inMs === undefined) return { expects: null, soonAt: Infinity };
  return { expects: { pushedAt, looks: looks + 1 }, soonAt: clock.monotonic() + inMs };
}
