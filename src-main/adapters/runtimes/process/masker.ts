/** Which awk this system has, as the job's output goes through it when there is something to mask. */
import { problemOf, problem } from '../../../contract/problem.ts';
import { run } from '../../os/exec.ts';

/** Asks once; throws `tool-missing` without awk, as secrets would stand in the log. */
export function findMasker(): () => Promise<readonly string[]> {
  let found: Promise<readonly string[]> | null = null;
  return () => {
    found ??= ask();
    found.catch(() => (found = null));
    return found;
  };
}

async function ask(): Promise<readonly string[]> {
  try {
    const place = await run('sh', ['-c', 'command -v awk'], { timeoutMs: 10_000 });
    const awk = place.stdout.trim() || 'awk';
    // Only mawk must be told not to wait until its buffer is full.
    const version = await run(awk, ['-W', 'version'], { timeoutMs: 10_000 });
    const isMawk = /^mawk/m.test(version.stdout + version.stderr);
    return isMawk ? [awk, '-W', 'interactive'] : [awk];
  } catch (error) {
    throw problem(
      'tool-missing',
      `Secrets cannot be masked in the job's output: ${problemOf(error).message}`,
      'Install awk (for example the package mawk), or submit the job without secrets.',
      { subject: 'awk' },
    );
  }
}
