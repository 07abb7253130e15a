/** From arguments to an exit code. */
import { type Problem, problem, problemOf } from '../contract/problem.ts';
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
  const [first] = argv;
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    terminal.print(overview(commands, world.version));
    return first === undefined ? exit.usage : exit.done;
  }
  if (first === '--version' || first === '-v' || first === 'version') {
    if (json) terminal.json({ version: world.version });
    else terminal.print(world.version);
    return exit.done;
  }
  const words = argv.filter((word) => word !== '--json');
  refuse(words);
  const group = commands.some((spec) => spec.name.startsWith(`${words[0] ?? ''} `));
  if (group && (words[1] === undefined || words[1] === '--help' || words[1] === '-h')) {
    terminal.print(groupHelp(words[0] ?? '', commands));
    return words[1] === undefined ? exit.usage : exit.done;
  }
  const { spec, rest } = find(argv);
  const args = parse(spec, rest);
  if (args.has('help')) {
    terminal.print(helpOf(spec));
    return exit.done;
  }
  return spec.run({ args, json, home: args.get('home'), terminal, world });
}

/** The command that the first one or two words name; options common to all may stand before them. */
function find(argv: readonly string[]): { spec: CommandSpec; rest: readonly string[] } {
  const start = leading(argv);
  const [first = '', second = ''] = argv.slice(start.length);
  const two = commands.find((spec) => spec.name === `${first} ${second}`);
  if (two !== undefined) return { spec: two, rest: [...start, ...argv.slice(start.length + 2)] };
  const one = commands.find((spec) => spec.name === first);
  if (one !== undefined) return { spec: one, rest: [...start, ...argv.slice(start.length + 1)] };
  const members = commands.flatMap((spec) => (spec.name.startsWith(`${first} `) ? [spec.name] : []));
  const word = members.length > 0 ? `${first} ${second}` : first;
  const like = nearest(
    word,
    members.length > 0 ? members : commands.map((spec) => spec.name.split(' ')[0] ?? ''),
  );
  throw problem(
    'usage',
    `There is no command ${word}${like === null ? '.' : `; did you mean ${like}?`}`,
    'See `homerunner --help`.',
  );
}

function leading(argv: readonly string[]): readonly string[] {
  let length = 0;
  while (argv[length]?.startsWith('-') === true && argv[length] !== '--')
    length += argv[length] === '--home' ? 2 : 1;
  return argv.slice(0, length);
}
