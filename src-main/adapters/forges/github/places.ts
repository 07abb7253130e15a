/** Where our runners are or may be registered: what is asked for them, so that none is forgotten anywhere. */
import type { Pool } from '../../../contract/pool.ts';
import type { RunnerRecord } from '../../../core/runner.ts';
import type { RunnerPlace } from './runners/watch.ts';

/** A repository at which nothing was registered for so long has no ghost of ours. */
const rememberedMs = 24 * 3_600_000;

export interface Places {
  /** Something was or is to be registered there. */
  used(record: Pick<RunnerRecord, 'scope' | 'account'>): void;
  /** The scopes of the pools, but of pools over many repositories those alone that were used. */
  all(): readonly RunnerPlace[];
}

/** `records`: what an earlier supervisor has left; `now` is monotonic milliseconds. */
export function newPlaces(
  pools: () => readonly Pool[],
  records: readonly Pick<RunnerRecord, 'scope' | 'account' | 'forge'>[],
  now: () => number,
): Places {
  const used = new Map<string, { readonly place: RunnerPlace; at: number }>();
  const note: Places['used'] = ({ scope, account }) => {
    if (scope === null || account === null) return;
    used.set(`${account} ${scope}`, { place: { account, scope }, at: now() });
  };
  for (const record of records) if (record.forge === 'github') note(record);
  return {
    used: note,
    all() {
      for (const [key, { at }] of used) if (now() - at > rememberedMs) used.delete(key);
      const places = new Map([...used].map(([key, { place }]) => [key, place]));
      for (const { forge, scope, account } of pools()) {
        if (forge !== 'github' || scope === null || account === null || scope.endsWith('/*')) continue;
        places.set(`${account} ${scope}`, { account, scope });
      }
      return [...places.values()];
    },
  };
}
