/** The one way in: every command of tray, window, CLI and socket ends here. It answers when accepted, and wakes the loop. */
import type { CommandArgs, CommandName, CommandResults, Light, StopHow } from '../contract/commands.ts';
import { type Answer, problem, problemOf } from '../contract/problem.ts';
import { takes } from '../core/demand.ts';
import type { WaitingJob } from '../core/ports.ts';
import { shareOf } from '../core/share.ts';
import { noPoolSentence, whyWaiting } from '../core/why.ts';
import { act } from './act.ts';
import type { Deps } from './deps.ts';
import { clearPause, setPause } from './pauses.ts';
import { addPool, editOf, listPools, type PoolDesk, poolOf, removePool } from './pool-commands.ts';
import type { State } from './state.ts';
import { turnInput } from './turn.ts';
import { forgetUnclean } from './unclean.ts';
import { viewOf } from './view.ts';

type Handlers = {
  readonly [K in CommandName]: (args: CommandArgs<K>) => Promise<CommandResults[K]> | CommandResults[K];
};

/** The handlers over this state; `wake` makes the loop look, `detect` takes a new profile in. */
export function commandsOf(
  deps: Deps,
  state: State,
  wake: () => void,
  detect: (fresh: boolean) => Promise<void>,
): Handlers {
  const desk = deskOf(deps, state, wake);
  return {
    pause: (args) => (args.pool === null ? null : poolOf(desk, args.pool), setPause(args, deps, state)),
    resume: ({ pool }) => {
      const unclean = pool === null && forgetUnclean(deps, state);
      const resumed = clearPause(pool, 'Resumed by the owner.', deps, state) || unclean;
      if (!resumed && pool !== null) poolOf(desk, pool);
      return { resumed };
    },
    stop: ({ how }) => stop(how, state),
    'pool.add': (args) => addPool(args, desk),
    'pool.edit': (args) => editOf(args, desk),
    'pool.remove': (args) => removePool(args, desk),
    'pool.list': () => ({ pools: listPools(desk) }),
    'pool.show': ({ pool }) => ({ pool: poolOf(desk, pool) }),
    'pool.check': async ({ pool }) => ({ lights: await check(pool, desk, deps, state) }),
    'runner.list': () => ({ runners: viewOf(deps, state).runners }),
    'runner.restart': ({ runner }) => endRunner(runner, 'Restarted by the owner.', false, deps, state),
    'runner.remove': ({ runner, now }) => endRunner(runner, 'Removed by the owner.', now, deps, state),
    submit: async (args) => {
      refuseWhileStopping(state);
      const waiting: WaitingJob = {
        ...args,
        id: '',
        forge: 'local',
        scope: null,
        createdAt: deps.clock.now(),
      };
      if (state.profile === null) await detect(false);
      const notes = placeOf(waiting, state, deps);
      const submitted = await deps.local.submit(args);
      return { ...submitted, notes: [...submitted.notes, ...notes] };
    },
    'job.list': ({ limit }) => {
      const { rows, total } = deps.store.jobs(limit);
      return { jobs: rows.map((row) => row.job), total };
    },
    'job.show': ({ job }) => deps.local.detail(job),
    'job.cancel': async ({ job }) => ({ job: await deps.local.cancel(job) }),
    'job.get': async ({ job, to }) => ({ files: await deps.local.get(job, to) }),
    why: ({ job }) => why(job, deps, state),
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

function deskOf(deps: Deps, state: State, wake: () => void): PoolDesk {
  return {
    config: deps.config,
    hostArch: deps.hostArch,
    environmentPool: deps.environment.pool,
    busy: (pool) => [...state.records.values()].filter((r) => r.pool === pool && r.job !== null).length,
    changed: () => {
      state.reading = deps.config.read();
      wake();
    },
  };
}

function stop(how: StopHow, state: State): CommandResults['stop'] {
  const before = state.stop;
  state.stop = stronger(before, how);
  if (state.stop !== before) state.stopAt = state.now();
  return { jobs: [...state.records.values()].flatMap((r) => (r.job === null ? [] : [r.job])) };
}

/** A second word may hasten a stop, never soften it. */
function stronger(before: StopHow | null, now: StopHow): StopHow {
  return before === 'now' || (before !== null && now === 'drain') ? before : now;
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
  await act({ do: 'fence', key: name, why, now }, deps, state);
  if (record.job === null) return { message: `${name} ends.` };
  return { message: now ? `${name} ends, and its job with it.` : `${name} ends when its job has finished.` };
}

/** A job taken in now would wait for a start that nobody has announced. */
function refuseWhileStopping(state: State): void {
  if (state.stop === null) return;
  throw problem(
    'refused-by-policy',
    'The supervisor is stopping: it takes no new jobs.',
    'Submit it again when `homerunner run` has been started anew.',
  );
}

/** Refuses a job that no pool takes, and says what it will wait for. */
function placeOf(job: WaitingJob, state: State, deps: Deps): string[] {
  if (state.profile === null) return [];
  // Not the last turn's: a pool may have been added since.
  const input = turnInput(deps, state, { observations: [], demand: {} }, state.profile.value);
  const offers = input.pools.map((p) => ({
    pool: p.pool,
    labels: p.labels,
    cores: p.runner.cores,
    share: shareOf(p.memory.usage, p.pool.weight, input.now),
    room: 1,
  }));
  const fitting = offers.filter((offer) => takes(offer, job, input.hostArch));
  if (fitting.length === 0) {
    throw problem(
      'no-matching-pool',
      noPoolSentence(job, input.pools, input.hostArch),
      noPoolHint(input.pools.map((p) => p.pool.id)),
    );
  }
  const open = input.pools.filter(
    (p) => fitting.some((offer) => offer.pool.id === p.pool.id) && p.allowance.newRunners,
  );
  if (open.length > 0) return [];
  return [`The job waits: ${viewOf(deps, state).sentence}`];
}

function noPoolHint(pools: readonly string[]): string {
  return pools.length === 0
    ? 'Make one with `homerunner pool add --forge local`.'
    : `\`homerunner pool list\` shows the pools: ${pools.join(', ')}.`;
}

function why(id: string, deps: Deps, state: State): CommandResults['why'] {
  const row = deps.store.job(id);
  if (row === null) {
    throw problem('not-found', `There is no job called ${id}.`, 'See `homerunner job list`.', {
      subject: id,
    });
  }
  const { job } = row;
  const { input, plan } = state;
  if (job.state !== 'queued' || input === null || plan === null) return { job, why: [], offer: job.pool };
  const demand = input.demand[job.forge];
  const waiting =
    demand === undefined || demand === 'unknown' ? undefined : demand.jobs.find((w) => w.id === id);
  if (waiting === undefined) return { job, why: ['Other jobs were submitted before it.'], offer: null };
  const { pool, why: reasons } = whyWaiting(waiting, input, plan);
  return { job, why: reasons, offer: pool };
}

async function check(id: string, desk: PoolDesk, deps: Deps, state: State): Promise<Light[]> {
  const pool = poolOf(desk, id);
  const kit = deps.forges.find((k) => k.id === pool.forge);
  const lights = kit === undefined ? [] : [...(await kit.preflight(pool))];
  const planned = state.plan?.pools.get(id);
  const short = planned?.short ?? null;
  lights.push({
    name: 'capacity',
    ok: short === null,
    message: short ?? 'The host has room for its runners.',
    hint:
      short === null
        ? null
        : 'Make its runners smaller with `homerunner pool edit`, or keep less in reserve.',
  });
  return lights;
}
