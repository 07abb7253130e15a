/** The five exit codes (design 7.1), from a Problem's code. */
import type { ProblemCode } from '../contract/problem.ts';

export const exit = { done: 0, failed: 1, usage: 2, noSupervisor: 3, refused: 4 } as const;

/** Beside the job's own: how `submit --wait` ends once the job was accepted. */
export const exitAfter = { lost: 125, cancelled: 130, brokenPipe: 141 } as const;

const codes: Partial<Record<ProblemCode, number>> = {
  usage: exit.usage,
  'not-a-repository': exit.usage,
  'no-matching-pool': exit.usage,
  'no-supervisor': exit.noSupervisor,
  'refused-by-policy': exit.refused,
  paused: exit.refused,
};

/** The exit code of a failure. */
export function exitCodeOf(code: ProblemCode): number {
  return codes[code] ?? exit.failed;
}
