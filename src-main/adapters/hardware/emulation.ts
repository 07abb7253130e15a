/** Foreign architectures that this machine can run. `proof` takes a run and is null here. */
import type { Emulation } from '../../contract/host.ts';
import type { Arch } from '../../contract/job.ts';
import { problem } from '../../contract/problem.ts';
import type { Door } from './door.ts';
import { parseBinfmt } from './binfmt.ts';

/** `arch` is what the machine runs by itself. */
export async function probeEmulation(door: Door, arch: Arch): Promise<readonly Emulation[]> {
  if (door.platform === 'linux') return linuxEmulation(door, arch);
  if (arch !== 'arm64') return [];
  if (door.platform === 'win32')
    return [{ arch: 'x64', method: 'windows', ready: true, proof: null, problem: null }];
  const installed = await door.exists('/Library/Apple/usr/libexec/oah/libRosettaRuntime');
  return installed ? [{ arch: 'x64', method: 'rosetta', ready: true, proof: null, problem: null }] : [];
}

const root = '/proc/sys/fs/binfmt_misc';

async function linuxEmulation(door: Door, arch: Arch): Promise<readonly Emulation[]> {
  const names = ((await door.readDir(root)) ?? []).filter((name) => name !== 'register' && name !== 'status');
  const [status, ...entries] = await Promise.all(
    ['status', ...names].map((name) => door.readFile(`${root}/${name}`)),
  );
  const enabled = status?.trim() === 'enabled';
  const found = new Map<Arch, Emulation>();
  for (const text of entries) {
    const handler = parseBinfmt(text ?? '');
    if (handler === null || handler.arch === arch) continue;
    const emulation = emulationOf(handler.arch, enabled && handler.enabled, handler.fixed);
    if (found.get(handler.arch)?.ready !== true) found.set(handler.arch, emulation);
  }
  return [...found.values()].sort((a, b) => (a.arch < b.arch ? -1 : 1));
}

/** Without the F flag the interpreter is looked up inside of the container, where it is not. */
function emulationOf(arch: Arch, enabled: boolean, fixed: boolean): Emulation {
  const ready = enabled && fixed;
  const what = enabled ? 'works outside of containers only: it lacks the flag F' : 'is disabled';
  return {
    arch,
    method: 'binfmt',
    ready,
    proof: null,
    problem: ready
      ? null
      : problem(
          'emulation-missing',
          `The kernel's handler for ${arch} programs ${what}.`,
          'Register the handlers of qemu-user-static with the flag F (package binfmt-support or systemd-binfmt).',
          { subject: arch },
        ).problem,
  };
}
