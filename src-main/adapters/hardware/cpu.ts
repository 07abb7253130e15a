/** The processor, as far as this system tells. */
import { problem } from '../../contract/problem.ts';
import type { CpuFacts } from './cpu-facts.ts';
import { linuxCpu } from './cpu-linux.ts';
import { macCpu } from './cpu-macos.ts';
import { windowsCpu } from './cpu-windows.ts';
import type { Door } from './door.ts';

const readers = { linux: linuxCpu, darwin: macCpu, win32: windowsCpu } as const;

/** What kernels can count at all (NR_CPUS): more is a damaged answer. */
const mostThreads = 8192;

/** Throws the problem `tool-unreadable` where nothing answers. */
export async function probeCpu(door: Door): Promise<CpuFacts> {
  const cpu = await readers[door.platform](door);
  if (cpu !== null && cpu.threads > 0 && cpu.threads <= mostThreads) return plausible(cpu);
  throw problem(
    'tool-unreadable',
    'Nothing on this machine says how many processors it has.',
    'Record what detection sees with `homerunner detect --record FILE` and attach it to a report.',
  );
}

/** Without counts that contradict each other: then none of them is known. */
function plausible(cpu: CpuFacts): CpuFacts {
  const { cores, threads, performanceCores, efficiencyCores } = cpu;
  const coresFit = cores === null || (cores > 0 && cores <= threads);
  const kindsFit = (performanceCores ?? 0) + (efficiencyCores ?? 0) <= (cores ?? threads);
  return {
    ...cpu,
    cores: coresFit ? cores : null,
    ...(coresFit && kindsFit ? {} : { performanceCores: null, efficiencyCores: null }),
  };
}
