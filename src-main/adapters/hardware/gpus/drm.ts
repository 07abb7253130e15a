/** The kernel's list of displays, /sys/class/drm: cards whose bus is not shown, and amdgpu's memory. */
import type { Door } from '../door.ts';
import { addressOf, hexId, known, pciVendors, type Sighting, sighting } from './sighting.ts';
import { amdgpuMemory } from './pci.ts';

const root = '/sys/class/drm';

export async function drmSightings(door: Door): Promise<readonly Sighting[]> {
  if (door.platform !== 'linux') return [];
  // Names with a dash are connectors.
  const names = ((await door.readDir(root)) ?? []).filter((name) => /^card\d{1,3}$/.test(name));
  const cards = await Promise.all(names.map((name) => cardOf(door, `${root}/${name}/device`)));
  return cards.filter((card) => card !== null);
}

async function cardOf(door: Door, folder: string): Promise<Sighting | null> {
  const [vendor, device, revision, product, link, driver] = await Promise.all([
    ...['vendor', 'device', 'revision', 'product_name'].map((file) => door.readFile(`${folder}/${file}`)),
    door.readLink(folder),
    door.readLink(`${folder}/driver`),
  ]);
  const name = pciVendors[hexId(vendor) ?? ''];
  const id = hexId(device);
  if (name === undefined || id === null) return null;
  return sighting(name, {
    pciId: `${hexId(vendor) ?? ''}:${id}`,
    // Cards for workstations and data centres carry their own name.
    name: known(product),
    revision: /^0x([0-9a-f]{2})\s*$/i.exec(revision ?? '')?.[1]?.toLowerCase() ?? null,
    address: addressOf(link?.split('/').pop()),
    module: driver?.split('/').pop() ?? null,
    ...(name === 'AMD' ? await amdgpuMemory(door, folder) : {}),
  });
}
