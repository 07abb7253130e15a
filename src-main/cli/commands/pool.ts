/** pool add, list, show, edit, remove, check. */
import * as v from 'valibot';
import { type Pool, type PoolEdit, PoolEditSchema } from '../../contract/pool.ts';
import { problem } from '../../contract/problem.ts';
import { durationForms, formatDuration, parseDuration } from '../../core/duration.ts';
import { memoryForms, parseMemory } from '../../core/quantity.ts';
import { coresText, memoryText } from '../../core/sizes.ts';
import { exit } from '../exit-code.ts';
import { facts, poolListText } from '../format.ts';
import { wrong } from '../parse.ts';
import { ask, show, withEither, withSupervisor } from '../reach.ts';
import type { Call, CommandSpec, OptionSpec } from '../spec.ts';

const wishes: readonly OptionSpec[] = [
  { name: 'arch', value: 'ARCH', help: 'x64, arm64, …; this machine’s own by default.' },
  { name: 'runtime', value: 'RUNTIME', help: 'Where jobs run: process.' },
  { name: 'size', value: 'SIZE', help: 'standard, large or multi.' },
  { name: 'cores', value: 'N', help: 'Cores of one runner, in place of the size; fractions are allowed.' },
  { name: 'memory', value: 'M', help: 'Memory of one runner: 512m, 8g.' },
  { name: 'mode', value: 'MODE', help: 'auto, manual or ephemeral.' },
  { name: 'min', value: 'N', help: 'Runners kept ready (manual, ephemeral).' },
  { name: 'max', value: 'N', help: 'Runners at most.' },
  { name: 'scaling', value: 'PRESET', help: 'lazy, balanced or aggressive.' },
  { name: 'threshold', value: 'N', help: 'Waiting jobs that make more runners at once.' },
  { name: 'oldest-wait', value: 'LENGTH', help: 'Or one that has waited so long.' },
  { name: 'warm', value: 'N', help: 'Idle runners kept after work.' },
  { name: 'cooldown', value: 'LENGTH', help: 'So long a surplus lasts before it is ended.' },
  { name: 'weight', value: 'W', help: 'Share of the machine against other pools.' },
  { name: 'label', value: 'L', many: true, help: 'A label of its runners beside the usual ones.' },
  { name: 'idle-timeout', value: 'LENGTH', help: 'auto: end a runner idle for so long.' },
  { name: 'max-lifetime', value: 'LENGTH', help: 'End a runner so old after its job; 0 is never.' },
];

const addOptions: readonly OptionSpec[] = [
  { name: 'forge', value: 'FORGE', help: 'Where its jobs come from: local.' },
  { name: 'name', value: 'NAME', help: 'What the pool is called.' },
  ...wishes,
];

/** What the options ask for; a value that cannot be is told with what is accepted. */
function editFrom(spec: CommandSpec, call: Call): PoolEdit {
  const { args } = call;
  const number = (option: string): number | undefined => {
    const text = args.get(option);
    if (text === null) return undefined;
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value))
      throw wrong(spec, `--${option} ${text} is not a number`);
    return value;
  };
  const seconds = (option: string): number | undefined => {
    const text = args.get(option);
    if (text === null) return undefined;
    const length = parseDuration(text);
    if (length === null) throw wrong(spec, `--${option} ${text} is not ${durationForms}`);
    return length / 1000;
  };
  const overrides = defined({
    threshold: number('threshold'),
    oldestWaitSeconds: seconds('oldest-wait'),
    warm: number('warm'),
    cooldownSeconds: seconds('cooldown'),
  });
  const wish = defined({
    forge: args.get('forge') ?? undefined,
    name: args.get('name') ?? undefined,
    arch: args.get('arch') ?? undefined,
    runtime: args.get('runtime') ?? undefined,
    size: args.get('size') ?? undefined,
    cores: number('cores'),
    memoryMiB: memory(spec, args.get('memory')),
    mode: args.get('mode') ?? undefined,
    min: number('min'),
    max: number('max'),
    scaling: args.get('scaling') ?? undefined,
    overrides: Object.keys(overrides).length === 0 ? undefined : overrides,
    weight: number('weight'),
    labels: args.has('label') ? args.all('label') : undefined,
    idleTimeoutSeconds: seconds('idle-timeout'),
    maxLifetimeSeconds: seconds('max-lifetime'),
  });
  return checked(spec, wish);
}

function memory(spec: CommandSpec, text: string | null): number | undefined {
  if (text === null) return undefined;
  const amount = parseMemory(text);
  if (amount === null) throw wrong(spec, `--memory ${text} is not ${memoryForms}`);
  return amount;
}

function defined(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** The option that stands for a field of a pool. */
const optionOf: Readonly<Record<string, string>> = {
  memoryMiB: 'memory',
  labels: 'label',
  idleTimeoutSeconds: 'idle-timeout',
  maxLifetimeSeconds: 'max-lifetime',
};

function checked(spec: CommandSpec, wish: Record<string, unknown>): PoolEdit {
  const result = v.safeParse(PoolEditSchema, wish);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = v.getDotPath(issue)?.split('.')[0] ?? '';
  const expected = issue.expected === null ? issue.message : `it must be ${expectedText(issue.expected)}`;
  throw wrong(spec, `--${optionOf[field] ?? field} ${String(wish[field])}: ${expected}`);
}

/** What a schema expects, in words: `("a" | "b")` is "a, b", `>=1` is "at least 1". */
function expectedText(expected: string): string {
  return expected
    .replaceAll(/[()"]/g, '')
    .replaceAll(' | ', ', ')
    .replace(/^>=/, 'at least ')
    .replace(/^<=/, 'at most ');
}

export const poolAdd: CommandSpec = {
  name: 'pool add',
  positionals: [],
  summary: 'Wish for runners.',
  options: addOptions,
  examples: [
    'homerunner pool add --forge local',
    'homerunner pool add --forge local --name tests --mode ephemeral --cores 2 --memory 4g --max 3',
  ],
  run(call) {
    const pool = editFrom(poolAdd, call);
    return withEither(call, async (api) => {
      const value = await ask(api, 'pool.add', { id: null, pool });
      for (const note of value.notes) call.terminal.note(note);
      return show(call, value, () => `The pool ${value.pool.id} was made: ${words(value.pool)}.`);
    });
  },
};

function words(pool: Pool): string {
  const runners = pool.max === 1 ? '1 runner' : `up to ${pool.max} runners`;
  return `${pool.mode}, ${pool.scaling}, ${runners}`;
}

export const poolEdit: CommandSpec = {
  name: 'pool edit',
  positionals: ['POOL'],
  summary: 'Change a pool; says what it does to running runners.',
  options: [{ name: 'name', value: 'NAME', help: 'What the pool is called.' }, ...wishes],
  run(call) {
    const change = editFrom(poolEdit, call);
    if (Object.keys(change).length === 0)
      throw wrong(poolEdit, 'pool edit needs at least one option to change');
    return withEither(call, async (api) => {
      const value = await ask(api, 'pool.edit', { pool: call.args.at(0), change });
      for (const note of value.notes) call.terminal.note(note);
      return show(call, value, () => `The pool ${value.pool.id} was changed: ${words(value.pool)}.`);
    });
  },
};

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
    withSupervisor(call, async (api) => {
      const { lights } = await ask(api, 'pool.check', { pool: call.args.at(0) });
      const failed = lights.filter((light) => !light.ok);
      show(call, { lights }, () =>
        lights
          .map((l) => `${l.ok ? 'ok ' : 'NO '} ${l.name}: ${l.message}${l.hint === null ? '' : ` ${l.hint}`}`)
          .join('\n'),
      );
      return failed.length === 0 ? exit.done : exit.failed;
    }),
};

/** Options of design 7.1 whose part is not built yet; each is answered by one sentence. */
export const laterPoolOptions = [
  'scope',
  'url',
  'api-url',
  'engine',
  'gpus',
  'account',
  'token-file',
  'token-stdin',
] as const;

/** Throws the sentence for an option that is not part of this version. */
export function refuseLater(argv: readonly string[], options: readonly string[]): void {
  const split = argv.indexOf('--');
  const own = split < 0 ? argv : argv.slice(0, split);
  const found = options.find((name) =>
    own.some((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`)),
  );
  if (found === undefined) return;
  throw problem(
    'usage',
    `The option --${found} is not part of this version yet.`,
    'Leave it out: pools and jobs of this version are local ones in processes.',
  );
}
