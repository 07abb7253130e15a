/** Starting with the session: a login item where the system has them, a file of the XDG autostart folder on Linux. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { problem } from '../contract/problem.ts';

export interface Autostart {
  state(): { readonly on: boolean; readonly reason: string | null };
  /** Throws a Problem where it cannot be set. */
  change(on: boolean): void;
}

/** As electron's `app` has it. */
export interface LoginItems {
  getLoginItemSettings(options: { args: string[] }): {
    openAtLogin: boolean;
    executableWillLaunchAtLogin?: boolean;
    status?: string;
  };
  setLoginItemSettings(settings: { openAtLogin: boolean; args: string[] }): void;
}

export interface AutostartWish {
  readonly platform: NodeJS.Platform;
  /** An installed application, not a checkout that is run by hand. */
  readonly installed: boolean;
  /** The program and its arguments: what starts it at login. */
  readonly program: string;
  readonly args: readonly string[];
  /** $XDG_CONFIG_HOME, or ~/.config. */
  readonly configFolder: string;
  readonly loginItems: LoginItems;
}

export function autostartOf(wish: AutostartWish): Autostart {
  if (!wish.installed) return unavailable('Only the installed application can start at login.');
  if (wish.platform === 'linux') return xdgAutostart(wish);
  return loginItem(wish);
}

function unavailable(reason: string): Autostart {
  return {
    state: () => ({ on: false, reason }),
    change() {
      throw problem('refused-by-policy', reason, 'Install Homerunner, and set it there.');
    },
  };
}

function loginItem({ loginItems, args }: AutostartWish): Autostart {
  const words = [...args];
  return {
    state() {
      const settings = loginItems.getLoginItemSettings({ args: words });
      return {
        on: settings.executableWillLaunchAtLogin ?? settings.openAtLogin,
        reason:
          settings.status === 'requires-approval' ? 'Allow it in System Settings, under Login Items.' : null,
      };
    },
    change(on) {
      loginItems.setLoginItemSettings({ openAtLogin: on, args: words });
    },
  };
}

function xdgAutostart({ configFolder, program, args }: AutostartWish): Autostart {
  const folder = join(configFolder, 'autostart');
  const file = join(folder, 'homerunner.desktop');
  const entry = autostartEntry(program, args);
  return {
    state: () => ({ on: startsWith(read(file)), reason: null }),
    change(on) {
      try {
        if (on) {
          mkdirSync(folder, { recursive: true });
          writeFileSync(file, entry);
        } else rmSync(file, { force: true });
      } catch (error) {
        throw problem(
          'forbidden',
          `The file ${file} cannot be changed (${error instanceof Error ? error.message : 'unknown error'}).`,
          'Check that the folder is yours.',
          { subject: file },
        );
      }
    },
  };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Desktops switch an entry off by these words in it, rather than by deleting it. */
function startsWith(entry: string): boolean {
  return entry !== '' && !/^(Hidden=true|X-GNOME-Autostart-enabled=false)$/m.test(entry);
}

/** The entry that starts `program`: each word quoted by the rules of the Desktop Entry Specification. */
export function autostartEntry(program: string, args: readonly string[]): string {
  const quoted = [program, ...args].map((word) => `"${word.replaceAll(/["`$\\]/g, String.raw`\$&`)}"`);
  // Backslashes once more, as in every string of such a file; % begins a field code.
  const command = quoted.join(' ').replaceAll('\\', '\\\\').replaceAll('%', '%%');
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Homerunner',
    'Comment=Runs CI runners on this workstation',
    `Exec=${command}`,
    'Icon=homerunner',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}
