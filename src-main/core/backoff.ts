/** Back-off by (pool, scope): how long to wait after failures, and how many registrations an hour are sane. */

/** Seconds after the first, second, … failure; beyond the list every five minutes. */
const steps = [0, 5, 10, 20, 40, 80] as const;
const lastStep = 300;
/** A wait is stretched by up to this share, so that many pools do not come back at once. */
const jitter = 0.2;

export const registrationsPerHour = 20;
const hour = 3_600_000;

export interface Backoff {
  /** Failures in a row. */
  readonly failures: number;
  /** Steady milliseconds; no new runner before. */
  readonly retryAt: number;
  /** When runners were registered since the last finished job, within the last hour. */
  readonly registrations: readonly number[];
}

export const noBackoff: Backoff = { failures: 0, retryAt: 0, registrations: [] };

/** Milliseconds to wait after `failures` failures in a row; `random` in [0, 1). */
export function delayAfter(failures: number, random: number): number {
  if (failures <= 0) return 0;
  const seconds = steps[failures - 1] ?? lastStep;
  return Math.round(seconds * 1000 * (1 + jitter * random));
}

/**
 * One more failure at `now`. What fails while the pool waits was begun before the wait: of a burst, one counts.
 */
export function failed(b: Backoff, now: number, random: number): Backoff {
  if (now < b.retryAt) return b;
  const failures = b.failures + 1;
  return { ...b, failures, retryAt: now + delayAfter(failures, random) };
}

/** A runner finished a job or was idle for a minute: failures are forgotten; a finished job also clears the count. */
export function recovered(b: Backoff, finishedJob: boolean): Backoff {
  return { failures: 0, retryAt: 0, registrations: finishedJob ? [] : b.registrations };
}

/** One more registration at `now`. */
export function registered(b: Backoff, now: number): Backoff {
  return { ...b, registrations: [...b.registrations.filter((t) => now - t < hour), now] };
}

/**
 * When the next registration may be made, steady milliseconds (0: at once), and why not before. `quota` is how many
 * an hour: `registrationsPerHour` at a remote forge, Infinity where registering is our own affair.
 */
export function nextRegistration(b: Backoff, now: number, quota: number): { at: number; why: string | null } {
  const recent = b.registrations.filter((t) => now - t < hour);
  const oldest = recent[recent.length - quota];
  const quotaAt = oldest === undefined ? 0 : oldest + hour;
  const at = Math.max(b.retryAt > now ? b.retryAt : 0, quotaAt);
  if (at === 0) return { at: 0, why: null };
  return quotaAt >= b.retryAt
    ? { at, why: `${quota} runners registered within an hour without one finished job.` }
    : { at, why: `Waits after ${b.failures} failure${b.failures === 1 ? '' : 's'} in a row.` };
}

/** How many more registrations the quota leaves now. */
export function registrationsLeft(b: Backoff, now: number, quota: number): number {
  return Math.max(0, quota - b.registrations.filter((t) => now - t < hour).length);
}
