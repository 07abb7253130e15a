/** Submodules of a checkout: from the owner's own copies where they have the commit, else fetched as .gitmodules says. */
import { appendFile, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { problem } from '../../../contract/problem.ts';
import { gitProblem, gitText } from '../../os/git.ts';
import { type Checkout, checkOut, type Source } from './checkout.ts';
import { exists, kindOf } from './files.ts';
import { section } from './owner-config.ts';

/** Deeper than anyone nests on purpose: a submodule may name itself. */
const deepest = 10;
const fetchMs = 30 * 60_000;

interface Submodule {
  readonly name: string;
  readonly path: string;
  readonly commit: string;
}

/** Fills the submodules of the checkout `work` of `source`, theirs too. */
export async function fillSubmodules(
  by: Checkout,
  source: Pick<Source, 'commonDir' | 'root'>,
  work: string,
  depth = 0,
): Promise<void> {
  if ((await kindOf(join(work, '.gitmodules'))) !== 'file') return;
  if (depth >= deepest)
    throw problem(
      'unexpected',
      `Submodules are nested more than ${deepest} deep in ${work}.`,
      'One of them probably contains itself.',
    );
  for (const submodule of await submodulesOf(by, work)) {
    const theirs = await ownersCopy(by, source, submodule);
    const into = join(work, submodule.path);
    if (theirs === null) {
      await fetch(by, submodule, work);
      continue;
    }
    await checkOut(by, { ...theirs, commit: submodule.commit }, into);
    await appendFile(join(work, '.git', 'config'), section(`submodule.${submodule.name}.active`, 'true'));
    await fillSubmodules(by, theirs, into, depth + 1);
  }
}

/** Those that .gitmodules names and the commit holds. */
async function submodulesOf(by: Checkout, work: string): Promise<Submodule[]> {
  const listed = await gitText(by.git, { in: work }, [
    'config',
    '--file',
    '.gitmodules',
    '--null',
    '--get-regexp',
    '^submodule\\..*\\.path$',
  ]).catch(() => '');
  const paths = new Map(
    listed
      .split('\0')
      .filter((entry) => entry.includes('\n'))
      .map((entry): [string, string] => {
        const [key = '', path = ''] = entry.split('\n');
        return [path, key.slice('submodule.'.length, -'.path'.length)];
      }),
  );
  if (paths.size === 0) return [];
  const args = ['ls-files', '--stage', '-z', '--', ...paths.keys()];
  const staged = await gitText(by.git, { in: work }, args, { variables: { GIT_LITERAL_PATHSPECS: '1' } });
  return staged.split('\0').flatMap((entry) => {
    const [, commit, path] = /^160000 ([0-9a-f]+) 0\t(.*)$/s.exec(entry) ?? [];
    const name = path === undefined ? undefined : paths.get(path);
    if (commit === undefined || path === undefined || name === undefined) return [];
    return name.split(/[/\\]/).includes('..') ? [] : [{ name, path, commit }];
  });
}

async function ownersCopy(
  by: Checkout,
  { commonDir, root }: Pick<Source, 'commonDir' | 'root'>,
  { name, path, commit }: Submodule,
): Promise<Pick<Source, 'commonDir' | 'root'> | null> {
  const inWorkTree = root === null ? null : join(root, path);
  const candidates = [
    join(commonDir, 'modules', name),
    inWorkTree === null ? null : await gitDirOf(inWorkTree),
  ];
  for (const candidate of candidates) {
    if (candidate === null || !(await exists(join(candidate, 'objects')))) continue;
    const has = await by.git({ gitDir: candidate }, ['cat-file', '-e', `${commit}^{commit}`]);
    if (has.code === 0) return { commonDir: candidate, root: inWorkTree };
  }
  return null;
}

async function gitDirOf(workTree: string): Promise<string | null> {
  const dotGit = join(workTree, '.git');
  const kind = await kindOf(dotGit);
  if (kind === 'folder') return dotGit;
  const text = kind === 'file' ? await readFile(dotGit, 'utf8') : '';
  const target = /^gitdir: (.*)$/m.exec(text)?.[1];
  return target === undefined ? null : resolve(workTree, target);
}

async function fetch(by: Checkout, { path }: Submodule, work: string): Promise<void> {
  const args = ['submodule', '--quiet', 'update', '--init', '--recursive', '--', path];
  const result = await by.git({ in: work }, args, { timeoutMs: fetchMs });
  if (result.code === 0) return;
  const { problem: why } = gitProblem(result, { in: work }, args);
  throw problem(
    'not-found',
    `The submodule ${path} is not in your repository and could not be fetched: ${why.message}`,
    'Run `git submodule update --init` in your repository, then submit again.',
    { subject: path },
  );
}
