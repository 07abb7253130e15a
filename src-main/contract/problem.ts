/** Every failure that reaches a person or a program has this one form, over every boundary. */
export const problemCodes = [
  'usage',
  'no-supervisor',
  'already-running',
  'refused-by-policy',
  'no-matching-pool',
  'paused',
  'no-capacity',
  'not-a-repository',
  'config-field',
  'config-newer',
  'database-set-aside',
  'disk-reserve',
  'forge-unreachable',
  'unauthorized',
  'forbidden',
  'not-found',
  'rate-limited',
  'name-taken',
  'agent-outdated',
  'checksum-missing',
  'checksum-mismatch',
  'engine-missing',
  'engine-denied',
  'engine-down',
  'image-platform',
  'emulation-missing',
  'emulation-unproven',
  'driver-missing',
  'driver-mismatch',
  'tool-missing',
  'tool-timeout',
  'tool-unreadable',
  'capture-unreadable',
  'no-keyring',
  'cannot-clean-up',
  'job-lost',
  'oom-killed',
  'unexpected',
] as const;

export type ProblemCode = (typeof problemCodes)[number];

/**
 * `message` says in a sentence what is wrong, `hint` what to do next; `subject` names the pool, file or field;
 * `retryAt` is wall-clock milliseconds.
 */
export interface Problem {
  readonly code: ProblemCode;
  readonly message: string;
  readonly hint: string;
  readonly link?: string;
  readonly subject?: string;
  readonly retryAt?: number;
}

/** What the supervisor does about a failure, by its code. */
export type Reaction = 'retry' | 'pause-pool' | 'ignore' | 'tell';

const reactions: Partial<Record<ProblemCode, Reaction>> = {
  'forge-unreachable': 'retry',
  'rate-limited': 'retry',
  'name-taken': 'retry',
  'tool-timeout': 'retry',
  'engine-down': 'retry',
  'disk-reserve': 'retry',
  unexpected: 'retry',
  unauthorized: 'pause-pool',
  forbidden: 'pause-pool',
  'agent-outdated': 'pause-pool',
  'checksum-missing': 'pause-pool',
  'checksum-mismatch': 'pause-pool',
  'not-found': 'ignore',
};

/** The reaction to `code`; failures that no repetition cures are only told. */
export function reactionTo(code: ProblemCode): Reaction {
  return reactions[code] ?? 'tell';
}

/** An expected failure on its way to a boundary; ports throw it, boundaries answer with its `problem`. */
export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.message, options);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

/** Short form for `throw problem('usage', 'Unknown flag --x.', 'Try --help.')`. */
export function problem(
  code: ProblemCode,
  message: string,
  hint: string,
  more: Pick<Problem, 'link' | 'subject' | 'retryAt'> = {},
): ProblemError {
  return new ProblemError({ code, message, hint, ...more });
}

const fullDisk: Problem = {
  code: 'disk-reserve',
  message: 'The disk is full.',
  hint: 'Free some space on the volume of the home directory; work goes on by itself.',
};

function isFullDisk(thrown: unknown): boolean {
  return (
    thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOSPC' || thrown.code === 'EDQUOT')
  );
}

/** The Problem of anything thrown: an unexpected error keeps its text and asks for a report. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof ProblemError) return thrown.problem;
  if (isFullDisk(thrown)) return fullDisk;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    code: 'unexpected',
    message: `Something failed that should not have: ${message || 'no message'}.`.replace(/\.\.$/, '.'),
    hint: 'Look at the log in the logs folder of the home directory, and report it if it happens again.',
  };
}

/** What every command answers, over IPC, socket and in process. */
export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };
