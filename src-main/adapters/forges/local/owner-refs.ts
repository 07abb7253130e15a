/** The owner's branches and tags, as a clone would have them, so that `git describe` and comparisons work in a job. */
import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Git, gitText } from '../../os/git.ts';
import { exists } from './files.ts';

const commitPattern = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** The text of a packed-refs file: tags as they are, branches as those of the remote `origin`. */
export async function packedRefs(git: Git, commonDir: string): Promise<string> {
  const refs = (await exists(join(commonDir, 'reftable')))
    ? await askedRefs(git, commonDir)
    : new Map([...(await packed(commonDir)), ...(await loose(commonDir))]);
  return [...refs]
    .flatMap(([ref, commit]) => {
      const name = nameInJob(ref);
      return name === null || !commitPattern.test(commit) ? [] : [`${commit} ${name}\n`];
    })
    .join('');
}

function nameInJob(ref: string): string | null {
  if (ref.startsWith('refs/tags/') || ref.startsWith('refs/replace/')) return ref;
  return ref.startsWith('refs/heads/') ? `refs/remotes/origin/${ref.slice('refs/heads/'.length)}` : null;
}

async function askedRefs(git: Git, commonDir: string): Promise<Map<string, string>> {
  const args = ['for-each-ref', '--format=%(objectname) %(refname)'];
  return lines(await gitText(git, { gitDir: commonDir }, args, { maxBytes: 256 * 1024 * 1024 }));
}

async function packed(commonDir: string): Promise<Map<string, string>> {
  return lines(await readFile(join(commonDir, 'packed-refs'), 'utf8').catch(() => ''));
}

function lines(text: string): Map<string, string> {
  const refs = new Map<string, string>();
  for (const line of text.split('\n')) {
    const space = line.indexOf(' ');
    if (space > 0 && !line.startsWith('#')) refs.set(line.slice(space + 1), line.slice(0, space));
  }
  return refs;
}

async function loose(commonDir: string): Promise<Map<string, string>> {
  const refs = new Map<string, string>();
  const walk = async (folder: string): Promise<void> => {
    const entries = await readdir(join(commonDir, folder), { withFileTypes: true }).catch((): Dirent[] => []);
    await Promise.all(
      entries.map(async (entry) => {
        const ref = `${folder}/${entry.name}`;
        if (entry.isDirectory()) await walk(ref);
        else if (!entry.name.endsWith('.lock'))
          refs.set(ref, (await readFile(join(commonDir, ref), 'utf8').catch(() => '')).trim());
      }),
    );
  };
  await Promise.all(['refs/heads', 'refs/tags', 'refs/replace'].map(walk));
  return refs;
}
