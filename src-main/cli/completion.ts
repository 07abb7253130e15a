/** Completion scripts for three shells, generated from the same tables as the help. */
import { type CommandSpec, commonOptions } from './spec.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** The script that the shell evaluates: `eval "$(homerunner completion bash)"`. */
export function completionScript(shell: Shell, specs: readonly CommandSpec[]): string {
  if (shell === 'fish') return fish(specs);
  const script = bash(specs);
  return shell === 'bash' ? script : `autoload -U +X bashcompinit && bashcompinit\n${script}`;
}

function flags(spec: CommandSpec): string {
  return [...spec.options, ...commonOptions].map((option) => `--${option.name}`).join(' ');
}

function firstWords(specs: readonly CommandSpec[]): string[] {
  return [...new Set(specs.map((spec) => spec.name.split(' ')[0] ?? ''))];
}

function secondWords(word: string, specs: readonly CommandSpec[]): string[] {
  return specs.flatMap((spec) =>
    spec.name.startsWith(`${word} `) ? [spec.name.slice(word.length + 1)] : [],
  );
}

function bash(specs: readonly CommandSpec[]): string {
  const groups = firstWords(specs).filter((word) => secondWords(word, specs).length > 0);
  return [
    '_homerunner() {',
    '  local word=${COMP_WORDS[COMP_CWORD]} words',
    '  case "${COMP_WORDS[1]} ${COMP_WORDS[2]}" in',
    ...specs.map((spec) => {
      const pattern = spec.name.includes(' ') ? `"${spec.name}"` : `"${spec.name} "*`;
      return `    ${pattern}) words="${flags(spec)}" ;;`;
    }),
    ...groups.map((word) => `    "${word} "*) words="${secondWords(word, specs).join(' ')}" ;;`),
    `    *) words="${firstWords(specs).join(' ')}" ;;`,
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "$word"))',
    '}',
    'complete -o default -F _homerunner homerunner',
  ].join('\n');
}

function fish(specs: readonly CommandSpec[]): string {
  const lines = ['complete -c homerunner -f'];
  for (const word of firstWords(specs)) {
    const summary = specs.find((spec) => spec.name === word)?.summary ?? `${word} commands`;
    lines.push(`complete -c homerunner -n __fish_use_subcommand -a ${word} -d ${quoted(summary)}`);
  }
  return [...lines, ...specs.flatMap((spec) => fishCommand(spec, specs))].join('\n');
}

function fishCommand(spec: CommandSpec, specs: readonly CommandSpec[]): string[] {
  const [first = '', second] = spec.name.split(' ');
  const at = `__fish_seen_subcommand_from ${first}`;
  const others = secondWords(first, specs).join(' ');
  const word = `complete -c homerunner -n ${quoted(`${at}; and not __fish_seen_subcommand_from ${others}`)}`;
  const within = second === undefined ? at : `${at}; and __fish_seen_subcommand_from ${second}`;
  return [
    ...(second === undefined ? [] : [`${word} -a ${second} -d ${quoted(spec.summary)}`]),
    ...[...spec.options, ...commonOptions].map((option) => {
      const value = option.value === undefined ? '' : takesFile(option.value) ? ' -rF' : ' -x';
      return `complete -c homerunner -n ${quoted(within)} -l ${option.name}${value} -d ${quoted(option.help)}`;
    }),
  ];
}

function takesFile(value: string): boolean {
  return ['DIR', 'D', 'FILE', 'PATH'].includes(value);
}

function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
}
