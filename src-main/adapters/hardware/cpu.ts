/** The processor, as far as this system tells. */
import { problem } from '../../contract/problem.ts';
import type { CpuFacts } from './cpu-facts.ts';
import { linuxCpu } from './cpu-linux.ts';
import { macCpu } from './cpu-macos.ts';
import { windowsCpu } from './cpu-windows.ts';
import type { Door } from './door.ts';

const readers = { linux: linuxCpu, darwin: macCpu, win32: windowsCpu } as const;

/** Throws the problem `tool-unreadable` where nothing answers. */
export async function probeCpu(door: Door): Promise<CpuFacts> {
  const cpu = await readers[door.platform](door);
  if (cpu !== null && cpu.threads > 0) return cpu;
  throw problem(
    'tool-unreadable',
    'Nothing on this machine says how many processors it has.',
    'Record what detection sees with `homerunner detect --record FILE` and attach it to a report.',
  );
}
