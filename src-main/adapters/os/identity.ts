/** Which machine, which installation, which start of the machine: what tells ours from others' and now from before. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname, uptime, userInfo } from 'node:os';
import { run } from './exec.ts';

type Ask = (
  command: string,
  args: readonly string[],
) => Promise<{ readonly code: number; readonly stdout: string }>;

/** Where the answers come from; tests give recorded ones. */
export interface Questions {
  readonly platform: NodeJS.Platform;
  /** The text of a file; null where it cannot be read. */
  readonly file: (path: string) => string | null;
  /** The output of a program; null where it fails. */
  readonly output: (command: string, args: readonly string[]) => Promise<string | null>;
  readonly hostname: () => string;
  /** Seconds since the machine's start, and the wall clock in milliseconds. */
  readonly uptime: () => number;
  readonly now: () => number;
}

/** The machine itself. `ask` runs a program. */
export function machineQuestions(platform: NodeJS.Platform, ask: Ask = askShortly): Questions {
  return {
    platform,
    file: (path) => {
      try {
        const text = readFileSync(path, 'utf8').trim();
        return text === '' ? null : text;
      } catch {
        return null;
      }
    },
    output: async (command, args) => {
      try {
        const { code, stdout } = await ask(command, args);
        return code === 0 ? stdout : null;
      } catch {
        return null;
      }
    },
    hostname,
    uptime,
    now: Date.now,
  };
}

const askShortly: Ask = (command, args) => run(command, args, { timeoutMs: 5000 });

/** 6 hex digits that stand for this machine, user and home folder: only what carries them is ours. */
export function installId(machineId: string, user: string, realHome: string): string {
  return createHash('sha256').update([machineId, user, realHome].join('\0')).digest('hex').slice(0, 6);
}

/** What the system calls this machine for good; the host name where it has no such name. */
export async function machineId(q: Questions): Promise<string> {
  const found = await machineIdOf(q);
  return found ?? q.hostname();
}

async function machineIdOf(q: Questions): Promise<string | null> {
  if (q.platform === 'darwin') {
    const text = await q.output('ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice']);
    return /"IOPlatformUUID" = "([^"]+)"/.exec(text ?? '')?.[1] ?? null;
  }
  if (q.platform === 'win32') {
    const text = await q.output('reg', [
      'query',
      'HKLM\\SOFTWARE\\Microsoft\\Cryptography',
      '/v',
      'MachineGuid',
    ]);
    return /MachineGuid\s+REG_SZ\s+(\S+)/.exec(text ?? '')?.[1] ?? null;
  }
  return q.file('/etc/machine-id') ?? q.file('/var/lib/dbus/machine-id');
}

/**
 * A text that differs from one start of the machine to the next and stays while it runs, whatever its clock does.
 * Where a system has none, the time of the start to the nearest ten minutes, which a clock that is set may change.
 */
export async function bootId(q: Questions): Promise<string> {
  const found = await bootIdOf(q);
  return found ?? `started-${Math.round((q.now() / 1000 - q.uptime()) / 600)}`;
}

async function bootIdOf(q: Questions): Promise<string | null> {
  if (q.platform === 'darwin') {
    const text = await q.output('sysctl', ['-n', 'kern.bootsessionuuid']);
    const id = text?.trim() ?? '';
    return id === '' ? null : id;
  }
  if (q.platform === 'win32') {
    const key =
      'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Memory Management\\PrefetchParameters';
    const text = await q.output('reg', ['query', key, '/v', 'BootId']);
    const counter = /BootId\s+REG_DWORD\s+(0x[0-9a-f]+)/i.exec(text ?? '')?.[1];
    return counter === undefined ? null : `boot-${Number(counter)}`;
  }
  return q.file('/proc/sys/kernel/random/boot_id');
}

/** Who we are to the system: the user id, or on Windows the name. */
export function userOf(): string {
  const uid = process.getuid?.();
  return uid === undefined ? userInfo().username : String(uid);
}
