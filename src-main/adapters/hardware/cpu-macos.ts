/** The processor on macOS. */
import { type CpuFacts, unknownCpu } from './cpu-facts.ts';
import { identityX86 } from './cpu-identity.ts';
import { nameCpu } from './cpu-name.ts';
import type { Door } from './door.ts';
import { parseCount } from './parse.ts';
import { readSysctl } from './sysctl.ts';
import { isTranslated, macChip, readMacHardware } from './system-profiler.ts';

type Fields = ReadonlyMap<string, string>;

/** Null where neither sysctl nor system_profiler answers. */
export async function macCpu(door: Door): Promise<CpuFacts | null> {
  const fields = await readSysctl(door);
  if (fields === null) return profilerCpu(door);
  const brand = fields.get('machdep.cpu.brand_string') ?? '';
  if (!isTranslated(brand)) return sysctlCpu(fields);
  // The counts are the machine's own, the name and the numbers are not.
  const chip = nameCpu((await macChip(door)) ?? '');
  return { ...sysctlCpu(fields), vendor: 'Apple', model: chip.model, microarchitecture: null };
}

/** Pure, so that it can be fed any text. */
export function sysctlCpu(fields: Fields): CpuFacts {
  const count = (key: string): number | null => parseCount(fields.get(key));
  const [fast, small] = [0, 1].map((level) => count(`hw.perflevel${level}.physicalcpu`));
  const named = (level: number, name: string): boolean => fields.get(`hw.perflevel${level}.name`) === name;
  // The words of other chips (Super and Performance) do not translate.
  const hybrid = count('hw.nperflevels') !== 1 && named(0, 'Performance') && named(1, 'Efficiency');
  return {
    ...identityOf(fields),
    packages: count('hw.packages'),
    cores: count('hw.physicalcpu') ?? count('machdep.cpu.core_count'),
    threads: count('hw.activecpu') ?? count('hw.logicalcpu') ?? count('hw.ncpu') ?? 0,
    performanceCores: hybrid ? (fast ?? null) : null,
    efficiencyCores: hybrid ? (small ?? null) : null,
    features: features(fields),
    // macOS binds no process to a CPU, so that nothing would use it.
    topology: [],
  };
}

/** Of Intel's, sysctl has the numbers of CPUID; Apple's own have none. */
function identityOf(fields: Fields): Pick<CpuFacts, 'vendor' | 'model' | 'microarchitecture'> {
  const count = (key: string): number | null => parseCount(fields.get(`machdep.cpu.${key}`));
  const brand = fields.get('machdep.cpu.brand_string') ?? '';
  const vendorId = fields.get('machdep.cpu.vendor');
  if (vendorId === undefined) return { ...nameCpu(brand), microarchitecture: null };
  const [family, model, stepping] = [count('family'), count('model'), count('stepping')];
  return identityX86(vendorId, brand, { family, model, stepping });
}

/** Apple's names of what Linux calls otherwise. */
const flags: readonly (readonly [string, string])[] = [
  ['hw.optional.AdvSIMD', 'asimd'],
  ['hw.optional.arm.AdvSIMD', 'asimd'],
  ['hw.optional.arm.FEAT_DotProd', 'asimddp'],
  ['hw.optional.arm.FEAT_I8MM', 'i8mm'],
  ['hw.optional.arm.FEAT_BF16', 'bf16'],
  ['hw.optional.arm.FEAT_SME', 'sme'],
  ['hw.optional.arm.FEAT_SME2', 'sme2'],
  ['hw.optional.avx1_0', 'avx'],
  ['hw.optional.avx2_0', 'avx2'],
  ['hw.optional.avx512f', 'avx512f'],
];

function features(fields: Fields): readonly string[] {
  const has = flags.filter(([key]) => fields.get(key) === '1').map(([, feature]) => feature);
  return [...new Set(has)];
}

async function profilerCpu(door: Door): Promise<CpuFacts | null> {
  const mac = await readMacHardware(door);
  if (mac?.cores == null) return null;
  return {
    ...unknownCpu,
    ...nameCpu(mac.chip ?? ''),
    // Apple's own chips are one package each.
    packages: mac.packages ?? (mac.chip?.startsWith('Apple ') === true ? 1 : null),
    cores: mac.cores,
    threads: mac.cores * (mac.hyperThreading ? 2 : 1),
    performanceCores: mac.performanceCores,
    efficiencyCores: mac.efficiencyCores,
  };
}
