/** Named secrets where there is no desktop: from the environment, a file, a systemd credential, or the keyring. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { problem, problemOf, type ProblemError } from '../../contract/problem.ts';
import type { Secrets } from '../../core/ports.ts';
import { run, type RunResult } from '../os/exec.ts';

export interface HeadlessOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How long the keyring may take, in milliseconds; it may be waiting for somebody to unlock it. Default 5000. */
  readonly timeoutMs?: number;
}

/**
 * Looks for a secret in this order: HOMERUNNER_SECRET_<NAME>, the file that HOMERUNNER_SECRET_<NAME>_FILE names,
 * $CREDENTIALS_DIRECTORY/<NAME>, the keyring. In variables the name stands as it is, or in upper case with _ for what
 * a variable cannot hold. A line feed at the end of a file is not part of the secret.
 */
export function headlessSecrets({ env, timeoutMs = 5000 }: HeadlessOptions): Secrets {
  return {
    async get(name) {
      checkName(name);
      return (
        fromVariable(env, name) ??
        (await fromNamedFile(env, name)) ??
        (await fromCredentials(env, name)) ??
        (await fromKeyring(env, name, timeoutMs))
      );
    },
  };
}

function checkName(name: string): void {
  if (/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/.test(name)) return;
  throw problem('usage', 'The name of a secret is 1 to 64 letters, digits, _ . -.', 'Choose another name.');
}

/** The variables that may hold the secret, the exact one first. */
function variablesOf(name: string): readonly string[] {
  const upper = name.toUpperCase().replaceAll(/[^A-Z0-9_]/g, '_');
  return [...new Set([`HOMERUNNER_SECRET_${name}`, `HOMERUNNER_SECRET_${upper}`])];
}

/** An empty value counts as not set. */
function fromVariable(env: HeadlessOptions['env'], name: string): string | null {
  const values = variablesOf(name).map((variable) => env[variable] ?? '');
  return values.find((value) => value !== '') ?? null;
}

async function fromNamedFile(env: HeadlessOptions['env'], name: string): Promise<string | null> {
  for (const variable of variablesOf(name).map((v) => `${v}_FILE`)) {
    const file = env[variable] ?? '';
    if (file === '') continue;
    // The path is not repeated: who confuses the two variables has put the secret itself there.
    const what = `The file that ${variable} names`;
    const secret = await readSecret(file, what);
    if (secret !== null) return secret;
    throw unreadable(what, 'it does not exist');
  }
  return null;
}

async function fromCredentials(env: HeadlessOptions['env'], name: string): Promise<string | null> {
  const folder = env['CREDENTIALS_DIRECTORY'] ?? '';
  // Those of accounts lie beside: they are no secrets of jobs.
  if (name.toLowerCase().startsWith('homerunner-account-')) return null;
  return folder === '' ? null : readSecret(join(folder, name), `The credential ${name}`);
}

/** What a file holds, without a line feed at its end; null where there is none. */
async function readSecret(file: string, what: string): Promise<string | null> {
  try {
    const text = await readFile(file, 'utf8');
    return text.replace(/\r?\n$/, '');
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown error';
    if (code === 'ENOENT') return null;
    throw unreadable(what, code);
  }
}

function unreadable(what: string, why: string): ProblemError {
  return problem(
    'not-found',
    `${what} cannot be read (${why}).`,
    'Check the path, and that you may read it.',
  );
}

async function fromKeyring(
  env: HeadlessOptions['env'],
  name: string,
  timeoutMs: number,
): Promise<string | null> {
  const found = await askKeyring('lookup', env, name, timeoutMs);
  if (found.code === 0 && found.stdout !== '') return found.stdout;
  if (found.code > 1 || found.stderr.trim() !== '') throw noKeyring(name, 'it cannot be reached');
  // A lookup says "none" of what is locked, too; a search names such entries, without their secrets.
  const entries = await askKeyring('search', env, name, timeoutMs);
  if (entries.stdout.trim() !== '') throw noKeyring(name, 'it is locked');
  return null;
}

async function askKeyring(
  what: 'lookup' | 'search',
  env: HeadlessOptions['env'],
  name: string,
  timeoutMs: number,
): Promise<RunResult> {
  const visible = Object.entries(env).filter(([key]) => !key.startsWith('HOMERUNNER_SECRET_'));
  const args = [what, 'service', 'homerunner', 'secret', name];
  try {
    const result = await run('secret-tool', args, { timeoutMs, env: Object.fromEntries(visible) });
    if (result.timedOut) throw noKeyring(name, 'it did not answer in time; it may be locked');
    return result;
  } catch (thrown) {
    if (problemOf(thrown).code !== 'tool-missing') throw thrown;
    throw noKeyring(name, 'the program secret-tool was not found');
  }
}

function noKeyring(name: string, why: string): ProblemError {
  const variable = variablesOf(name).at(-1) ?? '';
  return problem(
    'no-keyring',
    `The secret ${name} is in no variable, file or credential, and the keyring could not be asked: ${why}.`,
    `Set ${variable} or ${variable}_FILE for the supervisor, or unlock the keyring and store it there: secret-tool store --label='Homerunner ${name}' service homerunner secret ${name}`,
    { subject: name },
  );
}
