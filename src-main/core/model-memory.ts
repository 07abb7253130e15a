/** How much memory language models take, and which are the largest that fit. All sizes in GiB (2^30 bytes). */

export const precisions = ['4-bit', '8-bit', '16-bit'] as const;
export type Precision = (typeof precisions)[number];

/** Bytes a parameter: llama.cpp's table of quantizations (Q4_K_M has 4.83 to 4.85 bits, Q8_0 8.5). */
const bytesOfParameter: Readonly<Record<Precision, number>> = { '4-bit': 0.61, '8-bit': 1.06, '16-bit': 2 };

/** Sizes that models are published in, in thousand millions of parameters. */
const published = [1, 3, 7, 8, 14, 34, 70, 123, 235, 405, 671];

/** What a runtime takes beside weights and cache: its buffers and the driver's context. */
const runtimeGiB = 1;

/** Weights, the cache of a context of 8192 tokens, and the runtime. */
export function inferenceGiB(billions: number, precision: Precision): number {
  return weightsGiB(billions, precision) + cacheGiB(billions) + runtimeGiB;
}

export function weightsGiB(billions: number, precision: Precision): number {
  return (billions * 1e9 * bytesOfParameter[precision]) / 2 ** 30;
}

/**
 * Keys and values of 8192 tokens in 16 bit with grouped queries: 2 * layers * heads * 128 * 2 bytes a token, 1.0 GiB
 * for Llama 3 8B and 2.6 for 70B; others lie on the line between.
 */
function cacheGiB(billions: number): number {
  return Math.max(0.3, 1 + (billions - 8) * 0.026);
}

/** The largest published model that fits, in thousand millions of parameters; null where none does. */
export function largestModel(memoryGiB: number, precision: Precision): number | null {
  const fitting = published.filter((billions) => inferenceGiB(billions, precision) <= memoryGiB);
  return fitting.at(-1) ?? null;
}

/** "34B in 4-bit; 8B in 16-bit": the largest model at all, and the largest in full precision where there is one. */
export function modelsText(memoryGiB: number): string | null {
  const small = largestModel(memoryGiB, '4-bit');
  if (small === null) return null;
  const full = largestModel(memoryGiB, '16-bit');
  return [`${small}B in 4-bit`, ...(full === null ? [] : [`${full}B in 16-bit`])].join('; ');
}

export const methods = ['full', 'LoRA', 'QLoRA'] as const;
export type Method = (typeof methods)[number];

/**
 * Memory in GB (10^9 bytes) that training takes by the size of the model. Source: LLaMA-Factory's table of hardware
 * requirements (full in pure bf16, LoRA in 16 bit, QLoRA in 4 bit); for QLoRA of 7B, 8 instead of its 6, since
 * measurements with usual lengths lie between 8 and 12.
 */
const trainingGB: Readonly<Record<Method, readonly (readonly [billions: number, gigabytes: number])[]>> = {
  full: [
    [7, 60],
    [13, 120],
    [30, 300],
    [70, 600],
  ],
  LoRA: [
    [7, 16],
    [13, 32],
    [30, 64],
    [70, 160],
  ],
  QLoRA: [
    [7, 8],
    [13, 12],
    [30, 24],
    [70, 48],
  ],
};

/** The largest model that can be trained in this way; null where none can. */
export function largestTrained(memoryGiB: number, method: Method): number | null {
  const gigabytes = (memoryGiB * 2 ** 30) / 1e9;
  return trainingGB[method].filter(([, needed]) => needed <= gigabytes).at(-1)?.[0] ?? null;
}
