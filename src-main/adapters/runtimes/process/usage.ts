/** What the processes of running jobs use now: by their control group, else by their session or tree. */
import type { ProcessTable } from '../../os/processes.ts';
import type { GroupUsage, Limits } from './limits/limits.ts';
import type { Entry } from './runner-table.ts';

/** By the runner's name; what cannot be measured is absent. */
export async function usageOf(
  running: readonly Entry[],
  limits: Limits,
  processes: ProcessTable,
): Promise<ReadonlyMap<string, GroupUsage>> {
  const found = new Map<string, GroupUsage>();
  const without = new Map<number, string>();
  for (const { name, process } of running) {
    const sample = await limits.usage(name);
    if (sample !== null) found.set(name, sample);
    else if (process !== null) without.set(process.pid, name);
  }
  if (without.size === 0) return found;
  for (const [pid, sample] of await processes.usageOf(new Set(without.keys()))) {
    const name = without.get(pid);
    if (name !== undefined) found.set(name, { ...sample, peakMiB: null });
  }
  return found;
}
