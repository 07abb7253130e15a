/** As whom the product is tested: whoever runs the tests, and where that is root, a plain user as well. */
import { execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Home, type HomeOptions, type User } from './product.ts';

export interface Account {
  readonly title: string;
  readonly user: User | null;
  /** Why it cannot be tested as this one. */
  readonly skip: string | null;
}

/** The user that .ci/run makes for tests. */
const plainName = 'hrtest';

function plain(): Account {
  const title = 'as a plain user';
  if (process.getuid?.() !== 0) return { title, user: null, skip: 'the tests run as a plain user already' };
  try {
    const id = (flag: string): number =>
      Number(
        execFileSync('id', [flag, plainName], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
      );
    return { title, user: { uid: id('-u'), gid: id('-g') }, skip: null };
  } catch {
    return { title, user: null, skip: `there is no user ${plainName} on this machine` };
  }
}

export const accounts: readonly Account[] = [
  { title: process.getuid?.() === 0 ? 'as root' : 'as this user', user: null, skip: null },
  plain(),
];

/** A home of that account, in a folder that it owns. */
export function homeOf(account: Account, options: HomeOptions = {}): Home {
  const { user } = account;
  if (user === null) return new Home(options);
  const under = mkdtempSync(path.join(options.under ?? tmpdir(), 'hr-user-'));
  chownSync(under, user.uid, user.gid);
  const env = { HOME: under, USER: plainName, LOGNAME: plainName, XDG_RUNTIME_DIR: under, ...options.env };
  const home = new Home({ ...options, under, around: under, env, user });
  chownSync(home.path, user.uid, user.gid);
  return home;
}
