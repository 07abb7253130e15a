/** Starts the wrapper of a job and waits until it says which process it is. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { problem, type ProblemError } from '../../../contract/problem.ts';
import type { LaunchSpec } from '../../../core/agent-port.ts';
import type { ProcessId } from '../../../core/runner.ts';
import { withoutInherited } from '../../os/inherited.ts';
import { runnerMark } from '../../os/processes.ts';
import { signalPid } from '../../os/signal.ts';
import type { FolderWatch } from './folder-watch.ts';
import { logFileOf, readState, stateFile } from './job-folder.ts';
import type { Launcher } from './launcher.ts';
import { endVariable, maskVariable, posixWrapper, wrapperArguments, type WrapperOptions } from './wrapper.ts';
import { windowsArguments, windowsWrapper } from './wrapper-windows.ts';
import { writeWhole } from './write-whole.ts';

/** How long a wrapper may take to begin, in milliseconds: it needs a few, on a machine that is swapping seconds. */
const beginMs = 10_000;
const pollMs = 50;

export interface Start {
  /** The job's folder; its state folder exists. */
  readonly path: string;
  /** The wrapper's file, see `writeWrapper`. */
  readonly wrapper: string;
  readonly launch: LaunchSpec;
  readonly bootId: string;
  readonly platform: NodeJS.Platform;
  /** The job's file mode mask. */
  readonly umask: number;
  /** The awk that masks the output, with its flags; needed when `launch.mask` is not empty. */
  readonly masker: readonly string[];
  /** Files that put a process into the runner's control groups. */
  readonly groups: readonly string[];
  /** Programs that set affinity and niceness, before the job's own argv. */
  readonly prefix: readonly string[];
  /** Null: by a fork of this process. */
  readonly launcher: Launcher | null;
  /** The living processes that carry the runner's mark. */
  readonly marked: () => Promise<readonly number[]>;
}

/** Puts the wrapper of this system into a runner's folder, in place of one that a former job may have changed. */
export async function writeWrapper(file: string, platform: NodeJS.Platform): Promise<void> {
  const text = platform === 'win32' ? windowsWrapper : posixWrapper(platform);
  if (!holds(file, text)) await writeWhole(file, text);
}

function holds(file: string, text: string): boolean {
  try {
    return readFileSync(file, 'utf8') === text;
  } catch {
    return false;
  }
}

/**
 * Begins the job unless another has just begun it, and waits until its process is known.
 * `child` is null when the process is not a child of ours. Throws when it cannot begin; then it may be tried again.
 */
export async function begin(start: Start, changes: FolderWatch): Promise<Begun> {
  const child = await spawnWrapper(start);
  child?.unref();
  const process = await begun(start, child, changes);
  return { process, child: child?.pid === process.pid ? child : null };
}

export interface Begun {
  readonly process: ProcessId;
  readonly child: ChildProcess | null;
}

/** Null: the launcher does it. */
async function spawnWrapper(start: Start): Promise<ChildProcess | null> {
  try {
    return await spawnWith(start);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'E2BIG') return spawnWith(tooLong(start));
    throw cannotSpawn(error as NodeJS.ErrnoException);
  }
}

async function spawnWith(start: Start): Promise<ChildProcess | null> {
  const { launch, path } = start;
  const masks = maskLines(launch.mask);
  const env = { ...launch.env, [runnerMark]: launch.runner, ...jobVariable(launch.job), ...maskEnv(masks) };
  const options = {
    state: stateFile(path),
    log: logFileOf(path),
    cwd: launch.cwd,
    bootId: start.bootId,
    umask: start.umask.toString(8),
    masker: masks.length > 0 ? start.masker : [],
    groups: start.groups,
  };
  const argv = [...start.prefix, ...launch.argv];
  if (start.platform === 'win32') return spawnWindows(start.wrapper, options, argv, env);
  const args = [start.wrapper, ...wrapperArguments(options, argv)];
  if (start.launcher?.start('/bin/sh', args, env) === true) return null;
  return spawned('/bin/sh', args, env, 'ignore');
}

async function spawnWindows(
  wrapper: string,
  options: WrapperOptions,
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<ChildProcess> {
  const log = await open(options.log, 'a', 0o600);
  try {
    return await spawned('powershell.exe', windowsArguments(wrapper, options, argv), env, log.fd);
  } finally {
    await log.close();
  }
}

/** Throws what `spawn` does. */
async function spawned(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  output: number | 'ignore',
): Promise<ChildProcess> {
  const child = spawn(command, args, {
    cwd: '/',
    env,
    detached: true,
    windowsHide: true,
    stdio: ['ignore', output, output, ...withoutInherited()],
  });
  await once(child, 'spawn');
  return child;
}

/** Trying again would not make it shorter: the job begins, says so and fails. */
function tooLong(start: Start): Start {
  const say =
    'echo "homerunner: the command with its environment is longer than this system allows (exit code 126)."; exit 126';
  return {
    ...start,
    prefix: [],
    launch: { ...start.launch, argv: ['/bin/sh', '-c', say], env: {}, mask: [] },
  };
}

function cannotSpawn(error: NodeJS.ErrnoException): ProblemError {
  return problem(
    'unexpected',
    `The job's process could not be made (${error.code ?? error.message}).`,
    'The machine may have too many processes or open files; it is tried again.',
  );
}

const jobVariable = (job: string | null) => (job === null ? {} : { HOMERUNNER_JOB: job });

/** The end mark cannot be guessed by the job, whose output it ends. */
const maskEnv = (masks: readonly string[]) =>
  masks.length === 0
    ? {}
    : { [maskVariable]: masks.join('\n'), [endVariable]: randomBytes(16).toString('hex') };

/** The output is masked line by line; the longest first, as one value may be part of another. */
function maskLines(values: readonly string[]): string[] {
  const lines = new Set(values.flatMap((value) => value.split(/\r?\n/)).filter((line) => line !== ''));
  return [...lines].sort((a, b) => b.length - a.length);
}

/** The process, once the wrapper that was first has written it. */
async function begun(start: Start, child: ChildProcess | null, changes: FolderWatch): Promise<ProcessId> {
  const seen = { change: false, tell: (): void => undefined };
  changes.listen(() => {
    seen.change = true;
    seen.tell();
  });
  for (const deadline = performance.now() + beginMs; performance.now() < deadline;) {
    seen.change = false;
    const state = readState(start.path);
    if (state?.process) return state.process;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, seen.change ? 0 : pollMs);
      seen.tell = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
  return giveUp(start, child);
}

/** The wrapper executes nothing before its line is written: without one the start may be undone. */
async function giveUp(start: Start, child: ChildProcess | null): Promise<ProcessId> {
  if (child === null) {
    start.launcher?.close();
    for (const pid of await start.marked()) signalPid(pid, 'SIGKILL');
  } else {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  const state = readState(start.path);
  if (state?.process) return state.process;
  await rm(stateFile(start.path), { force: true });
  throw problem(
    'disk-reserve',
    `The job's wrapper did not begin within ${beginMs / 1000} seconds.`,
    'Check that the disk of the home folder has space left; it is tried again.',
  );
}
