/** Files and sockets that this process holds are not for the programs that it starts. */
import { openSync, readdirSync } from 'node:fs';

/** Others may be opened, by Chromium's threads, between looking and starting. */
const margin = 16;

let nothing: number | null = null;

/**
 * To be put behind stdin, stdout and stderr in the `stdio` of a program: /dev/null in the place of everything else that
 * it would inherit. Electron on Linux does not mark what it opens as its own (its sockets, its profile's lock), and a job
 * would have all of it in its hands for as long as it runs; Node does, and there is nothing to hide.
 */
export function withoutInherited(): readonly number[] {
  if (process.platform !== 'linux' || !('electron' in process.versions)) return [];
  nothing ??= openSync('/dev/null', 'r+');
  const last = Math.max(...readdirSync('/proc/self/fd').map(Number));
  return new Array<number>(Math.max(0, last + margin - 2)).fill(nothing);
}
