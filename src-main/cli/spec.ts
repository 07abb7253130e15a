/** What a command is: from this one table come parsing, help and completion. */
import type { ParsedArgs } from './args.ts';
import type { Terminal } from './terminal.ts';
import type { World } from './world.ts';

export interface OptionSpec {
  readonly name: string;
  /** What its value is called in the help; absent for a switch. */
  readonly value?: string;
  readonly many?: boolean;
  readonly short?: string;
  readonly help: string;
}

export interface Call {
  readonly args: ParsedArgs;
  readonly json: boolean;
  /** The value of --home, or null. */
  readonly home: string | null;
  readonly terminal: Terminal;
  readonly world: World;
}

export interface CommandSpec {
  /** One or two words: "status", "pool add". */
  readonly name: string;
  /** The names of its positional arguments; one in brackets may be left out. */
  readonly positionals: readonly string[];
  /** Takes a command line after `--`. */
  readonly rest?: string;
  readonly summary: string;
  readonly options: readonly OptionSpec[];
  readonly examples?: readonly string[];
  /** Runs it and gives the exit code; a ProblemError becomes its sentence and exit code. */
  readonly run: (call: Call) => Promise<number>;
}

/** Every command takes these. */
export const commonOptions: readonly OptionSpec[] = [
  { name: 'json', help: 'Print one JSON document instead of text (streams: one object a line).' },
  { name: 'home', value: 'DIR', help: 'Keep all state below DIR (also HOMERUNNER_HOME).' },
  { name: 'help', short: 'h', help: 'Show this help.' },
];
