/** How the errors of a request are told apart. */
import { ProblemError, type ProblemCode } from '../../../../contract/problem.ts';

/** GitHub's own words where it understood a request and refused it (422); null for every other error. */
export function refusalOf(error: unknown): string | null {
  if (!(error instanceof Error) || error.name !== 'RefusedError') return null;
  return 'words' in error && typeof error.words === 'string' ? error.words : error.message;
}

/** Is it a Problem of one of these codes? */
export function hasCode(error: unknown, ...codes: readonly ProblemCode[]): boolean {
  return error instanceof ProblemError && codes.includes(error.problem.code);
}
