/** Nothing is registered for a pool before its preflight: what blocks, or could not be asked, keeps the gate shut. */
import { createHash } from 'node:crypto';
import type { Light } from '../../../contract/commands.ts';
import type { Pool } from '../../../contract/pool.ts';
import { problem } from '../../../contract/problem.ts';
import type { Clock } from '../../../core/ports.ts';

/** A repository may be made public while we run: what was good is asked again; what was not, or could not be asked, soon. */
const goodMs = 5 * 60_000;
const badMs = 5_000;

export interface GateParts {
  /** Asks what has to be known of this pool. */
  readonly check: (pool: Pool) => Promise<readonly Light[]>;
  readonly clock: Clock;
  /** What `save` was given last, by an earlier supervisor too; anything else counts as nothing. */
  readonly load: () => unknown;
  readonly save: (passed: readonly Passed[]) => void;
}

/** A pool of which all was good, so that a restart need not ask it all again. */
export interface Passed {
  /** Of the whole pool: any change of it is looked at anew. */
  readonly key: string;
  /** Wall-clock milliseconds. */
  readonly at: number;
}

export interface Gate {
  /** Asks what has to be known of this pool, and remembers it. */
  lights(pool: Pool): Promise<readonly Light[]>;
  /** Throws `refused-by-policy` with the sentence of the first light that blocks. */
  pass(pool: Pool): Promise<void>;
}

interface Known {
  readonly key: string;
  /** Monotonic milliseconds. */
  readonly at: number;
  readonly blocked: Light | null;
}

export function gate({ check, clock, load, save }: GateParts): Gate {
  const known = new Map<string, Known>();
  const asking = new Map<string, Promise<readonly Light[]>>();
  let passed: readonly Passed[] | null = null;
  const lately = (): readonly Passed[] => {
    passed ??= passedIn(load());
    // A clock that was set back says nothing of how long ago that was.
    const age = ({ at }: Passed): number => clock.now() - at;
    return passed.filter((one) => age(one) >= 0 && age(one) < goodMs);
  };
  const keep = (key: string, isGood: boolean): void => {
    const before = lately();
    const others = before.filter((one) => one.key !== key);
    if (!isGood && others.length === before.length) return;
    passed = isGood ? [...others, { key, at: clock.now() }] : others;
    save(passed);
  };
  const ask = async (pool: Pool, key: string): Promise<readonly Light[]> => {
    const lights = await check(pool);
    const blocked = lights.find((light) => !light.ok && light.blocks) ?? null;
    known.set(pool.id, { key, at: clock.monotonic(), blocked });
    keep(key, blocked === null);
    return lights;
  };
  const lights = (pool: Pool): Promise<readonly Light[]> => {
    const key = keyOf(pool);
    const running = asking.get(key);
    if (running !== undefined) return running;
    const mine = ask(pool, key).finally(() => asking.delete(key));
    asking.set(key, mine);
    return mine;
  };
  const holds = (pool: Pool): boolean => {
    const last = known.get(pool.id);
    if (last === undefined) return lately().some(({ key }) => key === keyOf(pool));
    const age = clock.monotonic() - last.at;
    return last.key === keyOf(pool) && age < (last.blocked === null ? goodMs : badMs);
  };
  return {
    lights,
    async pass(pool) {
      if (!holds(pool)) await lights(pool);
      const blocked = known.get(pool.id)?.blocked ?? null;
      if (blocked === null) return;
      throw problem('refused-by-policy', blocked.message, blocked.hint ?? 'See `homerunner pool check`.', {
        subject: pool.id,
        ...(blocked.link !== null && { link: blocked.link }),
      });
    },
  };
}

function keyOf(pool: Pool): string {
  return createHash('sha256').update(JSON.stringify(pool)).digest('base64url');
}

function passedIn(value: unknown): readonly Passed[] {
  if (!Array.isArray(value)) return [];
  return (value as (Partial<Passed> | null)[]).flatMap((one) =>
    typeof one?.key === 'string' && typeof one.at === 'number' ? [{ key: one.key, at: one.at }] : [],
  );
}
