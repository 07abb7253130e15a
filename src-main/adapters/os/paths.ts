/** Where everything lies: one home folder, resolved by the same rule for command line and tray. */
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  statSync,
  type Stats,
} from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { problem } from '../../contract/problem.ts';

export interface HomeWish {
  /** `--home`; relative to the working directory. */
  readonly flag: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** The user's own home folder. */
  readonly userHome: string;
}

/**
 * The home folder, absolute and without symbolic links as far as it exists: `--home`, else HOMERUNNER_HOME, else the
 * platform's folder for data.
 */
export function homeFolder(wish: HomeWish): string {
  const named = wish.flag ?? wish.env['HOMERUNNER_HOME'] ?? '';
  return realFolder(resolve(named === '' ? platformFolder(wish) : named));
}

function platformFolder({ env, platform, userHome }: HomeWish): string {
  if (platform === 'darwin') return join(userHome, 'Library', 'Application Support', 'Homerunner');
  // Windows: not the roaming folder, as what lies here is large and belongs to this machine.
  const set = env[platform === 'win32' ? 'LOCALAPPDATA' : 'XDG_DATA_HOME'] ?? '';
  // The XDG specification tells to ignore a relative one.
  const given = isAbsolute(set) ? set : null;
  if (platform === 'win32') return join(given ?? join(userHome, 'AppData', 'Local'), 'Homerunner');
  return join(given ?? join(userHome, '.local', 'share'), 'homerunner');
}

/** The real path of a folder whose last parts may not exist yet. */
function realFolder(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realFolder(parent), basename(path));
  }
}

/** The named places below the home folder. */
export interface Layout {
  readonly home: string;
  readonly config: string;
  readonly database: string;
  readonly secrets: string;
  readonly accountSecrets: string;
  readonly run: string;
  readonly endpoint: string;
  readonly runners: string;
  readonly agents: string;
  readonly jobs: string;
  readonly caches: string;
  readonly logs: string;
  readonly log: string;
  readonly desktop: string;
}

export function layout(home: string): Layout {
  const at = (...parts: string[]) => join(home, ...parts);
  return {
    home,
    config: at('config.json'),
    database: at('state.db'),
    secrets: at('secrets.json'),
    accountSecrets: at('account-secrets.json'),
    run: at('run'),
    endpoint: at('run', 'endpoint.json'),
    runners: at('runners'),
    agents: at('agents'),
    jobs: at('jobs'),
    caches: at('caches'),
    logs: at('logs'),
    log: at('logs', 'homerunner.log'),
    desktop: at('desktop'),
  };
}

/**
 * Makes the home folder and the folders in it, open to the owner alone (0700). `uid` is who we are, null on Windows.
 * Throws where it cannot be made or written, belongs to somebody else, or is a shared folder that holds other things:
 * its rights are not ours to change.
 */
export function ensureHome(home: string, uid: number | null): Layout {
  const places = layout(home);
  try {
    makeFolder(home);
    if (uid !== null) claim(home, uid);
    for (const folder of [places.run, places.runners, places.agents, places.jobs, places.caches, places.logs])
      makeFolder(folder);
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (thrown) {
    throw cannotUse(home, thrown);
  }
  return places;
}

/** Makes a folder (0700) with its parents. Node's own `recursive` never ends where a parent exists and nothing can be made in it, as in /proc. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (thrown) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
    const parent = dirname(path);
    if (codeOf(thrown) !== 'ENOENT' || parent === path || existsSync(parent)) throw thrown;
    makeFolder(parent);
    makeFolder(path);
  }
}

/** Makes sure that the folder is ours and that nobody else can look into it. */
function claim(home: string, uid: number): void {
  const stats = lstatSync(home);
  if (stats.uid !== uid)
    throw problem(
      'forbidden',
      `The home folder ${home} belongs to another user (uid ${stats.uid}), and you are uid ${uid}.`,
      'Start as that user, or choose another folder with --home.',
      { subject: home },
    );
  if ((stats.mode & 0o077) === 0) return;
  if (!isOurs(home, stats))
    throw problem(
      'usage',
      `The folder ${home} is open to others and holds other things: it is not made private.`,
      'Choose a new or an empty folder with --home.',
      { subject: home },
    );
  chmodSync(home, 0o700);
}

const ours = ['config.json', 'secrets.json', 'run', 'runners', 'agents', 'jobs', 'caches', 'logs', 'desktop'];

/** Empty, our database in it, or nothing but what we put there: not a folder of something else, and not /tmp. */
function isOurs(home: string, stats: Stats): boolean {
  if ((stats.mode & 0o1000) !== 0) return false;
  const names = readdirSync(home);
  return names.includes('state.db') || names.every((name) => ours.includes(name));
}

function cannotUse(home: string, thrown: unknown): unknown {
  const code = codeOf(thrown);
  if (code === null) return thrown;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return problem(
    full ? 'disk-reserve' : 'forbidden',
    `The home folder ${home} cannot be made or written: ${reasons[code] ?? code}.`,
    full ? 'Free some space, or choose another folder with --home.' : 'Choose another folder with --home.',
    { subject: home },
  );
}

function codeOf(thrown: unknown): string | null {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : null;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'nothing can be made there',
  EACCES: 'access is denied',
  EPERM: 'access is denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'a file of that name is in the way',
  ENAMETOOLONG: 'the path is too long',
  ELOOP: 'its symbolic links go round in circles',
};
