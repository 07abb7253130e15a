/** How many runners a pool wants now: the formula of the three presets. */
import type { Pool, Preset } from '../contract/pool.ts';

export interface ScalingNumbers {
  /** Waiting jobs beyond the ready runners that trigger at once. */
  readonly threshold: number;
  /** Or one waits this long. */
  readonly oldestWaitMs: number;
  /** Idle runners kept; by the preset's rule where null. */
  readonly warm: number | null;
  /** A surplus must last this long before it is ended. */
  readonly cooldownMs: number;
}

const presetNumbers: Record<Preset, ScalingNumbers> = {
  lazy: { threshold: 5, oldestWaitMs: 120_000, warm: 0, cooldownMs: 120_000 },
  balanced: { threshold: 2, oldestWaitMs: 10_000, warm: null, cooldownMs: 60_000 },
  aggressive: { threshold: 1, oldestWaitMs: 0, warm: null, cooldownMs: 30_000 },
};

/** The preset's numbers with the owner's own in their place. */
export function scalingOf(pool: Pool): ScalingNumbers {
  const preset = presetNumbers[pool.scaling];
  const o = pool.overrides;
  return {
    threshold: o.threshold ?? preset.threshold,
    oldestWaitMs: o.oldestWaitSeconds === undefined ? preset.oldestWaitMs : o.oldestWaitSeconds * 1000,
    warm: o.warm ?? preset.warm,
    cooldownMs: o.cooldownSeconds === undefined ? preset.cooldownMs : o.cooldownSeconds * 1000,
  };
}

/** Idle runners to keep (in auto only kept, never made: there demand alone creates), from the most jobs that ran at once in the last 10 minutes. */
export function warmOf(pool: Pool, peakJobs: number, ready: number): number {
  const { warm } = scalingOf(pool);
  const wished = warm ?? (pool.scaling === 'balanced' ? Math.min(1, peakJobs) : peakJobs);
  return pool.mode === 'auto' ? Math.min(wished, ready) : wished;
}

export interface ScaleInput {
  readonly pool: Pool;
  /** Runners at a job. */
  readonly busy: number;
  /** Idle and being made. */
  readonly ready: number;
  /** Waiting jobs given to this pool; null while the forge's answer is unknown. */
  readonly waiting: number | null;
  /** The answer is known in part: more may wait. Default false. */
  readonly mayBeMore?: boolean;
  readonly oldestWaitMs: number;
  readonly peakJobs: number;
  /** The most that capacity and allowance let it have. */
  readonly limit: number;
}

export interface Want {
  /** Runners wanted. */
  readonly total: number;
  /** Of these, wanted by jobs that wait or run; the rest is warmth and `min`, which a waiting job outranks. */
  readonly forJobs: number;
  readonly why: string;
}

/**
 * The wanted number of runners. An unknown demand changes nothing: what is there is kept, and no less than `min`; of one
 * that is known in part the jobs that are known are served, and nothing is ended.
 */
export function wantOf(input: ScaleInput): Want {
  const { pool, busy, ready } = input;
  const floor = pool.mode === 'auto' ? 0 : pool.min;
  const limit = Math.max(0, Math.min(pool.max, input.limit));
  const { mayBeMore = false } = input;
  const kept = Math.min(limit, Math.max(floor, busy + ready));
  if (input.waiting === null || (mayBeMore && input.waiting === 0)) {
    return { total: kept, forJobs: busy, why: 'The demand is unknown: nothing changes.' };
  }
  const { threshold, oldestWaitMs } = scalingOf(pool);
  const { waiting } = input;
  const trigger = waiting - ready >= threshold || (waiting > ready && input.oldestWaitMs >= oldestWaitMs);
  const served = trigger ? waiting : Math.min(waiting, ready);
  const warm = warmOf(pool, input.peakJobs, ready);
  const wanted = Math.min(limit, Math.max(floor, busy + Math.max(warm, served)));
  const total = mayBeMore ? Math.max(kept, wanted) : wanted;
  return { total, forJobs: Math.min(limit, busy + served), why: whyOf(waiting, warm, busy, total, floor) };
}

function whyOf(waiting: number, warm: number, busy: number, total: number, floor: number): string {
  if (waiting > 0) return `${waiting} job${waiting === 1 ? ' waits' : 's wait'}.`;
  if (total > busy && total === floor) return `${floor} ${floor === 1 ? 'is' : 'are'} kept ready.`;
  if (total > busy) return `${warm} ${warm === 1 ? 'is' : 'are'} kept warm after recent jobs.`;
  return busy > 0 ? 'Only running jobs need runners.' : 'No job waits.';
}

/** When a job that waits alone in this pool is expected to trigger, in milliseconds; null where only more jobs would. */
export function expectedWaitMs(pool: Pool): number {
  const { threshold, oldestWaitMs } = scalingOf(pool);
  return threshold <= 1 ? 0 : oldestWaitMs;
}
