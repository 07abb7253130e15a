import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { problemOf } from '../../contract/problem.ts';
import { ensureHome, homeFolder, type HomeWish, layout } from './paths.ts';

const uid = process.getuid?.() ?? null;
let dir: string;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'paths-')));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const problemIn = (fn: () => unknown) => {
  try {
    fn();
  } catch (thrown) {
    return problemOf(thrown);
  }
  throw new Error('nothing was thrown');
};
const modeOf = (path: string) => statSync(path).mode & 0o777;

describe('homeFolder', () => {
  const wish: HomeWish = { flag: null, env: {}, platform: 'linux', userHome: '/home/me' };

  it('is the data folder of the platform', () => {
    expect(homeFolder(wish)).toBe('/home/me/.local/share/homerunner');
    expect(homeFolder({ ...wish, env: { XDG_DATA_HOME: '/data' } })).toBe('/data/homerunner');
    expect(homeFolder({ ...wish, env: { XDG_DATA_HOME: 'data' } })).toBe('/home/me/.local/share/homerunner');
    expect(homeFolder({ ...wish, platform: 'darwin' })).toBe(
      '/home/me/Library/Application Support/Homerunner',
    );
    expect(homeFolder({ ...wish, platform: 'win32', env: { LOCALAPPDATA: '/local' } })).toBe(
      '/local/Homerunner',
    );
    expect(homeFolder({ ...wish, platform: 'win32' })).toBe('/home/me/AppData/Local/Homerunner');
  });

  it('is what --home says, else HOMERUNNER_HOME, where that is not empty', () => {
    const env = { HOMERUNNER_HOME: '/from/env' };
    expect(homeFolder({ ...wish, env })).toBe('/from/env');
    expect(homeFolder({ ...wish, env, flag: '/from/flag/' })).toBe('/from/flag');
    expect(homeFolder({ ...wish, env: { HOMERUNNER_HOME: '' } })).toBe('/home/me/.local/share/homerunner');
  });

  it('is absolute and real, one name for one folder, before it exists and after', () => {
    symlinkSync(dir, join(dir, 'link'));
    const flag = relative(process.cwd(), join(dir, 'link', 'not', 'there'));
    expect(homeFolder({ ...wish, flag })).toBe(join(dir, 'not', 'there'));
    mkdirSync(join(dir, 'not', 'there'), { recursive: true });
    expect(homeFolder({ ...wish, flag })).toBe(join(dir, 'not', 'there'));
  });
});

describe('ensureHome', () => {
  it('makes the folders, for the owner alone, and is content with them the next time', () => {
    const home = join(dir, 'a', 'b');
    const places = ensureHome(home, uid);
    expect(places).toEqual(layout(home));
    for (const folder of [
      home,
      places.run,
      places.runners,
      places.agents,
      places.jobs,
      places.caches,
      places.logs,
    ])
      expect(modeOf(folder)).toBe(0o700);
    expect(ensureHome(home, uid)).toEqual(places);
  });

  it('makes a home folder private again', () => {
    ensureHome(dir, uid);
    chmodSync(dir, 0o755);
    ensureHome(dir, uid);
    expect(modeOf(dir)).toBe(0o700);
  });

  it('leaves a folder that holds other things as it is', () => {
    chmodSync(dir, 0o755);
    writeFileSync(join(dir, 'package.json'), '');
    const found = problemIn(() => ensureHome(dir, uid));
    expect(found).toMatchObject({ code: 'usage', subject: dir });
    expect(modeOf(dir)).toBe(0o755);
    expect(existsSync(join(dir, 'run'))).toBe(false);
  });

  it('never changes a shared folder', () => {
    chmodSync(dir, 0o1777);
    expect(problemIn(() => ensureHome(dir, uid)).code).toBe('usage');
    expect(statSync(dir).mode & 0o1777).toBe(0o1777);
  });

  it('refuses the folder of somebody else', () => {
    const found = problemIn(() => ensureHome(dir, 4242));
    expect(found).toMatchObject({ code: 'forbidden', subject: dir });
    expect(found.message).toContain('belongs to another user');
  });

  it('says in a sentence why it cannot be made', (context) => {
    const file = join(dir, 'file');
    writeFileSync(file, '');
    expect(problemIn(() => ensureHome(join(file, 'home'), uid)).message).toBe(
      `The home folder ${join(file, 'home')} cannot be made or written: a part of the path is a file.`,
    );
    expect(problemIn(() => ensureHome(file, uid)).message).toContain('a file of that name is in the way');
    expect(problemIn(() => ensureHome(join(dir, 'x'.repeat(300)), uid)).message).toContain(
      'the path is too long',
    );
    if (!existsSync('/proc/version')) context.skip('there is no /proc here, where nobody may make a folder');
    expect(problemIn(() => ensureHome('/proc/home', uid))).toMatchObject({ code: 'forbidden' });
  });

  it('takes long paths', () => {
    const home = join(dir, ...Array.from({ length: 15 }, () => 'a-long-name-'.repeat(16)));
    expect(home.length).toBeGreaterThan(2500);
    ensureHome(home, uid);
    expect(modeOf(join(home, 'run'))).toBe(0o700);
  });
});
