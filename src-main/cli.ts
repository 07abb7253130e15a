#!/usr/bin/env node
/** The program in the terminal: the same engine as behind the tray, in plain Node. */
import { main } from './cli/main.ts';
import { tell, processTerminal } from './cli/terminal.ts';
import { world } from './compose.ts';
import { problemOf } from './contract/problem.ts';

const terminal = processTerminal();

function failed(error: unknown): never {
  tell(problemOf(error), process.argv.includes('--json'), terminal);
  process.exit(1);
}

process.on('uncaughtException', failed);
process.on('unhandledRejection', failed);

void main(process.argv.slice(2), terminal, world).then((code) => {
  process.exitCode = code;
  // What is printed to a pipe is written before the process ends; open handles of a command do not hold it.
  process.stdout.write('', () => process.exit(code));
});
