/**
 * How often GitHub may be asked: a fifth of each account's hourly limit, and 200 times a minute over all accounts.
 * What must be asked (registering, removing, an owner's command) counts too, and is never refused: polls give way to
 * it, but for a part that is always theirs. It outlives a restart.
 */
import * as v from 'valibot';
import { problem } from '../../../../contract/problem.ts';
import {
  freeForPolls,
  fullShare,
  type Part,
  refilledShare,
  resizedShare,
  settledShare,
  type Share,
  type ShareSize,
  shareSize,
  takeMust,
  takePoll,
} from './share.ts';
import type { PollsLeft, Urgency } from './types.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;
/** GitHub's limit for a token, requests an hour (facts: rate limits), until an answer tells another. */
const usualLimit = 5000;
/** The share of it that is asked for. */
const shareOfLimit = 0.2;
/**
 * In any minute 200: 120 for polls alone, which is what is planned for looks, so that jobs are found also while very much
 * must be asked; of the rest 30 at once, of which polls leave 16. All is above 200 only where what must be asked is above 80.
 */
const minuteSize = shareSize(200, 120, { own: 30, common: 30, kept: 16 }, minuteMs);
/** What is written down is this much lower than what is left, so that not each request needs a write. */
const leased = 2;

const BucketSchema = v.object({ free: v.number(), at: v.number() });
const ShareSchema = v.object({ own: BucketSchema, common: BucketSchema });
const StateSchema = v.object({
  version: v.literal(2),
  minute: ShareSchema,
  accounts: v.record(
    v.string(),
    v.object({ limit: v.number(), hour: ShareSchema, pausedUntil: v.number(), silentUntil: v.number() }),
  ),
});

interface Book {
  limit: number;
  hour: Share;
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
  left(account: string): PollsLeft;
}

/** `load` gives back what `save` was last given; what cannot be read counts as nothing. */
export interface BudgetOptions {
  readonly now: () => number;
  readonly load: () => unknown;
  readonly save: (state: unknown) => void;
}

/** Of an hourly limit: a fifth of what may be asked is for polls alone, a quarter of these at once; of the rest an eighth. */
function hourSize(limit: number): ShareSize {
  const total = Math.floor(limit * shareOfLimit);
  const own = Math.floor(total / 5);
  const common = (total - own) / 8;
  return shareSize(total, own, { own: own / 4, common, kept: common / 3 }, hourMs);
}

export function requestBudget(options: BudgetOptions): RequestBudget {
  const { now } = options;
  const ledger = openLedger(options);
  return {
    admit(account, urgency) {
      const book = ledger.bookOf(account);
      if (now() < book.silentUntil) throw pausedByForge(account, book.silentUntil);
      if (urgency === 'must') return takeMusts(ledger, account);
      if (now() < book.pausedUntil) throw pausedByForge(account, book.pausedUntil);
      return takePolls(ledger, account, now());
    },
    learn(account, limit) {
      const book = ledger.bookOf(account);
      if (!Number.isFinite(limit) || limit < 1) return;
      const isFirst = ledger.isFirst(book);
      if (book.limit === limit) return;
      const [before, size] = [hourSize(book.limit), hourSize(limit)];
      book.limit = limit;
      book.hour = refilledShare(isFirst ? resizedShare(book.hour, before, size) : book.hour, size, now());
      ledger.write();
    },
    pause(account, until, who) {
      const book = ledger.bookOf(account);
      const silentUntil = who === 'all' ? until : 0;
      if (until <= book.pausedUntil && silentUntil <= book.silentUntil) return;
      book.pausedUntil = Math.max(book.pausedUntil, until);
      book.silentUntil = Math.max(book.silentUntil, silentUntil);
      ledger.write();
    },
    left(account) {
      const book = ledger.bookOf(account);
      const size = hourSize(book.limit);
      const isPaused = now() < Math.max(book.pausedUntil, book.silentUntil);
      return {
        requests: isPaused ? 0 : freeForPolls(ledger.minute, minuteSize),
        counted: isPaused ? 0 : freeForPolls(book.hour, size),
        mostCounted: freeForPolls(fullShare(size, 0), size),
        countedPerHour: (size.own.perMs + size.common.perMs) * hourMs,
      };
    },
  };
}

interface Ledger {
  minute: Share;
  /** The account's book, with all shares refilled until now. */
  bookOf(account: string): Book;
  /** Once: is its limit told for the first time? */
  isFirst(book: Book): boolean;
  /** One more request was taken. */
  took(): void;
  write(): void;
}

/** The state, and what of it is written down: never more than is left, so that a crash gives nothing back. */
function openLedger({ now, load, save }: BudgetOptions): Ledger {
  const { minute, books } = stateOf(load(), now());
  const told = new Set(books.values());
  let sinceWrite = Infinity;
  const ledger: Ledger = {
    minute,
    bookOf(account) {
      const book = books.get(account) ?? newBook(now());
      books.set(account, book);
      book.hour = refilledShare(book.hour, hourSize(book.limit), now());
      ledger.minute = refilledShare(ledger.minute, minuteSize, now());
      return book;
    },
    isFirst(book) {
      const isFirst = !told.has(book);
      told.add(book);
      return isFirst;
    },
    took() {
      sinceWrite += 1;
      if (sinceWrite >= leased) ledger.write();
    },
    write() {
      sinceWrite = 0;
      const accounts = Object.fromEntries(
        [...books].map(([id, book]) => [id, { ...book, hour: lower(book.hour, hourSize(book.limit)) }]),
      );
      save({ version: 2, minute: lower(ledger.minute, minuteSize), accounts });
    },
  };
  return ledger;
}

/** By what may be taken until it is written down the next time. */
function lower({ own, common }: Share, size: ShareSize) {
  return {
    own: { free: Math.max(0, own.free - leased), at: own.at },
    common: { free: common.free - Math.min(leased, size.common.burst), at: common.at },
  };
}

function stateOf(loaded: unknown, now: number): { minute: Share; books: Map<string, Book> } {
  const { success, output } = v.safeParse(StateSchema, loaded);
  if (!success) return { minute: fullShare(minuteSize, now), books: new Map() };
  const unheld = ({ own, common }: v.InferOutput<typeof ShareSchema>): Share => ({
    own: { ...own, held: 0 },
    common: { ...common, held: 0 },
  });
  const books = Object.entries(output.accounts).map(([id, kept]): [string, Book] => [
    id,
    { ...kept, hour: unheld(kept.hour) },
  ]);
  return { minute: unheld(output.minute), books: new Map(books) };
}

function newBook(now: number): Book {
  return {
    limit: usualLimit,
    hour: fullShare(hourSize(usualLimit), now),
    pausedUntil: 0,
    silentUntil: 0,
  };
}

function takeMusts(ledger: Ledger, account: string): Settle {
  const book = ledger.bookOf(account);
  const hour = takeMust(book.hour, hourSize(book.limit));
  const minute = takeMust(ledger.minute, minuteSize);
  book.hour = hour.share;
  return counting(ledger, book, hour.part, minute);
}

function takePolls(ledger: Ledger, account: string, now: number): Settle {
  const book = ledger.bookOf(account);
  const hour = takePoll(book.hour, hourSize(book.limit));
  if (typeof hour === 'number') throw waits(account, now + hour, 'hour');
  const minute = takePoll(ledger.minute, minuteSize);
  if (typeof minute === 'number') throw waits(account, now + minute, 'minute');
  book.hour = hour.share;
  return counting(ledger, book, hour.part, minute);
}

/** In the minute each request counts, whatever its answer. */
function counting(
  ledger: Ledger,
  book: Book,
  part: Part,
  minute: { readonly share: Share; readonly part: Part },
): Settle {
  ledger.minute = settledShare(minute.share, minute.part, true);
  ledger.took();
  return (counted) => {
    book.hour = settledShare(book.hour, part, counted);
  };
}

function waits(account: string, retryAt: number, per: 'hour' | 'minute') {
  return problem(
    'rate-limited',
    per === 'hour'
      ? `The account ${account} has asked as often as Homerunner may for now: a fifth of its hourly limit, spread over the hour.`
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
