/** Draws the tray's model; what it shows and what its items do is decided elsewhere. */
import { Menu, type MenuItemConstructorOptions, nativeTheme, Tray } from 'electron';
import type { TrayItem, TrayModel } from '../core/tray.ts';
import { trayImage } from './tray-images.ts';

export interface TrayWish {
  /** Where the images are. */
  readonly folder: string;
  readonly platform: NodeJS.Platform;
  /** XDG_CURRENT_DESKTOP, or empty. */
  readonly desktop: string;
  readonly choose: (id: string) => void;
  /** The icon itself was clicked. */
  readonly activate: () => void;
}

/** Menus are replaced at most this often: a replaced menu closes an open one. */
const menuMs = 500;

export class TrayIcon {
  readonly #wish: TrayWish;
  readonly #tray: Tray;
  #model: TrayModel;
  #shown = '';
  #menu: ReturnType<typeof Menu.buildFromTemplate> | null = null;
  #timer: NodeJS.Timeout | null = null;
  /** Of the panel, which does not follow the theme that the owner has chosen for the window. */
  #dark = false;

  constructor(wish: TrayWish, model: TrayModel) {
    this.#wish = wish;
    this.#model = model;
    this.#tray = new Tray(this.#image());
    this.#listen();
    this.#drawMenu();
    this.#tray.setToolTip(model.tooltip);
    nativeTheme.on('updated', () => {
      this.#tray.setImage(this.#image());
    });
  }

  show(model: TrayModel): void {
    const before = this.#model;
    this.#model = model;
    if (before.icon !== model.icon) this.#tray.setImage(this.#image());
    if (before.tooltip !== model.tooltip) this.#tray.setToolTip(model.tooltip);
    if (JSON.stringify(model.items) === this.#shown || this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#drawMenu();
    }, menuMs);
  }

  #image(): string {
    const { folder, platform, desktop } = this.#wish;
    // The taskbar of Windows may be dark while windows are light.
    if (platform === 'win32') this.#dark = nativeTheme.shouldUseDarkColorsForSystemIntegratedUI;
    else if (nativeTheme.themeSource === 'system') this.#dark = nativeTheme.shouldUseDarkColors;
    return trayImage(folder, this.#model.icon, { platform, dark: this.#dark, desktop });
  }

  #listen(): void {
    const { platform, activate } = this.#wish;
    // A double click would open the menu twice.
    if (platform === 'darwin') this.#tray.setIgnoreDoubleClickEvents(true);
    else this.#tray.on('click', activate);
    if (platform === 'win32') {
      this.#tray.on('right-click', () => {
        if (this.#menu !== null) this.#tray.popUpContextMenu(this.#menu);
      });
    }
  }

  #drawMenu(): void {
    const shown = JSON.stringify(this.#model.items);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#menu = Menu.buildFromTemplate(this.#model.items.map((item) => this.#entry(item)));
    // Linux draws an exported menu by itself, and must be told again after every change.
    if (this.#wish.platform !== 'win32') this.#tray.setContextMenu(this.#menu);
  }

  #entry(item: TrayItem): MenuItemConstructorOptions {
    const entry = { id: item.id, label: item.label.replaceAll('&', '&&'), enabled: item.enabled };
    if (item.items.length > 0) return { ...entry, submenu: item.items.map((inner) => this.#entry(inner)) };
    return {
      ...entry,
      click: () => {
        this.#wish.choose(item.id);
      },
    };
  }
}
