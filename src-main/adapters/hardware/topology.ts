/** Which logical CPUs share a core, a package and a NUMA node, on Linux. */
import { type Cpuinfo, type CpuinfoEntry } from './cpuinfo.ts';
import type { Door } from './door.ts';
import { parseCount, parseCpuList } from './parse.ts';

export interface Place {
  readonly cpu: number;
  /** Numbered from 0 through the whole host. */
  readonly core: number;
  readonly package: number;
  readonly node: number;
}

export interface Topology {
  readonly places: readonly Place[];
  /** False where nothing told of packages: then all are in package 0. */
  readonly packagesKnown: boolean;
}

const root = '/sys/devices/system';

/** The CPUs that are online: by the kernel's list, else by the entries of cpuinfo. */
export async function onlineCpus(door: Door, info: Cpuinfo): Promise<readonly number[]> {
  const online = parseCpuList(await door.readFile(`${root}/cpu/online`));
  return online !== null && online.length > 0 ? online : info.entries.map((entry) => entry.cpu);
}

export async function readTopology(door: Door, cpus: readonly number[], info: Cpuinfo): Promise<Topology> {
  const entries = new Map(info.entries.map((entry) => [entry.cpu, entry]));
  const [raw, nodes] = await Promise.all([
    Promise.all(cpus.map((cpu) => rawPlace(door, cpu, entries.get(cpu)))),
    nodesOf(door),
  ]);
  const cores = numbered(raw.map(({ core }) => core));
  const packages = numbered(raw.map((place) => place.package ?? ''));
  return {
    packagesKnown: raw.length > 0 && raw.every((place) => place.package !== null),
    places: raw.map((place) => ({
      cpu: place.cpu,
      core: cores.get(place.core) ?? 0,
      package: packages.get(place.package ?? '') ?? 0,
      node: nodes.get(place.cpu) ?? 0,
    })),
  };
}

interface RawPlace {
  readonly cpu: number;
  /** Text that CPUs of the same core share, and no others. */
  readonly core: string;
  readonly package: string | null;
}

async function rawPlace(door: Door, cpu: number, entry: CpuinfoEntry | undefined): Promise<RawPlace> {
  const folder = `${root}/cpu/cpu${cpu}/topology`;
  const [siblings, socket] = await Promise.all([
    door
      .readFile(`${folder}/core_cpus_list`)
      .then((list) => list ?? door.readFile(`${folder}/thread_siblings_list`)),
    door.readFile(`${folder}/physical_package_id`),
  ]);
  const listed = parseCpuList(siblings);
  const socketText = (parseCount(socket) ?? parseCount(entry?.fields.get('physical id')))?.toString() ?? null;
  // Firmware that knows no packages says -1.
  const inPackage = socketText ?? (socket?.trim() === '-1' ? '0' : null);
  if (listed?.includes(cpu) === true) return { cpu, core: listed.join(), package: inPackage };
  const coreId = parseCount(entry?.fields.get('core id'));
  return { cpu, core: coreId === null ? `alone ${cpu}` : `${inPackage ?? ''}/${coreId}`, package: inPackage };
}

/** Numbers from 0 in order of first appearance: the kernel's own have gaps and repeat between packages. */
function numbered(keys: readonly string[]): ReadonlyMap<string, number> {
  return new Map([...new Set(keys)].map((key, index) => [key, index]));
}

async function nodesOf(door: Door): Promise<ReadonlyMap<number, number>> {
  const online = parseCpuList(await door.readFile(`${root}/node/online`)) ?? [];
  const lists = await Promise.all(
    online.map(async (node) => ({
      node,
      cpus: parseCpuList(await door.readFile(`${root}/node/node${node}/cpulist`)) ?? [],
    })),
  );
  return new Map(lists.flatMap(({ node, cpus }) => cpus.map((cpu) => [cpu, node] as const)));
}
