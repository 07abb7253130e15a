/** `nvidia-smi -q -x`: everything in one call. */
import { addressOf, hexId, known, plausibleMiB, type Sighting, sighting, versionOf } from './sighting.ts';
import { type MigInstance, sliceOf } from './mig.ts';

/** No machine has more; the rest of a damaged answer is left. */
const mostGpus = 64;

/** Empty where the text is no such document. Pure, so that it can be fed any text. */
export function parseNvidiaXml(text: string): readonly Sighting[] {
  if (!text.includes('<nvidia_smi_log')) return [];
  const driver = versionOf(inner(text, 'driver_version'));
  const cuda = versionOf(inner(text, 'cuda_version'));
  return blocks(text, 'gpu', mostGpus).map((gpu) => cardOf(gpu, driver, cuda));
}

function cardOf(gpu: string, driver: string | null, cuda: string | null): Sighting {
  const instances = inner(gpu, 'mig_devices') ?? '';
  // A MIG device has memory of its own, and stands before the card's.
  const card = gpu.replace(instances, '');
  const uuid = known(inner(card, 'uuid'));
  const memoryMiB = mebibytes(inner(inner(card, 'fb_memory_usage') ?? '', 'total'));
  const architecture = known(inner(card, 'product_architecture'));
  return sighting('NVIDIA', {
    name: known(inner(card, 'product_name')),
    uuid,
    ...pciOf(card),
    memoryMiB,
    architecture,
    driver,
    api: { name: 'CUDA', version: cuda },
    slices: blocks(instances, 'mig_device', mostGpus).map((mig) =>
      sliceOf(instanceOf(mig), { uuid, architecture }),
    ),
    works: true,
  });
}

function pciOf(card: string): Pick<Sighting, 'pciId' | 'address'> {
  // The attribute is there in every version; the element only in whole documents.
  const attribute = /^<gpu id="([^"]{1,32})"/.exec(card)?.[1];
  return {
    pciId: nvidiaPciId(inner(card, 'pci_device_id')),
    address: addressOf(inner(card, 'pci_bus_id')) ?? addressOf(attribute),
  };
}

/** Device, then vendor: "286010DE" and "0x286010DE" are 10de:2860. Zeros are an id that was taken out. */
export function nvidiaPciId(text: string | null): string | null {
  const [, device, vendor] = /^(?:0x)?([0-9a-f]{4})(10de)$/i.exec(text?.trim() ?? '') ?? [];
  const id = hexId(device);
  return id === null || vendor === undefined ? null : `${vendor.toLowerCase()}:${id}`;
}

function instanceOf(mig: string): MigInstance {
  const count = (name: string): number | null => {
    const digits = /^\s*(\d{1,6})\s*$/.exec(inner(mig, name) ?? '')?.[1];
    return digits === undefined ? null : Number(digits);
  };
  return {
    gpuInstance: count('gpu_instance_id'),
    computeInstance: count('compute_instance_id'),
    processors: count('multiprocessor_count'),
    memoryMiB: mebibytes(inner(inner(mig, 'fb_memory_usage') ?? '', 'total')),
  };
}

/** "8188 MiB" */
export function mebibytes(text: string | null | undefined): number | null {
  const amount = /^\s*(\d{1,9}) ?MiB\s*$/.exec(text ?? '')?.[1];
  return amount === undefined ? null : plausibleMiB(Number(amount));
}

/** What the first element of this name holds; null without one. */
function inner(text: string, name: string): string | null {
  const start = text.indexOf(`<${name}>`);
  if (start < 0) return null;
  const from = start + name.length + 2;
  const end = text.indexOf(`</${name}>`, from);
  return end < 0 ? null : text.slice(from, end).trim();
}

/** The elements of this name, with their tags. */
function blocks(text: string, name: string, most: number): readonly string[] {
  const found: string[] = [];
  for (let from = 0; found.length < most;) {
    const next = new RegExp(`<${name}[ >]`).exec(text.slice(from));
    if (next === null) break;
    const start = from + next.index;
    const end = text.indexOf(`</${name}>`, start);
    if (end < 0) break;
    found.push(text.slice(start, end));
    from = end;
  }
  return found;
}
