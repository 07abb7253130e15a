/** What one source (a tool, a folder of the kernel) says of one graphics card. */
import type { Gpu } from '../../../contract/host.ts';
import type { Problem } from '../../../contract/problem.ts';

export type GpuVendor = 'NVIDIA' | 'AMD' | 'Intel' | 'Apple' | 'Qualcomm';

/** Null is "this source does not say". */
export interface Sighting {
  readonly vendor: GpuVendor;
  /** As it was printed. */
  readonly name: string | null;
  readonly pciId: string | null;
  readonly revision: string | null;
  /** "0000:01:00.0" */
  readonly address: string | null;
  readonly uuid: string | null;
  readonly memoryMiB: number | null;
  /** What programs may use of the machine's memory, where the driver says it (GTT). */
  readonly sharedMiB: number | null;
  readonly memoryKind: Gpu['memoryKind'];
  readonly architecture: string | null;
  readonly computeCapability: string | null;
  readonly gfxTarget: string | null;
  readonly driver: string | null;
  readonly api: Gpu['api'];
  readonly slices: Gpu['slices'];
  /** The kernel's driver that is bound to it ("amdgpu", "vfio-pci"). */
  readonly module: string | null;
  /** The interface that jobs compute through answered for it. */
  readonly works: boolean;
  readonly problem: Problem | null;
}

export function sighting(vendor: GpuVendor, says: Partial<Sighting>): Sighting {
  return {
    ...{ vendor, name: null, pciId: null, revision: null, address: null, uuid: null },
    ...{ memoryMiB: null, sharedMiB: null, memoryKind: null, architecture: null },
    ...{ computeCapability: null, gfxTarget: null, driver: null, api: null, slices: [] },
    ...{ module: null, works: false, problem: null },
    ...says,
  };
}

/** The vendors whose cards compute, by PCI vendor; what others put on the bus are displays of servers and of guests. */
export const pciVendors: Readonly<Record<string, GpuVendor>> = {
  '10de': 'NVIDIA',
  '1002': 'AMD',
  '8086': 'Intel',
};

/** "00000000:01:00.0" and "0000:01:00.0" as the latter, in lower case; null for anything else. */
export function addressOf(text: string | null | undefined): string | null {
  const [, domain, rest] =
    /^(?:([0-9a-f]{4,8}):)?([0-9a-f]{2}:[0-9a-f]{2}\.[0-7])$/i.exec((text ?? '').trim()) ?? [];
  if (rest === undefined) return null;
  return `${(domain ?? '0').replace(/^0+/, '').padStart(4, '0')}:${rest}`.toLowerCase();
}

/** Four hex digits of "0x1586", "1586", "0xbda"; null for zeros, which some drivers write for "not told". */
export function hexId(text: string | null | undefined): string | null {
  const digits = /^(?:0x)?([0-9a-f]{1,4})$/i.exec((text ?? '').trim())?.[1];
  const id = digits?.toLowerCase().padStart(4, '0');
  return id === undefined || id === '0000' ? null : id;
}

/** 16 TiB: no card has more, so such a number is damaged. */
const mostMiB = 2 ** 24;

/** A memory size that can be; null otherwise. */
export function plausibleMiB(memoryMiB: number | null): number | null {
  return memoryMiB !== null && memoryMiB >= 1 && memoryMiB <= mostMiB ? Math.floor(memoryMiB) : null;
}

export function bytesToMiB(bytes: number | null): number | null {
  return bytes === null ? null : plausibleMiB(bytes / (1024 * 1024));
}

/** What tools write where they know nothing. */
export function known(text: string | null | undefined): string | null {
  const value = text?.trim() ?? '';
  return /^(?:\[?(?:n\/a|not supported|unknown(?: error)?|err!|none|insufficient permissions)\]?|-1|)$/i.test(
    value,
  )
    ? null
    : value;
}

/** A version: "550.54.14", "6.19.14", "12.4". */
export function versionOf(text: string | null | undefined): string | null {
  return /^\d{1,6}(?:\.\d{1,8}){0,4}(?:[+~-][\w.+~-]{1,32})?$/.exec(known(text) ?? '')?.[0] ?? null;
}
