/**
 * The one door to the machine: everything that detection learns comes through it, so that a recorded machine can
 * stand in for a real one, on any system. What cannot be read is null, whatever the reason.
 */
import type { Os } from '../../contract/host.ts';
import type { Arch } from '../../contract/job.ts';
import { problem, ProblemError } from '../../contract/problem.ts';

/** As Node names them; captures use the same words. */
export const platforms = ['linux', 'darwin', 'win32'] as const;
export type Platform = (typeof platforms)[number];

export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type Access = 'missing' | 'denied' | 'usable';

export interface Volume {
  readonly path: string;
  readonly freeMiB: number;
  readonly totalMiB: number;
}

export interface Door {
  readonly platform: Platform;
  /** What Node was built for; on a translated process not what the machine is. */
  readonly arch: Arch;
  /** A recording has some calls of a program and not others; on a machine a program that is missing is missing for all. */
  readonly partial: boolean;
  /** Runs a program, whatever its exit code. Throws the problems `tool-missing` and `tool-timeout`. */
  run(command: string, args: readonly string[], limit: { readonly timeoutMs: number }): Promise<Answer>;
  readFile(path: string): Promise<string | null>;
  /** The names in a directory. */
  readDir(path: string): Promise<readonly string[] | null>;
  readLink(path: string): Promise<string | null>;
  /** Is there anything of this name? For sockets and the like, which cannot be read. */
  exists(path: string): Promise<boolean>;
  /** May this user read and write it? For device files. */
  access(path: string): Promise<Access>;
  /** The volumes that hold our files. */
  volumes(): Promise<readonly Volume[]>;
}

export function osOf(platform: Platform): Os {
  const names = { linux: 'linux', darwin: 'macos', win32: 'windows' } as const;
  return names[platform];
}

/** How a command is called in captures and tables: its words, joined by single spaces. */
export function commandKey(command: string, args: readonly string[]): string {
  return [command, ...args].join(' ');
}

/** The problem of a program that was ended by its time limit. */
export function tooSlow(command: string, timeoutMs: number): ProblemError {
  return problem(
    'tool-timeout',
    `The program ${command} did not answer within ${timeoutMs / 1000} seconds.`,
    `Run ${command} by hand to see what it waits for.`,
    { subject: command },
  );
}

/** The same door, but each question is put to the machine once, however many probes ask it. */
export function onceDoor(door: Door): Door {
  const answers = new Map<string, Promise<unknown>>();
  const once = <T>(key: string, ask: () => Promise<T>): Promise<T> => {
    const known = answers.get(key) as Promise<T> | undefined;
    if (known !== undefined) return known;
    const asked = ask();
    answers.set(key, asked);
    return asked;
  };
  const missing = new Map<string, ProblemError>();
  const run: Door['run'] = async (command, args, limit) => {
    // Even to find nothing costs milliseconds.
    const known = missing.get(command);
    if (known !== undefined) throw known;
    try {
      return await door.run(command, args, limit);
    } catch (error) {
      const gone = error instanceof ProblemError && error.problem.code === 'tool-missing';
      if (gone && !door.partial) missing.set(command, error);
      throw error;
    }
  };
  return {
    platform: door.platform,
    arch: door.arch,
    partial: door.partial,
    run: (command, args, limit) => once(`run ${commandKey(command, args)}`, () => run(command, args, limit)),
    readFile: (path) => once(`file ${path}`, () => door.readFile(path)),
    readDir: (path) => once(`dir ${path}`, () => door.readDir(path)),
    readLink: (path) => once(`link ${path}`, () => door.readLink(path)),
    exists: (path) => once(`exists ${path}`, () => door.exists(path)),
    access: (path) => once(`access ${path}`, () => door.access(path)),
    volumes: () => once('volumes', () => door.volumes()),
  };
}
