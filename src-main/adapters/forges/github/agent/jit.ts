/** The configuration of a one-job runner: a few small files, which we write ourselves so that no process carries them. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { problem, type ProblemError } from '../../../../contract/problem.ts';

/** All that the agent of today is given. A name that is not known could be anything, a script too. */
const known = ['.runner', '.credentials', '.credentials_rsaparams'] as const;
const needed = ['.runner', '.credentials'] as const;
/** Together they have some 4 KB. */
const maxBytes = 256 * 1024;

/** Their contents by name; throws a Problem where it is no such configuration. Base64 of JSON of base64. */
export function decodeJit(encoded: string): ReadonlyMap<string, Buffer> {
  if (encoded.length > 2 * maxBytes) throw unreadable('it is too long');
  let files: unknown;
  try {
    files = JSON.parse(
      Buffer.from(encoded, 'base64')
        .toString('utf8')
        .replace(/^\uFEFF/, ''),
    );
  } catch {
    throw unreadable('it is not what it was');
  }
  if (typeof files !== 'object' || files === null || Array.isArray(files))
    throw unreadable('it holds no files');
  const found = new Map<string, Buffer>();
  for (const [name, content] of Object.entries(files)) {
    if (!(known as readonly string[]).includes(name))
      throw unreadable('it would write a file that no runner has');
    if (typeof content !== 'string') throw unreadable(`${name} is not readable`);
    found.set(name, Buffer.from(content, 'base64'));
  }
  for (const name of needed) if ((found.get(name)?.length ?? 0) === 0) throw unreadable(`${name} is missing`);
  return found;
}

/** Writes them into the agent's folder, for its user alone. */
export async function writeJit(agent: string, encoded: string): Promise<void> {
  for (const [name, content] of decodeJit(encoded)) {
    const file = join(agent, name);
    // Anew: what stands there keeps its mode, and a link would be written through.
    await rm(file, { force: true });
    await writeFile(file, content, { mode: 0o600, flag: 'wx' });
  }
}

function unreadable(why: string): ProblemError {
  return problem(
    'unexpected',
    `What GitHub gave to configure a runner with is refused: ${why}.`,
    'The runner is replaced; look for a newer version of Homerunner if this stays.',
  );
}
