/** Fair shares: core-seconds that fade with a half-life, divided by weight. */

/** Old use counts half after this long. */
export const halfLifeMs = 10 * 60_000;

/** Core-seconds used, faded to the moment `at` (steady milliseconds). */
export interface Usage {
  readonly coreSeconds: number;
  readonly at: number;
}

export const noUsage: Usage = { coreSeconds: 0, at: 0 };

/** The usage as it counts at `now`. */
export function faded(usage: Usage, now: number): number {
  return usage.coreSeconds * 0.5 ** (Math.max(0, now - usage.at) / halfLifeMs);
}

/** The usage after `cores` cores have worked from `usage.at` until `now`. */
export function used(usage: Usage, cores: number, now: number): Usage {
  const elapsed = usage.at === 0 ? 0 : Math.max(0, now - usage.at);
  return { coreSeconds: faded(usage, now) + (cores * elapsed) / 1000, at: now };
}

/** A live runner counts as this much use to come, so that one pool does not take all free room at once. */
const projectedMs = 60_000;

/** What one live runner of `cores` adds to its pool's share before it has worked. */
export function projectedShare(cores: number, weight: number): number {
  return (cores * projectedMs) / 1000 / weight;
}

/** The lower, the sooner a pool's turn comes. */
export function shareOf(usage: Usage, weight: number, now: number): number {
  return faded(usage, now) / weight;
}
