/** What an agent's own files say of it. They may be anybody's: nothing of them is believed to be short or printable. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';

export interface Serves {
  /** The page of what it takes jobs of; null: its file does not say (one-job agents). */
  readonly url: string | null;
  readonly name: string;
}

const Settings = v.looseObject({ AgentName: v.optional(v.string()), GitHubUrl: v.optional(v.string()) });
const largest = 64 * 1024;

/** What the agent in `folder` serves; null where none is configured there, or its files are not ours to read. */
export async function serves(folder: string): Promise<Serves | null> {
  try {
    const file = join(folder, '.runner');
    if ((await stat(file)).size > largest) return null;
    const text = await readFile(file, 'utf8');
    const { AgentName = '', GitHubUrl } = v.parse(Settings, JSON.parse(text.replace(/^\uFEFF/, '')));
    const url = plain(GitHubUrl ?? '');
    return { url: url === '' ? null : url, name: plain(AgentName) || 'without a name' };
  } catch {
    return null;
  }
}

/** One short line without what a terminal would obey. */
function plain(text: string): string {
  return text
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, 200);
}
