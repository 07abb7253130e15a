/** The application around the supervisor: icon, window and what they need, put together. Begins when Electron is ready. */
import { setTimeout as delay } from 'node:timers/promises';
import { app, type BrowserWindow, session } from 'electron';
import type { Link } from '../contract/desktop.ts';
import { trayModel, trayWithout } from '../core/tray.ts';
import { answersOf } from './answers.ts';
import { choose } from './choose.ts';
import { tooOften } from './crashes.ts';
import { DesktopSettings, type SettingsWish } from './desktop-settings.ts';
import { askAboutJobs, askWithoutTray, tell } from './dialogs.ts';
import { Ipc } from './ipc.ts';
import type { Addresses } from './links.ts';
import { Notifier } from './notify.ts';
import { followPower } from './power.ts';
import { serveFiles } from './protocol.ts';
import { Quit } from './quit.ts';
import { closeOff, holdPages } from './security.ts';
import type { Supervision } from './supervision.ts';
import { TrayIcon } from './tray.ts';
import { AppWindow } from './window.ts';

export interface DesktopWish extends SettingsWish {
  readonly supervision: Supervision;
  /** Absolute paths of what is built in. */
  readonly files: {
    readonly trayImages: string;
    readonly icon: string;
    readonly renderer: string;
    readonly preload: string;
  };
  readonly addresses: Addresses;
  /** Started at login: no window comes by itself. */
  readonly background: boolean;
  /** XDG_CURRENT_DESKTOP, or empty. */
  readonly desktopName: string;
}

/**
 * The icon comes by questions and answers over the bus, which loading the supervisor would hold up by a third of the
 * time that all of it takes (measured): it waits this long, in milliseconds.
 */
const iconMs = 250;

/** Three crashes of a window are enough. */
const mostCrashes = 3;

export class Desktop {
  readonly #wish: DesktopWish;
  readonly #settings: DesktopSettings;
  readonly #quit: Quit;
  readonly #window: AppWindow;
  readonly #tray: TrayIcon;
  readonly #ipc: Ipc;
  readonly #notifier: Notifier;
  readonly #crashedTooOften = tooOften(mostCrashes, () => performance.now());
  #leaving = false;
  #sessionPrepared = false;
  /** The first snapshot has told whether this is a first run. */
  #greeted = false;

  constructor(wish: DesktopWish) {
    this.#wish = wish;
    const { supervision, files, log } = wish;
    this.#tray = new TrayIcon(
      {
        folder: files.trayImages,
        platform: wish.platform,
        desktop: wish.desktopName,
        choose: (id) => void this.#choose(id),
        activate: () => {
          if (wish.platform === 'win32') this.#window.toggle();
          else this.open();
        },
      },
      this.#modelOf(supervision.link),
    );
    this.#settings = new DesktopSettings(wish);
    this.#window = this.#makeWindow();
    this.#quit = new Quit({
      supervision,
      log,
      exit: () => {
        this.#exit();
      },
      ask: (jobs) => askAboutJobs(this.#window.current, files.icon, jobs),
    });
    this.#notifier = new Notifier({
      preferences: () => this.#settings.preferences().notifications,
      seen: () => this.#window.seen,
      icon: files.icon,
      open: (to) => {
        this.open(to);
      },
    });
    this.#ipc = this.#makeIpc();
  }

  /** What begins once the icon is there. */
  async begin(): Promise<void> {
    const { supervision, log, background } = this.#wish;
    supervision.subscribe((link) => {
      this.#take(link);
    });
    void supervision.ended.then(() => {
      this.#exit();
    });
    holdPages(log, () => {
      this.#window.destroy();
      this.open();
    });
    followPower({
      log,
      resumed: () => {
        supervision.wake();
      },
      shutdown: () => void this.#quit.request('leave-running'),
    });
    await delay(iconMs);
    void supervision.begin();
    await this.#settings.load();
    // Closing a window asks for this too, and would else have to wait for it.
    const tray = await this.#settings.findTray();
    if (!background && tray !== true) this.open();
  }

  /** Shows the window, at the view `to` where one is named. */
  open(to: string | null = null): void {
    void this.#settings.load().then(() => {
      this.#window.open(to);
    });
  }

  /** The menu of the system, or its end, asks the application to quit. */
  quit(): void {
    void this.#quit.request('ask');
  }

  /** SIGINT or SIGTERM. */
  signal(): void {
    this.#quit.signal(performance.now());
  }

  get leaving(): boolean {
    return this.#leaving;
  }

  #makeWindow(): AppWindow {
    const { files, log } = this.#wish;
    return new AppWindow({
      preload: files.preload,
      icon: files.icon,
      devTools: !app.isPackaged,
      bounds: () => this.#settings.bounds(),
      keepBounds: (bounds) => {
        this.#settings.keepBounds(bounds);
      },
      mayClose: () => this.#mayClose(),
      prepare: () => {
        this.#prepareSession();
      },
      opened: (window) => {
        this.#ipc.serve(window);
      },
      crashed: (reason) => {
        log.error('The window crashed.', { reason });
        if (this.#crashedTooOften()) this.#window.openCrashPage();
        else this.open();
      },
    });
  }

  /** What pages live in costs 11 MiB from when it is first touched (measured): only a window is worth that. */
  #prepareSession(): void {
    if (this.#sessionPrepared) return;
    this.#sessionPrepared = true;
    const { log, files } = this.#wish;
    closeOff(session.defaultSession, log);
    serveFiles(session.defaultSession, files.renderer);
  }

  #makeIpc(): Ipc {
    const { supervision, log, places, platform, addresses } = this.#wish;
    const answer = answersOf({
      supervision,
      log,
      places,
      platform,
      addresses,
      quit: this.#quit,
      secrets: this.#settings.secrets,
      autostart: this.#settings.autostart,
      window: () => this.#window.current,
      state: () => this.#settings.state(),
      changePreferences: (change) => {
        this.#settings.change(change);
      },
    });
    return new Ipc({ supervision, log, desktop: answer });
  }

  #take(link: Link): void {
    this.#tray.show(this.#modelOf(link));
    if (link.connected && link.snapshot !== null) {
      this.#notifier.take(link.snapshot);
      // Before the machine is known nothing is known of its pools either.
      if (!this.#greeted && link.snapshot.machine !== null) {
        this.#greeted = true;
        void this.#welcome(link.snapshot.pools.length === 0);
      }
    } else if (this.#wish.supervision.canStart && link.problem !== null) {
      const { message, hint } = link.problem;
      const key = `gone:${message}:${link.snapshot?.version ?? 0}`;
      this.#notifier.tell({
        key,
        category: 'needsYou',
        title: 'Homerunner',
        body: `${message} ${hint}`,
        to: 'overview',
      });
    }
  }

  /** The first run opens the window by itself, until the owner has decided. */
  async #welcome(empty: boolean): Promise<void> {
    await this.#settings.load();
    if (empty && !this.#wish.background && !this.#settings.preferences().welcomed) this.open();
  }

  #modelOf({ snapshot, connected, problem }: Link): ReturnType<typeof trayModel> {
    if (connected && snapshot !== null) return trayModel(snapshot);
    const { canStart } = this.#wish.supervision;
    return trayWithout(
      problem ?? { code: 'no-supervisor', message: 'Homerunner is starting.', hint: '' },
      canStart,
    );
  }

  async #choose(id: string): Promise<void> {
    const { supervision, now, offsetAt } = this.#wish;
    await choose(id, {
      now,
      offsetAt,
      execute: (name, args) => supervision.execute(name, args),
      open: (to) => {
        this.open(to);
      },
      start: () => {
        supervision.start();
      },
      quit: () => {
        this.quit();
      },
      answered: (answer) => {
        if (!answer.ok) void tell(this.#window.current, answer.problem);
      },
    });
  }

  /** Where no icon shows that it goes on, closing asks once whether it should. */
  #mayClose(): boolean {
    const window = this.#window.current;
    if (window === null || this.#settings.tray === true || this.#settings.dismissed(noTray)) return true;
    void this.#askWithoutTray(window);
    return false;
  }

  async #askWithoutTray(window: BrowserWindow): Promise<void> {
    const answer = await askWithoutTray(window, this.#wish.files.icon);
    if (answer === 'quit') {
      await this.#quit.request('ask');
      return;
    }
    this.#settings.dismiss(noTray);
    window.close();
  }

  #exit(): void {
    this.#leaving = true;
    this.#wish.supervision.close();
    app.exit(0);
  }
}

/** The notice that closing the window does not end the program. */
const noTray = 'no-tray';
