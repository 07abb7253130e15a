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

/** A job as the console tells of it. */
interface ToldJob {
  readonly name: string;
  /** Wall-clock milliseconds, in whole seconds. */
  readonly startedAt: number;
}

/** Of the worker of this job; null: no worker's log tells of it. */
export async function jobOrigin(agent: string, job: ToldJob): Promise<JobOrigin | null> {
  const log = await logOf(agent, job);
  if (log === null) return null;
  const origin = originIn(log.head);
  return origin.repository === null && origin.run === null ? null : origin;
}

/** When the worker of this job last wrote something down; null: it left no log. */
export async function lastWord(agent: string, job: ToldJob): Promise<number | null> {
  const log = await logOf(agent, job);
  const found = log === null ? null : await stat(log.file).catch(() => null);
  return found?.mtimeMs ?? null;
}

/** So many workers may have begun since a job did whose log is looked for. */
const mostLogs = 4;

/** The first log since the job began that names it; one that names no job at all is taken for its own. */
async function logOf(
  agent: string,
  { name, startedAt }: ToldJob,
): Promise<{ readonly file: string; readonly head: string } | null> {
  const folder = join(agent, '_diag');
  const names = await readdir(folder).catch((): string[] => []);
  const since = names.filter((file) => (beginOf(file) ?? -Infinity) >= startedAt).sort();
  for (const each of since.slice(0, mostLogs)) {
    const file = join(folder, each);
    const text = await head(file);
    const named = jobNamedIn(text);
    if (named === null || named === name) return { file, head: text };
  }
  return null;
}

/** The message's name of its job, as the console shows it; null: it names none. */
function jobNamedIn(text: string): string | null {
  const found = /"jobDisplayName"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
  if (found === undefined) return null;
  try {
    return String(JSON.parse(found));
  } catch {
    return null;
  }
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
