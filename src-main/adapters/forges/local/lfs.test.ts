import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { git, repository, submission, type World, world, write } from './world.test-kit.ts';

// Real git and real disks on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const installed = spawnSync('git', ['lfs', 'version']).status === 0;

const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'f'.repeat(64)}\nsize 8\n`;

let w: World;
let repo: string;
beforeEach(async () => {
  w = await world();
  repo = join(w.folder, 'repo');
});
afterEach(() => w.end());

it('takes large files from the owner’s store, without a server', async ({ skip }) => {
  if (!installed) skip('git-lfs is not installed');
  repository(repo, { '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n' });
  git(repo, 'lfs', 'install', '--local');
  write(repo, { 'large.bin': 'the real content\n' });
  git(repo, 'add', '.');
  git(repo, 'commit', '--quiet', '-m', 'large');
  expect(git(repo, 'show', 'HEAD:large.bin')).toMatch(/^version https:\/\/git-lfs/);
  const { job, notes } = await w.forge.submit(
    submission(repo, ['sh', '-c', 'cat large.bin; git status --short']),
  );
  expect(notes).toEqual([]);
  expect((await w.run(job.id, await w.runner())).output).toBe('the real content\n');
});

it('leaves pointers and says so where git-lfs is missing, though the settings name it', async () => {
  const tools = join(w.folder, 'tools');
  mkdirSync(tools);
  for (const tool of ['git', 'sh', 'cat']) {
    const path = ['/usr/bin', '/bin'].map((folder) => join(folder, tool)).find((file) => existsSync(file));
    symlinkSync(path ?? tool, join(tools, tool));
  }
  repository(repo, { '.gitattributes': '*.bin filter=lfs -text\n', 'large.bin': pointer });
  for (const [key, value] of [
    ['filter.lfs.process', 'git-lfs filter-process'],
    ['filter.lfs.required', 'true'],
  ])
    git(repo, 'config', key ?? '', value ?? '');
  const without = await world({ PATH: tools, HOME: w.folder }, join(w.folder, 'other'));
  const { job, notes } = await without.forge.submit(submission(repo, ['cat', 'large.bin']));
  expect(notes.join()).toMatch(/git-lfs is not installed/);
  expect((await without.run(job.id, await without.runner())).output).toBe(pointer);
  without.store.close();
});
