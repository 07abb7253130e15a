/** Arguments of one command, by its table. */
import { parseArgs } from 'node:util';
import { type ProblemError, problem } from '../contract/problem.ts';
import { nearest } from './nearest.ts';
import { type CommandSpec, commonOptions } from './spec.ts';

export class ParsedArgs {
  readonly positionals: readonly string[];
  /** What stood after `--`. */
  readonly rest: readonly string[];
  readonly #values: Readonly<Record<string, readonly string[] | boolean>>;

  constructor(
    values: Readonly<Record<string, readonly string[] | boolean>>,
    positionals: readonly string[],
    rest: readonly string[],
  ) {
    this.#values = values;
    this.positionals = positionals;
    this.rest = rest;
  }

  /** Was the switch given? */
  has(name: string): boolean {
    return this.#values[name] !== undefined;
  }

  /** The last value of an option, or null. */
  get(name: string): string | null {
    const value = this.#values[name];
    return Array.isArray(value) ? (value.at(-1) ?? null) : null;
  }

  /** All values of an option. */
  all(name: string): readonly string[] {
    const value = this.#values[name];
    return Array.isArray(value) ? value : [];
  }

  /** The nth positional argument; parsing has made sure that the required ones are there. */
  at(index: number): string {
    return this.positionals[index] ?? '';
  }
}

/** Parses what follows the command's name; throws a `usage` Problem that says what is wrong and how to get help. */
export function parse(spec: CommandSpec, argv: readonly string[]): ParsedArgs {
  const split = argv.indexOf('--');
  const own = split < 0 ? argv : argv.slice(0, split);
  const rest = split < 0 ? [] : argv.slice(split + 1);
  const options = [...spec.options, ...commonOptions];
  const { tokens } = parseArgs({
    args: [...own],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      options.map((option) => [
        option.name,
        {
          type: option.value === undefined ? ('boolean' as const) : ('string' as const),
          ...(option.short === undefined ? {} : { short: option.short }),
        },
      ]),
    ),
  });
  const values: Record<string, string[] | boolean> = {};
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind === 'option') take(spec, token, values);
  }
  checkCounts(spec, positionals, rest, split >= 0, values['help'] !== undefined);
  return new ParsedArgs(values, positionals, rest);
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
}

function take(spec: CommandSpec, token: OptionToken, values: Record<string, string[] | boolean>): void {
  const options = [...spec.options, ...commonOptions];
  const option = options.find((o) => o.name === token.name);
  if (option === undefined) {
    const like = nearest(
      token.rawName,
      options.map((o) => `--${o.name}`),
    );
    throw wrong(
      spec,
      `${spec.name} has no option ${token.rawName}${like === null ? '' : `; did you mean ${like}?`}`,
    );
  }
  if (option.value === undefined) {
    if (token.value !== undefined) throw wrong(spec, `The option --${option.name} takes no value`);
    values[option.name] = true;
    return;
  }
  if (
    token.value === undefined ||
    token.value === '' ||
    (token.value.startsWith('--') && token.value.length > 2)
  ) {
    throw wrong(spec, `The option --${option.name} needs a value (${option.value})`);
  }
  const before = values[option.name];
  if (before !== undefined && option.many !== true)
    throw wrong(spec, `The option --${option.name} is given twice`);
  values[option.name] = [...(Array.isArray(before) ? before : []), token.value];
}

function checkCounts(
  spec: CommandSpec,
  positionals: readonly string[],
  rest: readonly string[],
  split: boolean,
  help: boolean,
): void {
  if (help) return;
  const needed = spec.positionals.filter((name) => !name.startsWith('['));
  const missing = needed[positionals.length];
  if (missing !== undefined) throw wrong(spec, `${spec.name} needs ${missing}`);
  const extra = positionals[spec.positionals.length];
  if (extra !== undefined) {
    throw wrong(
      spec,
      `${spec.name} does not know what to do with "${extra}"${spec.rest === undefined ? '' : '; the command to run comes after --'}`,
    );
  }
  if (spec.rest === undefined && split) throw wrong(spec, `${spec.name} takes no command after --`);
  if (spec.rest !== undefined && rest.length === 0)
    throw wrong(spec, `${spec.name} needs a command after --`);
}

/** A usage error of a command, with the way to its help. */
export function wrong(spec: Pick<CommandSpec, 'name'>, what: string): ProblemError {
  return problem('usage', what.endsWith('?') ? what : `${what}.`, `See \`homerunner ${spec.name} --help\`.`);
}
