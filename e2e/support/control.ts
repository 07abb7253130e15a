/** The control socket of a home: for programs that give many commands over one connection. */
import { realpathSync } from 'node:fs';
import { type ControlClient, connect } from '../../src-main/adapters/control/client.ts';
import { endpointToReach } from '../../src-main/adapters/control/endpoint.ts';
import type { CommandArgs, CommandName, CommandResults } from '../../src-main/contract/commands.ts';
import type { Submission } from '../../src-main/contract/job.ts';
import { ProblemError } from '../../src-main/contract/problem.ts';
import type { Home } from './product.ts';

/** Connects to the supervisor of `home`; throws a ProblemError where none accepts. */
export function connectTo(home: Home): Promise<ControlClient> {
  const host = {
    platform: process.platform,
    env: home.env,
    uid: home.user?.uid ?? process.getuid?.() ?? 0,
  };
  const endpoint = endpointToReach(realpathSync(home.path), host);
  return connect(endpoint, { version: __VERSION__, pid: process.pid });
}

/** Runs one command; throws a ProblemError when it fails. */
export async function ask<K extends CommandName>(
  control: ControlClient,
  name: K,
  args: CommandArgs<K>,
): Promise<CommandResults[K]> {
  const answer = await control.execute(name, args);
  if (answer.ok) return answer.value;
  throw new ProblemError(answer.problem);
}

/** A job of `command` in `dir`, in place unless `more` says otherwise. */
export function submissionOf(
  command: readonly string[],
  dir: string,
  more: Partial<Submission> = {},
): Submission {
  return {
    command: [...command],
    dir,
    source: 'in-place',
    pool: null,
    labels: [],
    arch: null,
    env: {},
    secrets: [],
    outputs: [],
    caches: [],
    timeoutSeconds: 0,
    retries: 0,
    ...more,
  };
}
