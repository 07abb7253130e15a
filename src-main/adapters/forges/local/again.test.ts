import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
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

const repo = () => join(w.folder, 'repo');
const show = ['sh', '-c', 'cat a.txt'];

/** Submits, runs to the end, and gives the id. */
async function done(change: Parameters<typeof submission>[2] = {}, dir = repo()): Promise<string> {
  const { job } = await w.forge.submit(submission(dir, show, change));
  await w.run(job.id, runner);
  return job.id;
}

it('runs the same commit as a job of its own, with all that was asked', async () => {
  const head = git(repository(repo()), 'rev-parse', 'HEAD');
  const first = await done({ env: { A: 'b' }, timeoutSeconds: 9, retries: 1, labels: ['x'] });
  commit(repo(), { 'a.txt': 'two\n' });
  const { job, notes } = await w.forge.again(first);
  expect(job).toMatchObject({ state: 'queued', attempt: 1, retryOf: null, labels: ['x'] });
  expect(job.id).not.toBe(first);
  expect(notes).toEqual([`It runs commit ${head.slice(0, 12)}, as it did before.`]);
  expect((await w.forge.detail(job.id)).submission).toEqual((await w.forge.detail(first)).submission);
  expect(git(repo(), 'rev-parse', `refs/homerunner/${job.id}`)).toBe(head);
  expect((await w.run(job.id, runner)).output).toBe('one\n');
  expect(git(repo(), 'for-each-ref', 'refs/homerunner')).toBe('');
});

it('runs uncommitted changes as they were, and says when git has let them go', async () => {
  repository(repo());
  write(repo(), { 'a.txt': 'dirty\n' });
  const first = await done({ source: 'dirty' });
  write(repo(), { 'a.txt': 'later\n' });
  const { job } = await w.forge.again(first);
  expect((await w.run(job.id, runner)).output).toBe('dirty\n');
  git(repo(), 'gc', '--quiet', '--prune=now');
  await expect(w.forge.again(first)).rejects.toMatchObject({
    problem: { code: 'not-found', message: expect.stringMatching(/uncommitted changes .* are gone/) },
  });
  expect(w.store.refs()).toEqual([]);
});

it('runs from a folder that the branch of today does not have', async () => {
  repository(repo(), { 'sub/a.txt': 'below\n' });
  const first = await done({}, join(repo(), 'sub'));
  git(repo(), 'rm', '--quiet', '-r', 'sub');
  git(repo(), 'commit', '--quiet', '--message', 'less');
  const { job } = await w.forge.again(first);
  expect((await w.run(job.id, runner)).output).toBe('below\n');
});

it('copies a folder as it is now, and runs in place', async () => {
  const folder = join(w.folder, 'plain');
  write(folder, { 'a.txt': 'then\n' });
  const copied = await done({ source: 'copy' }, folder);
  const there = await done({ source: 'in-place' }, folder);
  write(folder, { 'a.txt': 'now\n' });
  const copy = await w.forge.again(copied);
  expect(copy.notes).toEqual([`It runs with ${folder} as it is now.`]);
  expect((await w.run(copy.job.id, runner)).output).toBe('now\n');
  const inPlace = await w.forge.again(there);
  expect((await w.run(inPlace.job.id, runner)).output).toBe('now\n');
});

it('refuses with a sentence what cannot be run again, and leaves nothing', async () => {
  repository(repo());
  const first = await done({ secrets: [] });
  const total = w.store.jobs(1).total;
  git(repo(), 'commit', '--quiet', '--amend', '--message', 'other', '--reset-author');
  git(repo(), 'reflog', 'expire', '--expire=now', '--all');
  git(repo(), 'gc', '--quiet', '--prune=now');
  await expect(w.forge.again(first)).rejects.toThrow(/The commit \w{12} that job .* is no longer in/);
  rmSync(repo(), { recursive: true });
  await expect(w.forge.again(first)).rejects.toThrow(/repository that job .* is gone/);
  await expect(w.forge.again('none')).rejects.toThrow(/no job called none/);
  const row = w.store.job(first);
  if (row === null) throw new Error('gone');
  w.store.insertJob({ ...row, job: { ...row.job, id: 'hub', forge: 'github' }, submission: null });
  await expect(w.forge.again('hub')).rejects.toThrow(/belongs to github/);
  expect([w.store.jobs(1).total, w.store.refs()]).toEqual([total + 1, []]);
});
