/** What AMD's compiler targets tell of a card. Source: LLVM, User Guide for AMDGPU Backend. */

const architectures: readonly (readonly [RegExp, string])[] = [
  [/^gfx7/, 'GCN 2'],
  [/^gfx80/, 'GCN 3'],
  [/^gfx81/, 'GCN 3'],
  [/^gfx90[02-9]$|^gfx90c$/, 'GCN 5 (Vega)'],
  [/^gfx90a$/, 'CDNA 2'],
  [/^gfx94/, 'CDNA 3'],
  [/^gfx95/, 'CDNA 4'],
  [/^gfx101/, 'RDNA 1'],
  [/^gfx103/, 'RDNA 2'],
  [/^gfx110/, 'RDNA 3'],
  [/^gfx115/, 'RDNA 3.5'],
  [/^gfx12/, 'RDNA 4'],
];

export function architectureOfGfx(target: string): string | null {
  if (target === 'gfx908') return 'CDNA';
  return architectures.find(([pattern]) => pattern.test(target))?.[1] ?? null;
}

/** Targets of graphics that are a part of the processor. */
export function isIntegratedGfx(target: string): boolean {
  return /^gfx(?:902|909|90c|1013|1033|1035|1036|1037|1103|115\d)$/.test(target);
}
