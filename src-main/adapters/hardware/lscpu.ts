/** `lscpu`, where a machine shows no cpuinfo. Its layout changed in 2.37 (indented), its labels are the same. */
import { armCoreNamed } from './arm-cores.ts';
import { findProcessor, withCataloguedKinds } from './catalogue/processors.ts';
import type { CpuFacts } from './cpu-facts.ts';
import { type Identity, identityX86, isArm, joinedCores } from './cpu-identity.ts';
import { nameCpu } from './cpu-name.ts';
import { featuresOf } from './cpuinfo.ts';
import type { Door } from './door.ts';
import { parseCount, parseCpuList, parseFields } from './parse.ts';

/** Null where it is missing or says nothing. */
export async function lscpuCpu(door: Door): Promise<CpuFacts | null> {
  const answer = await door.run('lscpu', [], { timeoutMs: 1000 }).catch(() => null);
  const cpu = answer?.code !== 0 ? null : parseLscpu(answer.stdout, isArm(door.arch));
  if (cpu === null || answer === null) return null;
  if (isArm(door.arch)) return { ...cpu, ...(await firmwareName(answer.stdout)) };
  // Of a guest the model's numbers do not hold.
  return /^\s*Hypervisor vendor:/m.test(answer.stdout) ? cpu : withCataloguedKinds(cpu);
}

/** Makers of Arm processors, as their firmware writes them ("BIOS Vendor ID", which root may read). */
const firmwareVendors: readonly (readonly [RegExp, string])[] = [
  [/^Ampere/i, 'Ampere'],
  [/^(?:AWS|Amazon)/i, 'AWS'],
  [/^NVIDIA/i, 'NVIDIA'],
  [/^HiSilicon/i, 'HiSilicon'],
  [/^Fujitsu/i, 'Fujitsu'],
];

/** A core's design is no product; what the firmware says of it is. A model only where the catalogue has it. */
async function firmwareName(text: string): Promise<Partial<Identity>> {
  const fields = parseFields(text);
  const by = fields.get('BIOS Vendor ID') ?? '';
  const vendor = firmwareVendors.find(([pattern]) => pattern.test(by))?.[1];
  if (vendor === undefined) return {};
  const name = nameCpu(fields.get('BIOS Model name') ?? '').model ?? '';
  const words = name.replace(/^AWS /, '').split(' ');
  for (let end = words.length; end > 0; end--) {
    const model = words.slice(0, end).join(' ');
    if ((await findProcessor(vendor, model)) !== null) return { vendor, model };
  }
  return { vendor };
}

/** One kind of core; big.LITTLE repeats these from "Model name" on. */
interface Cluster {
  readonly name: string;
  readonly cores: number | null;
}

/** Pure, so that it can be fed any text. */
export function parseLscpu(text: string, arm: boolean): CpuFacts | null {
  const fields = parseFields(text);
  const online = parseCpuList(fields.get('On-line CPU(s) list') ?? null);
  const threads = online === null || online.length === 0 ? parseCount(fields.get('CPU(s)')) : online.length;
  if (threads === null || threads === 0 || threads > 8192) return null;
  const clusters = text
    .split(/^(?=\s*Model name:)/m)
    .slice(1)
    .map(clusterOf);
  const cores = clusters.length > 1 ? sumOf(clusters.map((c) => c.cores)) : wholeCores(fields);
  return {
    ...(arm ? armIdentity(clusters, parseCount(fields.get('Socket(s)'))) : x86Identity(fields)),
    packages: packagesOf(fields, clusters),
    cores: cores === null || cores > threads ? null : cores,
    threads,
    ...kindsOf(clusters),
    features: featuresOf(fields.get('Flags') ?? ''),
    topology: [],
  };
}

function clusterOf(block: string): Cluster {
  const fields = parseFields(block);
  const sockets = parseCount(fields.get('Socket(s)')) ?? 1;
  const each = parseCount(fields.get('Core(s) per socket')) ?? parseCount(fields.get('Core(s) per cluster'));
  return { name: fields.get('Model name') ?? '', cores: each === null ? null : each * sockets };
}

function wholeCores(fields: ReadonlyMap<string, string>): number | null {
  const each = parseCount(fields.get('Core(s) per socket'));
  const sockets = parseCount(fields.get('Socket(s)'));
  return each === null || sockets === null || each === 0 || sockets === 0 ? null : each * sockets;
}

function sumOf(numbers: readonly (number | null)[]): number | null {
  return numbers.reduce((sum, n) => (sum === null || n === null ? null : sum + n), 0);
}

function x86Identity(fields: ReadonlyMap<string, string>): Identity {
  return identityX86(fields.get('Vendor ID') ?? '', fields.get('Model name') ?? '', {
    family: parseCount(fields.get('CPU family')),
    model: parseCount(fields.get('Model')),
    stepping: parseCount(fields.get('Stepping')),
  });
}

/** Cores that are not made for servers are in one package; older versions count each cluster as one. */
function packagesOf(fields: ReadonlyMap<string, string>, clusters: readonly Cluster[]): number | null {
  const cores = clusters.map((cluster) => armCoreNamed(cluster.name));
  if (cores.length > 0 && cores.every((core) => core !== null && core.kind !== 'server')) return 1;
  return clusters.length < 2 ? parseCount(fields.get('Socket(s)')) : null;
}

/** Arm's "Vendor ID: ARM" names the designer, not the maker. */
function armIdentity(clusters: readonly Cluster[], sockets: number | null): Identity {
  const cores = clusters.map((cluster) => armCoreNamed(cluster.name)).filter((core) => core !== null);
  const [first] = cores;
  // Older versions name the first of several clusters only, and count them as sockets.
  if (cores.length === 1 && first?.kind !== 'server' && (sockets ?? 1) > 1)
    return { vendor: null, model: null, microarchitecture: null };
  const [cluster] = clusters;
  if (cores.length > 0) return { vendor: null, model: null, microarchitecture: joinedCores(new Set(cores)) };
  return { ...nameCpu(cluster?.name ?? ''), vendor: null, microarchitecture: null };
}

/** Two clusters of which one is made of little cores; anything else needs more evidence than names. */
function kindsOf(clusters: readonly Cluster[]): Pick<CpuFacts, 'performanceCores' | 'efficiencyCores'> {
  const known = clusters.flatMap((cluster) => {
    const core = armCoreNamed(cluster.name);
    return core === null ? [] : [{ cores: cluster.cores, little: core.kind === 'little' }];
  });
  const fast = known.find((cluster) => !cluster.little);
  const small = known.find((cluster) => cluster.little);
  if (clusters.length !== 2 || fast === undefined || small === undefined)
    return { performanceCores: null, efficiencyCores: null };
  return { performanceCores: fast.cores, efficiencyCores: small.cores };
}
