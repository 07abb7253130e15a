/** Named processors: what a system that counts cores without telling their kinds leaves open. */
import type { CpuFacts } from '../cpu-facts.ts';

export interface CataloguedCpu {
  /** The generation, without the letters of its variant: "Alder Lake" of "Alder Lake-N". */
  readonly microarchitecture: string;
  readonly cores: number;
  readonly performanceCores: number | null;
  readonly efficiencyCores: number | null;
}

/** By the exact name, never by a part of it; null for one that is not in the table. */
export async function findProcessor(vendor: string, model: string): Promise<CataloguedCpu | null> {
  const { cpus } = await import('../../../../resources/catalogue/cpus.ts');
  const wanted = plainName(model);
  for (const line of cpus.split('\n')) {
    const [by, name = '', microarchitecture = '', cores, , performance = '', efficiency = ''] =
      line.split('\t');
    if (by !== vendor || plainName(name) !== wanted) continue;
    const [fast, small] = [Number(performance), Number(efficiency)];
    // The table writes 0 where there is one kind.
    const hybrid = fast > 0 && small > 0;
    return {
      microarchitecture: generationOf(microarchitecture),
      cores: Number(cores),
      performanceCores: hybrid ? fast : null,
      efficiencyCores: hybrid ? small : null,
    };
  }
  return null;
}

/** With the kinds of core that the model has, where the system only counts them. */
export async function withCataloguedKinds(cpu: CpuFacts): Promise<CpuFacts> {
  if (cpu.vendor === null || cpu.model === null) return cpu;
  const known = await findProcessor(cpu.vendor, cpu.model);
  if (known === null) return cpu;
  const microarchitecture = cpu.microarchitecture ?? known.microarchitecture;
  // Of a guest, or with cores switched off, the model's numbers do not hold.
  const whole = cpu.cores === known.cores * (cpu.packages ?? 1);
  if (!whole || known.performanceCores === null || known.efficiencyCores === null)
    return { ...cpu, microarchitecture };
  const { performanceCores, efficiencyCores } = known;
  return { ...cpu, microarchitecture, performanceCores, efficiencyCores };
}

/** Both the table and the system write some names with a word that the other leaves out. */
function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/\bprocessor\b/g, ' ')
    .replace('ryzen threadripper', 'threadripper')
    .replace(/\s+/g, ' ')
    .trim();
}

/** "Gracemont (Alder Lake-N)" names a core and its family; "Haswell-EP" a family and its variant. */
function generationOf(text: string): string {
  const family = /\(([^()]*)\)$/.exec(text)?.[1] ?? text;
  return family.replace(/-(?:E|EP|EX|DE|SP|X|N)$/, '').replace(/ Refresh$/, '');
}
