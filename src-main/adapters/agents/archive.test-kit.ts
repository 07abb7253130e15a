/** For tests: compressed tars, good and bad, by tar's own headers. */
import { gzipSync } from 'node:zlib';
import { Header, type HeaderData } from 'tar';
import { type Problem, ProblemError } from '../../contract/problem.ts';

export interface Entry {
  readonly header: Buffer;
  readonly body: Buffer;
}

export function entry(
  path: string,
  { text = '', size, ...data }: Omit<HeaderData, 'path'> & { text?: string } = {},
): Entry {
  const body = Buffer.from(text);
  const header = new Header({
    mode: 0o644,
    type: 'File',
    mtime: new Date(0),
    ...data,
    path,
    size: size ?? body.length,
  });
  header.encode();
  if (header.block === undefined) throw new Error('no header');
  return { header: header.block, body };
}

export function archiveOf(entries: readonly Entry[]): Buffer {
  const blocks = entries.flatMap(({ header, body }) => [
    header,
    body,
    Buffer.alloc((512 - (body.length % 512)) % 512),
  ]);
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

/** The problem that a promise is rejected with. */
export async function problemOf(work: Promise<unknown>): Promise<Problem> {
  try {
    await work;
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
  throw new Error('It should have failed.');
}
