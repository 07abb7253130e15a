/** Performance and efficiency cores on Linux. An empty map: one kind of core, or no evidence. */
import type { CoreKind } from '../../contract/host.ts';
import { armCoreOf, type ArmClass } from './arm-cores.ts';
import { type Cpuinfo, type CpuinfoEntry, fieldOf } from './cpuinfo.ts';
import type { Door } from './door.ts';
import { parseCount, parseCpuList } from './parse.ts';
import type { Place } from './topology.ts';

export type Kinds = ReadonlyMap<number, CoreKind>;

const none: Kinds = new Map();

/** Cores whose speeds differ by no more than this share are of one kind: favoured cores are a little faster. */
const tolerance = 0.12;

/** Intel: the kernel's list of each kind; else, on generations that have two, the traits of each core. */
export async function intelKinds(
  door: Door,
  places: readonly Place[],
  info: Cpuinfo,
  hybrid: boolean,
): Promise<Kinds> {
  const listed = await listedKinds(door);
  if (listed !== null || !hybrid) return listed ?? none;
  const siblings = new Map(places.map(({ core }) => [core, 0]));
  for (const { core } of places) siblings.set(core, (siblings.get(core) ?? 0) + 1);
  const threads = new Map(places.map(({ cpu, core }) => [cpu, siblings.get(core) ?? 1]));
  const bySiblings = splitAt(threads, 2);
  if (bySiblings.size > 0) return bySiblings;
  // Lunar Lake has one thread a core and shows the cache of each kind.
  const byCache = splitByGap(numbersOf(info.entries, (entry) => entry.fields.get('cache size')));
  if (byCache.size > 0) return byCache;
  const folder = '/sys/devices/system/cpu';
  return splitByGap(await filesOf(door, places, (cpu) => `${folder}/cpu${cpu}/cpufreq/cpuinfo_max_freq`));
}

async function listedKinds(door: Door): Promise<Kinds | null> {
  const list = async (kind: string): Promise<readonly number[]> => {
    const direct = await door.readFile(`/sys/devices/cpu_${kind}/cpus`);
    const text = direct ?? (await door.readFile(`/sys/bus/event_source/devices/cpu_${kind}/cpus`));
    return parseCpuList(text) ?? [];
  };
  const [fast, small, low] = await Promise.all([list('core'), list('atom'), list('lowpower')]);
  if (fast.length === 0 || small.length === 0) return null;
  return new Map<number, CoreKind>([
    ...[...small, ...low].map((cpu) => [cpu, 'efficiency'] as const),
    ...fast.map((cpu) => [cpu, 'performance'] as const),
  ]);
}

/**
 * Arm: two core designs, the faster by `cpu_capacity`, else by what the designs are meant for. Three designs
 * are more than two words can say.
 */
export async function armKinds(door: Door, places: readonly Place[], info: Cpuinfo): Promise<Kinds> {
  const designs = new Map(info.entries.map((entry) => [entry.cpu, designOf(info, entry)]));
  if (new Set(designs.values()).size !== 2) return none;
  const capacities = await filesOf(door, places, (cpu) => `/sys/devices/system/cpu/cpu${cpu}/cpu_capacity`);
  if (capacities.size === places.length) return splitByGap(capacities);
  return splitByGap(new Map([...designs].map(([cpu, design]) => [cpu, rank(design)])));
}

const ranks: Readonly<Record<ArmClass, number>> = { little: 1, big: 2, prime: 3, server: 2 };

function rank(design: string): number {
  const [implementer, part] = design.split('/').map(Number);
  const core = implementer === undefined || part === undefined ? null : armCoreOf(implementer, part);
  return core === null ? Number.NaN : ranks[core.kind];
}

function designOf(info: Cpuinfo, entry: CpuinfoEntry): string {
  const implementer = fieldOf(info, entry, 'CPU implementer') ?? '';
  return `${Number(implementer)}/${Number(fieldOf(info, entry, 'CPU part') ?? '')}`;
}

function numbersOf(
  entries: readonly CpuinfoEntry[],
  value: (entry: CpuinfoEntry) => string | undefined,
): ReadonlyMap<number, number> {
  return new Map(entries.map((entry) => [entry.cpu, parseFloat(value(entry) ?? '')]));
}

async function filesOf(
  door: Door,
  places: readonly Place[],
  path: (cpu: number) => string,
): Promise<ReadonlyMap<number, number>> {
  const values = await Promise.all(
    places.map(async ({ cpu }) => [cpu, parseCount(await door.readFile(path(cpu)))] as const),
  );
  return new Map(values.flatMap(([cpu, value]) => (value === null ? [] : [[cpu, value] as const])));
}

/** Two kinds where the values fall into two groups; those within the tolerance of the fastest are performance cores. */
function splitByGap(values: ReadonlyMap<number, number>): Kinds {
  const all = [...values.values()];
  if (all.length === 0 || !all.every((value) => value > 0)) return none;
  return splitAt(values, Math.max(...all) * (1 - tolerance));
}

function splitAt(values: ReadonlyMap<number, number>, least: number): Kinds {
  const kinds = new Map<number, CoreKind>(
    [...values].map(([cpu, value]) => [cpu, value >= least ? 'performance' : 'efficiency']),
  );
  return new Set(kinds.values()).size === 2 ? kinds : none;
}
