/** The catalogue's data: loaded when a graphics card was found, and kept. */
import { type Catalogue, createCatalogue, type GpuModel, type Segment } from '../../../core/catalogue.ts';

type GpuRow = readonly [
  vendor: string,
  model: string,
  names: string,
  ids: string,
  revisions: string,
  architecture: string,
  segment: string,
  memoryMiB: readonly number[],
  memoryKind: string,
  bandwidthGBs: number | null,
  target: string | null,
];

const pciVendors: Readonly<Record<string, string>> = { NVIDIA: '10de', AMD: '1002', Intel: '8086' };

let loaded: Promise<Catalogue> | null = null;

/** `added` are the owner's own models, which stand beside those of the product. */
export function loadCatalogue(added: readonly GpuModel[] = []): Promise<Catalogue> {
  if (added.length > 0) return read(added);
  loaded ??= read([]);
  return loaded;
}

async function read(added: readonly GpuModel[]): Promise<Catalogue> {
  const data = (await import('../../../../resources/catalogue/gpus.json')).default;
  const rows = data.rows as unknown as readonly GpuRow[];
  const models = rows.map(modelOf);
  const replaced = new Set(added.map(keyOf));
  return createCatalogue(
    [...models.filter((model) => !replaced.has(keyOf(model))), ...added],
    data.spellings,
  );
}

const keyOf = ({ vendor, model }: GpuModel): string => `${vendor} ${model}`;

function modelOf(row: GpuRow): GpuModel {
  const [vendor, model, names, ids, revisions, architecture, segment, memoryMiB, kind, bandwidthGBs, target] =
    row;
  return {
    vendor,
    model,
    names: words(names, '|'),
    pciIds: words(ids, ' ').map((id) => `${pciVendors[vendor] ?? ''}:${id}`),
    revisions: words(revisions, ' '),
    // The first generation of CDNA is called by the name alone.
    architecture: architecture === 'CDNA 1' ? 'CDNA' : architecture,
    segment: segment as Segment,
    memoryMiB,
    memoryKind: kind as GpuModel['memoryKind'],
    bandwidthGBs,
    computeCapability: vendor === 'NVIDIA' ? target : null,
    gfxTarget: vendor === 'AMD' ? target : null,
  };
}

function words(text: string, by: string): readonly string[] {
  return text === '' ? [] : text.split(by);
}
