/** A checkout of a commit that shares its objects with the owner's repository: made by hand but for the files, to be fast. */
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { problem } from '../../../contract/problem.ts';
import { type Git, gitProblem } from '../../os/git.ts';
import { checkoutConfig, type ReadSettings } from './owner-config.ts';
import { packedRefs } from './owner-refs.ts';

export interface Checkout {
  readonly git: Git;
  readonly settings: ReadSettings;
  readonly hasLfs: () => Promise<boolean>;
}

/** Filling a large tree, or fetching what a partial clone or LFS lacks. */
const fillMs = 60 * 60_000;

export interface Source {
  readonly commonDir: string;
  readonly root: string | null;
  readonly commit: string;
}

/** Fills `work`, which is empty or absent, with the commit; throws a Problem that says why it could not. */
export async function checkOut(by: Checkout, source: Source, work: string): Promise<void> {
  await skeleton(by, source, join(work, '.git'));
  const args = ['read-tree', '--reset', '-u', source.commit];
  const result = await by.git({ in: work }, args, { timeoutMs: fillMs });
  if (result.code === 0) return;
  if (/unable to read tree|bad object|failed to unpack tree object|not a tree/.test(result.stderr))
    throw problem(
      'not-found',
      `The commit ${source.commit.slice(0, 12)} is no longer in ${source.root ?? source.commonDir}.`,
      'The repository was replaced or cleaned since the job was submitted: submit it again.',
      { subject: source.commit },
    );
  throw gitProblem(result, { in: source.root ?? source.commonDir }, ['checkout']);
}

/**
 * A repository with a detached HEAD and the owner's objects, branches and tags. Written at once: a dozen small entries
 * that each take some ten microseconds, and a hand-over to a thread and back as much again.
 */
async function skeleton(by: Checkout, source: Source, dotGit: string): Promise<void> {
  const { commonDir, commit } = source;
  const [settings, refs, hasLfs] = await Promise.all([
    by.settings(commonDir),
    packedRefs(by.git, commonDir),
    by.hasLfs(),
  ]);
  const config = await checkoutConfig(settings, { ...source, hasLfs });
  const info = join(dotGit, 'objects', 'info');
  mkdirSync(info, { recursive: true });
  mkdirSync(join(dotGit, 'refs', 'heads'), { recursive: true });
  writeFileSync(join(dotGit, 'HEAD'), `${commit}\n`);
  writeFileSync(join(info, 'alternates'), `${alternate(join(commonDir, 'objects'))}\n`);
  writeFileSync(join(dotGit, 'packed-refs'), refs);
  writeFileSync(join(dotGit, 'config'), config);
  copyIfThere(join(commonDir, 'info'), join(dotGit, 'info'), 'attributes');
  copyIfThere(commonDir, dotGit, 'shallow');
}

/** Git reads a line that begins with a quote as a quoted string. */
function alternate(path: string): string {
  return /^["#]|[\n\\]/.test(path) ? JSON.stringify(path) : path;
}

function copyIfThere(from: string, to: string, name: string): void {
  if (!existsSync(join(from, name))) return;
  mkdirSync(to, { recursive: true });
  copyFileSync(join(from, name), join(to, name));
}
