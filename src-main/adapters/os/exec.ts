/** Runs a short program to its end: no shell, bounded in time and output. */
import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { constants } from 'node:os';
import { problem, type ProblemError } from '../../contract/problem.ts';
import { withoutInherited } from './inherited.ts';

export interface RunOptions {
  /** Milliseconds until the program and its children are killed; default 30 000. */
  readonly timeoutMs?: number;
  /** What is kept of each stream, in bytes; default 8 MiB. More is read and dropped. */
  readonly maxBytes?: number;
  /** The whole environment; default: ours. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Run as another user, which only root may. */
  readonly uid?: number;
  readonly gid?: number;
  /** Written to its standard input: the way for secrets, which never go into `args`. */
  readonly input?: string | Uint8Array;
}

export interface RunResult {
  /** Its exit code; 128 + n when signal n ended it. */
  readonly code: number;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** It was killed because time was up; the code is then 137. */
  readonly timedOut: boolean;
  /** One of the streams was longer than `maxBytes`. */
  readonly truncated: boolean;
}

/** How long output may still come from children that outlive the program, in milliseconds. */
const lingerMs = 500;

/**
 * Runs `command` and answers with what it printed, whatever its exit code and however it ended.
 * Throws only the problem `tool-missing`: it cannot be started.
 */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const child = start(command, args, options);
  const stdout = collect(child.stdout, options.maxBytes);
  const stderr = collect(child.stderr, options.maxBytes);
  child.stdin.on('error', () => undefined); // It may end without reading.
  child.stdin.end(options.input);
  const end = await ended(child, command, options.timeoutMs ?? 30_000);
  return {
    ...end,
    stdout: stdout.text(),
    stderr: stderr.text(),
    truncated: stdout.truncated() || stderr.truncated(),
  };
}

/** The usual exit code of an end: 128 + n for signal n. */
function exitCodeOf(code: number | null, signal: NodeJS.Signals | null): number {
  if (code !== null) return code;
  return 128 + (signal === null ? 0 : constants.signals[signal]);
}

function start(
  command: string,
  args: readonly string[],
  options: RunOptions,
): ChildProcessWithoutNullStreams {
  try {
    const child = spawn(command, args, {
      stdio: ['pipe', 'pipe', 'pipe', ...withoutInherited()],
      // A group of its own: a timeout ends its children too, and it cannot ask at our terminal.
      detached: true,
      windowsHide: true,
      env: options.env,
      cwd: options.cwd,
      uid: options.uid,
      gid: options.gid,
    });
    // The first three are pipes, which the types cannot see behind the rest.
    return child as ChildProcessWithoutNullStreams;
  } catch (error) {
    throw cannotStart(command, error as NodeJS.ErrnoException); // Arguments that are too long, for one.
  }
}

type End = Pick<RunResult, 'code' | 'signal' | 'timedOut'>;

function ended(child: ChildProcess, command: string, timeoutMs: number): Promise<End> {
  return new Promise((resolve, reject) => {
    let timedOut = false;
    let linger: NodeJS.Timeout | undefined;
    const letGo = () => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    };
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup(child);
      letGo();
    }, timeoutMs);
    child.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(cannotStart(command, error));
    });
    child.once('exit', () => {
      linger = setTimeout(letGo, lingerMs);
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      clearTimeout(linger);
      resolve({ code: timedOut ? 137 : exitCodeOf(code, signal), signal, timedOut });
    });
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL'); // Windows knows no groups.
  }
}

function cannotStart(command: string, error: NodeJS.ErrnoException): ProblemError {
  const missing = error.code === 'ENOENT';
  return problem(
    'tool-missing',
    missing
      ? `The program ${command} was not found.`
      : `The program ${command} cannot be started (${error.code ?? error.message}).`,
    missing ? `Install ${command}, or put it on the PATH.` : `Check that ${command} may be executed.`,
    { subject: command },
  );
}

function collect(stream: NodeJS.ReadableStream, maxBytes = 8 * 1024 * 1024) {
  const chunks: Buffer[] = [];
  let kept = 0;
  let more = false;
  stream.on('data', (chunk: Buffer) => {
    const part = chunk.subarray(0, maxBytes - kept);
    if (part.length > 0) chunks.push(part);
    kept += part.length;
    more ||= part.length < chunk.length;
  });
  stream.on('error', () => undefined); // Destroyed by us.
  return { text: () => Buffer.concat(chunks).toString('utf8'), truncated: () => more };
}
