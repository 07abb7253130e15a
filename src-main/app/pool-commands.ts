/** Pools: added, changed, removed; the same with a supervisor and without one. */
import type { Account } from '../contract/account.ts';
import type { CommandArgs, CommandResults } from '../contract/commands.ts';
import type { Arch } from '../contract/job.ts';
import type { Pool } from '../contract/pool.ts';
import { problem, ProblemError } from '../contract/problem.ts';
import { editPool, newPool, notesOn, refuse } from '../core/config/defaults.ts';
import type { Config } from '../core/config/schema.ts';
import type { ConfigPort } from './deps.ts';

/** What the pool commands need: with a supervisor that is its state, without one the file alone. */
export interface PoolDesk {
  readonly config: ConfigPort;
  readonly hostArch: Arch;
  /** The environment's pool, which no command changes. */
  readonly environmentPool: Pool | null;
  /** The environment's account, which no command changes. */
  readonly environmentAccount: Account | null;
  /** Runners of a pool at a job now. */
  readonly busy: (pool: string) => number;
  /** The configuration was changed. */
  readonly changed: () => void;
}

/** All accounts, the environment's last. */
export function allAccounts(config: Pick<Config, 'accounts'>, env: Account | null): readonly Account[] {
  return env === null ? config.accounts : [...config.accounts.filter((a) => a.id !== env.id), env];
}

/** All pools, the environment's last. */
export function allPools(config: Pick<Config, 'pools'>, env: Pool | null): readonly Pool[] {
  return env === null ? config.pools : [...config.pools.filter((p) => p.id !== env.id), env];
}

export function listPools(desk: PoolDesk): readonly Pool[] {
  return allPools(desk.config.read().config, desk.environmentPool);
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
  checkAccount(pool, desk);
  write(desk, config, [...config.pools, pool]);
  return { pool, notes };
}

/** The pool that `pool.add` would make. */
export function tried(args: CommandArgs<'pool.try'>, desk: PoolDesk): Pool {
  const taken = listPools(desk).map((p) => p.id);
  const { pool } = newPool(args.pool, { arch: desk.hostArch }, taken);
  checkAccount(pool, desk);
  return pool;
}

export function editOf(args: CommandArgs<'pool.edit'>, desk: PoolDesk): CommandResults['pool.edit'] {
  const { config } = writable(desk);
  const before = own(desk, args.pool);
  const pool = editPool(before, args.change);
  const refusal = refuse(pool, { arch: desk.hostArch });
  if (refusal !== null) throw new ProblemError(refusal);
  if (args.change.account !== undefined) checkAccount(pool, desk);
  write(
    desk,
    config,
    config.pools.map((p) => (p.id === pool.id ? pool : p)),
  );
  const busy = desk.busy(pool.id);
  return {
    pool,
    notes: [
      ...notesOn(pool).filter((note) => !notesOn(before).includes(note)),
      ...(busy === 0
        ? []
        : [
            `${busy} running ${busy === 1 ? 'job goes' : 'jobs go'} on as begun; idle runners that differ are replaced.`,
          ]),
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

/** Its runners could not be registered by an account that is not there. */
function checkAccount({ id, account, forge }: Pool, desk: PoolDesk): void {
  if (account === null) return;
  const found = allAccounts(desk.config.read().config, desk.environmentAccount).find((a) => a.id === account);
  if (found === undefined)
    throw problem('not-found', `There is no account called ${account}.`, 'See `homerunner account list`.', {
      subject: id,
    });
  if (found.forge !== forge)
    throw problem(
      'usage',
      `The account ${account} is one at another forge.`,
      'See `homerunner account list`.',
      {
        subject: id,
      },
    );
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
