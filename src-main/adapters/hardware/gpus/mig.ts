/** MIG: slices of a card, each of which a job sees as a card of its own. */
import type { Gpu } from '../../../contract/host.ts';

export interface MigInstance {
  readonly gpuInstance: number | null;
  readonly computeInstance: number | null;
  readonly processors: number | null;
  readonly memoryMiB: number | null;
}

type Slice = Gpu['slices'][number];

/**
 * Multiprocessors of a seventh of a card, by generation: a slice "3g" has three of them. NVIDIA's MIG user guide;
 * cards of other generations are cut otherwise.
 */
const processorsOfSeventh: Readonly<Record<string, number>> = { Ampere: 14, Hopper: 16 };

/** A slice by its numbers, for answers that name no profile: "1g.20gb", or "20gb" where the cut is unknown. */
export function sliceOf(
  mig: MigInstance,
  card: { readonly uuid: string | null; readonly architecture: string | null },
): Slice {
  const seventh = processorsOfSeventh[card.architecture ?? ''];
  const gigabytes = mig.memoryMiB === null ? null : `${Math.ceil(mig.memoryMiB / 1024)}gb`;
  const parts =
    seventh === undefined || mig.processors === null
      ? null
      : `${Math.min(7, Math.max(1, Math.floor(mig.processors / seventh)))}g`;
  return {
    profile: [parts, gigabytes].filter((part) => part !== null).join('.') || 'unknown',
    memoryMiB: mig.memoryMiB,
    // How MIG devices were called before they had uuids; the driver still takes it.
    id: `MIG-${card.uuid ?? 'GPU'}/${mig.gpuInstance ?? 0}/${mig.computeInstance ?? 0}`,
  };
}

/** A line "  MIG 3g.40gb     Device  0: (UUID: MIG-…)" of `nvidia-smi -L`. */
const line =
  /^\s+MIG (\d{1,2}(?:c\.\d{1,2})?g\.\d{1,4}gb\S{0,16})\s+Device\s+\d{1,2}: \(UUID: ([\w/-]{4,80})\)/gm;

/** Names and uuids of the slices of one card's part of that list, in its order. */
export function listedSlices(text: string): readonly Pick<Slice, 'profile' | 'id'>[] {
  return [...text.matchAll(line)].map(([, profile = '', id = '']) => ({ profile, id }));
}

/** The slices with the names that the list gives them; both go by the number of the device. */
export function namedSlices(
  slices: readonly Slice[],
  listed: readonly Pick<Slice, 'profile' | 'id'>[],
): readonly Slice[] {
  if (slices.length === 0) return listed.map((slice) => ({ ...slice, memoryMiB: sizeOf(slice.profile) }));
  if (slices.length !== listed.length) return slices;
  return slices.map((slice, i) => ({
    ...slice,
    profile: listed[i]?.profile ?? slice.profile,
    id: listed[i]?.id ?? slice.id,
  }));
}

function sizeOf(profile: string): number | null {
  const gigabytes = /\.(\d{1,4})gb/.exec(profile)?.[1];
  return gigabytes === undefined ? null : Number(gigabytes) * 1024;
}
