import { existsSync, unlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { clearedFile, logFileOf, spareIt, stateFile } from './job-folder.ts';

/**
 * Forgets an ended job. Its folder stays, marked, while its log has not been taken: so it can never begin again either.
 * An agent's process may begin again: only its state goes.
 */
export async function forgetJob(job: string | null, path: string): Promise<void> {
  if (job === null) await rm(path, { recursive: true, force: true });
  else if (existsSync(logFileOf(path))) writeFileSync(clearedFile(path), '');
  else if (!emptied(path)) await rm(path, { recursive: true, force: true });
}

/** The usual case, three quick calls: nothing but the state is left. */
function emptied(path: string): boolean {
  try {
    unlinkSync(stateFile(path));
  } catch {
    return false;
  }
  return spareIt(path);
}
