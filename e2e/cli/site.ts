/** A home, and a folder for repositories that belong to whoever submits from them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Finished, Home } from '../support/product.ts';
import { remove } from '../support/remove.ts';
import { repository } from '../support/repository.ts';
import { type Account, accounts, homeOf } from '../support/users.ts';

/** Where it makes no difference who runs the program: whoever runs the tests. */
export const [me = { title: 'as this user', user: null, skip: null }] = accounts;

/** A runner that fits several times on any machine. */
export const small = ['--cores', '0.2', '--memory', '256m'];

export class Site {
  readonly home: Home;
  readonly work: string;

  constructor(account: Account, env: Readonly<Record<string, string>> = {}) {
    this.home = homeOf(account, { env });
    this.work = mkdtempSync(path.join(tmpdir(), 'hr-work-'));
    this.own();
  }

  /** A repository with these files in one commit. */
  repository(files: Readonly<Record<string, string>>): string {
    const dir = repository(this.work, files);
    this.own();
    return dir;
  }

  /** git as the one whose repositories these are. */
  git(dir: string, ...args: string[]): string {
    const { env, user } = this.home;
    return execFileSync('git', args, { cwd: dir, encoding: 'utf8', env, stdio: 'pipe', ...user }).trim();
  }

  /** What a test wrote belongs to the account that is tested. */
  own(): void {
    const { user } = this.home;
    if (user !== undefined) execFileSync('chown', ['-R', `${user.uid}:${user.gid}`, this.work]);
  }

  /** `submit` with these options, to the job's end. */
  submit(
    dir: string,
    command: readonly string[],
    options: readonly string[] = [],
    env: Record<string, string> = {},
  ): Promise<Finished> {
    return this.home.cli(['submit', '--wait', ...options, '--', ...command], { cwd: dir, env });
  }

  async dispose(): Promise<void> {
    await this.home.dispose();
    await remove(this.work);
    // The folder that was made around the home of another user.
    if (this.home.user !== undefined) await remove(path.dirname(this.home.path));
  }
}

/** The lines of a JSON stream. */
export function lines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** No person should ever see where in our sources something went wrong. */
export const stackTrace = /^\s+at .+:\d+:\d+\)?$/m;
