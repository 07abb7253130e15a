/** What `--out` names is kept when the job ends: out of the checkout, whole or not at all. */
import { mkdir, readdir, realpath, rename } from 'node:fs/promises';
import { isAbsolute, join, normalize, relative, resolve, sep } from 'node:path';
import { type Problem, problem, type ProblemError, problemOf } from '../../../contract/problem.ts';
import { copyTree, exists, kindOf, moveTree } from './files.ts';

/** Refuses what cannot lie in the job's folder, before the job runs for nothing. */
export function checkOutputs(outputs: readonly string[]): void {
  for (const output of outputs) {
    const path = normalize(output);
    if (isAbsolute(output) || path.split(sep)[0] === '..' || output.includes('\0'))
      throw problem(
        'usage',
        `The output ${JSON.stringify(output)} does not lie in the folder of the job.`,
        'Give a path relative to the folder from which you submit.',
        { subject: output },
      );
  }
}

export interface Keep {
  readonly outputs: readonly string[];
  /** The folder in which the job ran; outputs are relative to it. */
  readonly cwd: string;
  /** Nothing outside of it is taken, whatever links say. */
  readonly within: string;
  /** Where they go; it appears when all are there. */
  readonly to: string;
  /** The folder is emptied afterwards, so that they may be moved rather than copied. */
  readonly move: boolean;
}

/** Keeps them; what could not be kept is told, the rest is kept. Safe to repeat after a crash. */
export async function keepOutputs(keep: Keep): Promise<Problem | null> {
  if (keep.outputs.length === 0) return null;
  if (await exists(keep.to)) return missing(keep);
  const part = `${keep.to}.part`;
  await mkdir(part, { recursive: true, mode: 0o700 });
  const problems: Problem[] = [];
  for (const output of keep.outputs) {
    try {
      await keepOne(output, keep, part);
    } catch (error) {
      problems.push(problemOf(error));
    }
  }
  await rename(part, keep.to);
  return problems[0] === undefined ? null : together([problems[0], ...problems.slice(1)]);
}

/** Kept before a crash: what is not there could not be kept. */
async function missing({ outputs, cwd, to }: Keep): Promise<Problem | null> {
  const problems: Problem[] = [];
  for (const output of outputs)
    if (!(await exists(join(to, relative(cwd, resolve(cwd, output))))))
      problems.push(notMade(output).problem);
  return problems[0] === undefined ? null : together([problems[0], ...problems.slice(1)]);
}

function notMade(output: string): ProblemError {
  return problem(
    'not-found',
    `The output ${output} was not kept: it is not there.`,
    'See the log of the job.',
    {
      subject: output,
    },
  );
}

async function keepOne(output: string, { cwd, within, move }: Keep, part: string): Promise<void> {
  const from = resolve(cwd, output);
  const name = relative(cwd, from);
  const to = join(part, name);
  if ((await kindOf(from)) === null) {
    // Moved before a crash, or as a part of another output.
    if (await exists(to)) return;
    throw notMade(output);
  }
  const [real, bound] = await Promise.all([realpath(from), realpath(within)]);
  if (real !== bound && !real.startsWith(bound + sep))
    throw problem(
      'forbidden',
      `The output ${output} leads out of the folder of the job by a link and was not kept.`,
      'Have the job copy it to a place of its own.',
      { subject: output },
    );
  if (move && name !== '') await moveTree(real, to);
  else await copyTree(real, to);
}

function together(problems: readonly [Problem, ...Problem[]]): Problem {
  return { ...problems[0], message: problems.map(({ message }) => message).join(' ') };
}

/** Enough to recognise what is there. */
const listedAtMost = 1000;

/** The files below `folder` as relative paths, sorted, at most 1,000; none where it is absent. */
export async function listOutputs(folder: string): Promise<string[]> {
  const found: string[] = [];
  const walk = async (below: string): Promise<void> => {
    const entries = await readdir(join(folder, below), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (found.length >= listedAtMost) return;
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) await walk(path);
      else found.push(path);
    }
  };
  if (await exists(folder)) await walk('');
  return found;
}
