/**
 * A small shell that stands by to start processes in sessions of their own. To fork the supervisor itself costs
 * milliseconds of its only thread, the more the larger it is; this shell forks in less than one, on another core.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { run } from '../../os/exec.ts';
import { withoutInherited } from '../../os/inherited.ts';
import { signalPid } from '../../os/signal.ts';

export interface Launcher {
  /**
   * Has the program started with exactly this environment, in a session of its own and with no input and output;
   * false: this one must be started in another way. That it runs shows by what it does.
   */
  start(command: string, args: readonly string[], env: Readonly<Record<string, string | undefined>>): boolean;
  /** Ends it, and what it has not started yet never starts; the next start begins another. */
  close(): void;
}

type Shell = ChildProcess & { readonly stdin: Writable & { unref?: () => void } };

/** Below the system's limit of one argument (128 KiB on Linux): who exceeds the limits is answered by the kernel. */
const longest = 96 * 1024;
/** What this shell would change or cannot export. */
const ofTheShell = /^(?:PPID|OPTIND|IFS|PS\d|PWD|OLDPWD|ENV|LINENO|_)$/;

/** Null where there is no `setsid --fork` (util-linux). */
export async function openLauncher(platform: NodeJS.Platform): Promise<Launcher | null> {
  if (platform !== 'linux') return null;
  const probe = await run('/bin/sh', ['-c', 'setsid -f true && command -v setsid'], {
    timeoutMs: 5000,
  }).catch(() => null);
  return probe?.code === 0 ? launcherWith(probe.stdout.trim()) : null;
}

function launcherWith(setsid: string): Launcher {
  let shell: Shell | null = null;
  const open = (): Shell => {
    // Detached: Ctrl-C at the terminal is for the supervisor alone. It ends with its input.
    const child = spawn('/bin/sh', [], {
      cwd: '/',
      env: {},
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore', ...withoutInherited()],
    }) as Shell; // Its input is a pipe.
    const gone = (): void => {
      if (shell === child) shell = null;
    };
    child.on('error', gone).on('exit', gone);
    child.stdin.on('error', gone);
    child.unref();
    child.stdin.unref?.();
    return child;
  };
  return {
    start(command, args, env) {
      const line = lineOf([setsid, '-f', command, ...args], env);
      if (line === null) return false;
      shell ??= open();
      return shell.stdin.writable && (shell.stdin.write(line), true);
    },
    close() {
      const pid = shell?.pid;
      shell = null;
      // Its group: a start that hangs before it has its own session.
      if (pid !== undefined) signalPid(-pid, 'SIGKILL');
    },
  };
}

/** One command for the shell: it reaches no argument list of another process, and a cut one is no command. */
function lineOf(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): string | null {
  const pairs = Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined);
  if (pairs.some(([name]) => ofTheShell.test(name) || !/^[A-Za-z_]\w*$/.test(name))) return null;
  const exported = pairs.map(([name, value]) => `export ${name}=${quoted(value)};`).join(' ');
  // What shells set by themselves.
  const line = `( unset PWD OLDPWD SHLVL; ${exported} exec ${argv.map(quoted).join(' ')} < /dev/null )\n`;
  return line.length > longest ? null : line;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
