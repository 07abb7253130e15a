import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Submission } from '../../../contract/job.ts';
import type { RunnerRecord } from '../../../core/runner.ts';
import { commit, git, repository, submission, type World, world, write } from './world.test-kit.ts';

// Real git and real disks on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let w: World;
let runner: RunnerRecord;

beforeEach(async () => {
  w = await world();
  runner = await w.runner();
});
afterEach(() => w.end());

/** What a job prints that was submitted from `dir`. */
async function output(dir: string, script: string, change: Partial<Submission> = {}): Promise<string> {
  const { job } = await w.forge.submit(submission(dir, ['sh', '-c', script], change));
  const { output: printed } = await w.run(job.id, runner);
  const row = w.store.job(job.id)!;
  expect(printed, `${row.job.result}`).not.toBe('');
  return printed;
}

const repo = () => join(w.folder, 'repo');

describe('a dirty checkout', () => {
  const dirty = { source: 'dirty' } as const;

  it('has the changes of tracked files, and the owner’s index, HEAD and stash stay', async () => {
    repository(repo(), { a: '1\n', b: '1\n', c: '1\n', 'sub/d': '1\n' });
    write(repo(), { a: '2\n', staged: 'new\n', untracked: 'u\n', 'sub/d': '2\n' });
    git(repo(), 'add', 'staged');
    write(repo(), { staged: 'newer\n' });
    rmSync(join(repo(), 'b'));
    const index = readFileSync(join(repo(), '.git', 'index'));
    const status = git(repo(), 'status', '--porcelain');
    const head = git(repo(), 'rev-parse', 'HEAD');
    const { job, notes } = await w.forge.submit(
      submission(
        join(repo(), 'sub'),
        ['sh', '-c', 'cd .. && cat a staged sub/d && ls && git log --oneline | wc -l'],
        dirty,
      ),
    );
    expect(notes).toEqual(['Files that git does not track are left out: untracked.']);
    expect((await w.run(job.id, runner)).output).toMatch(/^2\nnewer\n2\na\nc\nstaged\nsub\n\s*2\n$/);
    expect(readFileSync(join(repo(), '.git', 'index'))).toEqual(index);
    expect([git(repo(), 'status', '--porcelain'), git(repo(), 'rev-parse', 'HEAD')]).toEqual([status, head]);
    expect(git(repo(), 'stash', 'list')).toBe('');
  });

  it('is the commit itself where nothing differs', async () => {
    const head = git(repository(repo()), 'rev-parse', 'HEAD');
    const { job } = await w.forge.submit(submission(repo(), ['true'], dirty));
    expect((await w.forge.detail(job.id)).commit).toBe(head);
  });

  it('left out is said', async () => {
    repository(repo());
    write(repo(), { 'a.txt': 'changed\n' });
    const { notes } = await w.forge.submit(submission(repo(), ['true']));
    expect(notes.join()).toMatch(/Uncommitted changes are left out.*--dirty/);
  });

  it('is refused in the middle of a conflict, without which the commit runs', async () => {
    repository(repo());
    git(repo(), 'checkout', '--quiet', '-b', 'other');
    commit(repo(), { 'a.txt': 'theirs\n' });
    git(repo(), 'checkout', '--quiet', 'main');
    commit(repo(), { 'a.txt': 'ours\n' });
    expect(() => git(repo(), 'merge', '--quiet', 'other')).toThrow();
    await expect(w.forge.submit(submission(repo(), ['true'], dirty))).rejects.toThrow(/conflicts/);
    expect([w.store.refs(), w.store.jobs(9).total]).toEqual([[], 0]);
    expect(await output(repo(), 'cat a.txt')).toBe('ours\n');
  });

  it('is refused for a bare repository', async () => {
    git(w.folder, 'init', '--quiet', '--bare', join(w.folder, 'bare.git'));
    git(repository(repo()), 'push', '--quiet', join(w.folder, 'bare.git'), 'main');
    await expect(w.forge.submit(submission(join(w.folder, 'bare.git'), ['true'], dirty))).rejects.toThrow(
      /bare/,
    );
  });
});

describe('what is not a commit of a repository', () => {
  it('copy: the folder as it is, links as they stand', async () => {
    const folder = join(w.folder, 'plain');
    write(folder, { 'a/b': 'b\n', c: 'c\n' });
    symlinkSync('a/b', join(folder, 'link'));
    symlinkSync('/nowhere/at/all', join(folder, 'dangling'));
    chmodSync(join(folder, 'c'), 0o755);
    writeFileSync(join(folder, 'old'), 'x');
    const { job } = await w.forge.submit(
      submission(folder, ['sh', '-c', 'cat link && readlink dangling && test -x c && echo x > a/b'], {
        source: 'copy',
      }),
    );
    write(folder, { 'a/b': 'changed later\n' });
    expect((await w.run(job.id, runner)).output).toBe('b\n/nowhere/at/all\n');
    expect(readFileSync(join(folder, 'a', 'b'), 'utf8')).toBe('changed later\n');
    expect(existsSync(join(w.home, 'jobs', job.id, 'source'))).toBe(false);
  });

  it('copy: without our own home, which may lie in it', async () => {
    write(w.folder, { mine: 'm' });
    expect(await output(w.folder, 'ls', { source: 'copy' })).toBe('mine\n');
  });

  it('in-place: the folder itself', async () => {
    const folder = join(w.folder, 'plain');
    write(folder, { a: 'a\n' });
    expect(await output(folder, 'pwd && echo b > b', { source: 'in-place' })).toBe(`${folder}\n`);
    expect(readFileSync(join(folder, 'b'), 'utf8')).toBe('b\n');
  });

  it('nothing else: each refusal is a sentence, and leaves nothing', async () => {
    const plain = join(w.folder, 'plain');
    const empty = join(w.folder, 'empty');
    write(plain, { a: 'a' });
    mkdirSync(empty);
    git(empty, 'init', '--quiet');
    const refused = async (dir: string, change: Partial<Submission> = {}) => {
      const error: unknown = await w.forge.submit(submission(dir, ['true'], change)).catch((e: unknown) => e);
      return error;
    };
    expect(await refused(plain)).toMatchObject({
      problem: { code: 'not-a-repository', hint: expect.stringContaining('--in-place') },
    });
    expect(await refused(empty)).toMatchObject({ message: expect.stringMatching(/no commit yet/) });
    expect(await refused(empty, { source: 'dirty' })).toMatchObject({
      message: expect.stringMatching(/no commit yet/),
    });
    expect(await refused(join(empty, '.git'))).toMatchObject({
      message: expect.stringMatching(/\.git folder/),
    });
    expect(await refused(join(w.folder, 'none'))).toMatchObject({
      message: expect.stringMatching(/There is no folder/),
    });
    expect(await refused(join(plain, 'a'))).toMatchObject({ message: expect.stringMatching(/not a folder/) });
    for (const output of ['/etc', '../x', 'a/../../x'])
      expect(await refused(plain, { outputs: [output], source: 'in-place' })).toMatchObject({
        problem: { code: 'usage', subject: output },
      });
    expect([w.store.jobs(9).total, w.store.refs()]).toEqual([0, []]);
    expect(existsSync(join(w.home, 'jobs')) && statSync(join(w.home, 'jobs')).nlink > 2).toBe(false);
  });

  it('a repository of another user, unless it is trusted', async ({ skip }) => {
    if (process.getuid?.() !== 0) skip('only root can make a folder of another user');
    const { chownSync } = await import('node:fs');
    repository(repo());
    chownSync(repo(), 12345, 12345);
    chownSync(join(repo(), '.git'), 12345, 12345);
    await expect(w.forge.submit(submission(repo(), ['true']))).rejects.toMatchObject({
      problem: { code: 'forbidden', hint: expect.stringContaining('safe.directory') },
    });
  });
});
