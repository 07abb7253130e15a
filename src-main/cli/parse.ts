/** Arguments of one command, by its table. */
import { parseArgs } from 'node:util';
import { type ProblemError, problem } from '../contract/problem.ts';
import { ParsedArgs } from './args.ts';
import { nearest } from './nearest.ts';
import { type CommandSpec, commonOptions } from './spec.ts';

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
  const values = new Map<string, readonly string[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind === 'option') take(spec, token, values);
  }
  checkCounts(spec, positionals, rest, split >= 0, values.has('help'));
  return new ParsedArgs(values, positionals, rest);
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
}

function take(spec: CommandSpec, token: OptionToken, values: Map<string, readonly string[]>): void {
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
    values.set(option.name, []);
    return;
  }
  if (
    token.value === undefined ||
    token.value === '' ||
    (token.value.startsWith('--') && token.value.length > 2)
  ) {
    throw wrong(spec, `The option --${option.name} needs a value (${option.value})`);
  }
  const before = values.get(option.name);
  if (before !== undefined && option.many !== true)
    throw wrong(spec, `The option --${option.name} is given twice`);
  values.set(option.name, [...(before ?? []), token.value]);
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
    // It may be a token that was put behind the switch: not to be repeated.
    if (spec.options.some((option) => option.name === 'token-stdin'))
      throw wrong(
        spec,
        `${spec.name} takes only options${spec.positionals.length === 0 ? '' : ` beside ${spec.positionals.join(' ')}`}; a token is given with --token-stdin or --token-file FILE`,
      );
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
