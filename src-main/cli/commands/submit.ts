/** submit: a job for this machine, and with --wait its output and its exit code as ours. */
import path from 'node:path';
import * as v from 'valibot';
import { architectures, type Submission, SubmissionSchema } from '../../contract/job.ts';
import { durationForms, parseDuration } from '../../core/duration.ts';
import { exit } from '../exit-code.ts';
import { wrong } from '../parse.ts';
import { ask, withSupervisor } from '../reach.ts';
import type { Call, CommandSpec } from '../spec.ts';
import { follow } from '../follow.ts';

export const submit: CommandSpec = {
  name: 'submit',
  positionals: [],
  rest: 'CMD ARG…',
  summary: 'Run a command on the committed state of this repository.',
  options: [
    { name: 'wait', help: 'Stream its output; its exit code becomes ours.' },
    { name: 'pool', value: 'POOL', help: 'This pool, whatever its labels.' },
    { name: 'label', value: 'L', many: true, help: 'A label that the runner must have.' },
    { name: 'arch', value: 'ARCH', help: 'The architecture that it needs.' },
    { name: 'env', value: 'K=V', many: true, help: 'A variable for the job.' },
    {
      name: 'secret',
      value: 'NAME',
      many: true,
      help: 'A secret by name, as a variable; masked in the log.',
    },
    { name: 'out', value: 'PATH', many: true, help: 'Keep this file or folder (see `job get`).' },
    { name: 'cache', value: 'NAME', many: true, help: 'A folder that stays, in $HOMERUNNER_CACHE_NAME.' },
    { name: 'timeout', value: 'LENGTH', help: 'Ends it after so long; 6h by default, 0 is never.' },
    { name: 'retry', value: 'N', help: 'Try again so often when it fails.' },
    { name: 'dirty', help: 'With the uncommitted changes of tracked files.' },
    { name: 'copy', help: 'A copy of the folder as it is, which need not be a repository.' },
    { name: 'dir', value: 'D', help: 'This folder instead of the working one.' },
    { name: 'in-place', help: 'In the folder itself, without a checkout.' },
  ],
  examples: [
    'homerunner submit --wait -- make test',
    'homerunner submit --out dist --cache npm -- npm run build',
  ],
  run: (call) => {
    const submission = submissionFrom(call);
    return call.args.has('wait') ? follow(call, submission) : submitOnly(call, submission);
  },
};

/** A job may take so long where nothing is said: a hung one does not hold its runner for ever. */
const defaultTimeoutSeconds = 6 * 3600;

function submissionFrom(call: Call): Submission {
  const { args, terminal } = call;
  const arch = args.get('arch');
  const known = architectures.find((a) => a === arch);
  if (arch !== null && known === undefined)
    throw wrong(submit, `There is no architecture ${arch}; known are ${architectures.join(', ')}`);
  return checked({
    command: [...args.rest],
    dir: path.resolve(terminal.cwd, args.get('dir') ?? '.'),
    source: sourceFrom(call),
    pool: args.get('pool'),
    labels: args.all('label').map((label) => label.trim().toLowerCase()),
    arch: known ?? null,
    env: Object.fromEntries(args.all('env').map(variable)),
    secrets: [...args.all('secret')],
    outputs: [...args.all('out')],
    caches: [...args.all('cache')],
    timeoutSeconds: timeoutFrom(args.get('timeout')),
    retries: retriesFrom(args.get('retry')),
  });
}

/** The option that stands for a field of a submission. */
const optionOf: Readonly<Record<string, string>> = {
  labels: 'label',
  secrets: 'secret',
  outputs: 'out',
  caches: 'cache',
  timeoutSeconds: 'timeout',
};

function checked(submission: Submission): Submission {
  const result = v.safeParse(SubmissionSchema, submission);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = v.getDotPath(issue)?.split('.')[0] ?? '';
  const option = optionOf[field];
  const what = typeof issue.input === 'string' ? ` ${issue.input}` : '';
  const most = field === 'timeoutSeconds' ? '30 days at most' : issue.message;
  throw wrong(submit, option === undefined ? `${field}: ${most}` : `--${option}${what}: ${most}`);
}

function sourceFrom({ args }: Call): Submission['source'] {
  const given = (['dirty', 'copy', 'in-place'] as const).filter((name) => args.has(name));
  if (given.length > 1) throw wrong(submit, `--${given.join(' and --')} exclude each other`);
  return given[0] ?? 'commit';
}

function variable(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1 || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(text.slice(0, at)))
    throw wrong(
      submit,
      `--env ${at < 1 ? text : text.slice(0, at)}: it is NAME=VALUE, with letters, digits and _ in the name`,
    );
  return [text.slice(0, at), text.slice(at + 1)];
}

function timeoutFrom(text: string | null): number {
  if (text === null) return defaultTimeoutSeconds;
  const length = parseDuration(text);
  if (length === null) throw wrong(submit, `--timeout ${text} is not ${durationForms}`);
  return Math.ceil(length / 1000);
}

function retriesFrom(text: string | null): number {
  const count = Number(text ?? '0');
  if (!Number.isInteger(count) || count < 0 || count > 10)
    throw wrong(submit, `--retry ${text ?? ''} is not a whole number from 0 to 10`);
  return count;
}

function submitOnly(call: Call, submission: Submission): Promise<number> {
  return withSupervisor(call, async (api) => {
    const { job, notes } = await ask(api, 'submit', submission);
    for (const note of notes) call.terminal.note(note);
    if (call.json) call.terminal.json({ job, notes });
    else call.terminal.print(`Submitted as ${job.id}. See it with \`homerunner job logs -f ${job.id}\`.`);
    return exit.done;
  });
}
