/**
 * One allowance for two kinds of requests. Those that must be made go first: they are never refused, and may leave a
 * debt. Polls take what is free, and when nothing is, what is theirs alone, so that they never starve. Pure.
 *
 * In any period, of all that was counted: a poll is let go only while the whole is within the allowance, but for the
 * few of the polls' own part. The debt is at most what comes back in one period, so nothing that is forgiven is
 * still inside that period when the common part is free again.
 */
import { type Bucket, type BucketSize, fullBucket, refilled, settled, taken } from './bucket.ts';

export interface ShareSize {
  /** For polls alone. */
  readonly own: BucketSize;
  readonly common: BucketSize;
  /** What polls leave in the common part, for what must be asked next. */
  readonly kept: number;
  readonly debt: number;
}

export interface Share {
  readonly own: Bucket;
  readonly common: Bucket;
}

/** `total` in each period, of which `own` are for polls alone; the bursts are what may go at once. */
export function shareSize(
  total: number,
  own: number,
  bursts: { readonly own: number; readonly common: number; readonly kept: number },
  periodMs: number,
): ShareSize {
  const size = (part: number, burst: number): BucketSize => {
    const atOnce = Math.min(part, Math.max(1, burst));
    return { burst: atOnce, perMs: (part - atOnce) / periodMs };
  };
  const common = size(total - own, bursts.common);
  return {
    own: size(own, bursts.own),
    common,
    kept: Math.max(0, Math.min(bursts.kept, common.burst - 1)),
    debt: common.perMs * periodMs,
  };
}

export function fullShare(size: ShareSize, now: number): Share {
  return { own: fullBucket(size.own, now), common: fullBucket(size.common, now) };
}

export function refilledShare({ own, common }: Share, size: ShareSize, now: number): Share {
  return { own: refilled(own, size.own, now), common: refilled(common, size.common, now) };
}

/** The first time that its size is told, where another was taken for granted: as if it had been that from the beginning. */
export function resizedShare({ own, common }: Share, before: ShareSize, size: ShareSize): Share {
  const by = (bucket: Bucket, more: number): Bucket => ({ ...bucket, free: bucket.free + more });
  return {
    own: by(own, size.own.burst - before.own.burst),
    common: by(common, size.common.burst - before.common.burst),
  };
}

/** How many polls could go at once. */
export function freeForPolls({ own, common }: Share, { kept }: ShareSize): number {
  return Math.floor(own.free) + Math.floor(Math.max(0, common.free - kept));
}

/** What a request was taken from; `forgiven`: it went beyond the debt, and nothing was taken for it. */
export type Part = 'own' | 'common' | 'forgiven';

export interface Taken {
  readonly share: Share;
  readonly part: Part;
}

/** One poll taken of a refilled share; a number says in how many milliseconds one may go. */
export function takePoll(share: Share, size: ShareSize): Taken | number {
  const { kept } = size;
  const { free } = share.common;
  const common = taken({ ...share.common, free: free - kept }, size.common);
  if (typeof common !== 'number')
    return { share: { ...share, common: { ...common, free: common.free + kept } }, part: 'common' };
  const own = taken(share.own, size.own);
  return typeof own === 'number' ? Math.min(common, own) : { share: { ...share, own }, part: 'own' };
}

/** One request that must go, whatever is left. */
export function takeMust(share: Share, { debt }: ShareSize): Taken {
  const { free, held, at } = share.common;
  if (free - 1 < -debt) return { share, part: 'forgiven' };
  return { share: { ...share, common: { free: free - 1, held: held + 1, at } }, part: 'common' };
}

/** The answer came: what does not count is given back. */
export function settledShare(share: Share, part: Part, counted: boolean): Share {
  return part === 'forgiven' ? share : { ...share, [part]: settled(share[part], counted) };
}
