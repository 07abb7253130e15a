/** The one way in: every command of tray, window, CLI and socket ends here. It answers when accepted, and wakes the loop. */
import type { CommandArgs, CommandName, CommandResults, Light, StopHow } from '../contract/commands.ts';
import type { Pool } from '../contract/pool.ts';
import { type Answer, problem, problemOf } from '../contract/problem.ts';
import { act } from './act.ts';
import { accountHandlers, registeredBy } from './account-commands.ts';
import { presentJob } from './agents.ts';
import { type ConfigDesk, editConfig, exportConfig, importConfig, showConfig } from './config-commands.ts';
import { snippetFor } from '../core/snippet.ts';
import type { Deps } from './deps.ts';
import { historyOf } from './history.ts';
import { again, cancel, show, submit, why } from './job-commands.ts';
import { clearPause, setPause } from './pauses.ts';
import { addPool, editOf, listPools, type PoolDesk, poolOf, removePool, tried } from './pool-commands.ts';
import { reportOf } from './report.ts';
import type { State } from './state.ts';
import { adoptionOf, takeOver } from './take-over.ts';
import { forgetUnclean } from './unclean.ts';
import { viewOf } from './view.ts';

type Handlers = {
  readonly [K in CommandName]: (args: CommandArgs<K>) => Promise<CommandResults[K]> | CommandResults[K];
};

/** The handlers over this state; `wake` makes the loop look, `detect` takes a new profile in. */
export function commandsOf(deps: Deps, state: State, wake: () => void, detect: Detect): Handlers {
  const desk = deskOf(deps, state, wake);
  const takeOverDesk = {
    ...desk,
    forges: deps.forges.flatMap((kit) => kit.remote ?? []),
    check: (pool: Pool) => checkPool(pool, deps, state),
  };
  return {
    ...poolHandlers(desk, (pool) => checkPool(pool, deps, state)),
    ...accountHandlers({
      ...desk,
      forge: deps.accounts,
      secrets: deps.accountSecrets,
      registeredBy: (account) => registeredBy(account, [...state.records.values()]),
    }),
    ...jobHandlers(deps, state, detect),
    ...configHandlers(desk, deps, state),
    pause: (args) => (args.pool === null ? null : poolOf(desk, args.pool), setPause(args, deps, state)),
    resume: ({ pool }) => {
      const unclean = pool === null && forgetUnclean(deps, state);
      const resumed = clearPause(pool, 'Resumed by the owner.', deps, state) || unclean;
      if (!resumed && pool !== null) poolOf(desk, pool);
      return { resumed };
    },
    stop: ({ how }) => stop(how, state),
    'work.cancel': ({ work }) => ({
      cancelled: deps.forges.some((kit) => kit.remote?.cancelWork(work) === true),
    }),
    'runner.list': () => ({ runners: viewOf(deps, state).runners }),
    'runner.adoption': ({ folder }) => adoptionOf(folder, takeOverDesk),
    'runner.adopt': (args) => takeOver(args, takeOverDesk),
    'runner.restart': ({ runner }) => endRunner(runner, 'Restarted by the owner.', false, deps, state),
    'runner.remove': ({ runner, now }) =>
      removeForeign(runner, deps) ?? endRunner(runner, 'Removed by the owner.', now, deps, state),
    detect: async ({ fresh }) => {
      await detect(fresh);
      if (state.profile !== null) return state.profile.value;
      throw problem(
        'unexpected',
        'This machine could not be detected.',
        'Try `homerunner detect --verbose`.',
      );
    },
  };
}

/** Runs one command; never throws. The loop looks after each, since most change something. */
export async function execute<K extends CommandName>(
  handlers: Handlers,
  name: K,
  args: CommandArgs<K>,
  wake: () => void,
): Promise<Answer<CommandResults[K]>> {
  try {
    return { ok: true, value: await handlers[name](args) };
  } catch (error) {
    return { ok: false, problem: problemOf(error) };
  } finally {
    wake();
  }
}

function deskOf(deps: Deps, state: State, wake: () => void): ConfigDesk {
  const running = () => [...state.records.values()].filter((r) => presentJob(r, state) !== null);
  return {
    config: deps.config,
    home: deps.home,
    hostArch: deps.hostArch,
    environmentPool: deps.environment.pool,
    environmentAccount: deps.environment.account,
    overlay: deps.environment.apply,
    busy: (pool) => running().filter((record) => record.pool === pool).length,
    surroundings: () => {
      const profile = state.profile?.value ?? null;
      return Promise.resolve({
        machine: profile === null ? null : { threads: profile.cpu.threads, memoryMiB: profile.memoryMiB },
        diskFreeMiB: state.diskFreeMiB,
        runningJobs: running().length,
        keptJobs: deps.store.jobs(1).total,
        supervised: true,
      });
    },
    changed: () => {
      state.reading = deps.config.read();
      for (const kit of deps.forges) kit.remote?.nudge();
      wake();
    },
  };
}

function stop(how: StopHow, state: State): CommandResults['stop'] {
  const before = state.stop;
  state.stop = stronger(before, how);
  if (state.stop !== before) state.stopAt = state.now();
  return { jobs: [...state.records.values()].flatMap((r) => presentJob(r, state) ?? []) };
}

/** A second word may hasten a stop, never soften it. */
function stronger(before: StopHow | null, now: StopHow): StopHow {
  return before === 'now' || (before !== null && now === 'drain') ? before : now;
}

/** One of another install, where a forge knows it; null: there is none of that name. */
function removeForeign(name: string, deps: Deps): Promise<{ message: string }> | null {
  const remote = deps.forges.find((kit) => kit.remote?.foreign().some((f) => f.name === name))?.remote;
  return remote?.removeForeign(name).then(() => ({ message: `${name} was removed at its forge.` })) ?? null;
}

async function endRunner(
  name: string,
  why: string,
  now: boolean,
  deps: Deps,
  state: State,
): Promise<{ message: string }> {
  const record = state.records.get(name);
  if (record === undefined) {
    throw problem('not-found', `There is no runner called ${name}.`, 'See `homerunner runner list`.', {
      subject: name,
    });
  }
  // One that ends already is not fenced again: its grace would begin anew.
  const isEnding = record.ending !== null && record.fencedAt !== null;
  if (now || !isEnding) await act({ do: 'fence', key: name, why, now }, deps, state);
  if (presentJob(record, state) === null) return { message: `${name} ends.` };
  return { message: now ? `${name} ends, and its job with it.` : `${name} ends when its job has finished.` };
}

type Detect = (fresh: boolean) => Promise<void>;

function jobHandlers(deps: Deps, state: State, detect: Detect) {
  return {
    submit: (args) => submit(args, deps, state, detect),
    'job.again': (args) => again(args, deps, state, detect),
    'job.list': ({ limit }) => {
      const { rows, total } = deps.store.jobs(limit);
      return { jobs: rows.map((row) => row.job), total };
    },
    'job.show': (args) => show(args, deps, state),
    'job.cancel': (args) => cancel(args, deps, state),
    'job.get': async ({ job, to }) => ({ files: await deps.local.get(job, to) }),
    why: (args) => why(args, deps, state),
    history: ({ from }) => historyOf(deps.store, from, deps.clock.now()),
  } satisfies Partial<Handlers>;
}

function configHandlers(desk: ConfigDesk, deps: Deps, state: State) {
  return {
    'config.show': () => showConfig(desk),
    'config.edit': (args) => editConfig(args, desk),
    'config.export': () => exportConfig(desk),
    'config.import': (args) => importConfig(args, desk),
    report: () => {
      const snapshot = viewOf(deps, state);
      const machine = state.profile?.value ?? null;
      const { report: source, config, clock } = deps;
      return reportOf({ source, config, now: clock.now(), machine, snapshot, problems: [] });
    },
  } satisfies Partial<Handlers>;
}

function poolHandlers(desk: PoolDesk, check: (pool: Pool) => Promise<Light[]>) {
  return {
    'pool.add': (args) => addPool(args, desk),
    'pool.edit': (args) => editOf(args, desk),
    'pool.remove': (args) => removePool(args, desk),
    'pool.list': () => ({ pools: listPools(desk) }),
    'pool.show': ({ pool }) => ({ pool: poolOf(desk, pool) }),
    'pool.snippet': ({ pool }) => ({ workflow: snippetFor(poolOf(desk, pool)) }),
    'pool.check': async ({ pool }) => ({ lights: await check(poolOf(desk, pool)) }),
    'pool.try': async (args) => {
      const pool = tried(args, desk);
      return { pool, lights: await check(pool) };
    },
  } satisfies Partial<Handlers>;
}

async function checkPool(pool: Pool, deps: Deps, state: State): Promise<Light[]> {
  const kit = deps.forges.find((k) => k.id === pool.forge);
  const lights = kit === undefined ? [] : [...(await kit.preflight(pool))];
  const planned = state.plan?.pools.get(pool.id);
  const short = planned?.short ?? null;
  lights.push({
    name: 'capacity',
    ok: short === null,
    message: short ?? 'The host has room for its runners.',
    hint:
      short === null
        ? null
        : 'Make its runners smaller with `homerunner pool edit`, or keep less in reserve.',
    link: null,
    blocks: false,
  });
  return lights;
}
