/** One thing that is tried: whether it goes on, and what came in its way. The problem stands where it happened. */
import type { CommandArgs, CommandName, CommandResults } from '../../src-main/contract/commands.ts';
import type { DesktopArgs, DesktopName, DesktopResults } from '../../src-main/contract/desktop.ts';
import type { Answer, Problem } from '../../src-main/contract/problem.ts';

export class Attempt {
  busy = $state(false);
  problem = $state.raw<Problem | null>(null);

  /** Runs a command; null where it failed, with `problem` set. Pressed again while busy it does nothing. */
  command<K extends CommandName>(name: K, args: CommandArgs<K>): Promise<CommandResults[K] | null> {
    return this.#take(() => window.homerunner.execute(name, args));
  }

  /** The same for what is asked of the desktop. */
  desktop<K extends DesktopName>(name: K, args: DesktopArgs<K>): Promise<DesktopResults[K] | null> {
    return this.#take(() => window.homerunner.desktop(name, args));
  }

  clear(): void {
    this.problem = null;
  }

  async #take<T>(ask: () => Promise<Answer<T>>): Promise<T | null> {
    if (this.busy) return null;
    this.busy = true;
    try {
      const answer = await ask();
      this.problem = answer.ok ? null : answer.problem;
      return answer.ok ? answer.value : null;
    } finally {
      this.busy = false;
    }
  }
}
