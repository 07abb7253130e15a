/** A token bucket: in any time T no more than `burst + perMs × T` requests are counted. Pure; time is given. */

export interface BucketSize {
  /** What may be taken at once. */
  readonly burst: number;
  /** What comes back each millisecond. */
  readonly perMs: number;
}

export interface Bucket {
  readonly free: number;
  /** Taken by requests whose answer is awaited: it may come back, so the bucket is not refilled above the rest. */
  readonly held: number;
  /** Wall-clock milliseconds of the last refill. */
  readonly at: number;
}

export function fullBucket(size: BucketSize, now: number): Bucket {
  return { free: size.burst, held: 0, at: now };
}

/** As it is at `now`; a clock that was set back refills nothing. */
export function refilled(bucket: Bucket, size: BucketSize, now: number): Bucket {
  const more = Math.max(0, now - bucket.at) * size.perMs;
  const free = Math.min(bucket.free + more, Math.max(0, size.burst - bucket.held));
  return { free, held: bucket.held, at: now };
}

/** One taken of a refilled bucket; a number says in how many milliseconds there will be one. */
export function taken(bucket: Bucket, size: BucketSize): Bucket | number {
  if (bucket.free >= 1) return { ...bucket, free: bucket.free - 1, held: bucket.held + 1 };
  return size.perMs > 0 ? Math.ceil((1 - bucket.free) / size.perMs) : 3_600_000;
}

/** The answer came: what does not count is given back. */
export function settled(bucket: Bucket, counted: boolean): Bucket {
  return { ...bucket, held: Math.max(0, bucket.held - 1), free: bucket.free + (counted ? 0 : 1) };
}
