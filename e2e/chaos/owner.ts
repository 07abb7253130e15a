/** An owner who pauses, resumes, and restarts and removes runners while everything runs. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Problem, ProblemError } from '../../src-main/contract/problem.ts';
import type { Link } from './link.ts';
import type { Random } from './random.ts';

interface Owned {
  readonly link: Link;
}

/** Resumed after so many milliseconds. */
export async function pauseAll({ link }: Owned, milliseconds: number): Promise<void> {
  await link.ask('pause', { pool: null, reason: 'chaos', end: { kind: 'indefinite' } });
  await sleep(milliseconds);
  await link.ask('resume', { pool: null });
}

export async function pausePool({ link }: Owned, pool: string, milliseconds: number): Promise<void> {
  await link.ask('pause', { pool, reason: null, end: { kind: 'duration', milliseconds: 60_000 } });
  await sleep(milliseconds);
  await link.ask('resume', { pool });
}

/** Restarts or removes any runner; what `mayFail` does not know of is thrown. */
export async function endRunner(
  { link }: Owned,
  random: Random,
  mayFail: (problem: Problem) => boolean,
): Promise<void> {
  const { runners } = await link.ask('runner.list', {});
  const runner = runners[Math.floor(random.next() * runners.length)]?.name;
  if (runner === undefined) return;
  try {
    if (random.chance(0.5)) await link.ask('runner.restart', { runner });
    else await link.ask('runner.remove', { runner, now: false });
  } catch (error) {
    if (!(error instanceof ProblemError) || !mayFail(error.problem)) throw error;
  }
}
