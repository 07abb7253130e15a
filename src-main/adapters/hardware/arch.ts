/** What the machine is, where this process runs translated and is told otherwise. */
import type { Arch } from '../../contract/job.ts';
import type { Door } from './door.ts';
import { readSysctl } from './sysctl.ts';
import { readWindows } from './windows-cim.ts';

/** CIM's number for Arm64. */
const cimArm64 = 12;

export async function probeArch(door: Door): Promise<Arch> {
  if (door.arch !== 'x64') return door.arch;
  if (door.platform === 'darwin') {
    const fields = await readSysctl(door);
    return fields?.get('hw.optional.arm64') === '1' ? 'arm64' : door.arch;
  }
  if (door.platform !== 'win32') return door.arch;
  const processor = (await readWindows(door))?.processors[0];
  return processor?.architecture === cimArm64 ? 'arm64' : door.arch;
}
