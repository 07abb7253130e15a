/** Runner sizes (design 5): what one runner of each size gets on this host, and how many fit beside each other. */
import type { HostProfile, LogicalCpu, SizeOffer } from '../contract/host.ts';
import type { Pool, Size } from '../contract/pool.ts';
import { acceleratorOf } from './accelerators.ts';

/** What there is, or what is kept back from it. Cores are logical CPUs; fractions are allowed. */
export interface CoresAndMemory {
  readonly cores: number;
  readonly memoryMiB: number;
}

interface SizeRule {
  readonly least: CoresAndMemory;
  readonly most: CoresAndMemory;
}

const GiB = 1024;

const rules: Readonly<Record<Exclude<Size, 'gpu'>, SizeRule>> = {
  standard: { least: { cores: 4, memoryMiB: 8 * GiB }, most: { cores: 8, memoryMiB: 16 * GiB } },
  large: { least: { cores: 10, memoryMiB: 16 * GiB }, most: { cores: Infinity, memoryMiB: Infinity } },
  multi: { least: { cores: 4, memoryMiB: 6 * GiB }, most: { cores: 4, memoryMiB: 6 * GiB } },
};

/** Memory is offered in steps of this many MiB, so that the numbers are ones that people say. */
const step = GiB / 2;

/** What else the sizes are fitted to. */
export interface Shape {
  /** Logical CPUs of a core where all cores have as many; then runners get whole cores. */
  readonly threadsPerCore: number;
  /** Logical CPUs of the largest NUMA node: a large runner stays within one. Infinity on one node. */
  readonly nodeCores: number;
  /** Graphics cards, or slices of them, that jobs can use. */
  readonly gpus: number;
}

const plain: Shape = { threadsPerCore: 1, nodeCores: Infinity, gpus: 0 };

/** Sibling threads stay together and nodes whole as far as the kernel tells of them. */
export function shapeOf(host: Pick<HostProfile, 'cpu' | 'gpus'>): Shape {
  const { topology } = host.cpu;
  const count = (of: (cpu: LogicalCpu) => number): readonly number[] => {
    const counts = new Map<number, number>();
    for (const cpu of topology) counts.set(of(cpu), (counts.get(of(cpu)) ?? 0) + 1);
    return [...counts.values()];
  };
  const perCore = [...new Set(count((cpu) => cpu.core))];
  const perNode = count((cpu) => cpu.node);
  const usable = host.gpus.map(acceleratorOf).filter((a) => a.missing === null && a.inference);
  return {
    threadsPerCore: perCore.length === 1 ? (perCore[0] ?? 1) : 1,
    nodeCores: perNode.length > 1 ? Math.max(...perNode) : Infinity,
    gpus: usable.reduce((sum, { gpu }) => sum + Math.max(1, gpu.slices.length), 0),
  };
}

/**
 * What each size means on a host after `reserve`, in absolute numbers. A host smaller than a size offers one
 * runner of what it has, with a note; null where nothing is left, and for `gpu` where no card can be used.
 */
export function sizesOf(
  total: CoresAndMemory,
  reserve: CoresAndMemory,
  shape: Shape = plain,
): Readonly<Record<Size, SizeOffer | null>> {
  const free = {
    cores: Math.max(0, total.cores - reserve.cores),
    memoryMiB: Math.max(0, total.memoryMiB - reserve.memoryMiB),
  };
  return {
    standard: offerOf('standard', free, shape),
    large: offerOf('large', free, shape),
    multi: offerOf('multi', free, shape),
    gpu: gpuOffer(free, shape),
  };
}

function offerOf(size: keyof typeof rules, free: CoresAndMemory, shape: Shape = plain): SizeOffer | null {
  const { least, most } = rules[size];
  const runners = Math.floor(Math.min(free.cores / least.cores, free.memoryMiB / least.memoryMiB));
  // A node that is smaller than the size is split all the same.
  const node = size === 'large' && shape.nodeCores >= least.cores ? shape.nodeCores : Infinity;
  const offer = shareOf(free, Math.max(1, runners), { ...most, cores: Math.min(most.cores, node) }, shape);
  if (offer === null) return null;
  if (runners >= 1) return { ...offer, runners, note: null };
  return { ...offer, runners: 1, note: shortNote(size, free) };
}

/** Only what is short: that there is memory enough helps nobody. */
function shortNote(size: keyof typeof rules, free: CoresAndMemory): string {
  const { least } = rules[size];
  const list = (of: CoresAndMemory): string =>
    [
      ...(free.cores < least.cores ? [coresText(steps(of.cores, of.cores < 1 ? 0.1 : 1))] : []),
      ...(free.memoryMiB < least.memoryMiB ? [memoryText(of.memoryMiB)] : []),
    ].join(' and ');
  return `The size ${size} asks for ${list(least)}, and this machine has ${list(free)} to give.`;
}

/** The least cores of a runner with a card (design 5). */
const gpuCores = 4;

/** A runner for each card or slice; cores and memory in equal parts. */
function gpuOffer(free: CoresAndMemory, shape: Shape): SizeOffer | null {
  if (shape.gpus === 0) return null;
  const most = { cores: Infinity, memoryMiB: Infinity };
  const runners = Math.max(1, Math.min(shape.gpus, Math.floor(free.cores / gpuCores)));
  const offer = shareOf(free, runners, most, shape);
  if (offer === null) return null;
  const few = free.cores < gpuCores * shape.gpus;
  const cards = shape.gpus === 1 ? '1 card' : `${shape.gpus} cards`;
  return {
    ...offer,
    runners,
    gpus: 1,
    note: few
      ? `This machine has ${coresText(steps(free.cores, 1))} to give for ${cards}, less than ${gpuCores} for each.`
      : null,
  };
}

/** One of `parts` equal parts; null where nothing is left. */
function shareOf(
  free: CoresAndMemory,
  parts: number,
  most: CoresAndMemory,
  { threadsPerCore }: Shape,
): CoresAndMemory | null {
  const share = Math.min(free.cores / parts, most.cores);
  const unit = free.cores < 1 ? 0.1 : share >= threadsPerCore ? threadsPerCore : 1;
  const cores = steps(share, unit);
  const memory = Math.min(free.memoryMiB / parts, most.memoryMiB);
  const memoryMiB = steps(memory, free.memoryMiB < step ? 1 : step);
  return cores <= 0 || memoryMiB <= 0 ? null : { cores, memoryMiB };
}

/** Down to a multiple of `unit`; the rounding keeps tenths free of binary dust. */
function steps(value: number, unit: number): number {
  return Math.round(Math.floor(value / unit + 1e-9) * unit * 10) / 10;
}

/**
 * What one runner of a pool gets: the owner's own numbers where set, else those of its size on this host.
 * `free` is what the reserve leaves, for hosts that do not offer the size.
 */
export function runnerResources(
  pool: Pick<Pool, 'cores' | 'memoryMiB'>,
  offer: SizeOffer | null,
  free: CoresAndMemory,
): CoresAndMemory {
  const usual = offer ?? offerOf('standard', free) ?? smallest;
  return { cores: pool.cores ?? usual.cores, memoryMiB: pool.memoryMiB ?? usual.memoryMiB };
}

/** What a runner is planned with where nothing is left; the budget then says that it does not fit. */
const smallest: CoresAndMemory = { cores: 1, memoryMiB: GiB };

/** "1 core", "4 cores", "0.5 cores". */
export function coresText(cores: number): string {
  return `${cores} ${cores === 1 ? 'core' : 'cores'}`;
}

/** "512 MiB", "7.5 GiB", "64 GiB": one decimal below 32 GiB, whole numbers above. */
export function memoryText(memoryMiB: number): string {
  if (memoryMiB < GiB) return `${Math.round(memoryMiB)} MiB`;
  const gib = memoryMiB / GiB;
  return `${gib < 32 ? Math.round(gib * 10) / 10 : Math.round(gib)} GiB`;
}
