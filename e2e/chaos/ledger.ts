/** What the jobs themselves have written down. */
import { existsSync, readFileSync } from 'node:fs';

export interface Entry {
  readonly key: string;
  readonly pids: readonly number[];
  /** Exit codes that it announced. */
  readonly ends: readonly number[];
}

/** By job id; each key may have several, one an attempt. */
export function readLedger(file: string): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  for (const line of lines) {
    const [word, key, job, number] = line.split(' ');
    if (
      key === undefined ||
      job === undefined ||
      number === undefined ||
      !['begin', 'end'].includes(word ?? '')
    ) {
      throw new Error(`The ledger has a line that no job writes: ${line}`);
    }
    const before = entries.get(job) ?? { key, pids: [], ends: [] };
    entries.set(
      job,
      word === 'begin'
        ? { ...before, pids: [...before.pids, Number(number)] }
        : { ...before, ends: [...before.ends, Number(number)] },
    );
  }
  return entries;
}
