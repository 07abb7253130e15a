/** What is said about a configuration file that cannot be used as it is. */
import type { ProblemError } from '../../contract/problem.ts';
import { type Problem, problem } from '../../contract/problem.ts';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'access is denied',
  EPERM: 'access is denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EISDIR: 'a folder of that name is in the way',
};

/** The code of a file system's error; null where it is none. */
export function codeOf(thrown: unknown): string | null {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : null;
}

function reasonOf(thrown: unknown): string {
  const code = codeOf(thrown);
  return code === null ? String(thrown) : (reasons[code] ?? code);
}

export function denied(file: string, thrown: unknown): Problem {
  return {
    code: 'forbidden',
    message: `The configuration ${file} cannot be read (${reasonOf(thrown)}): what was known before is used, else the defaults, and the file is not changed.`,
    hint: 'Give yourself the right to read and write it, then start again.',
    subject: file,
  };
}

export function setAside(file: string, kept: string): Problem {
  return {
    code: 'config-field',
    message: `The configuration ${file} is not valid JSON with settings; it was kept as ${kept}, and the defaults are used.`,
    hint: 'Mend it and move it back, or add your pools again with `pool add`.',
    subject: file,
  };
}

export function notJson(file: string): Problem {
  return {
    code: 'config-field',
    message: `The configuration ${file} was changed to something that is not valid JSON with settings; the one before goes on.`,
    hint: 'Mend the file: it is read again when it changes.',
    subject: file,
  };
}

export function cannotWrite(file: string, thrown: unknown): ProblemError {
  const code = codeOf(thrown);
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return problem(
    full ? 'disk-reserve' : 'forbidden',
    `The configuration ${file} could not be written (${reasonOf(thrown)}); it is as it was.`,
    full ? 'Free some space, and try again.' : 'Give yourself the right to write there, and try again.',
    { subject: file },
  );
}
