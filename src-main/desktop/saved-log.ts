/** A job's whole log as a file of the owner's choice. */
import { open } from 'node:fs/promises';
import type { Supervision } from './supervision.ts';

/** Writes what the job has printed so far; throws a Problem where there is no such job. */
export async function saveLog(supervision: Supervision, job: string, file: string): Promise<void> {
  const args = { job, runner: null, cursor: 0, follow: false };
  const out = await open(file, 'w');
  try {
    for await (const { data } of supervision.stream('log', args, new AbortController().signal))
      await out.write(Buffer.from(data, 'base64'));
  } finally {
    await out.close();
  }
}
