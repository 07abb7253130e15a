/** /proc/cpuinfo, in the spellings of x86, Arm, RISC-V and others. */
import { parseCount, parseFields } from './parse.ts';

export interface CpuinfoEntry {
  readonly cpu: number;
  readonly fields: ReadonlyMap<string, string>;
}

export interface Cpuinfo {
  /** One per logical CPU, in ascending order. */
  readonly entries: readonly CpuinfoEntry[];
  /** What stands in blocks of no CPU: board and serial number, on old kernels also the features. */
  readonly rest: ReadonlyMap<string, string>;
}

export function parseCpuinfo(text: string): Cpuinfo {
  const entries = new Map<number, CpuinfoEntry>();
  const rest = new Map<string, string>();
  for (const block of text.split(/\n\s*\n/)) {
    const fields = parseFields(block);
    const cpu = parseCount(fields.get('processor'));
    if (cpu !== null && !entries.has(cpu)) entries.set(cpu, { cpu, fields });
    else for (const [key, value] of fields) rest.set(key, value);
  }
  return { entries: [...entries.values()].sort((a, b) => a.cpu - b.cpu), rest };
}

/** A field of this CPU, else of the whole file. */
export function fieldOf(info: Cpuinfo, entry: CpuinfoEntry, key: string): string | null {
  return entry.fields.get(key) ?? info.rest.get(key) ?? null;
}

/** A field of the first CPU: for what is the same on all. */
export function firstField(info: Cpuinfo, key: string): string | null {
  const [entry] = info.entries;
  return entry === undefined ? null : fieldOf(info, entry, key);
}

/** Instruction sets worth knowing, by the kernel's names. */
const known = new Set(
  (
    'sse4_2 avx avx2 fma f16c aes sha_ni avx512f avx512bw avx512vl avx512_vnni avx512_bf16 avx512_fp16 avx_vnni ' +
    'amx_tile amx_int8 amx_bf16 asimd asimddp i8mm bf16 sve sve2 sme sme2'
  ).split(' '),
);

/** Those of `flags` worth knowing, in the order of the table. */
export function featuresOf(flags: string): readonly string[] {
  const has = new Set(flags.split(/\s+/));
  return [...known].filter((feature) => has.has(feature));
}

/** What every CPU has: a job may land on any of them. */
export function sharedFeatures(info: Cpuinfo): readonly string[] {
  const lists = new Set(
    info.entries.map((entry) => fieldOf(info, entry, 'flags') ?? fieldOf(info, entry, 'Features') ?? ''),
  );
  const isas = new Set(info.entries.map((entry) => fieldOf(info, entry, 'isa') ?? ''));
  const shared = [...lists]
    .map(featuresOf)
    .reduce<readonly string[] | null>((a, b) => (a === null ? b : a.filter((f) => b.includes(f))), null);
  return [...(shared ?? []), ...([...isas].every(hasVector) && isas.size > 0 ? ['v'] : [])];
}

/** "rv64imafdcv_zicntr": the single letters come before the first underscore. */
function hasVector(isa: string): boolean {
  return /^rv\d+[a-z]*v/.test(isa.split('_')[0] ?? '');
}
