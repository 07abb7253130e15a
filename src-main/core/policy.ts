/** What the owner's wishes and the machine's state permit now. More reasons never permit more. */
import type { Pause, Reason } from '../contract/snapshot.ts';
import type { StoredPause } from './ports.ts';

export interface Allowance {
  readonly newRunners: boolean;
  /** The most runners at once; Infinity where nothing limits it but capacity. */
  readonly ceiling: number;
  /** 0 to 1: how much of the machine. */
  readonly share: number;
  readonly reasons: readonly Reason[];
}

export interface PolicyInput {
  /** Wall-clock milliseconds: pauses end at deadlines. */
  readonly wall: number;
  readonly bootId: string;
  readonly pauses: readonly StoredPause[];
  readonly stopping: string | null;
  /** The machine went down with jobs running: waits until then, afterwards half of it, until the owner resumes. */
  readonly uncleanUntil: number | null;
  readonly diskFreeMiB: number | null;
  readonly diskReserveMiB: number;
  /** It was below the reserve last time: comes back only well above it. */
  readonly diskWasLow: boolean;
}

/** Above the reserve by this factor before work goes on: no flapping at the edge. */
const diskHysteresis = 1.1;

/** Is the disk too full for new work? Unknown is not too full. */
export function diskIsLow(
  input: Pick<PolicyInput, 'diskFreeMiB' | 'diskReserveMiB' | 'diskWasLow'>,
): boolean {
  if (input.diskFreeMiB === null) return false;
  return input.diskFreeMiB < input.diskReserveMiB * (input.diskWasLow ? diskHysteresis : 1);
}

/** The pause that holds now for a pool (or for the host: null), if any. */
export function pauseOf(
  input: Pick<PolicyInput, 'wall' | 'bootId' | 'pauses'>,
  pool: string | null,
): Pause | null {
  const stored = input.pauses.find((p) => p.pool === pool);
  return stored !== undefined && holds(stored, input.wall, input.bootId) ? stored.pause : null;
}

/** Has this pause not ended yet? */
export function holds(stored: StoredPause, wall: number, bootId: string): boolean {
  if (stored.pause.kind === 'restart') return stored.bootId === bootId;
  return stored.pause.until === null || wall < stored.pause.until;
}

/** What is allowed to a pool now; the host's pause, the pool's own, and the machine's state together. */
export function allowanceOf(input: PolicyInput, pool: string | null): Allowance {
  const reasons: Reason[] = [];
  if (input.stopping !== null) reasons.push({ code: 'stopping', message: input.stopping, until: null });
  for (const scope of pool === null ? [null] : [null, pool]) {
    const pause = pauseOf(input, scope);
    if (pause !== null)
      reasons.push({ code: 'owner', message: pauseSentence(pause, scope), until: pause.until });
  }
  if (diskIsLow(input)) reasons.push(diskReason(input));
  const unclean = input.uncleanUntil;
  if (unclean !== null && input.wall < unclean) reasons.push(uncleanReason(unclean));
  const blocked = reasons.length > 0;
  if (unclean !== null && !blocked) {
    reasons.push({
      code: 'half-capacity',
      message:
        'Half of the machine is used, because it went down while jobs ran: `homerunner resume` ends this.',
      until: null,
    });
  }
  return {
    newRunners: !blocked,
    ceiling: blocked ? 0 : Infinity,
    share: blocked ? 0 : unclean === null ? 1 : 0.5,
    reasons,
  };
}

/** As `allowance`, but nothing new may be made, as a sentence of a forge says; null: it says nothing against it. */
export function closedBy(allowance: Allowance, message: string | null): Allowance {
  if (message === null) return allowance;
  const reasons: readonly Reason[] = [...allowance.reasons, { code: 'closed', message, until: null }];
  return { newRunners: false, ceiling: 0, share: 0, reasons };
}

function pauseSentence(pause: Pause, pool: string | null): string {
  const what = pool === null ? 'Paused' : `The pool ${pool} is paused`;
  const by = pause.by === 'owner' ? ' by you' : '';
  const because = pause.reason === null ? '' : ` (${pause.reason})`;
  return `${what}${by}${because}.`;
}

function diskReason(input: PolicyInput): Reason {
  return {
    code: 'disk-reserve',
    message: `Only ${input.diskFreeMiB ?? 0} MiB of disk are free, the reserve is ${input.diskReserveMiB} MiB.`,
    until: null,
  };
}

function uncleanReason(until: number): Reason {
  return {
    code: 'unclean-shutdown',
    message: 'The machine went down while jobs ran; new work waits 10 minutes, or until `homerunner resume`.',
    until,
  };
}
