/** Secrets on their way in: from a file or standard input, never from the command line, where other programs read them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { problem, type ProblemError } from '../contract/problem.ts';
import { wrong } from './parse.ts';
import type { Call, CommandSpec, OptionSpec } from './spec.ts';

export const tokenOptions: readonly OptionSpec[] = [
  { name: 'token-stdin', help: 'Read a token from standard input.' },
  { name: 'token-file', value: 'FILE', help: 'Read a token from FILE.' },
];

/** The token that was given by file or standard input; null where neither was asked for. */
export async function tokenOf(spec: CommandSpec, call: Call): Promise<string | null> {
  const file = call.args.get('token-file');
  if (file !== null && call.args.has('token-stdin'))
    throw wrong(spec, 'Give --token-file or --token-stdin, not both');
  if (file !== null) return secretFile(call, file);
  if (!call.args.has('token-stdin')) return null;
  const text = (await call.terminal.secret('Token (it is not shown): '))?.trim() ?? '';
  if (text === '') throw wrong(spec, 'No token came from standard input');
  return text;
}

/** The text of a file that holds a secret; it is named in what goes wrong, and nothing of it is. */
export function secretFile(call: Call, name: string): string {
  const file = path.resolve(call.terminal.cwd, name);
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch {
    throw problem('usage', `The file ${file} cannot be read.`, 'Check the path, and whether it is yours.', {
      subject: file,
    });
  }
  if (text !== '') return text;
  throw problem('usage', `The file ${file} is empty.`, 'Write the secret into it.', { subject: file });
}

// The beginnings are GitHub's; forty hexadecimal digits are what it gave before, and still does on old servers.
const secretForms = [/\bgh[a-z]_\w{16,}/, /\bgithub_pat_\w{16,}/, /^[0-9a-f]{40}$/, /PRIVATE KEY-----/];

/** Refuses a token among the arguments before anything repeats it; `argv` ends where a job's own command begins. */
export function refuseSecrets(argv: readonly string[]): void {
  const own = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  const named = own.some((arg) => arg === '--token' || arg.startsWith('--token='));
  const values = own.map((arg) => (arg.startsWith('--') ? arg.slice(arg.indexOf('=') + 1) : arg));
  if (named || values.some((value) => secretForms.some((form) => form.test(value))))
    throw secretInArguments();
}

function secretInArguments(): ProblemError {
  return problem(
    'usage',
    'A token is not taken from the command line: every program on this machine can read it there.',
    'Give it with --token-stdin or --token-file FILE, and revoke this one if others use the machine.',
  );
}
