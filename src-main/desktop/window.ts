/** The window: made when it is asked for, destroyed when it is closed, so that nothing of it stays in memory. */
import { BrowserWindow, nativeTheme, screen } from 'electron';
import { type Bounds, centred, inside, smallest } from './bounds.ts';
import { crashPage, homePage } from './protocol.ts';

export interface WindowWish {
  readonly preload: string;
  readonly icon: string;
  /** Chromium's tools for developers: not in an installed application. */
  readonly devTools: boolean;
  readonly bounds: () => Bounds | null;
  readonly keepBounds: (bounds: Bounds) => void;
  /** The owner wants to close it; false keeps it open. */
  readonly mayClose: () => boolean;
  /** A window is about to be made. */
  readonly prepare: () => void;
  /** It is there, and its page will be loaded next. */
  readonly opened: (window: BrowserWindow) => void;
  readonly crashed: (reason: string) => void;
}

/** The colours behind a page that has not been drawn yet: those of `--window`. */
const behind = { light: '#fbfbfc', dark: '#1b1d21' } as const;

export class AppWindow {
  readonly #wish: WindowWish;
  #window: BrowserWindow | null = null;
  /** A view that was asked for before the page could take it. */
  #wanted: string | null = null;

  constructor(wish: WindowWish) {
    this.#wish = wish;
  }

  get current(): BrowserWindow | null {
    return this.#window;
  }

  /** Is it there, and does the owner look at it? */
  get seen(): boolean {
    return this.#window !== null && this.#window.isVisible() && !this.#window.isMinimized();
  }

  /** Shows it, at the view `to` where one is named. */
  open(to: string | null = null): void {
    if (to !== null) this.#wanted = to;
    if (this.#window === null) this.#make(homePage);
    else {
      if (this.#window.isMinimized()) this.#window.restore();
      this.#window.show();
      this.#window.focus();
      this.#tell();
    }
  }

  /** Shows the page that says that the window's own has crashed too often. */
  openCrashPage(): void {
    this.destroy();
    this.#make(crashPage);
  }

  toggle(): void {
    if (this.#window?.isFocused() === true) this.#window.close();
    else this.open();
  }

  destroy(): void {
    if (this.#window !== null) this.#end(this.#window);
  }

  /** Electron ends its page before itself, and what it still tells meanwhile must not reach either. */
  #end(window: BrowserWindow): void {
    if (this.#window === window) this.#window = null;
    window.destroy();
  }

  #make(page: string): void {
    this.#wish.prepare();
    const window = new BrowserWindow({
      ...this.#place(),
      minWidth: smallest.width,
      minHeight: smallest.height,
      show: false,
      title: 'Homerunner',
      icon: this.#wish.icon,
      backgroundColor: nativeTheme.shouldUseDarkColors ? behind.dark : behind.light,
      autoHideMenuBar: true,
      webPreferences: {
        preload: this.#wish.preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        spellcheck: false,
        disableDialogs: true,
        devTools: this.#wish.devTools,
      },
    });
    this.#window = window;
    this.#follow(window);
    this.#wish.opened(window);
    void window.loadURL(page).catch(() => undefined);
  }

  #follow(window: BrowserWindow): void {
    // Its page begins: the colour behind it is the page's own, so that nothing flashes, and who asked for it has an answer.
    window.webContents.once('did-navigate', () => {
      // It may have been closed before it was ever seen.
      if (this.#window === window) window.show();
    });
    window.webContents.on('did-finish-load', () => {
      this.#tell();
    });
    window.on('close', (event) => {
      if (!this.#wish.mayClose()) {
        event.preventDefault();
        return;
      }
      // Of a maximised or minimised window this is the size it had before.
      this.#wish.keepBounds(window.getNormalBounds());
      if (this.#window === window) this.#window = null;
    });
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      this.#end(window);
      this.#wish.crashed(reason);
    });
    const stayInside = (): void => {
      const bounds = window.getNormalBounds();
      window.setBounds(inside(bounds, screen.getDisplayMatching(bounds).workArea));
    };
    // A screen that is unplugged takes no window with it.
    screen.on('display-removed', stayInside);
    window.on('closed', () => {
      screen.off('display-removed', stayInside);
      if (this.#window === window) this.#window = null;
    });
  }

  #place(): Bounds {
    const kept = this.#wish.bounds();
    if (kept === null) return centred(screen.getDisplayNearestPoint(screen.getCursorScreenPoint()).workArea);
    return inside(kept, screen.getDisplayMatching(kept).workArea);
  }

  #tell(): void {
    if (this.#wanted === null || this.#window === null || this.#window.webContents.isLoading()) return;
    this.#window.webContents.send('homerunner', { is: 'navigate', to: this.#wanted });
    this.#wanted = null;
  }
}
