/** `lscpu`, where a machine shows no cpuinfo. Its layout changed in 2.37 (indented), its labels are the same. */
import { armCoreNamed } from './arm-cores.ts';
import type { CpuFacts } from './cpu-facts.ts';
import { type Identity, identityX86, isArm, joinedCores } from './cpu-identity.ts';
import { nameCpu } from './cpu-name.ts';
import { featuresOf } from './cpuinfo.ts';
import type { Door } from './door.ts';
import { parseCount, parseCpuList, parseFields } from './parse.ts';

/** Null where it is missing or says nothing. */
export async function lscpuCpu(door: Door): Promise<CpuFacts | null> {
  const answer = await door.run('lscpu', [], { timeoutMs: 1000 }).catch(() => null);
  return answer?.code !== 0 ? null : parseLscpu(answer.stdout, isArm(door.arch));
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
  const single = clusters.length < 2;
  return {
    ...(arm ? armIdentity(clusters) : x86Identity(fields)),
    packages: single ? parseCount(fields.get('Socket(s)')) : null,
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

/** Arm's "Vendor ID: ARM" names the designer, not the maker. */
function armIdentity(clusters: readonly Cluster[]): Identity {
  const cores = clusters.map((cluster) => armCoreNamed(cluster.name)).filter((core) => core !== null);
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
