/** The catalogue's data: loaded when a graphics card was found, and kept. */
import { type Catalogue, createCatalogue, type GpuModel, type Segment } from '../../../core/catalogue.ts';

const pciVendors: Readonly<Record<string, string>> = { NVIDIA: '10de', AMD: '1002', Intel: '8086' };

let loaded: Promise<Catalogue> | null = null;

/** `added` are the owner's own models, which stand beside those of the product. */
export function loadCatalogue(added: readonly GpuModel[] = []): Promise<Catalogue> {
  if (added.length > 0) return read(added);
  loaded ??= read([]);
  return loaded;
}

async function read(added: readonly GpuModel[]): Promise<Catalogue> {
  const { gpus, spellings } = await import('../../../../resources/catalogue/gpus.ts');
  const models = gpus.split('\n').map(modelOf);
  if (added.length === 0) return createCatalogue(models, spellings);
  const replaced = new Set(added.map(keyOf));
  return createCatalogue([...models.filter((model) => !replaced.has(keyOf(model))), ...added], spellings);
}

const keyOf = ({ vendor, model }: GpuModel): string => `${vendor} ${model}`;

function modelOf(line: string): GpuModel {
  const [vendor = '', model = '', names = '', ids = '', revisions = '', architecture = '', ...rest] =
    line.split('\t');
  const [segment = '', sizes = '', kind = '', bandwidth = '', target = ''] = rest;
  return {
    vendor,
    model,
    names: words(names, '|'),
    pciIds: words(ids, ' ').map((id) => `${pciVendors[vendor] ?? ''}:${id}`),
    revisions: words(revisions, ' '),
    // The first generation of CDNA is called by the name alone.
    architecture: architecture === 'CDNA 1' ? 'CDNA' : architecture,
    segment: segment as Segment,
    memoryMiB: words(sizes, ' ').map(Number),
    memoryKind: kind as GpuModel['memoryKind'],
    bandwidthGBs: bandwidth === '' ? null : Number(bandwidth),
    computeCapability: vendor === 'NVIDIA' ? target : null,
    gfxTarget: vendor === 'AMD' ? target : null,
  };
}

function words(text: string, by: string): readonly string[] {
  return text === '' ? [] : text.split(by);
}
