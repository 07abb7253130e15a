/** How often polls may ask: a share of each account's hourly limit, and so many a minute over all. It outlives a restart. */
import * as v from 'valibot';
import { problem } from '../../../../contract/problem.ts';
import { type Bucket, type BucketSize, fullBucket, refilled, settled, taken } from './bucket.ts';
import type { Urgency } from './types.ts';

const hourMs = 3_600_000;
/** GitHub's limit for a token, requests an hour (facts: rate limits), until an answer tells another. */
const usualLimit = 5000;
/** The share of it that polls may use. */
const pollShare = 0.2;
/** At most 200 polls in any minute: 50 at once and 150 more in its course. */
const minuteSize: BucketSize = { burst: 50, perMs: 150 / 60_000 };
/** What is written down is this much lower than what is left, so that not each request needs a write. */
const leased = 10;

const BucketSchema = v.object({ free: v.number(), at: v.number() });
const StateSchema = v.object({
  version: v.literal(1),
  minute: BucketSchema,
  accounts: v.record(
    v.string(),
    v.object({ limit: v.number(), hour: BucketSchema, pausedUntil: v.number(), silentUntil: v.number() }),
  ),
});

interface Share {
  limit: number;
  hour: Bucket;
  /** Polls wait until then; wall-clock milliseconds. */
  pausedUntil: number;
  /** Everything waits until then. */
  silentUntil: number;
}

/** One admitted request; told once how it ended. */
export type Settle = (counted: boolean) => void;

export interface RequestBudget {
  /** Lets one request go, or throws `rate-limited` with the moment from which it may. */
  admit(account: string, urgency: Urgency): Settle;
  /** The hourly limit, as the forge told it. */
  learn(account: string, limit: number): void;
  /** Polls wait until then; `all`: every request does. */
  pause(account: string, until: number, who: 'polls' | 'all'): void;
  /** How many polls may be asked at once now, and how many come back in an hour. */
  left(account: string): { readonly now: number; readonly anHour: number };
}

/** `load` gives back what `save` was last given; what cannot be read counts as nothing. */
export interface BudgetOptions {
  readonly now: () => number;
  readonly load: () => unknown;
  readonly save: (state: unknown) => void;
}

/** Of an hourly limit: what polls take of it. A quarter of the share may go at once. */
function hourSize(limit: number): BucketSize {
  const share = Math.floor(limit * pollShare);
  const burst = share / 4;
  return { burst, perMs: (share - burst) / hourMs };
}

export function requestBudget(options: BudgetOptions): RequestBudget {
  const { now } = options;
  const ledger = openLedger(options);
  return {
    admit(account, urgency) {
      const share = ledger.shareOf(account);
      if (now() < share.silentUntil) throw pausedByForge(account, share.silentUntil);
      if (urgency === 'must') return () => undefined;
      if (now() < share.pausedUntil) throw pausedByForge(account, share.pausedUntil);
      return takePoll(ledger, account, now());
    },
    learn(account, limit) {
      const share = ledger.shareOf(account);
      if (share.limit === limit || !Number.isFinite(limit) || limit < 1) return;
      share.limit = limit;
      share.hour = refilled(share.hour, hourSize(limit), now());
      ledger.write();
    },
    pause(account, until, who) {
      const share = ledger.shareOf(account);
      const silentUntil = who === 'all' ? until : 0;
      if (until <= share.pausedUntil && silentUntil <= share.silentUntil) return;
      share.pausedUntil = Math.max(share.pausedUntil, until);
      share.silentUntil = Math.max(share.silentUntil, silentUntil);
      ledger.write();
    },
    left(account) {
      const share = ledger.shareOf(account);
      if (now() < Math.max(share.pausedUntil, share.silentUntil)) return { now: 0, anHour: 0 };
      return {
        now: Math.floor(Math.min(share.hour.free, ledger.minute.free)),
        anHour: Math.floor(hourSize(share.limit).perMs * hourMs),
      };
    },
  };
}

interface Ledger {
  minute: Bucket;
  /** The account's share, with all buckets refilled until now. */
  shareOf(account: string): Share;
  /** One more poll was taken. */
  took(): void;
  write(): void;
}

/** The state, and what of it is written down: never more than is left, so that a crash gives nothing back. */
function openLedger({ now, load, save }: BudgetOptions): Ledger {
  const { minute, shares } = stateOf(load(), now());
  let sinceWrite = Infinity;
  const ledger: Ledger = {
    minute,
    shareOf(account) {
      const share = shares.get(account) ?? newShare(now());
      shares.set(account, share);
      share.hour = refilled(share.hour, hourSize(share.limit), now());
      ledger.minute = refilled(ledger.minute, minuteSize, now());
      return share;
    },
    took() {
      sinceWrite += 1;
      if (sinceWrite >= leased) ledger.write();
    },
    write() {
      sinceWrite = 0;
      const lower = ({ free, at }: Bucket) => ({ free: Math.max(0, free - leased), at });
      const accounts = Object.fromEntries(
        [...shares].map(([id, share]) => [id, { ...share, hour: lower(share.hour) }]),
      );
      save({ version: 1, minute: lower(ledger.minute), accounts });
    },
  };
  return ledger;
}

function stateOf(loaded: unknown, now: number): { minute: Bucket; shares: Map<string, Share> } {
  const { success, output } = v.safeParse(StateSchema, loaded);
  if (!success) return { minute: fullBucket(minuteSize, now), shares: new Map() };
  const shares = Object.entries(output.accounts).map(([id, kept]): [string, Share] => [
    id,
    { ...kept, hour: { ...kept.hour, held: 0 } },
  ]);
  return { minute: { ...output.minute, held: 0 }, shares: new Map(shares) };
}

function newShare(now: number): Share {
  return {
    limit: usualLimit,
    hour: fullBucket(hourSize(usualLimit), now),
    pausedUntil: 0,
    silentUntil: 0,
  };
}

function takePoll(ledger: Ledger, account: string, now: number): Settle {
  const share = ledger.shareOf(account);
  const hour = taken(share.hour, hourSize(share.limit));
  if (typeof hour === 'number') throw waits(account, now + hour, 'hour');
  const minute = taken(ledger.minute, minuteSize);
  if (typeof minute === 'number') throw waits(account, now + minute, 'minute');
  share.hour = hour;
  // In the minute each request counts, whatever its answer.
  ledger.minute = settled(minute, true);
  ledger.took();
  return (counted) => {
    share.hour = settled(share.hour, counted);
  };
}

function waits(account: string, retryAt: number, per: 'hour' | 'minute') {
  return problem(
    'rate-limited',
    per === 'hour'
      ? `The account ${account} has asked as often as Homerunner may in an hour: a fifth of its limit.`
      : 'GitHub was asked as often as Homerunner may in a minute.',
    'Nothing has to be done: it asks again by itself. Fewer repositories in the pools make it ask less.',
    { subject: account, retryAt },
  );
}

function pausedByForge(account: string, retryAt: number) {
  return problem(
    'rate-limited',
    `GitHub asked for a pause of the account ${account}.`,
    'Nothing has to be done: it is asked again when the pause is over.',
    { subject: account, retryAt },
  );
}
