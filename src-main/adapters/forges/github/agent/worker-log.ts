/** What the worker writes down of its job: whose repository and which run, which the console does not tell. */
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface JobOrigin {
  /** `owner/repository` */
  readonly repository: string | null;
  readonly run: string | null;
}

/** The message with the job stands at the beginning; those with many variables have some 100 KB. */
const headBytes = 4 * 1024 * 1024;
/**
 * By the log of the first worker that began after the agent had told of the job (wall-clock milliseconds, whole seconds),
 * and before it told of its end: an agent that persists has a worker of each job. Null: there is none yet that tells.
 */
export async function jobOrigin(
  agent: string,
  { startedAt, endedAt }: { readonly startedAt: number; readonly endedAt: number | null },
): Promise<JobOrigin | null> {
  const folder = join(agent, '_diag');
  const names = await readdir(folder).catch((): string[] => []);
  const [first] = names
    .map((name) => ({ name, at: beginning(name) }))
    .filter(({ at }) => at >= startedAt && at <= (endedAt ?? Infinity))
    .sort((a, b) => a.at - b.at);
  if (first === undefined) return null;
  const origin = originIn(await head(join(folder, first.name)));
  return origin.repository === null && origin.run === null ? null : origin;
}

/** The names of workers' logs tell when they began; NaN: it is another file. */
function beginning(name: string): number {
  const parts = /^Worker_(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-utc.*\.log$/.exec(name);
  const [year = 0, month = 0, ...rest] = parts?.slice(1).map(Number) ?? [];
  return parts === null ? NaN : Date.UTC(year, month - 1, ...rest);
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
