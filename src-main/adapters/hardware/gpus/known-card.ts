/** What is seen of a card with what the catalogue knows of its model. What was measured or printed counts. */
import type { Gpu } from '../../../contract/host.ts';
import { type Catalogue, common, soldSize } from '../../../core/catalogue.ts';
import { isGeneric, productName, spokenName } from '../../../core/gpu-names.ts';
import { architectureOfGfx, isIntegratedGfx } from './gfx.ts';
import type { Sighting } from './sighting.ts';

export interface Surroundings {
  readonly catalogue: Catalogue;
  /** The graphics that the processor's name ends with ("w/ Radeon 8060S"); null without. */
  readonly processorGraphics: string | null;
  /** The machine's, after limits. */
  readonly memoryMiB: number;
}

export type KnownCard = Omit<Gpu, 'index' | 'ready' | 'problem'>;

export function knownCard(
  seen: Sighting,
  { catalogue, processorGraphics, memoryMiB }: Surroundings,
): KnownCard {
  const printed = productName(seen.name);
  const matched = catalogue.match({ ...seen, name: printed });
  const kind =
    common(matched, (model) => model.memoryKind) ??
    seen.memoryKind ??
    (seen.gfxTarget !== null && isIntegratedGfx(seen.gfxTarget) ? 'shared' : kindByName(seen, printed));
  // The processor names its own graphics, where the id stands for several.
  const told =
    kind === 'shared' && (printed === null || isGeneric(printed)) ? (processorGraphics ?? printed) : printed;
  const models = told === printed ? matched : catalogue.match({ ...seen, name: told });
  const gfxTarget = seen.gfxTarget ?? common(models, (model) => model.gfxTarget);
  const own = kind === 'unified' && seen.memoryMiB === null && memoryMiB > 0 ? memoryMiB : seen.memoryMiB;
  const soldMiB =
    kind === 'dedicated' ? soldSize(models, seen.memoryMiB ?? sizeInName(told, seen, catalogue)) : null;
  return {
    vendor: seen.vendor,
    model: modelOf(seen, told, models.length === 1 ? (models[0]?.model ?? null) : null, catalogue),
    architecture:
      seen.architecture ??
      common(models, (model) => model.architecture) ??
      (gfxTarget === null ? null : architectureOfGfx(gfxTarget)),
    memoryMiB: own,
    soldMiB,
    usableMiB: usableOf(kind, seen, memoryMiB),
    memoryKind: kind,
    bandwidthGBs: common(models, (model) => model.bandwidthGBs),
    computeCapability: seen.computeCapability ?? common(models, (model) => model.computeCapability),
    gfxTarget,
    pciId: seen.pciId,
    address: seen.address,
    uuid: seen.uuid,
    driver: seen.driver,
    api: seen.api,
    slices: seen.slices,
  };
}

/** Of a card that the catalogue does not know. */
function kindByName(seen: Sighting, name: string | null): Gpu['memoryKind'] {
  if (seen.vendor === 'Intel' && name !== null && /^(?:U?HD|Iris)\b|^Graphics$/.test(spokenName(name)))
    return 'shared';
  if (seen.vendor === 'Apple') return 'unified';
  if (seen.vendor === 'Qualcomm') return 'shared';
  // A card with a bus of its own that reports memory has it.
  return seen.vendor === 'NVIDIA' && seen.memoryMiB !== null ? 'dedicated' : null;
}

/** The size at the end of a name like "A100-SXM4-80GB", where no driver reports one. */
function sizeInName(told: string | null, seen: Sighting, catalogue: Catalogue): number | null {
  const name = told ?? (seen.pciId === null ? null : catalogue.spelling(seen.pciId));
  const gigabytes = /(?:^|[ -])(\d{1,3}) ?GB\b/.exec(name ?? '')?.[1];
  return gigabytes === undefined ? null : Number(gigabytes) * 1024;
}

/** The driver's words before ours, for they name the form; the words of a whole generation only where we have none. */
function modelOf(
  seen: Sighting,
  told: string | null,
  catalogued: string | null,
  catalogue: Catalogue,
): string | null {
  const spoken = told === null ? '' : spokenName(told);
  const usual = catalogued === null ? null : catalogued.replace(/^(.*Graphics) \([^()]*\)$/, '$1');
  if (spoken !== '' && !isGeneric(spoken)) return spoken;
  const spelling = seen.pciId === null ? null : catalogue.spelling(seen.pciId);
  return spelling ?? usual ?? (spoken === '' ? null : spoken);
}

/**
 * What a program may fill. Of unified memory three quarters (macOS lets a process use 74 to 84 percent), unless the
 * system says a limit; of shared memory what the driver says, else half of the machine's (the default of i915 and
 * amdgpu).
 */
function usableOf(kind: Gpu['memoryKind'], seen: Sighting, hostMiB: number): number | null {
  if (kind === 'dedicated') return seen.memoryMiB;
  if (hostMiB === 0) return kind === 'shared' ? seen.sharedMiB : null;
  if (kind === 'unified') return Math.min(seen.sharedMiB ?? Math.floor(hostMiB * 0.75), hostMiB);
  if (kind !== 'shared') return null;
  return Math.max(seen.memoryMiB ?? 0, Math.min(seen.sharedMiB ?? Math.floor(hostMiB / 2), hostMiB));
}
