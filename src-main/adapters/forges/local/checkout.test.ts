import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
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
const refs = (dir: string) => git(dir, 'for-each-ref', '--format=%(refname)', 'refs/homerunner');

describe('a checkout', () => {
  it('is the commit of the submission, in the folder from which it was submitted', async () => {
    repository(repo(), { 'a.txt': 'one\n', 'sub/b.txt': 'two\n', 'run.sh': '#!/bin/sh\necho ran\n' });
    chmodSync(join(repo(), 'run.sh'), 0o755);
    git(repo(), 'commit', '--quiet', '-am', 'mode');
    const { job } = await w.forge.submit(
      submission(join(repo(), 'sub'), ['sh', '-c', 'cat b.txt ../a.txt && ../run.sh && git status --short']),
    );
    commit(repo(), { 'a.txt': 'later\n' });
    expect((await w.run(job.id, runner)).output).toBe('two\none\nran\n');
  });

  it('has tags, branches and history, and an origin without credentials', async () => {
    repository(repo());
    git(repo(), 'tag', '--annotate', '--message', 'x', 'v1.2');
    git(repo(), 'branch', 'feature/x');
    commit(repo(), { b: 'b' });
    git(repo(), 'pack-refs', '--all');
    git(repo(), 'branch', 'loose');
    git(repo(), 'remote', 'add', 'origin', 'https://me:s3cret@example.org/a/b.git');
    const printed = await output(
      repo(),
      'git describe; git branch -r; git log --oneline | wc -l; git remote get-url origin; git config --list',
    );
    expect(printed).toMatch(/^v1\.2-1-g/);
    for (const branch of ['main', 'feature/x', 'loose']) expect(printed).toContain(`origin/${branch}\n`);
    expect(printed).toContain('\nhttps://example.org/a/b.git\n');
    expect(printed).not.toContain('s3cret');
  });

  it('can be worked in as in a clone, and never touches the owner', async () => {
    repository(repo());
    const before = git(repo(), 'for-each-ref');
    const printed = await output(
      repo(),
      `git -c user.name=j -c user.email=j@x commit -q --allow-empty -m new && git tag t &&
       echo x >> a.txt && git stash -q && git gc -q && git fsck && git log --oneline | wc -l`,
    );
    expect(printed).toMatch(/2\s*$/);
    expect(git(repo(), 'for-each-ref')).toBe(before);
    expect(git(repo(), 'status', '--short', '--branch')).toBe('## main');
  });

  it('keeps line endings and attributes as the repository has them', async () => {
    repository(repo(), {
      '.gitattributes': 'crlf.txt text eol=crlf\n',
      'crlf.txt': 'a\n',
      'auto.txt': 'a\n',
    });
    git(repo(), 'config', 'core.eol', 'crlf');
    write(join(repo(), '.git', 'info'), { attributes: 'auto.txt text\n' });
    expect(await output(repo(), 'cat crlf.txt auto.txt; git status --short')).toBe('a\r\na\r\n');
  });

  it('has what names may hold', async () => {
    const names = ['ü ñ/日本.txt', 'with\nnewline', '-dash', '"quoted"'];
    repository(repo(), Object.fromEntries(names.map((name) => [name, name])));
    symlinkSync('-dash', join(repo(), 'link'));
    commit(repo(), {});
    const printed = await output(
      repo(),
      'cat -- "ü ñ/日本.txt" -dash \\"quoted\\" link && git status --short',
    );
    expect(printed).toBe('ü ñ/日本.txt-dash"quoted"-dash');
  });

  it('is made anew for each job, whatever the one before left', async () => {
    repository(repo());
    await output(
      repo(),
      'mkdir -p deep/er && echo x > deep/er/f && chmod -R a-w deep && chmod a-w . && echo done',
    );
    expect(existsSync(join(w.folderOf('hr-1'), 'work'))).toBe(false);
    mkdirSync(join(w.folderOf('hr-1'), 'work', 'left'), { recursive: true });
    chmodSync(join(w.folderOf('hr-1'), 'work'), 0o500);
    expect(await output(repo(), 'ls')).toBe('a.txt\n');
  });
});

describe('kinds of repositories', () => {
  it('bare', async () => {
    const bare = join(w.folder, 'bare.git');
    git(w.folder, 'clone', '--quiet', '--bare', repository(repo()), bare);
    expect(await output(bare, 'cat a.txt')).toBe('one\n');
    expect(refs(bare)).toBe('');
  });

  it('linked worktree', async () => {
    repository(repo());
    const linked = join(w.folder, 'linked');
    git(repo(), 'worktree', 'add', '--quiet', '-b', 'other', linked);
    commit(linked, { 'c.txt': 'linked\n' });
    expect(await output(linked, 'cat c.txt && git describe --all --always')).toMatch(/^linked\n/);
  });

  it('shallow', async () => {
    repository(repo());
    commit(repo(), { b: '2' });
    const shallow = join(w.folder, 'shallow');
    git(w.folder, 'clone', '--quiet', '--depth', '1', `file://${repo()}`, shallow);
    expect(await output(shallow, 'git log --oneline | wc -l && git fsck 2>&1 && cat b')).toMatch(/^\s*1\n2/);
  });

  it('sparse', async () => {
    repository(repo(), { 'in/a': 'a\n', 'out/b': 'b\n' });
    git(repo(), 'sparse-checkout', 'set', 'in');
    expect(existsSync(join(repo(), 'out'))).toBe(false);
    expect(await output(repo(), 'cat out/b')).toBe('b\n');
  });

  it('with another hash', async () => {
    mkdirSync(repo());
    git(repo(), 'init', '--quiet', '--object-format=sha256');
    commit(repo(), { a: 'a\n' });
    git(repo(), 'tag', 't');
    expect(await output(repo(), 'cat a; git describe --tags; git status --short')).toBe('a\nt\n');
  });

  it('that borrows its objects', async () => {
    repository(repo());
    const shared = join(w.folder, 'shared');
    git(w.folder, 'clone', '--quiet', '--shared', repo(), shared);
    expect(await output(shared, 'cat a.txt')).toBe('one\n');
  });

  it('with a path that is hard to write down', async () => {
    const odd = repository(join(w.folder, '"quoted" #ü  \\ space'));
    expect(await output(odd, 'cat a.txt && git status --short')).toBe('one\n');
  });

  it('from within a hook, with git’s variables set for another repository', async () => {
    repository(repo());
    const other = repository(join(w.folder, 'other'), { 'a.txt': 'wrong\n' });
    const hooked = await world(
      {
        ...process.env,
        GIT_DIR: join(other, '.git'),
        GIT_WORK_TREE: other,
        GIT_INDEX_FILE: 'x',
        GIT_PREFIX: 'y/',
      },
      join(w.folder, 'hooked'),
    );
    const { job } = await hooked.forge.submit(submission(repo(), ['sh', '-c', 'cat a.txt; env']));
    const { output: printed } = await hooked.run(job.id, await hooked.runner());
    expect(printed).toMatch(/^one\n/);
    expect(printed).not.toMatch(/^GIT_/m);
    hooked.store.close();
  });

  it('whose folder went with another branch meanwhile', async () => {
    repository(repo());
    git(repo(), 'checkout', '--quiet', '-b', 'side');
    commit(repo(), { 'side/f': 'side\n' });
    const { job } = await w.forge.submit(submission(join(repo(), 'side'), ['cat', 'f']));
    git(repo(), 'checkout', '--quiet', 'main');
    expect(existsSync(join(repo(), 'side'))).toBe(false);
    expect((await w.run(job.id, runner)).output).toBe('side\n');
  });
});

describe('submodules', () => {
  const library = () => join(w.folder, 'library');
  beforeEach(() => {
    repository(join(w.folder, 'leaf'), { leaf: 'leaf\n' });
    repository(library(), { lib: 'lib\n' });
    git(library(), 'submodule', '--quiet', 'add', join(w.folder, 'leaf'), 'leaf');
    commit(library(), {});
    repository(repo());
    git(repo(), 'submodule', '--quiet', 'add', '--name', 'the lib', library(), 'deps/lib');
    git(repo(), 'submodule', '--quiet', 'update', '--init', '--recursive');
    commit(repo(), {});
  });

  it('come from the owner’s copies, nested ones too, though their origin is gone', async () => {
    renameSync(library(), join(w.folder, 'gone'));
    renameSync(join(w.folder, 'leaf'), join(w.folder, 'gone-leaf'));
    const printed = await output(
      repo(),
      'cat deps/lib/lib deps/lib/leaf/leaf; git status --short; git submodule status',
    );
    expect(printed).toMatch(/^lib\nleaf\n [0-9a-f]{40} deps\/lib/);
  });

  it('are a job’s own repository when it is submitted from there', async () => {
    expect(await output(join(repo(), 'deps', 'lib'), 'cat lib leaf/leaf')).toBe('lib\nleaf\n');
  });

  it('that can be had nowhere are the job’s outcome, in a sentence', async () => {
    rmSync(join(repo(), '.git', 'modules'), { recursive: true });
    rmSync(join(repo(), 'deps'), { recursive: true });
    rmSync(library(), { recursive: true });
    const { job } = await w.forge.submit(submission(repo(), ['true']));
    const claimed = (await w.forge.claim(job.id, runner))!;
    await expect(w.forge.launch(claimed, w.folderOf('hr-1'))).rejects.toThrow(
      /submodule deps\/lib is not in your repository and could not be fetched/,
    );
  });
});
