/** What the owner has set for the window, and what is true of this desktop: loaded once the icon is there. */
import { app, nativeTheme } from 'electron';
import type { DesktopState, Preferences } from '../contract/desktop.ts';
import type { Log } from '../core/ports.ts';
import type { Autostart } from './autostart.ts';
import type { Bounds } from './bounds.ts';
import { languageOf } from './language.ts';
import { licencesOf } from './licences.ts';
import { defaultPreferences } from './preference-values.ts';
import type { PreferencesFile } from './preferences.ts';
import type { SecretsFile } from './secrets.ts';
import { hasTrayHost } from './tray-host.ts';

export interface SettingsWish {
  readonly platform: NodeJS.Platform;
  readonly places: { readonly home: string; readonly logs: string; readonly desktop: string };
  readonly version: string;
  readonly secrets: SecretsFile;
  readonly autostart: Autostart;
  readonly licences: string;
  readonly log: Log;
  readonly now: () => number;
  readonly offsetAt: (at: number) => number;
}

export class DesktopSettings {
  readonly secrets: SecretsFile;
  readonly autostart: Autostart;
  readonly #wish: SettingsWish;
  readonly #licences: () => Promise<DesktopState['licences']>;
  #file: PreferencesFile | null = null;
  #loading: Promise<void> | null = null;
  #tray: boolean | null = null;

  constructor(wish: SettingsWish) {
    this.#wish = wish;
    this.secrets = wish.secrets;
    this.autostart = wish.autostart;
    this.#licences = licencesOf(wish.licences);
  }

  /** Reads the file, once; until then everything is as it is where there is none. */
  load(): Promise<void> {
    return (this.#loading ??= this.#load());
  }

  preferences(): Preferences {
    return this.#file?.read() ?? defaultPreferences;
  }

  change(change: Partial<Preferences>): void {
    this.#file?.change(change);
    nativeTheme.themeSource = this.preferences().theme;
  }

  /** Was the notice of that key answered? */
  dismissed(key: string): boolean {
    return this.preferences().dismissed.includes(key);
  }

  dismiss(key: string): void {
    this.change({ dismissed: [...this.preferences().dismissed, key] });
  }

  bounds(): Bounds | null {
    return this.#file?.bounds() ?? null;
  }

  keepBounds(bounds: Bounds): void {
    this.#file?.keepBounds(bounds);
  }

  /** Is there a place for the icon, as far as was found last? */
  get tray(): boolean | null {
    return this.#tray;
  }

  /** Asks the desktop whether there is a place for the icon. */
  async findTray(): Promise<boolean | null> {
    this.#tray = await hasTrayHost(this.#wish.platform);
    return this.#tray;
  }

  async state(): Promise<DesktopState> {
    const { platform, places, version } = this.#wish;
    await this.load();
    const [keyring, licences, tray] = await Promise.all([
      this.secrets.state(),
      this.#licences(),
      this.findTray(),
    ]);
    const preferences = this.preferences();
    return {
      preferences,
      keyring,
      licences,
      tray,
      language: languageOf(preferences.language, app.getPreferredSystemLanguages()),
      autostart: this.autostart.state(),
      home: places.home,
      versions: {
        homerunner: version,
        electron: process.versions.electron,
        chromium: process.versions.chrome,
        node: process.versions.node,
      },
      platform: platform === 'darwin' ? 'macos' : platform === 'win32' ? 'windows' : 'linux',
    };
  }

  async #load(): Promise<void> {
    // It takes longer to load than everything before it.
    const { openPreferences } = await import('./preferences.ts');
    this.#file = openPreferences(this.#wish.places.desktop, this.#wish.log);
    nativeTheme.themeSource = this.preferences().theme;
  }
}
