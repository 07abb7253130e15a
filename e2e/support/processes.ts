/** Looks for processes that jobs of a home have left, by their environment: nothing of the program's own is trusted. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface Marked {
  readonly pid: number;
  readonly runner: string;
  readonly command: string;
}

/** All processes with HOMERUNNER_RUNNER whose variables, folder or command mention `home`. */
export function marked(home: string): Marked[] {
  return pids().flatMap((pid) => {
    const environment = read(`/proc/${pid}/environ`);
    const runner = runnerIn(environment);
    if (runner === null) return [];
    const command = commandOf(pid);
    const mentions = isOf(home, pid, environment) || command.includes(home);
    return mentions ? [{ pid, runner, command }] : [];
  });
}

/** Those and all others whose variables or folder mention `home`, but for this one: nothing of them may outlive it. */
export function lingering(home: string): Marked[] {
  const others = pids().flatMap((pid) => {
    const environment = read(`/proc/${pid}/environ`);
    if (pid === process.pid || runnerIn(environment) !== null || !isOf(home, pid, environment)) return [];
    return [{ pid, runner: 'nobody', command: commandOf(pid) }];
  });
  return [...marked(home), ...others];
}

const pids = (): number[] =>
  readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number);

const runnerIn = (environment: string): string | null =>
  /(?:^|\0)HOMERUNNER_RUNNER=([^\0]*)/.exec(environment)?.[1] ?? null;

const isOf = (home: string, pid: number, environment: string): boolean =>
  environment.includes(home) || link(`/proc/${pid}/cwd`).startsWith(home);

const commandOf = (pid: number): string => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function link(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}
