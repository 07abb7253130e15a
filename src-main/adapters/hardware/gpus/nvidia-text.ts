/** What `nvidia-smi` prints for people, where it cannot be asked for XML: -q, --query-gpu, -L and the table. */
import { type MigInstance, listedSlices, namedSlices, sliceOf } from './mig.ts';
import { mebibytes, nvidiaPciId } from './nvidia-xml.ts';
import { addressOf, known, plausibleMiB, type Sighting, sighting, versionOf } from './sighting.ts';

const mostGpus = 64;

/** `-q`: "Key : Value" below headings that are told by their indentation. Empty where it is no such text. */
export function parseNvidiaQuery(text: string): readonly Sighting[] {
  const [head = '', ...gpus] = text.split(/^GPU (?=[0-9a-f]{4,8}:[0-9a-f]{2}:)/im, mostGpus + 1);
  const top = sections(head).get('') ?? new Map<string, string>();
  const driver = versionOf(top.get('Driver Version'));
  const cuda = versionOf(top.get('CUDA Version'));
  return gpus.map((gpu) => cardOf(gpu, driver, cuda));
}

function cardOf(text: string, driver: string | null, cuda: string | null): Sighting {
  const lines = text.split('\n');
  const [mig, card] = [migParts(lines), sections(withoutMig(lines).join('\n'))];
  const top = card.get('') ?? new Map<string, string>();
  const uuid = known(top.get('GPU UUID'));
  const architecture = known(top.get('Product Architecture'));
  return sighting('NVIDIA', {
    name: known(top.get('Product Name')),
    uuid,
    address: addressOf(card.get('PCI')?.get('Bus Id')) ?? addressOf(lines[0]),
    pciId: nvidiaPciId(card.get('PCI')?.get('Device Id') ?? null),
    memoryMiB: mebibytes(card.get('FB Memory Usage')?.get('Total')),
    architecture,
    driver,
    api: { name: 'CUDA', version: cuda },
    slices: mig.map((part) => sliceOf(part, { uuid, architecture })),
    works: true,
  });
}

/** The values below each heading of the second level, with those that stand below none under ''. */
function sections(text: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const found = new Map<string, Map<string, string>>([['', new Map()]]);
  let heading = '';
  for (const line of text.split('\n')) {
    const [, indent = '', key = '', value] = /^( *)([^:]{1,80}?) *(?:: (.*))?\r?$/.exec(line) ?? [];
    if (key === '') continue;
    if (indent.length <= 4) heading = value === undefined ? key : '';
    const at = found.get(heading) ?? new Map<string, string>();
    found.set(heading, at);
    if (value !== undefined && !at.has(key)) at.set(key, value.trim());
  }
  return found;
}

/** The lines of each "MIG Device", which stand before the card's own memory. */
function migParts(lines: readonly string[]): readonly MigInstance[] {
  return lines
    .join('\n')
    .split(/^ {4}(?=\S)/m)
    .filter((part) => part.startsWith('MIG Device'))
    .slice(0, mostGpus)
    .map((part) => {
      const count = (key: string): number | null => {
        const digits = new RegExp(`^ +${key} *: (\\d{1,6})\\r?$`, 'm').exec(part)?.[1];
        return digits === undefined ? null : Number(digits);
      };
      const memory = /FB Memory Usage\r?\n +Total *: ([^\r\n]*)/.exec(part)?.[1];
      return {
        gpuInstance: count('GPU Instance ID'),
        computeInstance: count('Compute Instance ID'),
        processors: count('Multiprocessor count'),
        memoryMiB: mebibytes(memory),
      };
    });
}

function withoutMig(lines: readonly string[]): readonly string[] {
  let inside = false;
  return lines.filter((line) => {
    if (/^ {4}\S/.test(line)) inside = line.trim() === 'MIG Device';
    return !inside;
  });
}

/** The columns that `--query-gpu` is asked for; 470 knows no compute_cap and then prints nothing at all. */
export const queryColumns = [
  ...['index', 'uuid', 'pci.bus_id', 'pci.device_id', 'name', 'memory.total', 'driver_version'],
  ...['compute_cap', 'mig.mode.current'],
];

/** `--format=csv,noheader,nounits` of these columns. A name may hold commas: it is what is left in the middle. */
export function parseNvidiaCsv(text: string, columns: readonly string[]): readonly Sighting[] {
  const at = columns.indexOf('name');
  return text
    .split('\n', mostGpus)
    .map((line): Sighting | null => {
      const cells = line.trim().split(', ');
      if (cells.length < columns.length || at < 0) return null;
      const after = columns.length - at - 1;
      const value = (column: string): string | null => {
        const index = columns.indexOf(column);
        if (index < 0) return null;
        return known(cells[index < at ? index : cells.length - (columns.length - index)]);
      };
      const megabytes = /^\d{1,9}$/.exec(value('memory.total') ?? '')?.[0];
      return sighting('NVIDIA', {
        name: known(cells.slice(at, cells.length - after).join(', ')),
        uuid: value('uuid'),
        address: addressOf(value('pci.bus_id')),
        pciId: nvidiaPciId(value('pci.device_id')),
        memoryMiB: megabytes === undefined ? null : plausibleMiB(Number(megabytes)),
        driver: versionOf(value('driver_version')),
        computeCapability: capability(value('compute_cap')),
        works: true,
      });
    })
    .filter((card) => card !== null);
}

function capability(text: string | null): string | null {
  return /^\d{1,2}\.\d$/.exec(text ?? '')?.[0] ?? null;
}

/** `-L`: "GPU 0: NAME (UUID: GPU-…)", with the MIG slices of each below it. */
export function parseNvidiaList(text: string): readonly Sighting[] {
  return text
    .split(/^(?=GPU \d{1,3}: )/m, mostGpus + 1)
    .map((part): Sighting | null => {
      const [, name, uuid] = /^GPU \d{1,3}: (.{1,100}?) \(UUID: ([\w-]{4,64})\)/.exec(part) ?? [];
      if (name === undefined || uuid === undefined) return null;
      const slices = namedSlices([], listedSlices(part));
      return sighting('NVIDIA', { name, uuid, slices, works: true });
    })
    .filter((card) => card !== null);
}

/** The table, whose layout changes: only what nothing else tells. */
export function parseNvidiaTable(text: string): readonly Sighting[] {
  const driver = versionOf(/(?:Driver|KMD) Version: *([\d.]+)/.exec(text)?.[1]);
  const cuda = versionOf(/CUDA (?:UMD )?Version: *([\d.]+)/.exec(text)?.[1]);
  const row =
    /^\| +\d{1,3} +(\S.{0,60}?) +(?:On|Off|N\/A|WDDM|TCC|MCDM) *\| +([0-9A-F:.]{12,16}|N\/A) [^\n]*\n\|[^|\n]*\|([^|\n]*)\|/gim;
  return [...text.matchAll(row)].slice(0, mostGpus).map(([, name = '', address, memory = '']) => {
    const total = /\/ *(\d{1,9})MiB/.exec(memory)?.[1];
    return sighting('NVIDIA', {
      name: name.trim(),
      address: addressOf(address),
      memoryMiB: total === undefined ? null : plausibleMiB(Number(total)),
      driver,
      api: { name: 'CUDA', version: cuda },
      works: true,
    });
  });
}
