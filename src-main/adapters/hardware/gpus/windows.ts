/** Windows: the registry of display drivers, which alone knows the memory; CIM for what is present. */
import type { Door } from '../door.ts';
import { readWindows, type WindowsDisplay } from '../windows-cim.ts';
import { bytesToMiB, pciVendors, type Sighting, sighting, versionOf } from './sighting.ts';

/** The class of display adapters. */
const key = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}';

export async function windowsSightings(door: Door): Promise<readonly Sighting[]> {
  if (door.platform !== 'win32') return [];
  const ask = async (value: string): Promise<ReadonlyMap<string, string>> => {
    const answer = await door
      .run('reg', ['query', key, '/s', '/v', value], { timeoutMs: 3000 })
      .catch(() => null);
    return parseRegistryValues(answer?.stdout ?? '', value);
  };
  const [names, sizes, devices, versions, facts, runtimes] = await Promise.all([
    ask('DriverDesc'),
    ask('HardwareInformation.qwMemorySize'),
    ask('MatchingDeviceId'),
    ask('DriverVersion'),
    readWindows(door),
    runtimesOf(door),
  ]);
  const cards = [...names].flatMap(([folder, name]): readonly Sighting[] => {
    const pciId = pciIdOf(devices.get(folder));
    const vendor = vendorOf(name, pciId);
    if (vendor === null || isVirtual(devices.get(folder))) return [];
    return [
      sighting(vendor, {
        name,
        pciId,
        memoryMiB: bytesToMiB(sizeOf(sizes.get(folder) ?? '')),
        driver: driverOf(vendor, versions.get(folder)),
        module: 'wddm',
        works: vendor === 'Qualcomm' ? false : (runtimes.get(vendor) ?? false),
        api: runtimes.get(vendor) === true ? (apis[vendor] ?? null) : null,
      }),
    ];
  });
  return presentOnes(cards, facts?.displays ?? null);
}

const apis: Partial<Record<Sighting['vendor'], Sighting['api']>> = {
  AMD: { name: 'ROCm', version: null },
  Intel: { name: 'Level Zero', version: null },
};

/** The libraries that the drivers bring for computing. NVIDIA's answers through its own tool. */
const libraries: readonly (readonly [Sighting['vendor'], string])[] = [
  ['AMD', 'C:\\Windows\\System32\\amdhip64_7.dll'],
  ['AMD', 'C:\\Windows\\System32\\amdhip64_6.dll'],
  ['AMD', 'C:\\Windows\\System32\\amdhip64.dll'],
  ['Intel', 'C:\\Windows\\System32\\ze_loader.dll'],
];

async function runtimesOf(door: Door): Promise<ReadonlyMap<Sighting['vendor'], boolean>> {
  const found = new Map<Sighting['vendor'], boolean>();
  for (const [vendor, path] of libraries) if (await door.exists(path)) found.set(vendor, true);
  return found;
}

/** The value of each subkey, by the number that ends its path. The last line is a sentence in the user's language. */
export function parseRegistryValues(text: string, value: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let folder: string | null = null;
  for (const line of text.split(/\r?\n/, 20_000)) {
    if (line.startsWith('HKEY_')) folder = /\\(\d{4})\s*$/.exec(line)?.[1] ?? null;
    const [, name, data] = /^\s+(\S{1,80})\s+REG_[A-Z_]{2,20}\s+(\S.{0,200})$/.exec(line) ?? [];
    if (folder !== null && name === value && data !== undefined && found.size < 64)
      found.set(folder, data.trim());
  }
  return found;
}

/** REG_QWORD "0x600000000", or the bytes of REG_BINARY, the lowest first: "0000000006000000". */
function sizeOf(text: string): number | null {
  const number = /^0x([0-9a-f]{1,12})$/i.exec(text)?.[1];
  if (number !== undefined) return parseInt(number, 16);
  if (!/^(?:[0-9a-f]{8}|[0-9a-f]{16})$/i.test(text)) return null;
  return parseInt((text.match(/../g) ?? []).reverse().join(''), 16);
}

/** "PCI\VEN_10DE&DEV_2782&SUBSYS_…", in any case. */
export function pciIdOf(text: string | null | undefined): string | null {
  const [, vendor, device] = /\bVEN_([0-9a-f]{4})&DEV_([0-9a-f]{4})/i.exec(text ?? '') ?? [];
  return vendor === undefined || device === undefined ? null : `${vendor}:${device}`.toLowerCase();
}

function isVirtual(device: string | undefined): boolean {
  return device !== undefined && /^(?:root|swd|usb)\\/i.test(device);
}

/** By id; by the driver's own words where there is none. Adapters of remote sessions have neither. */
function vendorOf(name: string, pciId: string | null): Sighting['vendor'] | null {
  const byId = pciVendors[pciId?.slice(0, 4) ?? ''];
  if (byId !== undefined || pciId !== null) return byId ?? null;
  const words: readonly (readonly [RegExp, Sighting['vendor']])[] = [
    [/^(?:NVIDIA|GeForce|Quadro|Tesla)\b/i, 'NVIDIA'],
    [/^(?:AMD|ATI|Radeon)\b/i, 'AMD'],
    [/^Intel\b/i, 'Intel'],
    [/^(?:Qualcomm|Snapdragon)\b.*\bAdreno\b/i, 'Qualcomm'],
  ];
  return words.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}

/** NVIDIA's "32.0.15.7680" is 576.80: the last five digits. */
export function driverOf(vendor: Sighting['vendor'], text: string | undefined): string | null {
  const version = versionOf(text);
  if (version === null || vendor !== 'NVIDIA') return version;
  const digits = /^\d+\.\d+\.(\d+)\.(\d+)$/.exec(version)?.slice(1).join('').slice(-5);
  return digits?.length === 5 ? `${Number(digits.slice(0, 3))}.${digits.slice(3)}` : version;
}

/** The registry keeps what was taken out: of those only what CIM still sees. */
function presentOnes(
  cards: readonly Sighting[],
  displays: readonly WindowsDisplay[] | null,
): readonly Sighting[] {
  if (displays === null || displays.length === 0) return cards;
  const left = displays.map((display) => ({ ...display, pciId: pciIdOf(display.device) }));
  return cards.filter((card) => {
    const at = left.findIndex((d) =>
      card.pciId !== null && d.pciId !== null ? d.pciId === card.pciId : d.name === card.name,
    );
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}
