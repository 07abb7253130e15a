/** How the errors of a request are told apart. */
import { ProblemError, type ProblemCode } from '../../../../contract/problem.ts';
import { RefusedError } from '../api/refusals.ts';

/** GitHub's own words where it understood a request and refused it (422 and the like); null for every other error. */
export function refusalOf(error: unknown): string | null {
  return error instanceof RefusedError ? error.words : null;
}

/** Is it a Problem of one of these codes? */
export function hasCode(error: unknown, ...codes: readonly ProblemCode[]): boolean {
  return error instanceof ProblemError && codes.includes(error.problem.code);
}
