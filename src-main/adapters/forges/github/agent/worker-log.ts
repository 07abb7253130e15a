/** What the worker writes down of its job: whose repository and which run, which the console does not tell. */
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface JobOrigin {
  /** `owner/repository` */
  readonly repository: string | null;
  readonly run: string | null;
}

/** The message with the job stands at the beginning; those with many variables have some 100 KB. */
const headBytes = 4 * 1024 * 1024;
/** A worker's log may be a little older than the line that tells of the job, whose time has whole seconds. */
const slackMs = 5_000;

/** Of the newest worker's log written since `since` (wall-clock milliseconds); null: there is none that tells. */
export async function jobOrigin(agent: string, since: number): Promise<JobOrigin | null> {
  const log = await newestLog(agent, since);
  if (log === null) return null;
  const origin = originIn(await head(log.file));
  return origin.repository === null && origin.run === null ? null : origin;
}

/** When the worker of the job that began at `since` last wrote something down; null: it left no log. */
export async function lastWord(agent: string, since: number): Promise<number | null> {
  return (await newestLog(agent, since))?.writtenAt ?? null;
}

async function newestLog(
  agent: string,
  since: number,
): Promise<{ readonly file: string; readonly writtenAt: number } | null> {
  const folder = join(agent, '_diag');
  const names = await readdir(folder).catch((): string[] => []);
  // Their names end with the time of their beginning.
  const newest = names
    .filter((name) => /^Worker_.*\.log$/.test(name))
    .sort()
    .at(-1);
  if (newest === undefined) return null;
  const file = join(folder, newest);
  const found = await stat(file).catch(() => null);
  return found === null || found.mtimeMs < since - slackMs ? null : { file, writtenAt: found.mtimeMs };
}

async function head(file: string): Promise<string> {
  const handle = await open(file, 'r').catch(() => null);
  if (handle === null) return '';
  try {
    const buffer = Buffer.alloc(Math.min(headBytes, (await handle.stat()).size));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** The message holds the context either as pairs of `k` and `v` or as plain fields; the first that is named counts. */
export function originIn(text: string): JobOrigin {
  return {
    repository: valueOf(text, 'repository', '[\\w.-]+/[\\w.-]+'),
    run: valueOf(text, 'run_id', '\\d+'),
  };
}

function valueOf(text: string, key: string, value: string): string | null {
  const pattern = new RegExp(
    `"k"\\s*:\\s*"${key}"\\s*,\\s*"v"\\s*:\\s*"(${value})"|"${key}"\\s*:\\s*"?(${value})"?`,
  );
  const found = pattern.exec(text);
  return found?.[1] ?? found?.[2] ?? null;
}
