/** The desktop application on a screen and a bus of its own, driven as a person would. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import type { Job } from '../../src-main/contract/job.ts';
import type { Bridge, Link } from '../../src-main/contract/desktop.ts';
import type { Answer } from '../../src-main/contract/problem.ts';
import type { Snapshot } from '../../src-main/contract/snapshot.ts';
import { desktopEnvironment, startBus, startDisplay, type Started } from './display.ts';
import { electronBinary } from './electron.ts';
import { Home, type User } from './product.ts';
import { remove } from './remove.ts';
import { until } from './until.ts';

/** The test build. */
const mainFile = path.resolve('dist-test/main.cjs');

export { noDesktop } from './electron.ts';

export interface StartOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A home, a screen and a bus; `dispose` ends what was started on them. */
export class DesktopSite {
  readonly home: Home;
  readonly bus: Started;
  readonly display: Started;
  /** For what a test puts down; goes with the site. */
  readonly folder: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #applications = new Map<ElectronApplication, ChildProcess>();
  #logged: string | null = null;
  readonly #children = new Set<ChildProcess>();

  private constructor(bus: Started, display: Started, folder: string, home: Home, env: StartOptions['env']) {
    this.bus = bus;
    this.display = display;
    this.home = home;
    this.folder = folder;
    this.#env = env ?? {};
  }

  static async start(
    options: { env?: Record<string, string>; busEnv?: Record<string, string> } = {},
  ): Promise<DesktopSite> {
    const [bus, display] = await Promise.all([startBus(options.busEnv), startDisplay()]);
    const folder = mkdtempSync(path.join(tmpdir(), 'hr-desktop-'));
    const env = { XDG_RUNTIME_DIR: folder, HOME: folder };
    return new DesktopSite(bus, display, folder, new Home({ env }), options.env);
  }

  /** What the application and its companions are started with. */
  env(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    return {
      ...this.home.env,
      ...desktopEnvironment(this.display, this.bus, this.folder),
      ...this.#env,
      ...more,
    };
  }

  /** Starts it so that it can be driven from inside. */
  async launch({ args = [], env = {} }: StartOptions = {}): Promise<ElectronApplication> {
    const application = await _electron.launch({
      executablePath: electronBinary() ?? '',
      args: [mainFile, ...args],
      env: this.env(env),
    });
    this.#applications.set(application, application.process());
    return application;
  }

  /** Starts it as a person does: nothing is attached. */
  spawn({ args = [], env = {} }: StartOptions = {}, user?: User): ChildProcess {
    const own = user === undefined && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const child = spawn(electronBinary() ?? '', [...own, mainFile, ...args], {
      env: this.env(env),
      stdio: ['ignore', 'pipe', 'pipe'],
      ...user,
    });
    this.#children.add(child);
    child.once('exit', () => this.#children.delete(child));
    return child;
  }

  /** What the supervisor of the home says, once it answers and `is` holds. */
  async snapshot(
    is: (snapshot: Snapshot) => boolean = () => true,
    what = 'the supervisor answers',
  ): Promise<Snapshot> {
    return until(async () => {
      const done = await this.home.cli(['status', '--json']);
      if (done.code !== 0) return null;
      const snapshot = JSON.parse(done.stdout) as Snapshot;
      return is(snapshot) ? snapshot : null;
    }, what);
  }

  /** Does its process live? */
  isOpen(application: ElectronApplication): boolean {
    const child = this.#applications.get(application);
    return child?.exitCode === null && child.signalCode === null;
  }

  /** Asks it to quit, and waits until its process has ended. */
  async quit(application: ElectronApplication): Promise<void> {
    await application.evaluate(({ app }) => {
      app.quit();
    });
    await until(() => !this.isOpen(application), 'the application has quit');
  }

  path(name: string): string {
    return path.join(this.folder, name);
  }

  touch(name: string): void {
    this.write(name, '');
  }

  write(name: string, text: string): void {
    writeFileSync(this.path(name), text);
  }

  /** A job as it is written down, while no supervisor runs. */
  async history(job: string): Promise<Job> {
    return until(async () => {
      const done = await this.home.cli(['job', 'show', job, '--json']);
      return done.code === 0 ? (JSON.parse(done.stdout) as { job: Job }).job : null;
    }, 'the job can be looked up');
  }

  /** What the application has logged. */
  log(): string {
    return this.#logged ?? this.#read('desktop.log');
  }

  /** What the supervisor in it has logged. */
  supervisorLog(): string {
    return this.#read('homerunner.log');
  }

  #read(name: string): string {
    const file = path.join(this.home.path, 'logs', name);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  async dispose(): Promise<void> {
    // Of a test that failed it is told afterwards.
    this.#logged = this.log();
    const children = [...this.#children, ...this.#applications.values()];
    for (const child of children) {
      child.kill('SIGKILL');
      await exitOf(child);
    }
    await this.home.dispose();
    await this.display.dispose();
    await this.bus.dispose();
    await remove(this.folder);
  }
}

/** The window, once its page has loaded. */
export async function windowOf(application: ElectronApplication): Promise<Page> {
  const page = application.windows()[0] ?? (await application.firstWindow());
  await page.waitForLoadState('load');
  return page;
}

/** Settles when the program has ended. */
export async function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null)
    await new Promise((resolve) => child.once('exit', resolve));
  return child.exitCode;
}

interface PageGlobals {
  readonly homerunner: Bridge;
}

/** Asks as the page does, by what the preload script has given it; nothing is checked on the way. */
export function ask(
  page: Page,
  what: 'execute' | 'desktop',
  name: string,
  args: unknown,
): Promise<Answer<unknown>> {
  return page.evaluate(
    (call) => {
      const { homerunner } = globalThis as unknown as {
        homerunner: Record<string, (name: string, args: unknown) => Promise<Answer<unknown>>>;
      };
      const given = homerunner[call.what];
      if (given === undefined) throw new Error('There is no bridge.');
      return given(call.name, call.args);
    },
    { what, name, args },
  );
}

/** What the page knows of the supervisor, once `is` holds. */
export function linkOf(page: Page, is: (link: Link) => boolean, what: string): Promise<Link> {
  return until(async () => {
    const link = await page.evaluate(
      () =>
        new Promise<Link>((resolve) => {
          const { homerunner } = globalThis as unknown as PageGlobals;
          let end = (): void => undefined;
          end = homerunner.subscribe((now) => {
            resolve(now);
            end();
          });
        }),
    );
    return is(link) ? link : null;
  }, what);
}

/** Answers the next questions of the application by these buttons, in turn; gives what was asked. */
export async function answerDialogs(
  application: ElectronApplication,
  ...buttons: readonly string[]
): Promise<() => Promise<readonly string[]>> {
  await application.evaluate(({ dialog }, labels) => {
    const asked: string[] = [];
    Object.assign(globalThis, { asked });
    const left = [...labels];
    dialog.showMessageBox = (...words: unknown[]) => {
      const options = words.at(-1) as { message: string; detail?: string; buttons: string[] };
      asked.push(`${options.message}\n${options.detail ?? ''}`);
      return Promise.resolve({
        response: options.buttons.indexOf(left.shift() ?? ''),
        checkboxChecked: false,
      });
    };
  }, buttons);
  return () => application.evaluate(() => (globalThis as unknown as { asked: string[] }).asked);
}
