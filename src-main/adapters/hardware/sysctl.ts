/** `sysctl hw machdep`: nearly all that macOS knows of the machine, in one call of 2 ms. */
import type { Door } from './door.ts';
import { parseFields } from './parse.ts';

/** Null where it cannot be asked or says nothing. */
export async function readSysctl(door: Door): Promise<ReadonlyMap<string, string> | null> {
  const answer = await door.run('sysctl', ['hw', 'machdep'], { timeoutMs: 2000 }).catch(() => null);
  // It ends with an error when one name of many cannot be read.
  const fields = answer === null ? null : parseFields(answer.stdout);
  return fields === null || fields.size === 0 ? null : fields;
}
