/** All graphics cards of the machine: what the bus shows, what each vendor's tools say, what the catalogue adds. */
import type { Gpu } from '../../../contract/host.ts';
import type { Problem } from '../../../contract/problem.ts';
import type { Catalogue, GpuModel } from '../../../core/catalogue.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import type { Door } from '../door.ts';
import { probeInstaller } from '../installer.ts';
import { amdSightings } from './amd.ts';
import { macSightings } from './apple.ts';
import { boardSightings } from './boards.ts';
import { drmSightings } from './drm.ts';
import { intelSightings } from './intel.ts';
import { joinSightings } from './join.ts';
import { knownCard } from './known-card.ts';
import { nvidiaKernelCards, nvidiaKernelDriver, nvidiaSightings } from './nvidia.ts';
import { pciSightings, readPci } from './pci.ts';
import { processorGraphics } from './processor-graphics.ts';
import { readiness } from './readiness.ts';
import type { GpuVendor, Sighting } from './sighting.ts';
import { windowsSightings } from './windows.ts';

export interface GpusAnswer {
  readonly gpus: readonly Gpu[];
  /** Tools that were there and told nothing, of cards that nothing else shows. */
  readonly problems: readonly { readonly vendor: GpuVendor; readonly problem: Problem }[];
}

export interface GpuOptions {
  /** The machine's memory after limits, MiB; 0 where unknown. */
  readonly memoryMiB: Promise<number>;
  /** Models that the owner added. */
  readonly models: Promise<readonly GpuModel[]>;
}

const order: readonly GpuVendor[] = ['NVIDIA', 'AMD', 'Intel', 'Apple', 'Qualcomm'];

/** More cards than this is a damaged answer. */
const mostGpus = 256;

export async function probeGpus(door: Door, options: GpuOptions): Promise<GpusAnswer> {
  // Only where there is a card to be found in it.
  const catalogued = async () => loadCatalogue(await options.models);
  const seen = await bystanders(door);
  const ofVendor = (vendor: GpuVendor): readonly Sighting[] => seen.filter((card) => card.vendor === vendor);
  const [nvidia, amd, intel, driver, kfd, installer, graphics, memoryMiB] = await Promise.all([
    nvidiaSightings(door, catalogued),
    amdSightings(door, ofVendor('AMD'), catalogued),
    intelSightings(door, ofVendor('Intel')),
    nvidiaKernelDriver(door),
    door.access('/dev/kfd'),
    probeInstaller(door),
    processorGraphics(door),
    options.memoryMiB,
  ]);
  const failures = new Map<GpuVendor, Problem | null>([
    ['NVIDIA', nvidia.problem],
    ['AMD', amd.problem],
    ['Intel', intel.problem],
  ]);
  const cards = joinSightings([nvidia.cards, amd.cards, intel.cards, seen])
    .map((card) => (card.vendor === 'NVIDIA' && card.driver === null ? { ...card, driver } : card))
    .sort((a, b) => order.indexOf(a.vendor) - order.indexOf(b.vendor))
    .slice(0, mostGpus);
  const gpus = await withModels(cards, catalogued, (card, index, catalogue): Gpu => {
    const known = knownCard(card, { catalogue, processorGraphics: graphics, memoryMiB });
    const around = {
      installer,
      failure: failures.get(card.vendor) ?? null,
      kfd,
      linux: door.platform === 'linux',
      architecture: known.architecture,
    };
    return { ...known, index, ...readiness(card, around) };
  });
  const told = new Set(gpus.map((gpu) => gpu.vendor));
  const problems = [...failures].flatMap(([vendor, problem]) =>
    problem === null || told.has(vendor) ? [] : [{ vendor, problem }],
  );
  return { gpus, problems };
}

async function withModels(
  cards: readonly Sighting[],
  catalogued: () => Promise<Catalogue>,
  known: (card: Sighting, index: number, catalogue: Catalogue) => Gpu,
): Promise<readonly Gpu[]> {
  if (cards.length === 0) return [];
  const catalogue = await catalogued();
  return cards.map((card, index) => known(card, index, catalogue));
}

/** What is seen of cards without asking a vendor's tool. */
async function bystanders(door: Door): Promise<readonly Sighting[]> {
  const [held, bus, displays, mac, windows, boards] = await Promise.all([
    nvidiaKernelCards(door),
    readPci(door).then((devices) => pciSightings(door, devices ?? [])),
    drmSightings(door),
    macSightings(door),
    windowsSightings(door),
    boardSightings(door),
  ]);
  return joinSightings([boards, bus, held, displays, mac, windows]);
}
