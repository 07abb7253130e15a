/** The desktop application and its baseline, started alike on one screen, one bus and one stand-in for the panel. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { withoutCard } from '../../src-main/desktop/switch-names.ts';
import { killAtExit } from '../support/at-exit.ts';
import { desktopEnvironment, startBus, startDisplay, type Started } from '../support/display.ts';
import { electronBinary } from '../support/electron.ts';
import { Home } from '../support/product.ts';
import { remove } from '../support/remove.ts';
import { TrayHost } from '../support/tray-host.ts';
import { until } from '../support/until.ts';
import { emptyApplication, emptyPage, probe } from './desktop-sources.ts';
import { cpuOfTree, treeOf } from './usage.ts';

/** Which application; `plain` is the empty one without the switches that the product sets for itself. */
export type Kind = 'ours' | 'empty' | 'plain';

export interface StartedProgram {
  readonly pid: number;
  /** Milliseconds from the start of the process to its icon at the panel. */
  readonly toTray: number;
  /** Milliseconds of processor time that all its processes had used by then. */
  readonly cpuToTray: number;
  /** Asks the probe in it; only where it was started with one. */
  ask<T>(request: object): Promise<T>;
  end(): Promise<void>;
}

export class DesktopBench {
  readonly home: Home;
  readonly #panel: TrayHost;
  readonly #things: readonly { dispose(): Promise<void> }[];
  readonly #folder: string;
  readonly #env: Readonly<Record<string, string>>;
  #starts = 0;

  private constructor(bus: Started, display: Started, panel: TrayHost, folder: string) {
    this.#panel = panel;
    this.#folder = folder;
    const env = { XDG_RUNTIME_DIR: folder, HOME: folder };
    this.home = new Home({ env });
    this.#things = [this.home, panel, display, bus];
    this.#env = {
      ...this.home.env,
      ...desktopEnvironment(display, bus, folder),
      BENCH_IMAGE: path.resolve('resources/tray/idle-on-light.png'),
    };
  }

  static async start(): Promise<DesktopBench> {
    const [bus, display] = await Promise.all([startBus(), startDisplay()]);
    const folder = mkdtempSync(path.join(tmpdir(), 'hr-desktop-'));
    for (const kind of ['empty', 'plain']) {
      mkdirSync(path.join(folder, kind));
      writeFileSync(path.join(folder, kind, 'page.html'), emptyPage);
    }
    writeFileSync(path.join(folder, 'empty.cjs'), emptyApplication);
    writeFileSync(path.join(folder, 'probe.cjs'), probe);
    return new DesktopBench(bus, display, await TrayHost.start(bus.value), folder);
  }

  /** Starts one, and waits for its icon; no window comes by itself. */
  async launch(kind: Kind, probed = false): Promise<StartedProgram> {
    this.#starts += 1;
    const socket = path.join(this.#folder, `probe-${this.#starts}`);
    const before = this.#panel.registrations;
    const began = performance.now();
    const child = spawn(electronBinary() ?? '', this.#args(kind, probed), {
      env: { ...this.#env, BENCH_SOCKET: socket, BENCH_FOLDER: path.join(this.#folder, kind) },
      stdio: 'ignore',
    });
    killAtExit(child);
    const pid = child.pid ?? 0;
    const came = await this.#panel.registered(before + 1);
    const cpuToTray = cpuOfTree(pid);
    return {
      pid,
      toTray: came - began,
      cpuToTray,
      ask: <T>(request: object) => askProbe<T>(socket, request),
      end: () => endOf(child),
    };
  }

  #args(kind: Kind, probed: boolean): string[] {
    const file = kind === 'ours' ? path.resolve('dist-test/main.cjs') : path.join(this.#folder, 'empty.cjs');
    return [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...(kind === 'empty'
        ? [['log-level', '3'], ...withoutCard].map((words) => `--${words.join('=')}`)
        : []),
      ...(probed ? ['--require', path.join(this.#folder, 'probe.cjs')] : []),
      file,
      ...(kind === 'ours' ? ['--background'] : []),
    ];
  }

  async dispose(): Promise<void> {
    for (const thing of this.#things) await thing.dispose();
    await remove(this.#folder);
  }
}

async function askProbe<T>(file: string, request: object): Promise<T> {
  const socket = net.connect(file);
  try {
    socket.write(`${JSON.stringify(request)}\n`);
    for await (const line of createInterface(socket)) {
      const { value, error } = JSON.parse(line) as { value: T; error?: string };
      if (error !== undefined) throw new Error(error);
      return value;
    }
    throw new Error(`The application ended while it was asked ${JSON.stringify(request)}.`);
  } finally {
    socket.destroy();
  }
}

/** Asked to quit; not all that it started goes at once. */
async function endOf(child: ChildProcess): Promise<void> {
  const tree = treeOf(child.pid ?? 0);
  child.kill('SIGTERM');
  await until(() => child.exitCode !== null || child.signalCode !== null, 'the application has quit');
  await until(() => tree.every((pid) => treeOf(pid).length === 0), 'its processes have gone');
}
