/** The door to this machine itself. */
import { constants, readFileSync } from 'node:fs';
import { access, readdir, readFile, readlink, statfs } from 'node:fs/promises';
import { machine as machineName } from 'node:os';
import { architectures, type Arch } from '../../contract/job.ts';
import { problem } from '../../contract/problem.ts';
import { run } from '../os/exec.ts';
import { commandKey, type Door, type Platform, platforms, tooSlow, type Volume } from './door.ts';

export interface LiveMachine {
  /** `process.platform`, `process.arch` and `process.env`. */
  readonly platform: string;
  readonly arch: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folders whose volumes are asked for their free space. */
  readonly folders: readonly string[];
}

/** What the tools we ask need of the environment; secrets that lie beside it stay here. */
const passedOn = [
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'TMPDIR', 'XDG_RUNTIME_DIR', 'XDG_CONFIG_HOME'],
  ...['DOCKER_HOST', 'DOCKER_CONTEXT', 'DOCKER_CONFIG', 'CONTAINER_HOST', 'CONTAINERS_CONF'],
  ...['SystemRoot', 'windir', 'ComSpec', 'PATHEXT', 'USERPROFILE', 'TEMP', 'TMP', 'APPDATA', 'LOCALAPPDATA'],
  ...['ProgramData', 'ProgramFiles'],
];

const MiB = 1024 * 1024;

/** Throws a Problem on a system or architecture that Homerunner does not know. */
export function liveDoor(machine: LiveMachine): Door {
  const { platform, arch } = knownMachine(machine);
  const env = Object.fromEntries(
    Object.entries(machine.env).filter(([name, value]) => passedOn.includes(name) && value !== undefined),
  );
  return {
    platform,
    arch,
    partial: false,
    async run(command, args, { timeoutMs }) {
      // The one program that is asked on every machine, and Node makes the same system call.
      if (commandKey(command, args) === 'uname -m')
        return { code: 0, stdout: `${machineName()}\n`, stderr: '' };
      // Several tools translate what they print.
      const answer = await run(command, args, { timeoutMs, env: { ...env, LC_ALL: 'C' } });
      if (answer.timedOut) throw tooSlow(command, timeoutMs);
      return { code: answer.code, stdout: answer.stdout, stderr: answer.stderr };
    },
    readFile: (path) => (inMemory.test(path) ? readNow(path) : orNull(readFile(path, 'utf8'))),
    readDir: (path) => orNull(readdir(path)),
    readLink: (path) => orNull(readlink(path)),
    exists: async (path) => (await orNull(access(path).then(() => true))) ?? false,
    access: async (path) => {
      if ((await orNull(access(path).then(() => true))) === null) return 'missing';
      const usable = await orNull(access(path, constants.R_OK | constants.W_OK).then(() => true));
      return usable === null ? 'denied' : 'usable';
    },
    volumes: async () => {
      const volumes = await Promise.all(machine.folders.map(volumeOf));
      return volumes.filter((volume) => volume !== null);
    },
  };
}

/**
 * Files that the kernel writes from its memory: read at once they take 30 microseconds, a tenth of what a round through
 * the thread pool takes. Others may have to wake a device.
 */
const inMemory =
  /^\/(?:proc|sys\/devices\/system|sys\/class\/dmi)\/|^\/sys\/bus\/pci\/devices\/[^/]+\/(?:class|vendor|device|revision)$/;

function readNow(path: string): Promise<string | null> {
  try {
    return Promise.resolve(readFileSync(path, 'utf8'));
  } catch {
    return Promise.resolve(null);
  }
}

function knownMachine(machine: LiveMachine): { platform: Platform; arch: Arch } {
  const platform = platforms.find((known) => known === machine.platform);
  const arch = architectures.find((known) => known === machine.arch);
  if (platform !== undefined && arch !== undefined) return { platform, arch };
  throw problem(
    'unexpected',
    `Homerunner runs on Linux, macOS and Windows; it does not know ${machine.platform} on ${machine.arch}.`,
    `Use a machine with one of these architectures: ${architectures.join(', ')}.`,
  );
}

async function volumeOf(path: string): Promise<Volume | null> {
  const stats = await orNull(statfs(path));
  if (stats === null) return null;
  // What is free to a plain user: the blocks kept for root are not.
  const freeMiB = Math.floor((stats.bavail * stats.bsize) / MiB);
  return { path, freeMiB, totalMiB: Math.floor((stats.blocks * stats.bsize) / MiB) };
}

async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch {
    return null;
  }
}
