/** Nothing is registered for a pool before its preflight: what blocks, or could not be asked, keeps the gate shut. */
import type { Light } from '../../../contract/commands.ts';
import type { Pool } from '../../../contract/pool.ts';
import { problem } from '../../../contract/problem.ts';

/** A repository may be made public while we run: what was good is asked again; what was not, or could not be asked, soon. */
const goodMs = 5 * 60_000;
const badMs = 5_000;

export interface Gate {
  /** Asks what has to be known of this pool, and remembers it. */
  lights(pool: Pool): Promise<readonly Light[]>;
  /** Throws `refused-by-policy` with the sentence of the first light that blocks. */
  pass(pool: Pool): Promise<void>;
}

/** `now` is monotonic milliseconds. */
export function gate(check: (pool: Pool) => Promise<readonly Light[]>, now: () => number): Gate {
  const known = new Map<string, { readonly key: string; readonly at: number; blocked: Light | null }>();
  const asking = new Map<string, Promise<readonly Light[]>>();
  const ask = async (pool: Pool, key: string): Promise<readonly Light[]> => {
    const lights = await check(pool);
    const blocked = lights.find((light) => !light.ok && light.blocks) ?? null;
    known.set(pool.id, { key, at: now(), blocked });
    return lights;
  };
  const lights = (pool: Pool): Promise<readonly Light[]> => {
    // The whole pool: any change of it is looked at anew.
    const key = JSON.stringify(pool);
    const running = asking.get(key);
    if (running !== undefined) return running;
    const mine = ask(pool, key).finally(() => asking.delete(key));
    asking.set(key, mine);
    return mine;
  };
  return {
    lights,
    async pass(pool) {
      const last = known.get(pool.id);
      const age = last === undefined ? Infinity : now() - last.at;
      const holds = last?.key === JSON.stringify(pool) && age < (last.blocked === null ? goodMs : badMs);
      if (!holds) await lights(pool);
      const blocked = known.get(pool.id)?.blocked ?? null;
      if (blocked === null) return;
      throw problem('refused-by-policy', blocked.message, blocked.hint ?? 'See `homerunner pool check`.', {
        subject: pool.id,
        ...(blocked.link !== null && { link: blocked.link }),
      });
    },
  };
}
