/** Help, generated from the tables. */
import { type CommandSpec, commonOptions, type OptionSpec } from './spec.ts';

/** `homerunner --help`. */
export function overview(specs: readonly CommandSpec[], version: string): string {
  const width = Math.max(...specs.map((spec) => spec.name.length)) + 2;
  return [
    `homerunner ${version}: lend this machine to CI.`,
    '',
    'Usage: homerunner COMMAND [OPTIONS]',
    '',
    ...specs.map((spec) => `  ${spec.name.padEnd(width)}${spec.summary}`),
    '',
    'Every command takes --json, --home DIR and --help.',
    'Exit codes: 0 done, 1 failed, 2 usage, 3 no supervisor runs, 4 refused by policy.',
  ].join('\n');
}

/** `homerunner COMMAND --help`. */
export function helpOf(spec: CommandSpec): string {
  const options = [...spec.options, ...commonOptions];
  const width = Math.max(...options.map((option) => left(option).length)) + 2;
  const rest = spec.rest === undefined ? '' : ` -- ${spec.rest}`;
  const positionals = spec.positionals.map((name) => ` ${name}`).join('');
  return [
    `Usage: homerunner ${spec.name}${positionals} [OPTIONS]${rest}`,
    '',
    spec.summary,
    '',
    ...options.map(
      (option) =>
        `  ${left(option).padEnd(width)}${option.help}${option.many === true ? ' May be repeated.' : ''}`,
    ),
    ...(spec.examples === undefined ? [] : ['', 'Examples:', ...spec.examples.map((line) => `  ${line}`)]),
  ].join('\n');
}

function left(option: OptionSpec): string {
  const short = option.short === undefined ? '' : `-${option.short}, `;
  return `${short}--${option.name}${option.value === undefined ? '' : ` ${option.value}`}`;
}

/** The help of a first word that has several second ones: "pool". */
export function groupHelp(word: string, specs: readonly CommandSpec[]): string {
  const members = specs.filter((spec) => spec.name.startsWith(`${word} `));
  const width = Math.max(...members.map((spec) => spec.name.length)) + 2;
  return [
    `Usage: homerunner ${word} COMMAND`,
    '',
    ...members.map((spec) => `  ${spec.name.padEnd(width)}${spec.summary}`),
  ].join('\n');
}
