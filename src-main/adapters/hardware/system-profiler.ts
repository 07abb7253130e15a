/** `system_profiler`, which takes a quarter of a second: only where sysctl does not answer. */
import type { Door } from './door.ts';
import { readSysctl } from './sysctl.ts';
import { asCount, asList, asObject, asText, parseJsonObject } from './parse.ts';

export interface MacHardware {
  /** "Apple M1". */
  readonly chip: string | null;
  readonly memoryMiB: number | null;
  readonly cores: number | null;
  readonly performanceCores: number | null;
  readonly efficiencyCores: number | null;
  readonly packages: number | null;
  /** Intel's with two threads a core; Apple's own have one. */
  readonly hyperThreading: boolean;
  /** "VirtualMac2,1" in a virtual machine. */
  readonly machine: string | null;
}

/** Null where it cannot be asked or its answer is not understood. */
export async function readMacHardware(door: Door): Promise<MacHardware | null> {
  const args = ['SPHardwareDataType', '-json'];
  const answer = await door.run('system_profiler', args, { timeoutMs: 5000 }).catch(() => null);
  const json = answer === null ? null : parseJsonObject(answer.stdout);
  const item = asObject(asList(json?.['SPHardwareDataType'])[0]);
  if (item === null) return null;
  return {
    chip: asText(item['chip_type']) ?? asText(item['cpu_type']),
    machine: asText(item['machine_model']),
    memoryMiB: memoryOf(asText(item['physical_memory'])),
    packages: asCount(item['packages']),
    hyperThreading: asText(item['platform_cpu_htt']) === 'htt_enabled',
    ...coresOf(item['number_processors']),
  };
}

/** "Apple M2 Pro", "Intel(R) Core(TM) i7-9750H CPU @ 2.60GHz". A translated process is told of a "VirtualApple" first. */
export async function macChip(door: Door): Promise<string | null> {
  const brand = (await readSysctl(door))?.get('machdep.cpu.brand_string');
  return brand === undefined || isTranslated(brand) ? ((await readMacHardware(door))?.chip ?? null) : brand;
}

/** What Rosetta calls the processor towards programs that it translates. */
export function isTranslated(brand: string): boolean {
  return brand.startsWith('VirtualApple');
}

function memoryOf(text: string | null): number | null {
  const [, amount, unit] = /^(\d{1,6}) (GB|TB|MB)$/.exec(text ?? '') ?? [];
  const factors: Readonly<Record<string, number>> = { MB: 1, GB: 1024, TB: 1024 * 1024 };
  const factor = factors[unit ?? ''];
  return factor === undefined ? null : Number(amount) * factor;
}

/** "proc total:performance:efficiency"; a plain number in virtual machines; on macOS 26 a fourth number that names no kind we know. */
function coresOf(value: unknown): Pick<MacHardware, 'cores' | 'performanceCores' | 'efficiencyCores'> {
  const unknown = { performanceCores: null, efficiencyCores: null };
  const plain = asCount(value);
  if (plain !== null) return { cores: plain === 0 ? null : plain, ...unknown };
  const parts = /^proc ((?:\d{1,4}:){0,3}\d{1,4})$/
    .exec(asText(value) ?? '')?.[1]
    ?.split(':')
    .map(Number);
  const [cores, performance, efficiency] = parts ?? [];
  if (cores === undefined || cores === 0) return { cores: null, ...unknown };
  if (parts?.length !== 3 || !performance || !efficiency) return { cores, ...unknown };
  return { cores, performanceCores: performance, efficiencyCores: efficiency };
}
