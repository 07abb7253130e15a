/** Registers a persistent runner by the agent's own program, for GitHub has no other way to make one. */
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { problem, type ProblemError } from '../../../../contract/problem.ts';
import type { RunnerRecord } from '../../../../core/runner.ts';
import { run, type RunResult } from '../../../os/exec.ts';

/** What it takes to register one for good. The token is a registration token, which lives for an hour. */
export interface ClassicRegistration {
  readonly kind: 'classic';
  /** The page of the scope: https://github.com/owner/repo. */
  readonly url: string;
  readonly token: string;
}

const timeoutMs = 120_000;

/** Throws `name-taken`, `unauthorized`, `tool-missing`, `forge-unreachable` or `tool-timeout`. The token is in the environment alone. */
export async function configure(
  record: RunnerRecord,
  agent: string,
  program: string,
  registration: ClassicRegistration,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const result = await run(program, ['configure', '--unattended'], {
    cwd: agent,
    env: { ...env, ...inputs(record, registration) },
    timeoutMs,
    maxBytes: 64 * 1024,
  });
  if (result.code !== 0) throw refusal(record, registration, result);
  for (const name of ['.runner', '.credentials', '.credentials_rsaparams'])
    await chmod(join(agent, name), 0o600).catch(() => undefined);
}

/** The agent reads its arguments from these too, and takes them out of its own environment. */
function inputs(record: RunnerRecord, { url, token }: ClassicRegistration): Record<string, string> {
  const values = {
    UNATTENDED: 'true',
    URL: url,
    TOKEN: token,
    NAME: record.name,
    LABELS: record.labels.join(','),
    WORK: '_work',
    DISABLEUPDATE: 'true',
    ...(record.group === null ? {} : { RUNNERGROUP: record.group }),
    // It refuses the one without the other.
    ...(record.labels.length === 0 ? {} : { 'NO-DEFAULT-LABELS': 'true' }),
  };
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`ACTIONS_RUNNER_INPUT_${name}`, value]),
  );
}

function refusal(record: RunnerRecord, { token }: ClassicRegistration, result: RunResult): ProblemError {
  const subject = { subject: record.name };
  const said = `${result.stdout}\n${result.stderr}`.replaceAll(token, '***');
  if (result.timedOut)
    return problem(
      'tool-timeout',
      `The runner could not be registered within ${timeoutMs / 60_000} minutes.`,
      'GitHub may be slow or a firewall in the way; it is tried again.',
      subject,
    );
  if (said.includes('A runner exists with the same name'))
    return problem(
      'name-taken',
      `GitHub already has a runner called ${record.name}.`,
      'It is left from before and is replaced by one of another name.',
      subject,
    );
  if (/dependencies is missing|libicu|ICU package/i.test(said))
    return problem(
      'tool-missing',
      'The runner needs libraries that this machine does not have (libicu, libssl).',
      'Install them: bin/installdependencies.sh in the folder of the agent does it, as root.',
      subject,
    );
  if (/Http response code: (?:NotFound|Unauthorized|Forbidden)/.test(said))
    return problem(
      'unauthorized',
      'GitHub does not take the registration of the runner.',
      'Check that the account may still administer this repository or organisation.',
      subject,
    );
  const last = said.trim().split(/\r?\n/).at(-1)?.slice(0, 200) ?? '';
  return problem(
    'forge-unreachable',
    `The runner could not be registered (exit code ${result.code})${last === '' ? '' : `: ${last}`}`.replace(
      /\.?$/,
      '.',
    ),
    'It is tried again; the log in its folder _diag says more.',
    subject,
  );
}
