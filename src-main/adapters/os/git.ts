/** Runs git in somebody's repository: never asks, never takes over our caller's git variables, never leaves a daemon. */
import { type Problem, problem, type ProblemError } from '../../contract/problem.ts';
import { run, type RunOptions, type RunResult } from './exec.ts';

/** Where git works: in a directory, or on a repository without looking at any work tree. */
export type GitPlace = { readonly in: string } | { readonly gitDir: string };

export interface GitOptions extends Pick<RunOptions, 'timeoutMs' | 'maxBytes' | 'input'> {
  /** Variables of this call alone, GIT_* among them. */
  readonly variables?: Readonly<Record<string, string>>;
}

export type Git = (place: GitPlace, args: readonly string[], options?: GitOptions) => Promise<RunResult>;

const always = ['-c', 'core.fsmonitor=false', '-c', 'gc.auto=0', '-c', 'maintenance.auto=false'];

/** Git with the environment `env`, but for its GIT_* variables, whose owner meant another command. */
export function gitWith(env: Readonly<NodeJS.ProcessEnv>): Git {
  const base = {
    ...withoutGit(env),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
  };
  return (place, args, { variables, ...options } = {}) =>
    run('git', [...placeArgs(place), ...always, ...args], { ...options, env: { ...base, ...variables } });
}

/** `env` without git's own variables: set in hooks and aliases, they would name another repository. */
export function withoutGit(env: Readonly<NodeJS.ProcessEnv>): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^GIT_/i.test(name)));
}

function placeArgs(place: GitPlace): string[] {
  return 'in' in place ? ['-C', place.in] : [`--git-dir=${place.gitDir}`];
}

/** What git printed; throws the Problem of `gitProblem` when it failed. */
export async function gitText(
  git: Git,
  place: GitPlace,
  args: readonly string[],
  options: GitOptions = {},
): Promise<string> {
  const result = await git(place, args, options);
  if (result.code === 0) return result.stdout;
  throw gitProblem(result, place, args);
}

/** The failure of a git command in a sentence; known ones with what to do next. */
export function gitProblem(result: RunResult, place: GitPlace, args: readonly string[]): ProblemError {
  const where = 'in' in place ? place.in : place.gitDir;
  const verb = args.find((arg) => /^[a-z]/.test(arg)) ?? '';
  if (result.timedOut)
    return problem(
      'tool-timeout',
      `git ${verb} did not finish in time in ${where}.`,
      'See whether git works there by hand: a network drive or a lock may hold it.',
      { subject: where },
    );
  const [code, message, hint] = known(result.stderr, where) ?? [
    'unexpected',
    `git ${verb} failed in ${where}: ${lastLine(result)}`,
    'Run the same command there by hand to see more.',
  ];
  return problem(code, message, hint, { subject: where });
}

function known(stderr: string, where: string): [Problem['code'], string, string] | null {
  if (/dubious ownership|unsafe repository/.test(stderr))
    return [
      'forbidden',
      `The repository ${where} belongs to another user, so git refuses to read it.`,
      `If you trust it: git config --global --add safe.directory '${where}'`,
    ];
  if (/not a git repository/i.test(stderr))
    return [
      'not-a-repository',
      `${where} is not in a git repository.`,
      'Submit from a repository, or give --in-place to run in the folder itself.',
    ];
  return null;
}

/** Git's own words without its prefix and without credentials that stand in an address. */
function lastLine({ stderr, code }: RunResult): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('hint:'));
  const telling = lines.find((line) => /^(fatal|error):/.test(line)) ?? lines.at(-1) ?? `exit code ${code}`;
  return withoutCredentials(telling.replace(/^(fatal|error): /, '')).replace(/\.?$/, '.');
}

/** An address, or a text with addresses, without user names and passwords that stand in it. */
export function withoutCredentials(text: string): string {
  return text
    .replace(/\b(https?|ftps?):\/\/[^/@\s]+@/gi, '$1://')
    .replace(/\b([a-z+]+:\/\/[^/@:\s]+):[^/@\s]+@/gi, '$1@');
}
