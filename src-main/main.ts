/** The desktop application: the same engine as behind the command line, with an icon and a window. */
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { app, Menu } from 'electron';
import { desktopLog, desktopPlaces, sourceOf } from './compose/desktop.ts';
import { type Problem, ProblemError } from './contract/problem.ts';
import type { Log } from './core/ports.ts';
import { readArguments } from './desktop/args.ts';
import { autostartOf } from './desktop/autostart.ts';
import { keyringCipher } from './desktop/cipher.ts';
import { Desktop, type DesktopWish } from './desktop/desktop.ts';
import { guard } from './desktop/guard.ts';
import type { Addresses } from './desktop/links.ts';
import { registerScheme } from './desktop/protocol.ts';
import { openSecrets } from './desktop/secrets.ts';
import type { SupervisorSource } from './desktop/supervisor-source.ts';
import { Supervision } from './desktop/supervision.ts';
import { setSwitches } from './desktop/switches.ts';

process.umask(0o077);

const { platform, env } = process;
/** Of the checkout, or of the archive in an installed application. */
const root = path.join(__dirname, '..');
const words = process.argv.slice(1);
const { home: flag, background, afterCrash } = readArguments(words);
const places = desktopPlaces(flag);
const softwareNote = path.join(places.desktop, 'draw-by-software');

app.setName('Homerunner');
if (platform === 'win32') app.setAppUserModelId('app.homerunner');
// Before the lock, which is one for each such folder. Where the home cannot be used, the icon shall say so.
app.setPath(
  'userData',
  places.problem === null ? places.desktop : mkdtempSync(path.join(tmpdir(), 'homerunner-')),
);

/** What a second start wants of the first. */
interface Wanted {
  readonly window: boolean;
}

const wanted: Wanted = { window: !background };
if (app.requestSingleInstanceLock(wanted)) begin();
else app.exit(0);

function begin(): void {
  // Root has no sandbox, and whoever starts it so has said that by this switch, which enableSandbox would take back.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  setSwitches(platform, existsSync(softwareNote));
  registerScheme();
  // macOS takes copy and paste from the menu that it makes by itself.
  if (platform !== 'darwin') Menu.setApplicationMenu(null);
  const log = desktopLog(places.logs);
  const now = Date.now;
  guard({ log, now, words, afterCrash, softwareNote });
  log.info(`Homerunner ${__VERSION__} starts (pid ${process.pid}, home ${places.home}).`);
  let desktop: Desktop | null = null;
  app.on('second-instance', (_event, _words, _folder, data) => {
    if ((data as Wanted).window) desktop?.open();
  });
  app.on('activate', () => desktop?.open());
  // The application goes on without a window; without a listener it would end.
  app.on('window-all-closed', () => undefined);
  app.on('before-quit', (event) => {
    if (desktop === null || desktop.leaving) return;
    event.preventDefault();
    desktop.quit();
  });
  void app.whenReady().then(() => {
    desktop = new Desktop(wishOf(log, now));
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => desktop?.signal());
    return desktop.begin();
  });
}

function wishOf(log: Log, now: () => number): DesktopWish {
  const cipher = keyringCipher(platform);
  const secrets = openSecrets(places.secrets, cipher);
  const keyring = { jobs: secrets, accounts: openSecrets(places.accountSecrets, cipher) };
  // A file .env of the working folder counts in a checkout, as for `homerunner run`; an installed application has none.
  const source = sourceOf(places.home, app.isPackaged ? places.home : process.cwd(), keyring);
  const usable = places.problem === null ? source : unusable(source, places.problem);
  return {
    log,
    now,
    secrets,
    platform,
    places,
    background,
    version: source.version,
    supervision: new Supervision(usable, log),
    offsetAt: (at) => -new Date(at).getTimezoneOffset(),
    autostart: autostartOf({
      platform,
      installed: app.isPackaged,
      program: env['APPIMAGE'] ?? app.getPath('exe'),
      args: [...(flag === null ? [] : ['--home', places.home]), '--background'],
      configFolder: env['XDG_CONFIG_HOME'] ?? path.join(homedir(), '.config'),
      loginItems: app,
    }),
    licences: path.join(__dirname, 'licences.json'),
    files: {
      trayImages: path.join(root, 'resources', 'tray'),
      icon: path.join(root, 'resources', 'icon-128.png'),
      renderer: path.join(root, 'dist', 'renderer'),
      preload: path.join(__dirname, 'preload.cjs'),
    },
    addresses: JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Addresses,
    desktopName: env['XDG_CURRENT_DESKTOP'] ?? '',
  };
}

/** Where the home cannot be used nothing can run; the icon and the window say why. */
function unusable(source: SupervisorSource, found: Problem): SupervisorSource {
  const refuse = (): Promise<never> => Promise.reject(new ProblemError(found));
  return { ...source, connect: refuse, host: refuse };
}
