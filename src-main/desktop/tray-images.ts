/** Which image the tray shows: one shape a state, in a colour that can be seen on the panel it lies on. */
import { join } from 'node:path';
import type { TrayModel } from '../core/tray.ts';

export interface Panel {
  readonly platform: NodeJS.Platform;
  /** The system's theme, or where it can be known that of the panel itself. */
  readonly dark: boolean;
  /** XDG_CURRENT_DESKTOP, or empty. */
  readonly desktop: string;
}

/** Desktops whose panel is dark whatever the theme of the windows is. */
const darkPanels = ['gnome', 'unity', 'budgie', 'pantheon'];

/** The file of an icon; macOS paints templates itself, and every other panel is either dark or light. */
export function trayImage(folder: string, icon: TrayModel['icon'], panel: Panel): string {
  if (panel.platform === 'darwin') return join(folder, `${icon}Template.png`);
  const names = panel.desktop.toLowerCase().split(/[:;]/);
  const dark = panel.dark || (panel.platform === 'linux' && darkPanels.some((name) => names.includes(name)));
  return join(folder, `${icon}-on-${dark ? 'dark' : 'light'}${panel.platform === 'win32' ? '.ico' : '.png'}`);
}
