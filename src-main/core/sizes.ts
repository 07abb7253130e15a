/** Runner sizes (design 5): what one runner of each size gets on this host, and how many fit beside each other. */
import type { SizeOffer } from '../contract/host.ts';
import type { Pool, Size } from '../contract/pool.ts';

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

/**
 * What each size means on a host after `reserve`, in absolute numbers. A host smaller than a size offers one
 * runner of what it has, with a note; null where nothing is left, and for `gpu` while no GPU is known.
 */
export function sizesOf(
  total: CoresAndMemory,
  reserve: CoresAndMemory,
): Readonly<Record<Size, SizeOffer | null>> {
  const free = {
    cores: Math.max(0, total.cores - reserve.cores),
    memoryMiB: Math.max(0, total.memoryMiB - reserve.memoryMiB),
  };
  return {
    standard: offerOf('standard', free),
    large: offerOf('large', free),
    multi: offerOf('multi', free),
    gpu: null,
  };
}

function offerOf(size: keyof typeof rules, free: CoresAndMemory): SizeOffer | null {
  const { least, most } = rules[size];
  const runners = Math.floor(Math.min(free.cores / least.cores, free.memoryMiB / least.memoryMiB));
  const share = Math.max(1, runners);
  const cores = steps(Math.min(free.cores / share, most.cores), free.cores < 1 ? 0.1 : 1);
  const memoryMiB = steps(Math.min(free.memoryMiB / share, most.memoryMiB), free.memoryMiB < step ? 1 : step);
  if (cores <= 0 || memoryMiB <= 0) return null;
  if (runners >= 1) return { cores, memoryMiB, runners, note: null };
  const has = `${coresText(cores)} and ${memoryText(memoryMiB)}`;
  const wants = `${coresText(least.cores)} and ${memoryText(least.memoryMiB)}`;
  return {
    cores,
    memoryMiB,
    runners: 1,
    note: `This machine has ${has} to give, less than the ${wants} of the size ${size}.`,
  };
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
