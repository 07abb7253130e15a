/**
 * Which model of the catalogue a graphics card is: by PCI id, by exact spelling, by revision and memory where several
 * are left. Never by a part of a name: an A10 is no A100.
 */
import { normaliseName } from './gpu-names.ts';

export type MemoryKind = 'dedicated' | 'unified' | 'shared';
export type Segment = 'consumer' | 'laptop' | 'professional' | 'datacenter' | 'embedded' | 'integrated';

export interface GpuModel {
  readonly vendor: string;
  readonly model: string;
  /** Normalised, the model's own among them. */
  readonly names: readonly string[];
  /** "10de:2684" */
  readonly pciIds: readonly string[];
  /** AMD's "744c:c8": device and revision. */
  readonly revisions: readonly string[];
  readonly architecture: string | null;
  readonly segment: Segment | null;
  /** Sizes sold; empty for graphics that share the machine's memory. */
  readonly memoryMiB: readonly number[];
  readonly memoryKind: MemoryKind;
  readonly bandwidthGBs: number | null;
  readonly computeCapability: string | null;
  readonly gfxTarget: string | null;
}

export interface Catalogue {
  /** The models that one or several facts fit; empty where none does, several where the facts leave several. */
  match(card: CardFacts): readonly GpuModel[];
  /** What the driver prints for an id that stands for one form of a model in several. */
  spelling(pciId: string): string | null;
}

/** What is known of a card before the catalogue is asked. */
export interface CardFacts {
  readonly vendor: string;
  readonly pciId: string | null;
  /** AMD's, two hex digits. */
  readonly revision: string | null;
  readonly name: string | null;
  /** As the driver reports it. */
  readonly memoryMiB: number | null;
}

/** What the rest of a longer name may say without naming another model. */
const harmless =
  /^(?: (?:\d+ ?gb|pcie|sxm\d?|hbm\d?e?|nvl|graphics|gpu|series|oam|ac|mba|hf|vf|\([^()]*\)))+$/;

export function createCatalogue(
  models: readonly GpuModel[],
  spellings: Readonly<Record<string, string>>,
): Catalogue {
  const byId = new Map<string, GpuModel[]>();
  const byName = new Map<string, GpuModel[]>();
  for (const model of models) {
    for (const id of model.pciIds) add(byId, id, model);
    for (const name of model.names) add(byName, `${model.vendor} ${name}`, model);
  }
  const named = (vendor: string, name: string): readonly GpuModel[] => {
    const plain = normaliseName(name);
    const exact = byName.get(`${vendor} ${plain}`);
    if (exact !== undefined) return exact;
    // The longest name that ends at a word, with nothing behind it that could be another model's.
    for (let end = plain.lastIndexOf(' '); end > 0; end = plain.lastIndexOf(' ', end - 1)) {
      const found = byName.get(`${vendor} ${plain.slice(0, end)}`);
      if (found !== undefined) return harmless.test(plain.slice(end)) ? found : [];
    }
    return [];
  };
  return {
    match(card) {
      const ids = (card.pciId === null ? undefined : byId.get(card.pciId)) ?? [];
      const names = card.name === null ? [] : named(card.vendor, card.name);
      return narrowed(agreed(ids, names), card);
    },
    spelling: (pciId) => spellings[pciId] ?? null,
  };
}

function add(index: Map<string, GpuModel[]>, key: string, model: GpuModel): void {
  const list = index.get(key);
  if (list === undefined) index.set(key, [model]);
  else list.push(model);
}

/** Those that fit id and name; where the two disagree the name of one model wins: some makers' ids print another's. */
function agreed(ids: readonly GpuModel[], names: readonly GpuModel[]): readonly GpuModel[] {
  if (ids.length === 0) return names;
  if (names.length === 0) return ids;
  const both = ids.filter((model) => names.includes(model));
  if (both.length > 0) return both;
  return names.length === 1 ? names : ids;
}

function narrowed(models: readonly GpuModel[], card: CardFacts): readonly GpuModel[] {
  const revision = card.revision === null ? null : `${card.pciId?.slice(5) ?? ''}:${card.revision}`;
  const byRevision = models.filter((model) => revision !== null && model.revisions.includes(revision));
  const left = byRevision.length > 0 ? byRevision : models;
  if (left.length < 2 || card.memoryMiB === null) return left;
  const { memoryMiB } = card;
  const bySize = left.filter((model) => model.memoryMiB.some((size) => fitsSize(memoryMiB, size)));
  return bySize.length > 0 ? bySize : left;
}

/** Tools report up to 8 percent less than what was sold (error correction, firmware), never over 2 percent more. */
export function fitsSize(reportedMiB: number, soldMiB: number): boolean {
  return reportedMiB >= soldMiB * 0.92 && reportedMiB <= soldMiB * 1.02;
}

/** What all of these models have in common; null where they differ or there is none. */
export function common<T>(models: readonly GpuModel[], of: (model: GpuModel) => T | null): T | null {
  const [first, ...rest] = models.map(of);
  return first !== undefined && rest.every((value) => value === first) ? first : null;
}

/** The size sold, in MiB, that this memory is of; without a report the one size that all models have. */
export function soldSize(models: readonly GpuModel[], reportedMiB: number | null): number | null {
  const sizes = [...new Set(models.flatMap((model) => model.memoryMiB))];
  if (reportedMiB === null) return sizes.length === 1 ? (sizes[0] ?? null) : null;
  const fitting = sizes.filter((size) => fitsSize(reportedMiB, size));
  return fitting.sort((a, b) => Math.abs(a - reportedMiB) - Math.abs(b - reportedMiB))[0] ?? null;
}
