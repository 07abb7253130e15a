/** Pools: added, changed, removed; the same with a supervisor and without one. */
import type { CommandArgs, CommandResults } from '../contract/commands.ts';
import type { Arch } from '../contract/job.ts';
import type { Pool } from '../contract/pool.ts';
import { problem, ProblemError } from '../contract/problem.ts';
import { editPool, newPool, refuse } from '../core/config/defaults.ts';
import type { Config } from '../core/config/schema.ts';
import type { ConfigPort } from './deps.ts';

/** What the pool commands need: with a supervisor that is its state, without one the file alone. */
export interface PoolDesk {
  readonly config: ConfigPort;
  readonly hostArch: Arch;
  /** The environment's pool, which no command changes. */
  readonly environmentPool: Pool | null;
  /** Runners of a pool at a job now. */
  readonly busy: (pool: string) => number;
  /** The configuration was changed. */
  readonly changed: () => void;
}

/** All pools, the environment's last. */
export function listPools(desk: PoolDesk): readonly Pool[] {
  const { pools } = desk.config.read().config;
  const env = desk.environmentPool;
  return env === null ? pools : [...pools.filter((p) => p.id !== env.id), env];
}

/** The pool of that name; throws `not-found`. */
export function poolOf(desk: PoolDesk, id: string): Pool {
  const pool = listPools(desk).find((p) => p.id === id);
  if (pool !== undefined) return pool;
  throw problem('not-found', `There is no pool called ${id}.`, 'See `homerunner pool list`.', {
    subject: id,
  });
}

export function addPool(args: CommandArgs<'pool.add'>, desk: PoolDesk): CommandResults['pool.add'] {
  const { config } = writable(desk);
  const taken = listPools(desk).map((p) => p.id);
  const { pool, notes } = newPool(args.pool, { arch: desk.hostArch }, taken, args.id);
  write(desk, config, [...config.pools, pool]);
  return { pool, notes };
}

export function editOf(args: CommandArgs<'pool.edit'>, desk: PoolDesk): CommandResults['pool.edit'] {
  const { config } = writable(desk);
  const before = own(desk, args.pool);
  const pool = editPool(before, args.change);
  const refusal = refuse(pool, { arch: desk.hostArch });
  if (refusal !== null) throw new ProblemError(refusal);
  write(
    desk,
    config,
    config.pools.map((p) => (p.id === pool.id ? pool : p)),
  );
  const busy = desk.busy(pool.id);
  return {
    pool,
    notes:
      busy === 0
        ? []
        : [
            `${busy} running ${busy === 1 ? 'job goes' : 'jobs go'} on as begun; idle runners that differ are replaced.`,
          ],
  };
}

export function removePool(args: CommandArgs<'pool.remove'>, desk: PoolDesk): CommandResults['pool.remove'] {
  const { config } = writable(desk);
  own(desk, args.pool);
  write(
    desk,
    config,
    config.pools.filter((p) => p.id !== args.pool),
  );
  const busy = desk.busy(args.pool);
  return {
    notes: busy === 0 ? [] : [`${busy} running ${busy === 1 ? 'job finishes' : 'jobs finish'} first.`],
  };
}

function own(desk: PoolDesk, id: string): Pool {
  if (desk.environmentPool?.id === id) {
    throw problem(
      'usage',
      `The pool ${id} comes from environment variables.`,
      'Change the variables, and start again.',
      { subject: id },
    );
  }
  return poolOf(desk, id);
}

/** The configuration, to be changed; throws a Problem where that cannot be. */
export function writable(desk: Pick<PoolDesk, 'config'>): { config: Config } {
  const { config, readOnly, problems } = desk.config.read();
  if (!readOnly) return { config };
  throw problem(
    'config-newer',
    problems[0]?.message ?? 'The configuration was written by a newer version.',
    'Update Homerunner, or move the file config.json away.',
  );
}

function write(desk: PoolDesk, config: Config, pools: readonly Pool[]): void {
  desk.config.write({ ...config, pools: [...pools] });
  desk.changed();
}
