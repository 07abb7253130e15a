/** Where things lie in a runner's folder, and what the wrapper wrote there. */
import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { problem } from '../../../contract/problem.ts';
import type { ProcessId } from '../../../core/runner.ts';

/** The file that says whose folder it is: install id and runner name. */
export const installFile = 'install';
const jobPrefix = 'job-';
/** Of a process that is not a job; the agent itself lies beside it, in a folder of its forge's choice. */
const processFolder = 'process';

/** Names and job ids become folder names: nothing that could lead elsewhere. */
export function checked(what: string, text: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(text)) return text;
  throw problem(
    'usage',
    `"${text}" cannot be ${what}.`,
    'Use 1 to 128 letters, digits, _ . - and begin with a letter, a digit or _.',
  );
}

/** The folder of a job, or of the agent where the process is not a job. */
export function jobFolder(runnerFolder: string, job: string | null): string {
  return join(runnerFolder, job === null ? processFolder : jobPrefix + checked('a job id', job));
}

/**
 * The folder of the job before, empty: to rename one costs a fraction of what it costs to make and to delete one, and
 * each job needs one (0.03 and 0.23 ms on an idle ext4, ten times that while it commits).
 */
const spareFolder = (runnerFolder: string) => join(runnerFolder, 'spare');

/** Makes the folder of a job unless it is there. */
export function makeFolder(path: string): void {
  try {
    renameSync(spareFolder(dirname(path)), path);
  } catch {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  }
}

/** Puts an empty folder aside for the next job; false where something is in it or it cannot be moved. */
export function spareIt(path: string): boolean {
  try {
    if (readdirSync(path).length > 0) return false;
    renameSync(path, spareFolder(dirname(path)));
    return true;
  } catch {
    return false;
  }
}

export interface JobFolder {
  readonly job: string | null;
  readonly path: string;
}

/** The job folders that are there; none when the runner's folder is not. */
export async function jobFolders(runnerFolder: string): Promise<JobFolder[]> {
  const entries = await readdir(runnerFolder, { withFileTypes: true }).catch(() => []);
  return entries.flatMap((entry): JobFolder[] => {
    if (!entry.isDirectory()) return [];
    const path = join(runnerFolder, entry.name);
    if (entry.name === processFolder) return [{ job: null, path }];
    return entry.name.startsWith(jobPrefix) ? [{ job: entry.name.slice(jobPrefix.length), path }] : [];
  });
}

/** The folder holds the state alone, and is watched. Without it the wrapper cannot begin: what was forgotten never begins again. */
export const stateFile = (path: string) => join(path, 'process');
/** The wrapper lies ready in the runner's folder before there is a job. */
export const wrapperFile = (runnerFolder: string, platform: NodeJS.Platform) =>
  join(runnerFolder, platform === 'win32' ? 'wrapper.ps1' : 'wrapper');
/** Beside the folder, as it changes thousands of times a second. */
export const logFileOf = (path: string) => `${path}.log`;
/** Stands where a job was cleared but its log is still to be taken. */
export const clearedFile = (path: string) => join(path, 'cleared');

export interface JobState {
  /** Null while the wrapper is about to write it. */
  readonly process: ProcessId | null;
  /** Null while it runs, or when it was killed. */
  readonly exitCode: number | null;
  /** Wall-clock milliseconds of the last change. */
  readonly changedAt: number;
}

/**
 * What the wrapper wrote; null when none has begun. Read at once: some 60 bytes that were written just now, on the way
 * of every job, for which the four hand-overs of an asynchronous read would take longer than the job.
 */
export function readState(path: string): JobState | null {
  let file: number;
  try {
    file = openSync(stateFile(path), 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
  try {
    return { ...parseState(readFileSync(file, 'utf8')), changedAt: fstatSync(file).mtimeMs };
  } finally {
    closeSync(file);
  }
}

/** Lines count once they are whole. */
export function parseState(text: string): Pick<JobState, 'process' | 'exitCode'> {
  const [first, second] = text.split(/\r?\n/).slice(0, -1);
  const [, pid, bootId, startTime] = /^(\d+) (\S+) (.+)$/.exec(first ?? '') ?? [];
  const code = /^exit (\d+)$/.exec(second ?? '')?.[1];
  return {
    process:
      pid === undefined || bootId === undefined || startTime === undefined
        ? null
        : { pid: Number(pid), bootId, startTime },
    exitCode: code === undefined ? null : Number(code),
  };
}
