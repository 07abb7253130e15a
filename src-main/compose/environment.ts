/** The predecessor's variables, from the environment and from a file `.env` in the working directory. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { run } from '../adapters/os/exec.ts';
import type { EnvironmentWish } from '../app/deps.ts';
import type { Arch } from '../contract/job.ts';
import { problem } from '../contract/problem.ts';
import { parseDotenv } from '../core/config/dotenv.ts';
import { type Environment, readEnvironment, type Variables } from '../core/config/environment.ts';
import { hostOs } from './machine.ts';

export interface ReadEnvironment extends EnvironmentWish {
  readonly warnings: readonly string[];
  /** The token of the environment's account, read where it is needed and kept nowhere; null: it has none of its own. */
  readonly token: () => string | null;
}

/** What the variables ask for; those of the process win over those of `.env`. */
export async function environmentOf(cwd: string, arch: Arch): Promise<ReadEnvironment> {
  const file = path.join(cwd, '.env');
  const text = textOf(file);
  const { values, warnings } = parseDotenv(text ?? '');
  const found = await readWithLogin({ ...values, ...process.env }, arch);
  const said =
    text === null ? [] : [`Variables of ${file} are used where the environment has none of that name.`];
  return { ...found, warnings: [...(usesAny(found) ? said : []), ...warnings, ...found.warnings] };
}

function usesAny(found: Environment): boolean {
  return found.pool !== null || found.warnings.length > 0 || found.problems.length > 0;
}

/** What a file of variables amounts to, alone; throws when it cannot be read. */
export async function readEnvironmentFile(file: string, arch: Arch): Promise<Environment & ReadEnvironment> {
  const text = textOf(file);
  if (text === null) {
    throw problem(
      'usage',
      `The file ${file} cannot be read.`,
      'Give the path of a file with lines like RUNNER_MODE=auto.',
      { subject: file },
    );
  }
  const { values, warnings } = parseDotenv(text);
  const found = await readWithLogin(values, arch);
  return { ...found, warnings: [...warnings, ...found.warnings] };
}

/** The `gh` program is asked only where a repository is named and no token. */
async function readWithLogin(vars: Variables, arch: Arch): Promise<Environment & ReadEnvironment> {
  const host = { os: hostOs, arch };
  const first = readEnvironment(vars, host);
  const { loginWanted } = first;
  const gh = loginWanted !== null && (await hasGhLogin(loginWanted));
  const found = gh ? readEnvironment(vars, { ...host, gh }) : first;
  const { tokenVariable } = found;
  return { ...found, token: () => (tokenVariable === null ? null : (vars[tokenVariable]?.trim() ?? null)) };
}

async function hasGhLogin(host: string): Promise<boolean> {
  try {
    // Its answer is the token itself, of which nothing is kept.
    const { code } = await run('gh', ['auth', 'token', '--hostname', host], {
      timeoutMs: 10_000,
      maxBytes: 0,
    });
    return code === 0;
  } catch {
    return false;
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
