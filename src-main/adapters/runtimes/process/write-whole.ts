import { randomUUID } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';

/** Writes a private file so that nobody ever reads a part of it, whoever else writes it at the same time. */
export async function writeWhole(file: string, text: string): Promise<void> {
  const next = `${file}.${randomUUID()}`;
  await writeFile(next, text, { mode: 0o600 });
  await rename(next, file);
}
