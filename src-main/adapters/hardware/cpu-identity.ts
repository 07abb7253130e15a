/** Who made the processor and what it is called. Unknown is null: a number may be made up, a core is not a product. */
import type { Arch } from '../../contract/job.ts';
import { type ArmCore, armCoreOf, armVendorOf } from './arm-cores.ts';
import type { CpuFacts } from './cpu-facts.ts';
import { isMadeUp, nameCpu, vendorOfId } from './cpu-name.ts';
import { type Cpuinfo, type CpuinfoEntry, fieldOf, firstField } from './cpuinfo.ts';
import type { Door } from './door.ts';
import { parseCount } from './parse.ts';
import { imitatedMicroarchitecture, microarchitectureOf } from './x86-models.ts';

export type Identity = Pick<CpuFacts, 'vendor' | 'model' | 'microarchitecture'>;

const isX86 = (arch: Arch): boolean => arch === 'x64' || arch === 'ia32';
export const isArm = (arch: Arch): boolean => arch === 'arm64' || arch === 'arm';

/** What cpuinfo says, by the architecture. */
export async function identify(door: Door, info: Cpuinfo): Promise<Identity> {
  if (isX86(door.arch)) return identifyX86(info);
  if (isArm(door.arch)) return identifyArm(door, info);
  if (door.arch === 'riscv64') return identifyRiscv(info);
  return {
    ...nameCpu(firstField(info, 'cpu') ?? firstField(info, 'model name') ?? ''),
    microarchitecture: null,
  };
}

function identifyX86(info: Cpuinfo): Identity {
  const vendorId = firstField(info, 'vendor_id') ?? '';
  const name = firstField(info, 'model name') ?? '';
  const numbers = {
    family: parseCount(firstField(info, 'cpu family')),
    model: parseCount(firstField(info, 'model')),
    stepping: parseCount(firstField(info, 'stepping')),
  };
  return identityX86(vendorId, name, numbers);
}

/** Vendor, name and generation from what CPUID says, which a hypervisor may have made up. */
export function identityX86(
  vendorId: string,
  name: string,
  numbers: {
    readonly family: number | null;
    readonly model: number | null;
    readonly stepping: number | null;
  },
): Identity {
  const named = nameCpu(name);
  if (isMadeUp(name)) return { ...named, microarchitecture: null };
  const { family, model, stepping } = numbers;
  const byNumber =
    family === null || model === null
      ? null
      : microarchitectureOf({ vendorId, family, model, stepping, name });
  return {
    vendor: named.vendor ?? vendorOfId(vendorId),
    model: named.model,
    microarchitecture: imitatedMicroarchitecture(name) ?? byNumber,
  };
}

async function identifyArm(door: Door, info: Cpuinfo): Promise<Identity> {
  const implementers = new Set<number>();
  const cores = new Set<ArmCore>();
  for (const entry of info.entries) {
    const core = armCoreOfEntry(info, entry);
    implementers.add(implementerOf(info, entry));
    if (core !== null) cores.add(core);
  }
  const [implementer] = implementers;
  const vendor = implementers.size === 1 && implementer !== undefined ? armVendorOf(implementer) : null;
  const product = await armProduct(door, cores);
  return {
    vendor: product?.vendor ?? vendor,
    model: product?.model ?? null,
    microarchitecture: joinedCores(cores),
  };
}

function implementerOf(info: Cpuinfo, entry: CpuinfoEntry): number {
  return Number(fieldOf(info, entry, 'CPU implementer') ?? Number.NaN);
}

/** The core design of one CPU; null where it is unknown. */
export function armCoreOfEntry(info: Cpuinfo, entry: CpuinfoEntry): ArmCore | null {
  return armCoreOf(implementerOf(info, entry), Number(fieldOf(info, entry, 'CPU part') ?? Number.NaN));
}

/** "Cortex-X925 + Cortex-A725", the faster first. */
export function joinedCores(cores: ReadonlySet<ArmCore>): string | null {
  const order = ['prime', 'big', 'server', 'little'];
  const sorted = [...cores].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  return sorted.length === 0 ? null : [...new Set(sorted.map((core) => core.name))].join(' + ');
}

/** Amazon's own processors, by core; the part alone does not tell them from others of the same design. */
const graviton: Readonly<Record<string, string>> = {
  'Cortex-A72': 'Graviton',
  'Neoverse N1': 'Graviton2',
  'Neoverse V1': 'Graviton3',
  'Neoverse V2': 'Graviton4',
};

async function armProduct(
  door: Door,
  cores: ReadonlySet<ArmCore>,
): Promise<{ vendor: string; model: string } | null> {
  const [core] = cores;
  if (core === undefined || cores.size > 1) return null;
  const model = graviton[core.name];
  if (model === undefined) return null;
  const vendor = await door.readFile('/sys/class/dmi/id/sys_vendor');
  return vendor?.trim() === 'Amazon EC2' ? { vendor: 'AWS', model } : null;
}

const riscvVendors: Readonly<Record<string, string>> = {
  sifive: 'SiFive',
  thead: 'T-Head',
  spacemit: 'SpacemiT',
  andestech: 'Andes',
  canaan: 'Canaan',
};

function identifyRiscv(info: Cpuinfo): Identity {
  const [maker = '', core = ''] = (firstField(info, 'uarch') ?? '').split(',');
  const named = nameCpu(firstField(info, 'model name') ?? '');
  const { model } = named;
  const known = riscvVendors[maker];
  // Some kernels write the core's name where others have the processor's: "Spacemit(R) X60".
  if (known === undefined && named.vendor !== null)
    return { vendor: named.vendor, model: null, microarchitecture: model };
  // The HiFive Unmatched's device tree calls its U74 cores by an inner name.
  const inner: Readonly<Record<string, string>> = { bullet0: 'U74', rocket0: 'Rocket' };
  const name = inner[core] ?? core.replace(/-mc$/, '').toUpperCase();
  if (known === undefined) return { vendor: null, model, microarchitecture: null };
  return { vendor: known, model, microarchitecture: name === '' ? null : name };
}
