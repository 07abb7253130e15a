import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gitProblem, gitText, gitWith, withoutCredentials } from './git.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'git-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('works where it is told, whatever its caller’s git variables say', async () => {
  const git = gitWith({
    ...process.env,
    GIT_DIR: '/elsewhere',
    Git_Work_Tree: '/elsewhere',
    GIT_INDEX_FILE: 'x',
  });
  await gitText(git, { in: folder }, ['init', '--quiet']);
  const gitDir = join(folder, '.git');
  const printed = await gitText(git, { in: folder }, ['rev-parse', '--absolute-git-dir']);
  expect(printed.trim()).toMatch(/git-[^/]*\/\.git$/);
  expect((await gitText(git, { gitDir }, ['config', 'core.bare'])).trim()).toBe('false');
  const variables = { GIT_INDEX_FILE: join(folder, 'index') };
  await gitText(git, { in: folder }, ['read-tree', '--empty'], { variables });
});

describe('a failure', () => {
  it('is a sentence with what to do next', async () => {
    const git = gitWith(process.env);
    await expect(gitText(git, { in: folder }, ['status'])).rejects.toMatchObject({
      problem: { code: 'not-a-repository', subject: folder },
    });
    await expect(gitText(git, { in: join(folder, 'none') }, ['status'])).rejects.toThrow(
      /git status failed in .*none/,
    );
    await expect(gitText(gitWith({ PATH: folder }), { in: folder }, ['status'])).rejects.toMatchObject({
      problem: { code: 'tool-missing' },
    });
  });

  it('names the time limit, and never a credential', () => {
    const result = { code: 128, signal: null, stdout: '', stderr: '', timedOut: false, truncated: false };
    const of = (change: object) =>
      gitProblem({ ...result, ...change }, { in: '/r' }, ['-q', 'fetch']).problem;
    expect(of({ timedOut: true })).toMatchObject({
      code: 'tool-timeout',
      message: expect.stringContaining('git fetch'),
    });
    const stderr =
      "warning: x\nfatal: unable to access 'https://me:s3cret@example.org/x/': no route\nhint: y\n";
    expect(of({ stderr }).message).toBe(
      "git fetch failed in /r: unable to access 'https://example.org/x/': no route.",
    );
    expect(of({ stderr: '' }).message).toMatch(/exit code 128/);
    expect(of({ stderr: "fatal: detected dubious ownership in repository at '/r'" }).hint).toMatch(
      /safe\.directory '\/r'/,
    );
  });
});

it('takes credentials out of addresses and leaves the rest', () => {
  for (const [address, without] of [
    ['https://token@github.com/a/b', 'https://github.com/a/b'],
    ['http://u:p@localhost:80/x', 'http://localhost:80/x'],
    ['ssh://git:pw@example.org/x', 'ssh://git@example.org/x'],
    ['ssh://git@example.org/x', 'ssh://git@example.org/x'],
    ['git@github.com:a/b.git', 'git@github.com:a/b.git'],
    ['/a/b@c', '/a/b@c'],
  ])
    expect(withoutCredentials(address ?? '')).toBe(without);
});
