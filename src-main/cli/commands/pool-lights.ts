/** The preflight of a pool, as a person reads it. */
import type { Light } from '../../contract/commands.ts';
import type { PoolEdit } from '../../contract/pool.ts';
import { type Problem, ProblemError } from '../../contract/problem.ts';
import { exit } from '../exit-code.ts';
import { printable } from '../format.ts';
import { ask } from '../reach.ts';
import type { Call } from '../spec.ts';
import { tell } from '../terminal.ts';
import type { Connected } from '../world.ts';

/** One light on its line, with what to do and where. */
export function lightText({ ok, name, message, hint, link }: Light): string {
  const rest = [hint, link].filter((text) => text !== null).map((text) => ` ${text}`);
  return printable(`${ok ? 'ok ' : 'NO '} ${name}: ${message}${rest.join('')}`);
}

/** What is asked before a pool elsewhere is made or changed; null where nobody can be asked just now. */
export async function lightsOf(pool: PoolEdit, call: Call, api: Connected): Promise<readonly Light[] | null> {
  try {
    return (await ask(api, 'pool.try', { pool })).lights;
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code !== 'no-supervisor') throw error;
    call.terminal.note(
      'Whether it can do its work is checked once `homerunner run` runs, before the first runner.',
    );
    return null;
  }
}

/** Tells the lights that are not ok; the exit code where one of them forbids the pool, else null. */
export function refusedBy(lights: readonly Light[], call: Call): number | null {
  const failed = lights.filter((light) => !light.ok);
  const blocking = failed.find((light) => light.blocks);
  if (blocking === undefined) {
    for (const light of failed) call.terminal.note(lightText(light));
    return null;
  }
  const problem: Problem = {
    code: 'refused-by-policy',
    message: blocking.message,
    hint: blocking.hint ?? 'See the checks of `homerunner pool check`.',
    ...(blocking.link === null ? {} : { link: blocking.link }),
  };
  if (call.json) {
    call.terminal.json({ problem, lights });
    return exit.refused;
  }
  for (const light of failed) if (light !== blocking) call.terminal.note(lightText(light));
  tell(problem, false, call.terminal);
  return exit.refused;
}
