/** The stand-in for a desktop's panel: reads the icon as a panel would, and clicks. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { until } from './until.ts';

export interface MenuEntry {
  readonly id: number;
  readonly label: string;
  readonly enabled: boolean;
  readonly items: readonly MenuEntry[];
}

interface Said {
  readonly ready?: true;
  readonly registered?: string;
  readonly answer?: unknown;
  readonly error?: string;
}

/** Why there can be no stand-in on this machine; null: there can. */
export function noTrayHost(): string | null {
  try {
    execFileSync(python, ['-c', 'import dbus, gi'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'python3-dbus and python3-gi are not installed';
  }
}

/** The system's own: its packages are not seen by another. */
const python = '/usr/bin/python3';

export class TrayHost {
  readonly #child: ChildProcess;
  readonly #answers: Said[] = [];
  /** When, for each. */
  readonly #registered: number[] = [];
  #ready = false;

  private constructor(address: string) {
    this.#child = spawn(python, [path.resolve('e2e/support/tray-host.py')], {
      env: { PATH: process.env['PATH'], DBUS_SESSION_BUS_ADDRESS: address },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const { stdout } = this.#child;
    if (stdout !== null)
      createInterface(stdout).on('line', (line) => {
        this.#take(JSON.parse(line) as Said);
      });
  }

  /** Owns the name on the bus at `address` once this settles. */
  static async start(address: string): Promise<TrayHost> {
    const host = new TrayHost(address);
    await until(() => host.#ready, 'the stand-in for the panel is ready');
    return host;
  }

  /** Waits for an icon; `times` counts registrations. Gives when it came, by `performance.now()`. */
  async registered(times = 1): Promise<number> {
    return until(() => this.#registered[times - 1], 'the icon has registered');
  }

  /** Icons that have registered so far. */
  get registrations(): number {
    return this.#registered.length;
  }

  async tooltip(): Promise<string> {
    const [text] = (await this.#ask({ do: 'tooltip' })) as [string, string];
    return text;
  }

  /** The icon's pixels, as text that is the same for the same picture. */
  async icon(): Promise<string> {
    return JSON.stringify(await this.#ask({ do: 'icon' }));
  }

  async menu(): Promise<readonly MenuEntry[]> {
    return (await this.#ask({ do: 'menu' })) as MenuEntry[];
  }

  /** The entry at the end of a path of labels, once it is there. */
  async entry(...labels: readonly string[]): Promise<MenuEntry> {
    return until(
      async () => {
        let entries = await this.menu();
        let found: MenuEntry | undefined;
        for (const label of labels) {
          found = entries.find((entry) => entry.label === label);
          entries = found?.items ?? [];
        }
        return found;
      },
      `the menu has ${labels.join(' > ')}`,
    );
  }

  async click(...labels: readonly string[]): Promise<void> {
    await this.#ask({ do: 'click', id: (await this.entry(...labels)).id });
  }

  async activate(): Promise<void> {
    await this.#ask({ do: 'activate' });
  }

  async dispose(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill();
    await ended;
  }

  #take(said: Said): void {
    if (said.ready === true) this.#ready = true;
    else if (said.registered !== undefined) this.#registered.push(performance.now());
    else this.#answers.push(said);
  }

  async #ask(request: object): Promise<unknown> {
    this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
    const said = await until(() => this.#answers.shift(), `the panel answers ${JSON.stringify(request)}`);
    if (said.error !== undefined) throw new Error(said.error);
    return said.answer;
  }
}
