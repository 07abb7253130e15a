/** The Electron to test with. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { hasProgram } from './display.ts';

/** Its program; null where there is none: nothing is downloaded for a test. */
export function electronBinary(): string | null {
  const given = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  const name = 'node_modules/electron/path.txt';
  const file =
    given === undefined
      ? path.join('node_modules/electron/dist', existsSync(name) ? readFileSync(name, 'utf8') : 'electron')
      : path.join(given, 'electron');
  return existsSync(file) ? path.resolve(file) : null;
}

/** Why the application cannot be started on this machine; null: it can. */
export function noDesktop(): string | null {
  if (process.platform !== 'linux') return 'screen and bus of the tests are those of Linux';
  if (electronBinary() === null) return 'there is no Electron (see .ci/get-electron.sh)';
  const missing = ['Xvfb', 'dbus-daemon'].filter((name) => !hasProgram(name));
  return missing.length === 0 ? null : `not installed: ${missing.join(', ')}`;
}
