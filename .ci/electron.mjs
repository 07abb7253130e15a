// The Electron binary of this checkout, and whether a desktop application can be shown here at all.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const home = 'node_modules/electron';

/** Where Electron is; null where it has not been fetched. ELECTRON_OVERRIDE_DIST_PATH names another one. */
function installed() {
  const named = existsSync(join(home, 'path.txt'))
    ? readFileSync(join(home, 'path.txt'), 'utf8')
    : 'electron';
  const file = join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(home, 'dist'), named);
  return existsSync(file) ? file : null;
}

/** Fetches Electron from its maker's site, once; it gives up at the first failure, within seconds where nobody answers. */
function fetched() {
  console.log('Fetching Electron (about 100 MB), for the first start of the desktop application…');
  const { status } = spawnSync(process.execPath, [join(home, 'install.js')], { stdio: 'ignore' });
  return status === 0 ? installed() : null;
}

/** `{ binary }`, or `{ why }` in half a sentence where there can be no desktop application. */
export function desktopForm() {
  const { platform, env } = process;
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return { why: 'there is no display' };
  if (platform === 'linux' && process.getuid() === 0)
    return { why: 'Chromium has no sandbox when it is started as root' };
  if (!existsSync(join(home, 'package.json'))) return { why: 'Electron is not installed' };
  const binary = installed() ?? fetched();
  return binary ? { binary } : { why: 'Electron could not be fetched' };
}
