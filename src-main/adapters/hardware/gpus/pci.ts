/** What stands on the PCI bus: /sys, or `lspci` where there is none. */
import { parseCount } from '../parse.ts';
import type { Door } from '../door.ts';
import { addressOf, bytesToMiB, hexId, pciVendors, type Sighting, sighting } from './sighting.ts';

export interface PciDevice {
  readonly address: string;
  /** "030000": class, subclass, interface; of lspci "0300". */
  readonly kind: string;
  readonly vendor: string;
  readonly device: string;
  readonly revision: string | null;
  readonly module: string | null;
  /** A function that another one lends to virtual machines. */
  readonly virtual: boolean;
}

const root = '/sys/bus/pci/devices';

/** More than this many devices is a damaged answer. */
const mostDevices = 4096;

/** Null where the system shows no bus. */
export async function readPci(door: Door): Promise<readonly PciDevice[] | null> {
  if (door.platform !== 'linux') return null;
  const names = ((await door.readDir(root)) ?? []).filter((name) => addressOf(name) !== null);
  if (names.length === 0) return readLspci(door);
  const devices = await Promise.all(names.slice(0, mostDevices).map((name) => deviceOf(door, name)));
  return devices.filter((device) => device !== null);
}

async function deviceOf(door: Door, name: string): Promise<PciDevice | null> {
  const folder = `${root}/${name}`;
  const kind = /^0x([0-9a-f]{6})\s*$/i.exec((await door.readFile(`${folder}/class`)) ?? '')?.[1];
  // Bridges and the like are most of a bus, and nobody asks for them.
  if (kind === undefined || !asked(kind)) return null;
  const [vendor, device, revision, driver, physical] = await Promise.all([
    ...['vendor', 'device', 'revision'].map((file) => door.readFile(`${folder}/${file}`)),
    door.readLink(`${folder}/driver`),
    door.readLink(`${folder}/physfn`),
  ]);
  const [v, d] = [hexId(vendor), hexId(device)];
  if (v === null || d === null) return null;
  return {
    address: name.toLowerCase(),
    kind: kind.toLowerCase(),
    vendor: v,
    device: d,
    revision: /^0x([0-9a-f]{2})\s*$/i.exec(revision ?? '')?.[1]?.toLowerCase() ?? null,
    module: driver?.split('/').pop() ?? null,
    virtual: physical !== null,
  };
}

/** Displays (03), accelerators (12), and what has no better class than signal processing (11) or none (ff). */
function asked(kind: string): boolean {
  return /^(?:03|12|11|ff)/.test(kind.toLowerCase());
}

async function readLspci(door: Door): Promise<readonly PciDevice[] | null> {
  const answer = await door.run('lspci', ['-vmmnD'], { timeoutMs: 2000 }).catch(() => null);
  return answer?.code === 0 ? parseLspci(answer.stdout) : null;
}

/** Records of lines "Key:\tvalue", with blank lines between them. Pure, so that it can be fed any text. */
export function parseLspci(text: string): readonly PciDevice[] {
  return text
    .split(/\r?\n\s*\r?\n/, mostDevices)
    .map((record): PciDevice | null => {
      const value = (key: string): string =>
        new RegExp(`^${key}:[ \\t]*(\\S[^\\r\\n]*)`, 'm').exec(record)?.[1]?.trim() ?? '';
      const [address, vendor, device] = [
        addressOf(value('Slot')),
        hexId(value('Vendor')),
        hexId(value('Device')),
      ];
      const kind = /^[0-9a-f]{4}$/i.exec(value('Class'))?.[0].toLowerCase();
      if (address === null || vendor === null || device === null || kind === undefined || !asked(kind))
        return null;
      const revision = /^[0-9a-f]{2}$/i.exec(value('Rev'))?.[0].toLowerCase() ?? null;
      const module = /^[\w-]{1,64}$/.exec(value('Driver'))?.[0] ?? null;
      return { address, kind, vendor, device, revision, module, virtual: false };
    })
    .filter((device) => device !== null);
}

/** ES1000, RV100 and Rage: what servers of old had for a display. */
const serverDisplays = new Set(['1002:515e', '1002:5159', '1002:5969', '1002:4752', '1002:4758']);

/** The graphics cards among them: one per physical card. */
export function cardsOf(devices: readonly PciDevice[]): readonly PciDevice[] {
  const cards = devices.filter((d) => pciVendors[d.vendor] !== undefined && isGraphics(d) && !d.virtual);
  const slots = new Set(cards.filter((d) => d.address.endsWith('.0')).map((d) => d.address.slice(0, -2)));
  // Further functions of a slot are second displays of the same card.
  return cards.filter((d) => d.address.endsWith('.0') || !slots.has(d.address.slice(0, -2)));
}

/** Accelerators of class 12 are graphics cards of AMD (Instinct); Intel's are NPUs. */
function isGraphics({ kind, vendor, device }: PciDevice): boolean {
  if (serverDisplays.has(`${vendor}:${device}`)) return false;
  return kind.startsWith('03') || (kind.startsWith('12') && vendor !== '8086');
}

/** What the bus says of each card, with the memory that amdgpu shows beside it. */
export async function pciSightings(door: Door, devices: readonly PciDevice[]): Promise<readonly Sighting[]> {
  return Promise.all(
    cardsOf(devices).map(async ({ address, vendor, device, revision, module }) => {
      const name = pciVendors[vendor] ?? 'Intel';
      return sighting(name, {
        pciId: `${vendor}:${device}`,
        address,
        revision,
        module,
        // The processor's own graphics stand on its own bus.
        memoryKind: name !== 'NVIDIA' && address.startsWith('0000:00:') ? 'shared' : null,
        ...(name === 'AMD' ? await amdgpuMemory(door, `${root}/${address}`) : {}),
      });
    }),
  );
}

/** Video memory in bytes, and what amdgpu may use of the machine's beside it. Never the size of a BAR. */
export async function amdgpuMemory(
  door: Door,
  folder: string,
): Promise<Pick<Sighting, 'memoryMiB' | 'sharedMiB'>> {
  const [own, shared] = await Promise.all(
    ['mem_info_vram_total', 'mem_info_gtt_total'].map((file) => door.readFile(`${folder}/${file}`)),
  );
  return { memoryMiB: bytesToMiB(parseCount(own)), sharedMiB: bytesToMiB(parseCount(shared)) };
}
