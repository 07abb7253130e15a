/** What the machine is, where this process runs translated and is told otherwise. */
import type { Arch } from '../../contract/job.ts';
import { type Problem, problem } from '../../contract/problem.ts';
import type { Door } from './door.ts';
import { readSysctl } from './sysctl.ts';
import { macChip } from './system-profiler.ts';
import { readWindows } from './windows-cim.ts';

export interface ArchAnswer {
  /** What jobs' programs are of. */
  readonly arch: Arch;
  /** Where kernel and programs are not of one architecture: a sentence that says so. */
  readonly problem: Problem | null;
}

const readers = { linux: linuxArch, darwin: macArch, win32: windowsArch } as const;

export async function probeArch(door: Door): Promise<ArchAnswer> {
  const machine = await readers[door.platform](door);
  if (machine === null || machine === door.arch) return { arch: door.arch, problem: null };
  if (isHalf(door.arch, machine))
    return {
      arch: door.arch,
      problem: differs(
        `The kernel is of ${machine}, but the programs of this system are of ${door.arch}: jobs run as ${door.arch}.`,
        `Install a 64-bit system to run jobs for ${machine}.`,
      ),
    };
  return {
    arch: machine,
    problem: differs(
      `Homerunner itself runs translated: it is built for ${door.arch}, and this machine is ${machine}.`,
      `Install Node.js for ${machine}: it runs several times faster.`,
    ),
  };
}

/** A 32-bit system on a kernel of 64 bits. */
function isHalf(userland: Arch, kernel: Arch): boolean {
  return (userland === 'arm' && kernel === 'arm64') || (userland === 'ia32' && kernel === 'x64');
}

function differs(message: string, hint: string): Problem {
  return problem('image-platform', message, hint).problem;
}

/** As `uname -m` writes them. */
const machines: Readonly<Record<string, Arch>> = {
  x86_64: 'x64',
  aarch64: 'arm64',
  armv8l: 'arm64',
  armv7l: 'arm',
  armv6l: 'arm',
  i686: 'ia32',
  i386: 'ia32',
  riscv64: 'riscv64',
  ppc64le: 'ppc64',
  s390x: 's390x',
};

/** An emulator answers `uname` as a machine of its own; older ones show the true processor in cpuinfo. */
async function linuxArch(door: Door): Promise<Arch | null> {
  const [uname, cpuinfo] = await Promise.all([
    door.run('uname', ['-m'], { timeoutMs: 1000 }).catch(() => null),
    door.readFile('/proc/cpuinfo'),
  ]);
  const named = machines[uname?.stdout.trim() ?? ''] ?? null;
  if ((door.arch === 'x64' || door.arch === 'ia32') && /^CPU implementer\s*:/m.test(cpuinfo ?? ''))
    return 'arm64';
  if ((door.arch === 'arm64' || door.arch === 'riscv64') && /^vendor_id\s*:/m.test(cpuinfo ?? ''))
    return 'x64';
  return named;
}

/** A translated process is told of an Intel processor by most sources, and of Apple's by these. */
async function macArch(door: Door): Promise<Arch | null> {
  if (door.arch !== 'x64') return null;
  const fields = await readSysctl(door);
  if (fields?.get('hw.optional.arm64') === '1') return 'arm64';
  const asked = door.run('sysctl', ['-n', 'sysctl.proc_translated'], { timeoutMs: 1000 });
  if ((await asked.catch(() => null))?.stdout.trim() === '1') return 'arm64';
  return fields === null && (await macChip(door))?.startsWith('Apple ') === true ? 'arm64' : null;
}

/** CIM's number for Arm64. */
const cimArm64 = 12;

async function windowsArch(door: Door): Promise<Arch | null> {
  if (door.arch !== 'x64') return null;
  return (await readWindows(door))?.processors[0]?.architecture === cimArm64 ? 'arm64' : null;
}
