/** From arguments to an exit code. */
import { type Problem, type ProblemError, problem, problemOf } from '../contract/problem.ts';
import { commands, refuse } from './commands/index.ts';
import { exit, exitCodeOf } from './exit-code.ts';
import { groupHelp, helpOf, overview } from './help.ts';
import { nearest } from './nearest.ts';
import { parse } from './parse.ts';
import type { CommandSpec } from './spec.ts';
import { tell, type Terminal } from './terminal.ts';
import type { World } from './world.ts';

/** Runs one command line; never throws. */
export async function main(argv: readonly string[], terminal: Terminal, world: World): Promise<number> {
  const own = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  const json = own.includes('--json');
  try {
    return await dispatch(argv, json, terminal, world);
  } catch (error) {
    const found: Problem = problemOf(error);
    tell(found, json, terminal);
    return exitCodeOf(found.code);
  }
}

async function dispatch(
  argv: readonly string[],
  json: boolean,
  terminal: Terminal,
  world: World,
): Promise<number> {
  const { leading, words } = split(argv);
  const [first] = words;
  if (first === undefined || first === 'help') return withoutCommand(leading, words, json, terminal, world);
  refuse(words);
  const members = membersOf(first);
  const second = words[1] ?? '-';
  if (members.length > 0 && second.startsWith('-')) {
    if (!asksHelp(words) && !asksHelp(leading)) throw needsSecond(first, members);
    terminal.print(groupHelp(first, commands));
    return exit.done;
  }
  const { spec, rest } = find(words);
  const args = parse(spec, [...leading, ...rest]);
  if (args.has('help')) {
    terminal.print(helpOf(spec));
    return exit.done;
  }
  return spec.run({ args, json, home: args.get('home'), terminal, world });
}

/** Options common to all may stand before the command. */
function split(argv: readonly string[]): { leading: readonly string[]; words: readonly string[] } {
  let length = 0;
  while (argv[length]?.startsWith('-') === true && argv[length] !== '--')
    length += argv[length] === '--home' ? 2 : 1;
  return { leading: argv.slice(0, length), words: argv.slice(length) };
}

function asksHelp(argv: readonly string[]): boolean {
  return argv.includes('--help') || argv.includes('-h');
}

/** `homerunner --help`, `homerunner help pool add`, `homerunner --version`, and nothing at all. */
function withoutCommand(
  leading: readonly string[],
  words: readonly string[],
  json: boolean,
  terminal: Terminal,
  world: World,
): number {
  if (leading.includes('--version') || leading.includes('-v')) {
    if (json) terminal.json({ version: world.version });
    else terminal.print(world.version);
    return exit.done;
  }
  const [topic] = words.slice(1);
  if (topic !== undefined) {
    const group = words.length === 2 && membersOf(topic).length > 0;
    terminal.print(group ? groupHelp(topic, commands) : helpOf(find(words.slice(1)).spec));
    return exit.done;
  }
  if (words[0] === 'help' || asksHelp(leading)) {
    terminal.print(overview(commands, world.version));
    return exit.done;
  }
  throw problem('usage', 'A command is needed, such as `homerunner run`.', 'See `homerunner --help`.');
}

/** The second words that a first one takes: those of "pool" are add, list, … */
function membersOf(first: string): readonly string[] {
  return commands.flatMap((spec) => (spec.name.startsWith(`${first} `) ? [spec.name] : []));
}

function needsSecond(first: string, members: readonly string[]): ProblemError {
  const seconds = members.map((name) => name.slice(first.length + 1)).join(', ');
  return problem('usage', `${first} needs one of ${seconds}.`, `See \`homerunner ${first} --help\`.`);
}

/** The command that the first one or two words name. */
function find(words: readonly string[]): { spec: CommandSpec; rest: readonly string[] } {
  const [first = '', second = ''] = words;
  const two = commands.find((spec) => spec.name === `${first} ${second}`);
  if (two !== undefined) return { spec: two, rest: words.slice(2) };
  const one = commands.find((spec) => spec.name === first);
  if (one !== undefined) return { spec: one, rest: words.slice(1) };
  const members = membersOf(first);
  const word = members.length > 0 ? `${first} ${second}` : first;
  const firsts = commands.map((spec) => spec.name.split(' ')[0] ?? '');
  const like = nearest(word, members.length > 0 ? members : firsts);
  throw problem(
    'usage',
    `There is no command ${word}${like === null ? '.' : `; did you mean ${like}?`}`,
    'See `homerunner --help`.',
  );
}
