/** Chromium's switches that save memory and do no harm to a window of text; before the application is ready. */
import { app } from 'electron';
import { withoutCard } from './switch-names.ts';

/** `crashed`: the process for the graphics card has crashed before. */
export function setSwitches(platform: NodeJS.Platform, crashed: boolean): void {
  // Most of what Chromium says is about buses and cards that are not there.
  if (!app.commandLine.hasSwitch('enable-logging')) app.commandLine.appendSwitch('log-level', '3');
  if (platform === 'linux')
    for (const [name, value] of withoutCard) app.commandLine.appendSwitch(name, value);
  else if (crashed) app.disableHardwareAcceleration();
}
