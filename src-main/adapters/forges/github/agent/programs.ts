/** Paths of an agent's programs: on Windows they are written with the other slash, and in any case of letters. */
import { isAbsolute, join, posix, win32 } from 'node:path';
import type { NamedProcess } from '../../../os/processes.ts';

/** Does `path` lie below `folder`? */
export function isBelow(folder: string, path: string): boolean {
  const { sep } = /^[A-Za-z]:/.test(path) ? win32 : posix;
  const start = `${folder}${sep}`;
  return sep === win32.sep ? path.toLowerCase().startsWith(start.toLowerCase()) : path.startsWith(start);
}

/** The folder of the agent whose `bin/Runner.Listener` a process is; null where it cannot be told. */
export function agentOf({ path, cwd }: NamedProcess): string | null {
  const whole = isAbsolute(path) || win32.isAbsolute(path) ? path : cwd === null ? null : join(cwd, path);
  if (whole === null) return null;
  const paths = /^[A-Za-z]:/.test(whole) ? win32 : posix;
  return paths.dirname(paths.dirname(whole));
}
