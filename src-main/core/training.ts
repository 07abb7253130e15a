/** Training: fine-tuning language models on a graphics card. */
import type { Capability, Tier } from '../contract/host.ts';
import type { Arch } from '../contract/job.ts';
import type { Accelerator } from './accelerators.ts';
import { acceleratorFacts, bestOf } from './inference.ts';
import { largestTrained, type Method, methods } from './model-memory.ts';

/** None where no card can; a card without its driver is able, and not ready. */
export function trainingOf(arch: Arch, accelerators: readonly Accelerator[]): readonly Capability[] {
  const able = accelerators.filter((a) => a.training && tierOf(a) !== 'none');
  const ready = able.filter((a) => a.missing === null);
  const chosen = ready.length > 0 ? ready : able;
  const best = bestOf(chosen);
  if (best === null) return [];
  const each = chosen.length > 1 ? ` on each of ${chosen.length} cards` : '';
  return [
    {
      id: 'training',
      arch,
      tier: tierOf(best),
      ready: ready.length > 0,
      limit: `${limitText(best)}${chosen.every((a) => a.memoryGiB === best.memoryGiB) ? each : ''}`,
      why: chosen.map(acceleratorFacts).join(' '),
      devices: chosen.map((a) => a.gpu.index),
      missing: ready.length > 0 ? null : best.missing,
    },
  ];
}

/** The largest model by each way of training that this card takes. */
function trained(a: Accelerator): Readonly<Record<Method, number | null>> {
  const of = (method: Method): number | null =>
    // Training in 16 bit is unstable without bfloat16; QLoRA keeps its few weights in 32 bit.
    !a.bf16 && method !== 'QLoRA' ? null : largestTrained(a.memoryGiB ?? 0, method);
  return { full: of('full'), LoRA: of('LoRA'), QLoRA: of('QLoRA') };
}

/** Data centre: all weights of 7B; high: LoRA of 13B or QLoRA of 30B; standard: LoRA of 7B; entry: QLoRA of 7B. */
function tierOf(a: Accelerator): Tier {
  const { full, LoRA, QLoRA } = trained(a);
  if (QLoRA === null) return 'none';
  if (a.gpu.memoryKind === 'shared') return 'entry';
  const dedicated = a.gpu.memoryKind !== 'unified';
  if (full !== null && dedicated && (a.memoryGiB ?? 0) >= 72) return 'datacenter';
  // Metal has neither the libraries nor the speed of the larger tiers.
  if (a.gpu.vendor === 'Apple') return LoRA === null ? 'entry' : 'standard';
  if (a.bf16 && ((LoRA ?? 0) >= 13 || QLoRA >= 30)) return 'high';
  return LoRA === null ? 'entry' : 'standard';
}

/** "LoRA up to 7B; QLoRA up to 30B" */
function limitText(a: Accelerator): string {
  const sizes = trained(a);
  return methods
    .flatMap((method) => {
      const size = sizes[method];
      const name = method === 'full' ? 'all weights' : method;
      return size === null ? [] : [`${name} up to ${size}B`];
    })
    .join('; ');
}
