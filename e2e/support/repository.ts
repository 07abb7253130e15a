/** Real git repositories for jobs. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Runs git in `dir` and gives what it printed. */
export function git(dir: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: dir, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

/** A new repository below `parent` with these files in one commit. */
export function repository(parent: string, files: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(path.join(parent, 'repo-'));
  git(dir, 'init', '-q', '-b', 'main');
  git(dir, 'config', 'user.name', 'Test');
  git(dir, 'config', 'user.email', 'test@example.invalid');
  commit(dir, files);
  return dir;
}

/** Writes these files and commits them. */
export function commit(dir: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    writeFileSync(path.join(dir, name), text);
  }
  git(dir, 'add', '-A');
  git(dir, 'commit', '-q', '-m', 'A change');
}

/** The refs that jobs have left in a repository. */
export function jobRefs(dir: string): string[] {
  return git(dir, 'for-each-ref', '--format=%(refname)', 'refs/homerunner').split('\n').filter(Boolean);
}
