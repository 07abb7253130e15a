/** The processor on Windows: the registry for what it is, CIM for how many cores it has. */
import { withCataloguedKinds } from './catalogue/processors.ts';
import { type CpuFacts, unknownCpu } from './cpu-facts.ts';
import { identityX86 } from './cpu-identity.ts';
import { nameCpu } from './cpu-name.ts';
import type { Door } from './door.ts';
import { parseCount } from './parse.ts';
import { readWindows, type WindowsFacts } from './windows-cim.ts';

const key = 'HKLM\\HARDWARE\\DESCRIPTION\\System\\CentralProcessor';

/** Null where neither answers. */
export async function windowsCpu(door: Door): Promise<CpuFacts | null> {
  const [registry, facts] = await Promise.all([
    door.run('reg', ['query', key, '/s'], { timeoutMs: 3000 }).catch(() => null),
    readWindows(door),
  ]);
  const described = registry === null ? null : parseRegistry(registry.stdout);
  const cpu = join(described, facts);
  // Windows tells no program that is not compiled for it which cores are of which kind.
  return cpu === null ? null : withCataloguedKinds(cpu);
}

export interface RegistryCpu {
  readonly name: string | null;
  readonly vendorId: string | null;
  readonly family: number | null;
  readonly model: number | null;
  readonly stepping: number | null;
  readonly threads: number;
}

/** One key per logical CPU; the values of the first. Lines are "    NAME    REG_SZ    VALUE". Null where there is none. */
export function parseRegistry(text: string): RegistryCpu | null {
  const threads = new Set(
    [...text.matchAll(/\\CentralProcessor\\(\d{1,4})\s*$/gim)].map(([, cpu]) => Number(cpu)),
  ).size;
  if (threads === 0) return null;
  const value = (name: string): string | null =>
    new RegExp(`^\\s+${name}\\s+REG_SZ\\s+(.*?)\\s*$`, 'im').exec(text)?.[1] ?? null;
  const identifier = value('Identifier') ?? '';
  const number = (word: string): number | null =>
    parseCount(new RegExp(`\\b${word} (\\d+)`).exec(identifier)?.[1]);
  return {
    name: value('ProcessorNameString'),
    vendorId: value('VendorIdentifier'),
    family: number('Family'),
    model: number('Model'),
    stepping: number('Stepping'),
    threads,
  };
}

function join(registry: RegistryCpu | null, facts: WindowsFacts | null): CpuFacts | null {
  const processors = facts?.processors ?? [];
  const [first] = processors;
  const name = registry?.name ?? first?.name ?? null;
  const threads = sumOf(processors.map((cpu) => cpu.threads)) ?? registry?.threads ?? null;
  if (threads === null) return null;
  const vendorId = registry?.vendorId ?? first?.vendorId ?? '';
  const identity =
    registry === null
      ? { ...nameCpu(name ?? ''), microarchitecture: null }
      : identityX86(vendorId, name ?? '', registry);
  return {
    ...unknownCpu,
    ...identity,
    packages: processors.length === 0 ? null : processors.length,
    cores: sumOf(processors.map((cpu) => cpu.cores)),
    threads,
  };
}

function sumOf(numbers: readonly (number | null)[]): number | null {
  if (numbers.length === 0) return null;
  return numbers.reduce((sum, n) => (sum === null || n === null ? null : sum + n), 0);
}
