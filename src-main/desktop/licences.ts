/** What is built into this program, as the build wrote it down. */
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import type { DesktopState } from '../contract/desktop.ts';

const ListSchema = v.array(v.object({ name: v.string(), version: v.string(), licence: v.string() }));

/** Reads the list once, when it is first asked for; empty where there is none. */
export function licencesOf(file: string): () => Promise<DesktopState['licences']> {
  let list: Promise<DesktopState['licences']> | null = null;
  return () => (list ??= readList(file));
}

async function readList(file: string): Promise<DesktopState['licences']> {
  try {
    return v.parse(ListSchema, JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return [];
  }
}
