/** pool add, list, show, edit, remove, check. */
import type { Light } from '../../contract/commands.ts';
import type { Pool, PoolEdit } from '../../contract/pool.ts';
import { githubScopeForms, githubScopeKind } from '../../core/config/github-scope.ts';
import { formatDuration } from '../../core/duration.ts';
import { coresText, memoryText } from '../../core/sizes.ts';
import { exit } from '../exit-code.ts';
import { facts, poolListText } from '../format.ts';
import { wrong } from '../parse.ts';
import { ask, show, withEither } from '../reach.ts';
import type { Call, CommandSpec, OptionSpec } from '../spec.ts';
import type { Connected } from '../world.ts';
import { accountFor, accountOptions, type AccountWish, accountWish, saysAccount } from './pool-account.ts';
import { lightsOf, lightText, refusedBy } from './pool-lights.ts';
import { editFrom, wishes } from './pool-options.ts';

const nameOption: OptionSpec = { name: 'name', value: 'NAME', help: 'What the pool is called.' };
const yesOption: OptionSpec = { name: 'yes', short: 'y', help: 'Do not ask.' };

export const poolAdd: CommandSpec = {
  name: 'pool add',
  positionals: [],
  summary: 'Wish for runners.',
  options: [
    { name: 'forge', value: 'FORGE', help: 'Where its jobs come from: local or github.' },
    nameOption,
    ...accountOptions,
    ...wishes,
    yesOption,
  ],
  examples: [
    'homerunner pool add --forge local',
    'homerunner pool add --forge local --name tests --mode ephemeral --cores 2 --memory 4g --max 3',
    'homerunner pool add --forge github --scope owner/repository',
    'homerunner pool add --forge github --scope "owner/*" --mode ephemeral --token-stdin < token.txt',
  ],
  async run(call) {
    const pool = editFrom(poolAdd, call);
    const isElsewhere = pool.forge === 'github';
    const wish = await accountWish(poolAdd, call);
    if (!isElsewhere && saysAccount(wish))
      throw wrong(poolAdd, 'Accounts, tokens and addresses are for --forge github');
    if (!isElsewhere) return withEither(call, (api) => add(pool, call, api, null));
    checkScope(pool.scope);
    return withEither(call, async (api) => {
      const whole = { ...pool, account: await accountFor(wish, call, api) };
      const lights = await lightsOf(whole, call, api);
      const refused = lights && refusedBy(lights, call);
      if (refused !== null) return refused;
      if (!(await publicConfirmed(pool, call))) return notDone('No pool was made.', call);
      return add(whole, call, api, lights);
    });
  },
};

/** Before an account is added for it. */
function checkScope(scope: string | null | undefined): void {
  if (scope === undefined || scope === null)
    throw wrong(poolAdd, `pool add --forge github needs --scope: ${githubScopeForms}`);
  if (githubScopeKind(scope) === null)
    throw wrong(poolAdd, `--scope ${scope} is none of these: ${githubScopeForms}`);
}

async function add(
  pool: PoolEdit,
  call: Call,
  api: Connected,
  lights: readonly Light[] | null,
): Promise<number> {
  const value = await ask(api, 'pool.add', { id: null, pool });
  for (const note of value.notes) call.terminal.note(note);
  return show(
    call,
    lights === null ? value : { ...value, lights },
    () => `The pool ${value.pool.id} was made: ${words(value.pool)}.`,
  );
}

/** Asks a person, once nothing else is in the way, before strangers may run jobs here; a script has said --allow-public. */
async function publicConfirmed(change: PoolEdit, call: Call): Promise<boolean> {
  if (change.publicAllowed !== true || call.json || !call.terminal.interactive || call.args.has('yes'))
    return true;
  const answer = await call.terminal.ask(
    'Anyone can open a pull request at a public repository, and its jobs would run on this machine. Allow that? [y/N] ',
  );
  return answer !== null && /^y(es)?$/i.test(answer.trim());
}

function notDone(what: string, call: Call): number {
  call.terminal.note(what);
  return exit.failed;
}

function words(pool: Pool): string {
  const runners = pool.max === 1 ? '1 runner' : `up to ${pool.max} runners`;
  return `${pool.mode}, ${pool.scaling}, ${runners}`;
}

export const poolEdit: CommandSpec = {
  name: 'pool edit',
  positionals: ['POOL'],
  summary: 'Change a pool; says what it does to running runners.',
  options: [
    nameOption,
    ...accountOptions,
    ...wishes,
    { name: 'no-public', help: 'github: no jobs of public repositories any more.' },
    { name: 'no-fallback', help: 'github: workflows are not told any more whether this machine is there.' },
    yesOption,
  ],
  async run(call) {
    const change = editFrom(poolEdit, call);
    for (const [yes, no] of [
      ['allow-public', 'no-public'],
      ['fallback', 'no-fallback'],
    ] as const) {
      if (call.args.has(yes) && call.args.has(no))
        throw wrong(poolEdit, `Give --${yes} or --${no}, not both`);
    }
    const wish = await accountWish(poolEdit, call);
    if (Object.keys(change).length === 0 && !saysAccount(wish))
      throw wrong(poolEdit, 'pool edit needs at least one option to change');
    return withEither(call, (api) => edit(change, wish, call, api));
  },
};

async function edit(change: PoolEdit, wish: AccountWish, call: Call, api: Connected): Promise<number> {
  const id = call.args.at(0);
  const { id: _, ...before } = (await ask(api, 'pool.show', { pool: id })).pool;
  const isElsewhere = before.forge === 'github';
  if (!isElsewhere && saysAccount(wish))
    throw wrong(poolEdit, `The pool ${id} is a local one: it has no account`);
  const whole = saysAccount(wish) ? { ...change, account: await accountFor(wish, call, api) } : change;
  const lights = isElsewhere ? await lightsOf({ ...before, ...whole }, call, api) : null;
  const refused = lights && refusedBy(lights, call);
  if (refused !== null) return refused;
  if (!(await publicConfirmed(change, call))) return notDone('Nothing was changed.', call);
  const value = await ask(api, 'pool.edit', { pool: id, change: whole });
  for (const note of value.notes) call.terminal.note(note);
  return show(
    call,
    lights === null ? value : { ...value, lights },
    () => `The pool ${value.pool.id} was changed: ${words(value.pool)}.`,
  );
}

export const poolRemove: CommandSpec = {
  name: 'pool remove',
  positionals: ['POOL'],
  summary: 'Remove a pool; its running jobs finish.',
  options: [],
  run: (call) =>
    withEither(call, async (api) => {
      const value = await ask(api, 'pool.remove', { pool: call.args.at(0) });
      for (const note of value.notes) call.terminal.note(note);
      return show(call, value, () => `The pool ${call.args.at(0)} was removed.`);
    }),
};

export const poolList: CommandSpec = {
  name: 'pool list',
  positionals: [],
  summary: 'All pools.',
  options: [],
  run: (call) =>
    withEither(call, async (api) => {
      const value = await ask(api, 'pool.list', {});
      return show(call, value, () => poolListText(value.pools, call.terminal.columns));
    }),
};

export const poolShow: CommandSpec = {
  name: 'pool show',
  positionals: ['POOL'],
  summary: 'One pool, all of it.',
  options: [],
  run: (call) =>
    withEither(call, async (api) => {
      const value = await ask(api, 'pool.show', { pool: call.args.at(0) });
      return show(call, value, () => poolText(value.pool));
    }),
};

function poolText(p: Pool): string {
  return facts([
    ['Pool', p.id],
    ['Name', p.name === p.id ? null : p.name],
    ['Jobs from', p.scope === null ? p.forge : `${p.forge} ${p.scope}`],
    ['Account', p.account],
    ['Runner group', p.group],
    ['Public', p.publicAllowed ? 'jobs of public repositories are allowed' : null],
    ['Fall-back', p.fallback ? 'workflows are told whether this machine is there' : null],
    ['Architecture', p.arch],
    ['Runtime', p.runtime],
    ['Size', p.cores === null ? p.size : coresText(p.cores)],
    ['Memory', p.memoryMiB === null ? null : memoryText(p.memoryMiB)],
    ['Mode', p.mode],
    ['Scaling', p.scaling],
    [
      'Own numbers',
      Object.entries(p.overrides)
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
    ],
    ['Runners', `${p.min} to ${p.max}`],
    ['Weight', String(p.weight)],
    ['Labels', p.labels.join(', ')],
    ['Idle timeout', p.mode === 'auto' ? formatDuration(p.idleTimeoutSeconds * 1000) : null],
    ['Longest life', p.maxLifetimeSeconds === 0 ? null : formatDuration(p.maxLifetimeSeconds * 1000)],
  ]);
}

export const poolCheck: CommandSpec = {
  name: 'pool check',
  positionals: ['POOL'],
  summary: 'Can this pool do its work here?',
  options: [],
  run: (call) =>
    withEither(call, async (api) => {
      const { lights } = await ask(api, 'pool.check', { pool: call.args.at(0) });
      const failed = lights.filter((light) => !light.ok);
      show(call, { lights }, () => lights.map(lightText).join('\n'));
      return failed.length === 0 ? exit.done : exit.failed;
    }),
};
