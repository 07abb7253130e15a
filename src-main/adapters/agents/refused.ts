import { problem, type ProblemError } from '../../contract/problem.ts';

/** An archive that has the announced sum and yet is none that an agent would come in. */
export function refusedArchive(title: string, why: string): ProblemError {
  return problem(
    'refused-by-policy',
    `The archive of ${title} is refused: ${why}.`,
    'Nothing of it was kept. Ask who runs the forge what it offers there.',
  );
}
