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

/** Of the first worker that was started since `since` (wall-clock milliseconds); null: there is none that tells. */
export async function jobOrigin(agent: string, since: number): Promise<JobOrigin | null> {
  const log = await firstLog(agent, since);
  if (log === null) return null;
  const origin = originIn(await head(log));
  return origin.repository === null && origin.run === null ? null : origin;
}

/** When the worker of the job that began at `since` last wrote something down; null: it left no log. */
export async function lastWord(agent: string, since: number): Promise<number | null> {
  const log = await firstLog(agent, since);
  const found = log === null ? null : await stat(log).catch(() => null);
  return found?.mtimeMs ?? null;
}

async function firstLog(agent: string, since: number): Promise<string | null> {
  const folder = join(agent, '_diag');
  const names = await readdir(folder).catch((): string[] => []);
  const first = names.filter((name) => (beginOf(name) ?? -Infinity) >= since).sort()[0];
  return first === undefined ? null : join(folder, first);
}

/** Their names tell it in whole seconds, as the console does. */
function beginOf(name: string): number | null {
  const [, ...parts] = /^Worker_(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-utc\.log$/.exec(name) ?? [];
  const [year, month, day, hour, minute, second] = parts.map(Number);
  if (year === undefined || month === undefined) return null;
  return Date.UTC(year, month - 1, day, hour, minute, second);
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
