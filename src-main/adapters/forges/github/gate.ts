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
  /** Monotonic milliseconds, and wall-clock ones: the former stand still while the machine sleeps. */
  readonly at: number;
  readonly wall: number;
  readonly blocked: Light | null;
}

export function gate({ check, clock, load, save }: GateParts): Gate {
  const known = new Map<string, Known>();
  const asking = new Map<string, Promise<Asked>>();
  let passed: readonly Passed[] | null = null;
  // A clock that was set back says nothing of how long ago that was.
  const isWithin = (wall: number, limit: number): boolean =>
    clock.now() >= wall && clock.now() - wall < limit;
  const lately = (): readonly Passed[] => {
    passed ??= passedIn(load());
    return passed.filter(({ at }) => isWithin(at, goodMs));
  };
  const keep = (key: string, isGood: boolean): void => {
    const before = lately();
    const others = before.filter((one) => one.key !== key);
    if (!isGood && others.length === before.length) return;
    passed = isGood ? [...others, { key, at: clock.now() }] : others;
    save(passed);
  };
  const ask = async (pool: Pool, key: string): Promise<Asked> => {
    const lights = await check(pool);
    const blocked = lights.find((light) => !light.ok && light.blocks) ?? null;
    known.set(pool.id, { key, at: clock.monotonic(), wall: clock.now(), blocked });
    keep(key, blocked === null);
    return { lights, blocked };
  };
  const asked = (pool: Pool): Promise<Asked> => {
    const key = keyOf(pool);
    const running = asking.get(key);
    if (running !== undefined) return running;
    const mine = ask(pool, key).finally(() => asking.delete(key));
    asking.set(key, mine);
    return mine;
  };
  /** What is known of this very pool and still holds; null: it has to be asked. */
  const held = (pool: Pool): Pick<Asked, 'blocked'> | null => {
    const [key, last] = [keyOf(pool), known.get(pool.id)];
    if (last === undefined) return lately().some((one) => one.key === key) ? { blocked: null } : null;
    const limit = last.blocked === null ? goodMs : badMs;
    const isFresh = clock.monotonic() - last.at < limit && isWithin(last.wall, limit);
    return last.key === key && isFresh ? last : null;
  };
  return {
    lights: async (pool) => (await asked(pool)).lights,
    async pass(pool) {
      const { blocked } = held(pool) ?? (await asked(pool));
      if (blocked === null) return;
      throw problem('refused-by-policy', blocked.message, blocked.hint ?? 'See `homerunner pool check`.', {
        subject: pool.id,
        ...(blocked.link !== null && { link: blocked.link }),
      });
    },
  };
}

interface Asked {
  readonly lights: readonly Light[];
  /** The first light that keeps the gate shut. */
  readonly blocked: Light | null;
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
