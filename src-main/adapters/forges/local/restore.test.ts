import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Submission } from '../../../contract/job.ts';
import { localForge } from './forge.ts';
import { ended, git, newRecord, repository, submission, type World, world, write } from './world.test-kit.ts';

// Real git and real disks on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let w: World;
let plain: string;
beforeEach(async () => {
  w = await world({ PATH: process.env['PATH'], HOME: '/h', LC_TIME: 'C', NODE_OPTIONS: 'no', TOKEN: 'ours' });
  plain = join(w.folder, 'plain');
  mkdirSync(plain);
});
afterEach(() => w.end());

async function submit(script: string, change: Partial<Submission> = {}): Promise<string> {
  const asked = submission(plain, ['sh', '-c', script], { source: 'copy', ...change });
  return (await w.forge.submit(asked)).job.id;
}

describe('after a restart', () => {
  it('knows queue, registrations, fences and running jobs from the journal', async () => {
    const [running, waiting] = [await submit('true', { timeoutSeconds: 5 }), await submit('true')];
    const claimed = await w.forge.claim(running, await w.runner('busy'));
    await w.forge.started(claimed!, 1234);
    await w.forge.cancel(running);
    const fenced = await w.runner('fenced');
    w.store.putRunner({ ...fenced, fencedAt: 1 });
    w.store.putRunner(newRecord('intended'));
    w = await w.restart();
    expect(await w.forge.demand()).toMatchObject({ jobs: [{ id: waiting }], total: 1 });
    expect(await w.forge.runners()).toMatchObject([
      {
        name: 'busy',
        busy: true,
        fenced: false,
        job: { id: running, startedAt: 1234, timeLimitMs: 5000, cancel: true },
      },
      { name: 'fenced', busy: false, fenced: true },
    ]);
    expect(await w.forge.claim(waiting, fenced)).toBeNull();
  });

  it('gives up a job that no runner has, and tries it again where it may', async () => {
    const job = await submit('true', { retries: 1 });
    w.store.assignJob(job, 'local', 'forgotten');
    w = await w.restart();
    expect(w.store.job(job)?.job).toMatchObject({ state: 'lost', retriedAs: `${job}-2` });
    expect(await w.forge.demand()).toMatchObject({ jobs: [{ id: `${job}-2` }] });
    expect((await w.run(`${job}-2`, await w.runner())).record.jobsDone).toBe(1);
  });

  it('goes on where it failed before, and has each job once', async () => {
    const [job, other] = [await submit('true'), await submit('true')];
    const refs = vi.spyOn(w.store, 'refs').mockImplementationOnce(() => {
      throw new Error('the disk is full');
    });
    const forge = localForge({
      store: w.store,
      home: w.home,
      clock: { now: () => 1, monotonic: () => 1 },
      random: Math.random,
      secrets: { get: () => Promise.resolve(null) },
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      environment: {},
      platform: process.platform,
    });
    await expect(forge.restore([])).rejects.toThrow('the disk is full');
    await forge.restore([]);
    expect(refs).toHaveBeenCalledTimes(2);
    expect(await forge.demand()).toMatchObject({ jobs: [{ id: job }, { id: other }], total: 2 });
  });

  it('removes refs and copies that nobody needs, and writes lost refs again', async () => {
    repository(plain);
    const { job } = await w.forge.submit(submission(plain, ['true']));
    const stray = `refs/homerunner/stray`;
    git(plain, 'update-ref', stray, 'HEAD');
    w.store.putRef(join(plain, '.git'), stray, 'stray');
    w.store.putRef(join(w.folder, 'gone'), stray, 'stray');
    git(plain, 'update-ref', '-d', `refs/homerunner/${job.id}`);
    write(join(w.home, 'jobs', 'stray'), { 'source/a': 'a' });
    write(join(w.home, 'jobs', 'old'), { log: 'kept' });
    mkdirSync(join(w.home, 'jobs', 'begun'));
    w = await w.restart();
    expect(git(plain, 'for-each-ref', '--format=%(refname)', 'refs/homerunner')).toBe(
      `refs/homerunner/${job.id}`,
    );
    expect(w.store.refs().map(({ job: of }) => of)).toEqual([job.id]);
    const left = ['stray', 'begun', 'old'].filter((name) => existsSync(join(w.home, 'jobs', name)));
    expect(left).toEqual(['old']);
  });

  it('starts no job that has ended, whatever the journal says of its runner', async () => {
    const job = await submit('true');
    const { record } = await w.run(job, await w.runner());
    const stale = { ...record, job };
    w.store.putRunner(stale);
    w = await w.restart();
    await expect(w.forge.launch(stale, w.folderOf(stale.name))).rejects.toMatchObject({
      problem: { code: 'job-lost' },
    });
    expect((await w.forge.settle(stale, w.folderOf(stale.name), ended(job))).job).toBeNull();
    expect(w.store.job(job)?.job.state).toBe('succeeded');
  });

  it('takes in an adopted runner without looking at the jobs again', async () => {
    const job = await submit('true');
    const claimed = (await w.forge.claim(job, await w.runner()))!;
    const stale = { ...claimed, job: null };
    await w.forge.restore([stale, { ...newRecord('adopted'), registration: 'local-adopted' }]);
    expect(w.store.job(job)?.job.state).toBe('assigned');
    expect(await w.forge.runners()).toMatchObject([{ name: 'hr-1', busy: true }, { name: 'adopted' }]);
  });
});

it('removes refs that git has packed, and works while others pack', async () => {
  repository(plain);
  const { job } = await w.forge.submit(submission(plain, ['cat', 'a.txt']));
  git(plain, 'pack-refs', '--all', '--prune');
  git(plain, 'gc', '--quiet', '--prune=now');
  expect((await w.run(job.id, await w.runner())).output).toBe('one\n');
  expect(git(plain, 'for-each-ref', 'refs/homerunner')).toBe('');
  expect(existsSync(join(plain, '.git', 'refs', 'homerunner'))).toBe(false);
});

it('holds the commit of a waiting job though its branch is gone and the repository cleaned', async () => {
  repository(plain);
  git(plain, 'checkout', '--quiet', '-b', 'side');
  write(plain, { s: 'side\n' });
  git(plain, 'add', '.');
  git(plain, 'commit', '--quiet', '-m', 's');
  const { job } = await w.forge.submit(submission(plain, ['cat', 's']));
  git(plain, 'checkout', '--quiet', 'main');
  git(plain, 'branch', '--quiet', '-D', 'side');
  git(plain, 'reflog', 'expire', '--expire=now', '--all');
  git(plain, 'gc', '--quiet', '--prune=now');
  expect((await w.run(job.id, await w.runner())).output).toBe('side\n');
});
