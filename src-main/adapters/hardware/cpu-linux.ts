/** The processor on Linux: /proc/cpuinfo and /sys; `lscpu` only where there is no cpuinfo. */
import { armKinds, intelKinds, type Kinds } from './core-kinds.ts';
import { coresOfKind, type CpuFacts } from './cpu-facts.ts';
import { armCoreOfEntry, identify, type Identity, isArm } from './cpu-identity.ts';
import { type Cpuinfo, firstField, parseCpuinfo, sharedFeatures } from './cpuinfo.ts';
import type { Door } from './door.ts';
import { lscpuCpu } from './lscpu.ts';
import { onlineCpus, readTopology, type Topology } from './topology.ts';
import { hybridGenerations } from './x86-models.ts';

/** Null where the machine shows neither cpuinfo nor lscpu. */
export async function linuxCpu(door: Door): Promise<CpuFacts | null> {
  const text = await door.readFile('/proc/cpuinfo');
  const info = text === null ? null : parseCpuinfo(text);
  if (info === null || info.entries.length === 0) return lscpuCpu(door);
  const cpus = await onlineCpus(door, info);
  const topology = await readTopology(door, cpus, info);
  const identity = await identify(door, info);
  const kinds = await kindsOf(door, topology, info, identity);
  const single = hasClientCores(info);
  const places = topology.places.map((place) => ({
    ...place,
    package: single ? 0 : place.package,
    kind: kinds.get(place.cpu) ?? null,
  }));
  return {
    ...identity,
    packages: single ? 1 : topology.packagesKnown ? new Set(places.map((place) => place.package)).size : null,
    cores: new Set(places.map(({ core }) => core)).size,
    threads: places.length,
    performanceCores: coresOfKind(places, 'performance'),
    efficiencyCores: coresOfKind(places, 'efficiency'),
    features: sharedFeatures(info),
    topology: places,
  };
}

async function kindsOf(door: Door, { places }: Topology, info: Cpuinfo, identity: Identity): Promise<Kinds> {
  if (isArm(door.arch)) return armKinds(door, places, info);
  if (identity.vendor !== 'Intel') return new Map();
  const guest = (firstField(info, 'flags') ?? '').split(' ').includes('hypervisor');
  const hybrid = !guest && hybridGenerations.has(identity.microarchitecture ?? '');
  return intelKinds(door, places, info, hybrid);
}

/** Machines with Arm cores that are not made for servers have one package; old kernels call each cluster one. */
function hasClientCores(info: Cpuinfo): boolean {
  const cores = info.entries.map((entry) => armCoreOfEntry(info, entry));
  return cores.every((core) => core !== null && core.kind !== 'server');
}
