/** The environment of a job: a short list of ours, what the job was given, and what says where it runs. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { problem } from '../../../contract/problem.ts';
import type { LaunchSpec } from '../../../core/agent-port.ts';
import type { JobRow, Secrets } from '../../../core/ports.ts';
import type { RunnerRecord } from '../../../core/runner.ts';
import { allowed } from '../../os/clean-env.ts';

export interface JobEnvironment {
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  readonly platform: NodeJS.Platform;
  readonly secrets: Secrets;
  /** The folder of the caches of this trust domain. */
  readonly caches: string;
}

/** Environment and masks; makes the caches. Throws a Problem for a secret that is not there. */
export async function jobEnv(
  { job, submission }: JobRow,
  record: RunnerRecord,
  by: JobEnvironment,
): Promise<Pick<LaunchSpec, 'env' | 'mask'>> {
  const secrets = new Map<string, string>();
  for (const name of submission?.secrets ?? []) secrets.set(name, await secret(name, by.secrets));
  const env = {
    ...allowed(by.environment, by.platform),
    CI: 'true',
    ...submission?.env,
    ...Object.fromEntries(secrets),
    ...(await caches(submission?.caches ?? [], by.caches)),
    // Last, so that nothing stands in for them: what a runner left running is found by its name.
    HOMERUNNER: 'true',
    HOMERUNNER_JOB: job.id,
    HOMERUNNER_POOL: record.pool,
    HOMERUNNER_RUNNER: record.name,
  };
  return { env, mask: [...secrets.values()].flatMap(masksOf) };
}

/** The value of a named secret; throws a Problem that says how to store one. */
export async function secret(name: string, secrets: Secrets): Promise<string> {
  const value = await secrets.get(name);
  if (value === null)
    throw problem(
      'not-found',
      `There is no secret called ${name}.`,
      `Set HOMERUNNER_SECRET_${name} where the supervisor starts, or put it into the keyring.`,
      { subject: name },
    );
  if (value.includes('\0'))
    throw problem(
      'usage',
      `The secret ${name} has a NUL byte in it, which no variable can hold.`,
      'Encode it.',
      {
        subject: name,
      },
    );
  return value;
}

/** A line of fewer characters says little, and masking it would make the log unreadable. */
const shortestLine = 4;

/** The whole value, and each line of it, as programs print them. */
export function masksOf(value: string): string[] {
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  const masks = [value, ...lines.filter((line) => line.length >= shortestLine)];
  return [...new Set(masks.filter((text) => text !== ''))];
}

async function caches(names: readonly string[], folder: string): Promise<Record<string, string>> {
  const env: Record<string, string> = {};
  for (const name of names) {
    const path = join(folder, name);
    await mkdir(path, { recursive: true, mode: 0o700 });
    env[`HOMERUNNER_CACHE_${name.toUpperCase().replace(/[^A-Z0-9_]/g, '_')}`] = path;
  }
  return env;
}
