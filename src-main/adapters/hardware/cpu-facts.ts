/** What the readers of each system say of the processor. */
import type { Cpu, LogicalCpu } from '../../contract/host.ts';

/** The whole processor; `threads` is what is online, before limits. */
export type CpuFacts = Cpu;

/** A processor of which nothing was learnt; no threads is "unknown", and a gap says why. */
export const unknownCpu: CpuFacts = {
  vendor: null,
  model: null,
  microarchitecture: null,
  packages: null,
  cores: null,
  threads: 0,
  performanceCores: null,
  efficiencyCores: null,
  features: [],
  topology: [],
};

/** Distinct cores of a kind; null on machines with one kind of core. */
export function coresOfKind(topology: readonly LogicalCpu[], kind: LogicalCpu['kind']): number | null {
  const cores = new Set(topology.filter((t) => t.kind === kind).map((t) => t.core));
  return cores.size === 0 ? null : cores.size;
}
