/** The predecessor's variables, from the environment and from a file `.env` in the working directory. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { EnvironmentWish } from '../app/deps.ts';
import type { Arch } from '../contract/job.ts';
import { problem } from '../contract/problem.ts';
import { parseDotenv } from '../core/config/dotenv.ts';
import { type Environment, readEnvironment } from '../core/config/environment.ts';
import type { Os } from '../contract/host.ts';

export interface ReadEnvironment extends EnvironmentWish {
  readonly warnings: readonly string[];
}

const systems: Partial<Record<NodeJS.Platform, Os>> = { darwin: 'macos', win32: 'windows' };

function host(arch: Arch): { os: Os; arch: Arch } {
  return { os: systems[process.platform] ?? 'linux', arch };
}

/** What the variables ask for; those of the process win over those of `.env`. */
export function environmentOf(cwd: string, arch: Arch): ReadEnvironment {
  const file = path.join(cwd, '.env');
  const text = textOf(file);
  const { values, warnings } = parseDotenv(text ?? '');
  const found = readEnvironment({ ...values, ...process.env }, host(arch));
  const said =
    text === null ? [] : [`Variables of ${file} are used where the environment has none of that name.`];
  return { ...found, warnings: [...(usesAny(found) ? said : []), ...warnings, ...found.warnings] };
}

function usesAny(found: Environment): boolean {
  return found.pool !== null || found.warnings.length > 0 || found.problems.length > 0;
}

/** What a file of variables amounts to, alone; throws when it cannot be read. */
export function readEnvironmentFile(file: string, arch: Arch): Environment {
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
  const found = readEnvironment(values, host(arch));
  return { ...found, warnings: [...warnings, ...found.warnings] };
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
