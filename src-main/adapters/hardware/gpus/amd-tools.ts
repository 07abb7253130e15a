/** `amd-smi` and `rocm-smi`, in the spellings of their versions. */
import { asCount, asList, asObject, asText, parseJsonObject } from '../parse.ts';
import {
  addressOf,
  bytesToMiB,
  hexId,
  known,
  plausibleMiB,
  type Sighting,
  sighting,
  versionOf,
} from './sighting.ts';

const mostGpus = 128;

/** `amd-smi static --json`: a list, or since ROCm 7 an object with it. Pure, so that it can be fed any text. */
export function parseAmdSmi(text: string): readonly Sighting[] {
  const cards = asList(parseJsonObject(listed(text))?.['gpu_data']).slice(0, mostGpus);
  return wholeCards(
    cards
      .map(asObject)
      .flatMap((card) => (card === null ? [] : amdSmiCard(card).map((seen) => ({ card, seen })))),
  );
}

/** A card that is cut into partitions is listed once for each, with its share of the memory and a function of its own. */
function wholeCards(
  listed: readonly { readonly card: Fields; readonly seen: Sighting }[],
): readonly Sighting[] {
  const wholes = new Map<string, Sighting>();
  for (const [index, { card, seen }] of listed.entries()) {
    const mode = asText(asObject(card['partition'])?.['accelerator_partition']) ?? '';
    const cut = /^[DTQC]PX$/i.test(mode);
    const slot = (cut ? seen.address?.replace(/\.\d$/, '') : undefined) ?? `card ${index}`;
    const whole = wholes.get(slot);
    if (whole === undefined) wholes.set(slot, seen);
    else {
      const { memoryMiB: sum } = whole;
      const { memoryMiB: part } = seen;
      const memoryMiB = sum === null || part === null ? null : plausibleMiB(sum + part);
      wholes.set(slot, { ...whole, memoryMiB });
    }
  }
  return [...wholes.values()];
}

/** Warnings may stand before the list; within a list the first bracket comes before the first brace. */
function listed(text: string): string {
  const [bracket, brace] = [text.indexOf('['), text.indexOf('{')];
  const isList = bracket >= 0 && (brace < 0 || /^\[\s*\{/.test(text.slice(bracket, bracket + 64)));
  return isList && (brace < 0 || bracket < brace) ? `{"gpu_data":${text.slice(bracket)}}` : text;
}

type Fields = Readonly<Record<string, unknown>>;

function amdSmiCard(card: Fields): readonly Sighting[] {
  const part = (name: string): Fields => asObject(card[name]) ?? {};
  const asic = part('asic');
  const device = hexId(asText(asic['device_id']));
  const address = addressOf(asText(part('bus')['bdf']));
  if (device === null && address === null) return [];
  const [board, vram] = [part('board'), part('vram')];
  return [
    sighting('AMD', {
      name: known(asText(asic['market_name'])) ?? known(asText(board['product_name'])),
      pciId: device === null ? null : `1002:${device}`,
      revision: revisionOf(asText(asic['rev_id'])),
      address,
      memoryMiB: amountOf(vram['size']),
      gfxTarget: gfxOf(asText(asic['target_graphics_version'])),
      driver: versionOf(asText(part('driver')['version']) ?? asText(part('driver')['driver_version'])),
      module: 'amdgpu',
      works: true,
    }),
  ];
}

/** `{"value": 196592, "unit": "MB"}`, where the unit is MiB; older: a number or "8176 MB". */
function amountOf(size: unknown): number | null {
  const fields = asObject(size);
  const plain = /^(\d{1,9})(?: ?M(?:i)?B)?$/.exec((asText(size) ?? '').trim())?.[1];
  const amount =
    fields === null ? (plain === undefined ? asCount(size) : Number(plain)) : asCount(fields['value']);
  const unit = asText(fields?.['unit']) ?? 'MB';
  return amount === null ? null : plausibleMiB(/^G/i.test(unit) ? amount * 1024 : amount);
}

function revisionOf(text: string | null): string | null {
  return (
    /^(?:0x)?([0-9a-f]{1,2})$/i
      .exec(text ?? '')?.[1]
      ?.toLowerCase()
      .padStart(2, '0') ?? null
  );
}

function gfxOf(text: string | null): string | null {
  return /^gfx[0-9a-f]{3,5}$/.exec(text?.toLowerCase() ?? '')?.[0] ?? null;
}

/** `rocm-smi … --json`: keys "cardN" and "system"; before ROCm 6.1 the names of the fields differ. */
export function parseRocmSmi(text: string, isDevice: (pciId: string) => boolean): readonly Sighting[] {
  const json = parseJsonObject(text) ?? {};
  const system = asObject(json['system']) ?? {};
  const driver = versionOf(asText(system['Driver version']));
  return Object.entries(json)
    .filter(([key]) => /^card\d{1,3}$/.test(key))
    .slice(0, mostGpus)
    .flatMap(([, value]) => {
      const card = asObject(value);
      return card === null ? [] : rocmSmiCard(card, driver, isDevice);
    });
}

function rocmSmiCard(
  card: Fields,
  driver: string | null,
  isDevice: (pciId: string) => boolean,
): readonly Sighting[] {
  // The same fields were written "Card series" and "Card Series".
  const fields = new Map(Object.entries(card).map(([key, value]) => [key.toLowerCase(), value]));
  const text = (key: string): string | null => known(asText(fields.get(key)));
  const model = text('card model');
  // "GPU ID" was once the device's; later it is the number that the driver gives it, which is decimal.
  const gpuId = text('gpu id');
  // "Card model" was once the subsystem's id, later the device's.
  const last = hexId(model);
  const device =
    (gpuId?.startsWith('0x') === true ? hexId(gpuId) : null) ??
    hexId(text('device id')) ??
    (last !== null && isDevice(`1002:${last}`) ? last : null);
  const address = addressOf(text('pci bus'));
  const memory = asCount(fields.get('vram total memory (b)'));
  if (device === null && address === null && memory === null && text('card series') === null) return [];
  const series = text('card series');
  return [
    sighting('AMD', {
      name: series ?? text('device name') ?? model,
      // An integrated card goes by the processor's name.
      memoryKind: /\b(?:Ryzen|Athlon)\b/i.test(series ?? '') ? 'shared' : null,
      pciId: device === null ? null : `1002:${device}`,
      revision: revisionOf(text('device rev')),
      address,
      memoryMiB: bytesToMiB(memory),
      sharedMiB: bytesToMiB(asCount(fields.get('gtt total memory (b)'))),
      gfxTarget: gfxOf(text('gfx version')),
      driver,
      module: 'amdgpu',
      works: true,
    }),
  ];
}
