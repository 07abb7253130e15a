/** Macs: the chip is the graphics card; on Intel's, what system_profiler lists. */
import type { Door } from '../door.ts';
import { asList, asObject, asText, parseCount, parseJsonObject } from '../parse.ts';
import { readSysctl } from '../sysctl.ts';
import { macChip, readMacHardware } from '../system-profiler.ts';
import { hexId, known, plausibleMiB, pciVendors, type Sighting, sighting } from './sighting.ts';

export async function macSightings(door: Door): Promise<readonly Sighting[]> {
  if (door.platform !== 'darwin') return [];
  const fields = await readSysctl(door);
  const hardware = fields === null ? await readMacHardware(door) : null;
  const chip = await macChip(door);
  const machine = fields?.get('hw.model') ?? hardware?.machine ?? '';
  // The graphics of a virtual machine draw, and compute for nobody who counts on it.
  if (machine.startsWith('VirtualMac') || chip?.includes('(Virtual)') === true) return [];
  const [displays, wired] = await Promise.all([
    door.run('system_profiler', ['SPDisplaysDataType', '-json'], { timeoutMs: 5000 }).catch(() => null),
    door.run('sysctl', ['-n', 'iogpu.wired_limit_mb'], { timeoutMs: 1000 }).catch(() => null),
  ]);
  const cards = parseDisplays(displays?.stdout ?? '');
  if (chip === null || !/^Apple M\d/.test(chip)) return cards.filter((card) => card.name !== null);
  const listed = cards.find((card) => card.vendor === 'Apple');
  const limit = plausibleMiB(parseCount(wired?.code === 0 ? wired.stdout : null));
  return [
    sighting('Apple', {
      name: chip,
      memoryKind: 'unified',
      sharedMiB: limit,
      api: listed?.api ?? { name: 'Metal', version: null },
      works: true,
    }),
  ];
}

/** `system_profiler SPDisplaysDataType -json`. Pure, so that it can be fed any text. */
export function parseDisplays(text: string): readonly Sighting[] {
  const items = asList(parseJsonObject(text)?.['SPDisplaysDataType']).slice(0, 16).map(asObject);
  return items.flatMap((item) => {
    const vendor = vendorOf(asText(item?.['spdisplays_vendor']), asText(item?.['spdisplays_vendor-id']));
    if (item === null || vendor === null) return [];
    const device = hexId(asText(item['spdisplays_device-id']));
    const prefix = Object.entries(pciVendors).find(([, name]) => name === vendor)?.[0];
    const own = memoryOf(asText(item['spdisplays_vram']));
    const shared = asText(item['spdisplays_vram_shared']) !== null;
    return [
      sighting(vendor, {
        name: known(asText(item['sppci_model'])),
        pciId: device === null || prefix === undefined ? null : `${prefix}:${device}`,
        memoryMiB: own,
        memoryKind: vendor === 'Apple' ? 'unified' : shared ? 'shared' : null,
        api: { name: 'Metal', version: metalOf(item) },
        works: metalOf(item) !== null,
      }),
    ];
  });
}

function vendorOf(name: string | null, id: string | null): Sighting['vendor'] | null {
  if (/apple/i.test(name ?? '')) return 'Apple';
  const byId = pciVendors[hexId(id) ?? ''];
  if (byId !== undefined) return byId;
  return (
    (['AMD', 'Intel', 'NVIDIA'] as const).find((vendor) => new RegExp(vendor, 'i').test(name ?? '')) ?? null
  );
}

/** "spdisplays_metal3"; older systems have another key, and "spdisplays_metalfeaturesetfamily21". */
function metalOf(item: Readonly<Record<string, unknown>>): string | null {
  const text = asText(item['spdisplays_mtlgpufamilysupport']) ?? asText(item['spdisplays_metalfamily']) ?? '';
  return /^spdisplays_metal(\d)$/.exec(text)?.[1] ?? (text.startsWith('spdisplays_metal') ? '2' : null);
}

/** "8 GB", "1536 MB" */
function memoryOf(text: string | null): number | null {
  const [, amount, unit] = /^(\d{1,6}) (GB|MB)$/.exec(text ?? '') ?? [];
  return amount === undefined ? null : plausibleMiB(Number(amount) * (unit === 'GB' ? 1024 : 1));
}
