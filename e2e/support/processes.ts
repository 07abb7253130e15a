/** Looks for processes that jobs of a home have left, by their environment: nothing of the program's own is trusted. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface Marked {
  readonly pid: number;
  readonly runner: string;
  readonly command: string;
}

/** All processes with HOMERUNNER_RUNNER whose variables, folder or command mention `home`. */
export function marked(home: string): Marked[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      const environment = read(`/proc/${entry}/environ`);
      const runner = /(?:^|\0)HOMERUNNER_RUNNER=([^\0]*)/.exec(environment)?.[1];
      if (runner === undefined) return [];
      const command = read(`/proc/${entry}/cmdline`).replaceAll('\0', ' ');
      const mentions =
        environment.includes(home) || command.includes(home) || link(`/proc/${entry}/cwd`).startsWith(home);
      return mentions ? [{ pid: Number(entry), runner, command }] : [];
    });
}

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
