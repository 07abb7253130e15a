/** Makes a runner's folder ready: a copy of the agent in it, configured, and what to start. */
import { existsSync } from 'node:fs';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { problem } from '../../../../contract/problem.ts';
import type { LaunchSpec } from '../../../../core/agent-port.ts';
import type { RunnerRecord } from '../../../../core/runner.ts';
import { agentEnv } from './agent-env.ts';
import { type ClassicRegistration, configure } from './configure.ts';
import { type AgentFolders, agentName, type AgentRelease } from './folders.ts';
import { decodeJit, writeJit } from './jit.ts';

/** `config` is GitHub's `encoded_jit_config`. */
export type AgentRegistration = { readonly kind: 'jit'; readonly config: string } | ClassicRegistration;

export interface AgentOptions {
  readonly folders: AgentFolders;
  readonly platform: NodeJS.Platform;
  /** Ours; only a short list of it reaches the agent. */
  readonly environment: Readonly<NodeJS.ProcessEnv>;
}

/** The agent in a runner's folder. */
export function agentFolder(folder: string): string {
  return join(folder, 'agent');
}

/**
 * Where Windows is: its key has to be sealed by the system first, which the agent itself does, so there it is given the
 * whole configuration when it starts.
 */
const jitFile = (folder: string) => join(folder, 'jit-config');

export const versionFile = (folder: string) => join(folder, 'agent-version');

/** The version of the agent in a runner's folder; null where nobody wrote it down. */
export async function preparedVersion(folder: string): Promise<string | null> {
  return readFile(versionFile(folder), 'utf8').catch(() => null);
}

/**
 * The version that a process of it has; null where that is not known. `endedAt`: wall-clock milliseconds, null while it
 * runs. What was put there after its end it never had.
 */
export async function versionThatRan(folder: string, endedAt: number | null): Promise<string | null> {
  const written = await stat(versionFile(folder)).catch(() => null);
  if (written === null || (endedAt !== null && written.mtimeMs > endedAt)) return null;
  return preparedVersion(folder);
}

/**
 * Safe to repeat. `registration` is null when it was given to an earlier call and is lost: that is enough if that call
 * came to its end. Throws the store's Problems and those of `configure`.
 */
export async function prepare(
  record: RunnerRecord,
  folder: string,
  release: AgentRelease,
  registration: AgentRegistration | null,
  options: AgentOptions,
): Promise<void> {
  const agent = agentFolder(folder);
  if (!existsSync(agent)) {
    const version = await options.folders.have(agentName, release);
    // Written first: an agent without it could not be told from one of another version.
    await writeFile(versionFile(folder), release.version, { mode: 0o600 });
    await options.folders.instance(version, agent);
  }
  if (registration?.kind === 'jit') await writeConfiguration(folder, registration.config, options.platform);
  else if (registration !== null) await configureAnew(record, folder, registration, options);
  else if (!isConfigured(folder)) throw lost(record);
}

async function writeConfiguration(folder: string, config: string, platform: NodeJS.Platform): Promise<void> {
  if (platform !== 'win32') return writeJit(agentFolder(folder), config);
  decodeJit(config);
  await writeFile(jitFile(folder), config, { mode: 0o600 });
}

/** The key is written last of all. */
function isConfigured(folder: string): boolean {
  const has = (name: string) => existsSync(join(agentFolder(folder), name));
  return existsSync(jitFile(folder)) || (has('.runner') && has('.credentials'));
}

async function configureAnew(
  record: RunnerRecord,
  folder: string,
  registration: ClassicRegistration,
  { platform, environment }: AgentOptions,
): Promise<void> {
  const agent = agentFolder(folder);
  // It refuses to begin where one file is left of a try that was cut short, or of a registration that is gone.
  for (const name of ['.runner', '.credentials', '.credentials_rsaparams'])
    await rm(join(agent, name), { force: true });
  await configure(record, agent, listener(folder, platform), registration, agentEnv(environment, platform));
}

function listener(folder: string, platform: NodeJS.Platform): string {
  return join(agentFolder(folder), 'bin', platform === 'win32' ? 'Runner.Listener.exe' : 'Runner.Listener');
}

/**
 * The program itself and not run.sh, whose exit code says nothing and whose death leaves the agent behind. It tells by
 * its own exit code when it is too old.
 */
export async function launch(
  record: RunnerRecord,
  folder: string,
  { platform, environment }: Omit<AgentOptions, 'folders'>,
): Promise<LaunchSpec> {
  const jit = existsSync(jitFile(folder)) ? await readFile(jitFile(folder), 'utf8') : null;
  return {
    runner: record.name,
    job: null,
    argv: [listener(folder, platform), 'run'],
    cwd: agentFolder(folder),
    env: {
      ...agentEnv(environment, platform),
      ACTIONS_RUNNER_RETURN_VERSION_DEPRECATED_EXIT_CODE: '1',
      HOMERUNNER: 'true',
      HOMERUNNER_POOL: record.pool,
      // The agent takes it out of its environment before any job begins.
      ...(jit === null ? {} : { ACTIONS_RUNNER_INPUT_JITCONFIG: jit }),
    },
    mask: [],
  };
}

function lost(record: RunnerRecord) {
  return problem(
    'unexpected',
    `${record.name} was registered, but what it is configured with was lost when Homerunner ended.`,
    'It is removed at GitHub and replaced by itself.',
    { subject: record.name },
  );
}
