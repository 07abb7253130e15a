/** What amdgpu computes with: the nodes of /sys/class/kfd, which every ROCm program starts from. */
import type { Door } from '../door.ts';
import { asCount } from '../parse.ts';
import { bytesToMiB, type Sighting, sighting } from './sighting.ts';

const root = '/sys/class/kfd/kfd/topology/nodes';
const mostNodes = 512;

/** Every node that is a graphics card. `usable` says whether this user may open /dev/kfd. */
export async function kfdSightings(door: Door, usable: boolean): Promise<readonly Sighting[]> {
  if (door.platform !== 'linux') return [];
  const names = ((await door.readDir(root)) ?? []).filter((name) => /^\d{1,4}$/.test(name));
  const nodes = await Promise.all(
    names
      .sort((a, b) => Number(a) - Number(b))
      .slice(0, mostNodes)
      .map(async (name) => {
        const text = await door.readFile(`${root}/${name}/properties`);
        const fields = parseProperties(text ?? '');
        return isCard(fields) ? cardOf(door, `${root}/${name}`, fields, usable) : null;
      }),
  );
  const cards = nodes.filter((card) => card !== null);
  // A card that is cut into partitions has a node for each.
  return cards.filter(
    (card, i) => cards.findIndex((c) => c.address === card.address) === i || card.address === null,
  );
}

type Properties = ReadonlyMap<string, number>;

/** Lines "key value"; numbers up to 64 bits, of which none that we ask for is large. */
export function parseProperties(text: string): Properties {
  const fields = new Map<string, number>();
  for (const line of text.split('\n', 256)) {
    const [, key, value] = /^(\w{1,64}) (\d{1,20})\s*$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) fields.set(key, Number(value));
  }
  return fields;
}

function isCard(fields: Properties): boolean {
  return (fields.get('simd_count') ?? 0) > 0 && fields.get('vendor_id') === 0x1002;
}

async function cardOf(door: Door, folder: string, fields: Properties, usable: boolean): Promise<Sighting> {
  const device = fields.get('device_id') ?? 0;
  return sighting('AMD', {
    pciId: device > 0 && device <= 0xffff ? `1002:${device.toString(16).padStart(4, '0')}` : null,
    address: locationOf(fields),
    gfxTarget: gfxTargetOf(fields.get('gfx_target_version') ?? 0),
    memoryMiB: await bankMemory(door, folder),
    // Graphics of a processor are a part of its node on older kernels.
    memoryKind: (fields.get('cpu_cores_count') ?? 0) > 0 ? 'shared' : null,
    module: 'amdgpu',
    works: usable,
  });
}

/** bus << 8 | device << 3 | function; of a card that is cut into partitions, the number of the part above bit 28. */
function locationOf(fields: Properties): string | null {
  const location = (fields.get('location_id') ?? 0) % 2 ** 28;
  const domain = fields.get('domain') ?? 0;
  if (location <= 0 || location > 0xffff || domain > 0xffffffff) return null;
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
  return `${hex(domain, 4)}:${hex(location >> 8, 2)}:${hex((location >> 3) & 31, 2)}.${location & 7}`;
}

/** 90010 is gfx90a, 110501 gfx1151: major * 10000 + minor * 100 + step, of which the latter two are hexadecimal. */
export function gfxTargetOf(version: number): string | null {
  const [major, minor, step] = [Math.floor(version / 10_000), Math.floor(version / 100) % 100, version % 100];
  if (!Number.isSafeInteger(version) || major < 7 || major > 99 || minor > 15 || step > 15) return null;
  return `gfx${major}${minor.toString(16)}${step.toString(16)}`;
}

/** The card's own memory, heap types 1 (private) and 2 (visible to the processor). */
async function bankMemory(door: Door, folder: string): Promise<number | null> {
  const fields = parseProperties((await door.readFile(`${folder}/mem_banks/0/properties`)) ?? '');
  const heap = fields.get('heap_type');
  return heap === 1 || heap === 2 ? bytesToMiB(asCount(fields.get('size_in_bytes'))) : null;
}
