/** The options of pools, and the wish that they amount to. */
import * as v from 'valibot';
import { type PoolEdit, PoolEditSchema } from '../../contract/pool.ts';
import { problem } from '../../contract/problem.ts';
import { durationForms, parseDuration } from '../../core/duration.ts';
import { memoryForms, parseMemory } from '../../core/quantity.ts';
import { wrong } from '../parse.ts';
import type { Call, CommandSpec, OptionSpec } from '../spec.ts';

/** What `pool add` and `pool edit` take alike. */
export const wishes: readonly OptionSpec[] = [
  {
    name: 'scope',
    value: 'SCOPE',
    help: 'github: owner/repo, an organisation, owner/* or enterprises/NAME.',
  },
  { name: 'group', value: 'GROUP', help: 'github: the runner group of an organisation or enterprise.' },
  { name: 'allow-public', help: 'github: jobs of public repositories too, which anyone can write.' },
  {
    name: 'fallback',
    help: 'github: keep a variable fresh for `workflow-snippet`, by which jobs fall back.',
  },
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

/** What the options ask for; a value that cannot be is told with what is accepted. */
export function editFrom(spec: CommandSpec, call: Call): PoolEdit {
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
    scope: args.get('scope') ?? undefined,
    group: args.get('group') ?? undefined,
    publicAllowed: args.has('allow-public') ? true : args.has('no-public') ? false : undefined,
    fallback: args.has('fallback') ? true : args.has('no-fallback') ? false : undefined,
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
  // A pattern is nothing to show: its message says it in words.
  const expected =
    issue.expected === null || issue.type === 'regex'
      ? issue.message
      : `it must be ${expectedText(issue.expected)}`;
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

/** Options of design 7.1 whose part is not built yet; each is answered by one sentence. */
export const laterPoolOptions = ['engine', 'gpus'] as const;

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
    'Leave it out: the jobs of this version run in processes, and see the GPUs as you do.',
  );
}
