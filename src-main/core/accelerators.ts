/** What software can do with each graphics card: what frameworks support, and how much memory a job may fill. */
import type { Gpu } from '../contract/host.ts';

export interface Accelerator {
  readonly gpu: Gpu;
  /** "GeForce RTX 4090", "AMD graphics (RDNA 2)" */
  readonly name: string;
  /** What one job may fill, GiB: of a card that is cut into slices, the largest of them. */
  readonly memoryGiB: number | null;
  readonly inference: boolean;
  readonly training: boolean;
  /** Computes in bfloat16, in which models are trained today. */
  readonly bf16: boolean;
  /** What keeps jobs from it, in sentences; null where nothing does. */
  readonly missing: string | null;
}

export function acceleratorOf(gpu: Gpu): Accelerator {
  const support = supports[gpu.vendor]?.(gpu) ?? nothing;
  const missing = gpu.ready ? outdated(gpu) : (gpu.problem?.hint ?? 'Install its driver.');
  return { gpu, name: gpuName(gpu), memoryGiB: memoryOf(gpu), ...support, missing };
}

/** Vendor and what is known of the model, as people say it. */
export function gpuName(gpu: Pick<Gpu, 'vendor' | 'model' | 'architecture'>): string {
  const { vendor, model, architecture } = gpu;
  if (model === null) return `${vendor} graphics${architecture === null ? '' : ` (${architecture})`}`;
  // "M4 Max", "A100" and "L4" say nothing without the vendor; "GeForce" and "Radeon" do.
  return /^(?:GeForce|Quadro|Tesla|TITAN|Radeon|Instinct|FirePro|Arc|Iris|Adreno)\b/.test(model)
    ? model
    : `${vendor} ${model}`;
}

function memoryOf(gpu: Gpu): number | null {
  const slices = gpu.slices.map((slice) => slice.memoryMiB).filter((size) => size !== null);
  if (slices.length > 0) return Math.max(...slices) / 1024;
  // A card whose driver is missing has what it was sold with.
  const memoryMiB = gpu.usableMiB ?? (gpu.ready ? null : gpu.soldMiB);
  return memoryMiB === null ? null : memoryMiB / 1024;
}

type Support = Pick<Accelerator, 'inference' | 'training' | 'bf16'>;
const nothing: Support = { inference: false, training: false, bf16: false };

const supports: Readonly<Partial<Record<string, (gpu: Gpu) => Support>>> = {
  NVIDIA: nvidiaSupport,
  AMD: amdSupport,
  Intel: intelSupport,
  // Metal: llama.cpp and MLX run on every chip of the M line; PyTorch (MPS) too.
  Apple: (gpu) => ({ inference: /^M\d/.test(gpu.model ?? ''), training: true, bf16: true }),
};

/**
 * llama.cpp is built for compute capability 5.0 and newer (with CUDA 12); PyTorch's wheels for CUDA 12.8 begin at
 * 7.5, those for 12.6 at 5.0; bfloat16 is in hardware from 8.0 on. A card that nobody could name is not refused.
 */
function nvidiaSupport(gpu: Gpu): Support {
  const [major, minor] = (gpu.computeCapability ?? '').split('.').map(Number);
  const capability = (major ?? 0) * 10 + (minor ?? 0);
  if (gpu.computeCapability === null) return { inference: true, training: false, bf16: false };
  return { inference: capability >= 50, training: capability >= 70, bf16: capability >= 80 };
}

/** ROCm 7.2's list of supported targets, November 2026. It moves with each release. */
const rocmListed = new Set('908 90a 942 950 1030 1100 1101 1102 1150 1151 1200 1201'.split(' '));
/** Not on that list, and built into llama.cpp's image for ROCm, or known to run with HSA_OVERRIDE_GFX_VERSION. */
const rocmRuns = new Set('900 906 1010 1012 1031 1032 1034 1035 1103 1152 1153'.split(' '));

function amdSupport(gpu: Gpu): Support {
  const target = gpu.gfxTarget?.replace('gfx', '') ?? '';
  const listed = rocmListed.has(target);
  return { inference: listed || rocmRuns.has(target), training: listed, bf16: listed };
}

/** PyTorch XPU and llama.cpp SYCL: Arc, Flex, Max and the graphics of Core Ultra. */
function intelSupport(gpu: Gpu): Support {
  const supported = /^Xe(?:-HPG|-HPC|-LPG|2|3)/.test(gpu.architecture ?? '');
  return { inference: supported, training: supported && gpu.memoryKind === 'dedicated', bf16: supported };
}

/**
 * NVIDIA: programs built with CUDA 12 need driver 525, Blackwell needs 570 (CUDA Compatibility). Older ones work, and
 * nothing that is published today runs on them.
 */
function outdated(gpu: Gpu): string | null {
  if (gpu.vendor !== 'NVIDIA' || gpu.memoryKind === 'unified' || gpu.driver === null) return null;
  const least = gpu.architecture?.startsWith('Blackwell') === true ? 570 : 525;
  const branch = Number(/^\d+/.exec(gpu.driver)?.[0] ?? Infinity);
  if (branch >= least) return null;
  return `The driver ${gpu.driver} is older than ${least}, which programs of today need: update it.`;
}
