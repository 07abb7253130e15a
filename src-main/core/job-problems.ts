/** What is wrong with an order for a job, wherever it is given. */
import { forgeNames } from './forge-names.ts';
import type { Job } from '../contract/job.ts';
import { problem, type ProblemError } from '../contract/problem.ts';

export function noJob(id: string): ProblemError {
  return problem(
    'not-found',
    `There is no job called ${id}.`,
    '`homerunner job list` shows what ran here, `homerunner status` what waits.',
    { subject: id },
  );
}

export function alreadyEnded({ id, state }: Job): ProblemError {
  const how = state === 'cancelled' || state === 'lost' ? `is ${state}` : `has ${state}`;
  return problem('usage', `Job ${id} ${how} already.`, `See \`homerunner job show ${id}\`.`, { subject: id });
}

/** It waits at a forge elsewhere: nothing of it has run yet. */
export function notBegun({ id, forge }: Job): ProblemError {
  return problem(
    'usage',
    `Job ${id} waits at ${forgeNames[forge]}: nothing of it has run yet.`,
    `\`homerunner why ${id}\` says what it waits for.`,
    { subject: id },
  );
}
