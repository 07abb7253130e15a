/** Labels: what a job asks for and what a runner offers. Forges compare them without regard to case. */
import type { Capability, Gpu, Os } from '../contract/host.ts';
import type { Arch } from '../contract/job.ts';
import type { Pool } from '../contract/pool.ts';
import { acceleratorOf } from './accelerators.ts';

/** A label as it is compared: trimmed, in lower case. */
export function normalise(label: string): string {
  return label.trim().toLowerCase();
}

/** What labels follow from: where cards and capabilities are not given, those of the system alone. */
export interface LabelledHost {
  readonly os: Os;
  readonly arch: Arch;
  readonly gpus?: readonly Gpu[];
  readonly capabilities?: readonly Capability[];
}

/**
 * The labels that this host may offer: those of every native runner, then those of its graphics cards. Only what is
 * ready is published; engines and emulation add theirs once a run has proved them.
 */
export function labelsOf(host: LabelledHost): readonly string[] {
  return ['self-hosted', host.os, host.arch, ...gpuLabelsOf(host)];
}

const apiLabels: Readonly<Record<string, string>> = {
  CUDA: 'cuda',
  ROCm: 'rocm',
  Metal: 'metal',
  'Level Zero': 'level-zero',
};

function gpuLabelsOf({ gpus = [], capabilities = [] }: LabelledHost): readonly string[] {
  const usable = gpus
    .map(acceleratorOf)
    .filter((a) => a.missing === null && (a.inference || a.gpu.memoryKind === 'dedicated'))
    .map((a) => a.gpu);
  if (usable.length === 0) return [];
  const uses = (['inference', 'training'] as const).filter((id) =>
    capabilities.some((c) => c.id === id && c.ready && c.devices.length > 0),
  );
  const labels = [
    'gpu',
    ...usable.map((gpu) => normalise(gpu.vendor)),
    ...usable.flatMap((gpu) => apiLabels[gpu.api?.name ?? ''] ?? []),
    ...usable.flatMap(memoryLabels),
    ...uses,
  ];
  return [...new Set(labels)];
}

/** Sizes that cards are sold with, GiB. */
const marketed = [
  1, 2, 3, 4, 5, 6, 8, 10, 11, 12, 16, 20, 24, 32, 40, 48, 64, 80, 94, 96, 120, 128, 141, 180, 192, 256, 288,
  512,
];

/**
 * "vram-24gb": the size sold, else the next that is sold. A job sees one slice of a card that is cut; of memory that
 * the machine shares it can count on what it may fill.
 */
function memoryLabels(gpu: Gpu): readonly string[] {
  const up = (memoryMiB: number): number | undefined => marketed.find((gib) => gib * 1024 >= memoryMiB);
  const down = (memoryMiB: number): number | undefined =>
    marketed.filter((gib) => gib * 1024 <= memoryMiB).at(-1);
  const sizes =
    gpu.slices.length > 0
      ? gpu.slices.map((slice) => (slice.memoryMiB === null ? undefined : up(slice.memoryMiB)))
      : gpu.memoryKind === 'unified' || gpu.memoryKind === 'shared'
        ? [gpu.usableMiB === null ? undefined : down(gpu.usableMiB)]
        : [gpu.soldMiB !== null ? Math.round(gpu.soldMiB / 1024) : up(gpu.memoryMiB ?? Infinity)];
  return sizes.filter((gib) => gib !== undefined).map((gib) => `vram-${gib}gb`);
}

/** Labels that only runners with a graphics card carry: a job that asks for one must get a card of its own. */
export function isGpuLabel(label: string): boolean {
  return /^(?:gpu|nvidia|amd|intel|apple|qualcomm|cuda|rocm|metal|level-zero|inference|training|vram-\d+gb)$/.test(
    normalise(label),
  );
}

/**
 * The labels that the runners of a pool carry: the host's and the pool's own. Large and GPU pools, and those of a
 * foreign architecture, leave the general ones out, so that no small job takes a runner that a special one needs.
 */
export function labelsOfPool(
  pool: Pick<Pool, 'arch' | 'size' | 'labels'>,
  host: { readonly arch: Arch; readonly labels: readonly string[] },
): readonly string[] {
  const own = pool.arch === host.arch ? host.labels : [];
  const special =
    pool.size === 'gpu' ? ['gpu', ...own.filter(isGpuLabel)] : pool.size === 'large' ? ['large'] : [];
  const general = special.length === 0 ? own.filter((label) => !isGpuLabel(label)) : [];
  return [...new Set([...general, ...special, ...pool.labels].map(normalise))];
}

/** What is true of the runners of a pool without being carried: a runner made for a job may carry it with the job. */
export function impliedLabels(
  pool: Pick<Pool, 'arch' | 'size'>,
  host: { readonly arch: Arch; readonly labels: readonly string[] },
): readonly string[] {
  const isSpecial = pool.size === 'gpu' || pool.size === 'large';
  return isSpecial && pool.arch === host.arch ? host.labels.filter((label) => !isGpuLabel(label)) : [];
}

/**
 * Does a runner with these labels take this job? The architecture must be the same and each label of the job must be
 * offered; a job without labels goes to any runner of its architecture. `implied` labels do beside one that is offered:
 * who asks for linux and large gets a large one, who asks for linux alone does not.
 */
export function matches(
  jobLabels: readonly string[],
  jobArch: Arch,
  offered: readonly string[],
  offeredArch: Arch,
  implied: readonly string[] = [],
): boolean {
  if (jobArch !== offeredArch) return false;
  const offers = offered.map(normalise);
  const others = jobLabels.filter((label) => !offersLabel(offers, label));
  if (others.length === 0) return true;
  return others.length < jobLabels.length && others.every((label) => implied.includes(normalise(label)));
}

/** Is this label among those offered? A card with more memory than a job asks for will do: a runner made for the job carries the job's own label. */
export function offersLabel(offered: readonly string[], label: string): boolean {
  const wanted = normalise(label);
  if (offered.includes(wanted)) return true;
  const size = vramOf(wanted);
  return size !== null && offered.some((offer) => (vramOf(offer) ?? 0) >= size);
}

/** The gigabytes of a label "vram-24gb"; null for others. */
export function vramOf(label: string): number | null {
  const gigabytes = /^vram-(\d{1,4})gb$/.exec(normalise(label))?.[1];
  return gigabytes === undefined ? null : Number(gigabytes);
}
