/** How commands reach the supervisor, or do without one. */
import { setTimeout as delay } from 'node:timers/promises';
import type { SupervisorApi } from '../contract/api.ts';
import type { CommandArgs, CommandName, CommandResults } from '../contract/commands.ts';
import { ProblemError, problemOf } from '../contract/problem.ts';
import { exit } from './exit-code.ts';
import type { Call } from './spec.ts';
import type { Connected } from './world.ts';

/** Runs `use` with the running supervisor. */
export async function withSupervisor<T>(call: Call, use: (api: Connected) => Promise<T>): Promise<T> {
  return using(await call.world.connect(call.home), use);
}

/** Runs `use` with the supervisor, or where none runs, on what the next start reads. */
export async function withEither<T>(call: Call, use: (api: Connected) => Promise<T>): Promise<T> {
  return using(await either(call), use);
}

/** How long another command's edit, or the start of a supervisor, may keep us from both ways. */
const eitherMs = 10_000;

async function either(call: Call): Promise<Connected> {
  const end = performance.now() + eitherMs;
  for (;;) {
    try {
      return await call.world.connect(call.home);
    } catch (error) {
      if (problemOf(error).code !== 'no-supervisor') throw error;
    }
    try {
      const api = await call.world.offline(call.home);
      for (const note of api.notes) call.terminal.note(note);
      return api;
    } catch (error) {
      if (problemOf(error).code !== 'already-running' || performance.now() > end) throw error;
    }
    await delay(50);
  }
}

async function using<T>(api: Connected, use: (api: Connected) => Promise<T>): Promise<T> {
  try {
    return await use(api);
  } finally {
    api.close();
    await api.closed;
  }
}

/** The value of a command, or its Problem thrown. */
export async function ask<K extends CommandName>(
  api: SupervisorApi,
  name: K,
  args: CommandArgs<K>,
): Promise<CommandResults[K]> {
  const answer = await api.execute(name, args);
  if (answer.ok) return answer.value;
  throw new ProblemError(answer.problem);
}

/** Prints a result: the document with --json, else the text. */
export function show(call: Call, value: unknown, text: () => string): number {
  if (call.json) call.terminal.json(value);
  else call.terminal.print(text());
  return exit.done;
}
