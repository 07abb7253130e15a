/** Chromium's switches that save memory and do no harm to a window of text; before the application is ready. */
import { app } from 'electron';

/**
 * Jobs may want the graphics card, a status window does not. Where pages are drawn by software anyway, a process for the
 * card of its own costs 13 MiB for nothing (measured on Linux). `crashed`: the card's process has crashed before.
 */
export function setSwitches(platform: NodeJS.Platform, crashed: boolean): void {
  // Most of what Chromium says is about buses and cards that are not there.
  if (!app.commandLine.hasSwitch('enable-logging')) app.commandLine.appendSwitch('log-level', '3');
  if (platform === 'linux') {
    for (const name of ['disable-gpu', 'disable-software-rasterizer', 'in-process-gpu'])
      app.commandLine.appendSwitch(name);
  } else if (crashed) app.disableHardwareAcceleration();
}
