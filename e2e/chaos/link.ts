/** A connection to a supervisor that comes and goes. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlClient } from '../../src-main/adapters/control/client.ts';
import type { CommandArgs, CommandName, CommandResults } from '../../src-main/contract/commands.ts';
import { ProblemError } from '../../src-main/contract/problem.ts';
import { ask, connectTo } from '../support/control.ts';
import type { Home } from '../support/product.ts';

const patienceMs = 60_000;

/** Did the supervisor go away before it answered? Then nobody knows whether it did what was asked. */
export function isLost(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.code === 'no-supervisor';
}

export class Link {
  readonly #home: Home;
  #client: Promise<ControlClient> | null = null;

  constructor(home: Home) {
    this.#home = home;
  }

  /** The connection; waits for a supervisor that is just starting. */
  async connected(): Promise<ControlClient> {
    for (const end = performance.now() + patienceMs; ;) {
      this.#client ??= this.#connect();
      try {
        return await this.#client;
      } catch (error) {
        this.#client = null;
        if (!isLost(error) || performance.now() > end) throw error;
        await sleep(20);
      }
    }
  }

  /** Runs a command once; throws a Problem `no-supervisor` where the answer was lost. */
  async once<K extends CommandName>(name: K, args: CommandArgs<K>): Promise<CommandResults[K]> {
    return ask(await this.connected(), name, args);
  }

  /** Runs a command that may be repeated until it is answered. */
  async ask<K extends CommandName>(name: K, args: CommandArgs<K>): Promise<CommandResults[K]> {
    for (;;) {
      try {
        return await this.once(name, args);
      } catch (error) {
        if (!isLost(error)) throw error;
      }
    }
  }

  close(): void {
    void this.#client?.then(
      (client) => {
        client.close();
      },
      () => undefined,
    );
    this.#client = null;
  }

  async #connect(): Promise<ControlClient> {
    const client = await connectTo(this.#home);
    const forget = (): void => {
      this.#client = null;
    };
    void client.closed.then(forget, forget);
    return client;
  }
}
