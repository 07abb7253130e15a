/** Inference: running language models, on the graphics cards or on the processor. */
import type { Capability, HostProfile, Tier } from '../contract/host.ts';
import type { Accelerator } from './accelerators.ts';
import { largestModel, modelsText, weightsGiB } from './model-memory.ts';
import type { CoresAndMemory } from './sizes.ts';

type Host = Pick<HostProfile, 'arch' | 'cpu' | 'memoryMiB'>;

/** One capability: of the cards where one can do it, with the processor named beside those that are not ready. */
export function inferenceOf(
  host: Host,
  accelerators: readonly Accelerator[],
  reserve: CoresAndMemory,
): readonly Capability[] {
  const able = accelerators.filter((a) => a.inference && tierOf(a) !== 'none');
  const ready = able.filter((a) => a.missing === null);
  const cpu = onProcessor(host, reserve);
  const chosen = ready.length > 0 ? ready : able;
  const best = bestOf(chosen);
  if (best === null) return cpu === null ? [] : [cpu];
  const alone = `${modelsText(best.memoryGiB ?? 0) ?? ''}${chosen.length > 1 ? ' on one card' : ''}`;
  const limits = [
    alone,
    togetherText(chosen, best),
    ...(ready.length === 0 && cpu !== null ? [cpu.limit] : []),
  ];
  return [
    {
      id: 'inference',
      arch: host.arch,
      tier: tierOf(best),
      ready: ready.length > 0,
      limit: limits.filter((limit) => limit !== null).join('; '),
      why: chosen.map(acceleratorFacts).join(' '),
      devices: chosen.map((a) => a.gpu.index),
      missing: ready.length > 0 ? null : best.missing,
    },
  ];
}

/** The one with the most memory, the faster of equals. */
export function bestOf(accelerators: readonly Accelerator[]): Accelerator | null {
  const sorted = [...accelerators].sort(
    (a, b) =>
      (b.memoryGiB ?? 0) - (a.memoryGiB ?? 0) || (b.gpu.bandwidthGBs ?? 0) - (a.gpu.bandwidthGBs ?? 0),
  );
  return sorted[0] ?? null;
}

/** GB a second from which memory that is shared with the processor is faster than what processors have by themselves. */
const fastGBs = 200;

/**
 * By the largest model that fits. Data centre: 70B in 8-bit on one card with memory of its own; high: 32B in 4-bit (of
 * unified memory half as much again, since the system lives in it too); standard: 8B in 8-bit or 14B in 4-bit.
 */
function tierOf({ gpu, memoryGiB }: Accelerator): Tier {
  const memory = memoryGiB ?? 0;
  const dedicated = gpu.memoryKind === 'dedicated' || gpu.memoryKind === null;
  const small = largestModel(memory, '4-bit') ?? 0;
  if (small < 3) return 'none';
  if (gpu.memoryKind === 'shared' && (gpu.bandwidthGBs ?? 0) < fastGBs) return 'entry';
  if (dedicated && (largestModel(memory, '8-bit') ?? 0) >= 70) return 'datacenter';
  if (small >= 34 && (dedicated || memory >= 36)) return 'high';
  return small >= 14 ? 'standard' : 'entry';
}

/** Layers of one model spread over the cards of a vendor, which must all be there for it. */
function togetherText(accelerators: readonly Accelerator[], best: Accelerator): string | null {
  const same = accelerators.filter(
    (a) => a.gpu.vendor === best.gpu.vendor && a.gpu.memoryKind === 'dedicated',
  );
  // A program sees one slice of a card that is cut.
  if (same.length < 2 || same.some((a) => a.gpu.slices.length > 0)) return null;
  const sum = same.reduce((total, a) => total + (a.memoryGiB ?? 0), 0);
  const models = modelsText(sum);
  return models === null ? null : `${models} on ${same.length} cards together`;
}

/** What is known of a card, and how fast the largest model can be at most: all weights are read for each token. */
export function acceleratorFacts({ gpu, name, memoryGiB }: Accelerator): string {
  const memory = memoryGiB ?? 0;
  const slice = gpu.slices.length > 0 ? 'in its largest slice' : null;
  const shared =
    gpu.memoryKind === 'dedicated' || gpu.memoryKind === null ? null : `of ${gpu.memoryKind} memory`;
  const model = largestModel(memory, '4-bit');
  const speed =
    gpu.bandwidthGBs === null || model === null
      ? null
      : `${gpu.bandwidthGBs} GB/s (${model}B in 4-bit: at most ${tokens(gpu.bandwidthGBs, model)} tokens a second)`;
  const parts = [
    [`${roundGiB(memory)} GiB`, shared, slice].filter((part) => part !== null).join(' '),
    speed,
    gpu.computeCapability === null ? null : `compute capability ${gpu.computeCapability}`,
    gpu.gfxTarget,
    gpu.driver === null ? null : `driver ${gpu.driver}`,
    gpu.api === null ? null : `${gpu.api.name}${gpu.api.version === null ? '' : ` ${gpu.api.version}`}`,
    gpu.ready ? null : (gpu.problem?.message.replace(/\.$/, '') ?? 'not ready'),
  ];
  return `${name}: ${parts.filter((part) => part !== null).join(', ')}.`;
}

function tokens(bandwidthGBs: number, billions: number): number {
  return Math.max(1, Math.round((bandwidthGBs * 1e9) / (weightsGiB(billions, '4-bit') * 2 ** 30)));
}

function roundGiB(gib: number): number {
  return gib < 32 ? Math.round(gib * 10) / 10 : Math.round(gib);
}

/** Vector instructions without which a processor is too slow for any use (llama.cpp's builds expect them). */
const floor = ['avx2', 'asimddp'];
/** With fewer threads nobody waits for an answer. */
const leastThreads = 4;
/** Matrix instructions that make more of it. */
const fast = ['amx_int8', 'amx_bf16', 'avx512_vnni', 'avx512_bf16', 'i8mm'];

function onProcessor(host: Host, reserve: CoresAndMemory): Capability | null {
  const { cpu } = host;
  const has = floor.find((feature) => cpu.features.includes(feature));
  const freeGiB = (host.memoryMiB - reserve.memoryMiB) / 1024;
  const model = largestModel(freeGiB, '4-bit');
  if (has === undefined || cpu.threads < leastThreads || model === null || model < 3) return null;
  const more = fast.filter((feature) => cpu.features.includes(feature));
  // Beyond this size a processor gives less than a word a second.
  const shown = Math.min(model, more.length > 0 && (cpu.cores ?? 0) >= 16 ? 70 : 14);
  return {
    id: 'inference',
    arch: host.arch,
    tier: shown > 14 ? 'standard' : 'entry',
    ready: true,
    limit: `${shown}B in 4-bit on the processor`,
    why: `${cpu.threads} threads with ${[has, ...more].join(', ')}; ${roundGiB(freeGiB)} GiB are left for a model.`,
    devices: [],
    missing: null,
  };
}
