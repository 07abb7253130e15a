import { existsSync, mkdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Submission } from '../../../contract/job.ts';

import type { JobEnd } from '../../../core/forge-port.ts';
import { describeForge } from '../contract.test-kit.ts';
import { ended, git, newRecord, repository, submission, type World, world, write } from './world.test-kit.ts';

// Real git and real disks on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

describeForge('the local forge', async () => {
  const w = await world();
  mkdirSync(join(w.folder, 'plain'));
  return {
    kit: w.forge,
    intended(name) {
      const record = newRecord(name);
      w.store.putRunner(record);
      return record;
    },
    async queueJob() {
      const asked = submission(join(w.folder, 'plain'), ['true'], { source: 'in-place' });
      return (await w.forge.submit(asked)).job.id;
    },
    cancelJob: async (job) => {
      await w.forge.cancel(job);
    },
    stateOf: (job) => w.store.job(job)?.job.state ?? 'none',
    folder: w.folderOf,
    end: w.end,
  };
});

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

/** Claims the job and settles it as `end` says, without running anything. */
async function end(job: string, change: Partial<JobEnd>): Promise<void> {
  const claimed = await w.forge.claim(job, await w.runner(`r-${job}`));
  await w.forge.settle(claimed!, w.folderOf(`r-${job}`), ended(job, change));
}

describe('what a job sees', () => {
  it('is a short list of our environment, what it was given, and where it runs', async () => {
    w.secrets.set('KEY', 'line one\nline two');
    const job = await submit('env -0; touch "$HOMERUNNER_CACHE_NPM_X/kept"', {
      env: { A: 'a b', HOMERUNNER_RUNNER: 'another', CI: 'yes' },
      secrets: ['KEY'],
      caches: ['npm-x'],
    });
    const { output } = await w.run(job, await w.runner('hr-1'));
    const env = Object.fromEntries(output.split('\0').map((line) => line.split(/=(.*)/s).slice(0, 2)));
    const cache = join(w.home, 'caches', 'local', 'npm-x');
    expect(env).toMatchObject({
      HOME: '/h',
      LC_TIME: 'C',
      CI: 'yes',
      A: 'a b',
      KEY: 'line one\nline two',
      HOMERUNNER: 'true',
      HOMERUNNER_JOB: job,
      HOMERUNNER_RUNNER: 'hr-1',
      HOMERUNNER_POOL: 'local',
      HOMERUNNER_CACHE_NPM_X: cache,
    });
    expect(env).not.toHaveProperty('NODE_OPTIONS');
    expect(env).not.toHaveProperty('TOKEN');
    expect(existsSync(join(cache, 'kept'))).toBe(true);
    expect(statSync(cache).mode & 0o777).toBe(0o700);
  });

  it('has secrets masked whole and by the line, and is refused one that is not there', async () => {
    w.secrets.set('KEY', 'first line\nabc\nlast line\n');
    const job = await submit('true', { secrets: ['KEY'] });
    const claimed = await w.forge.claim(job, await w.runner());
    const launch = await w.forge.launch(claimed!, w.folderOf('hr-1'));
    expect(launch.mask).toEqual(['first line\nabc\nlast line\n', 'first line', 'last line']);
    expect(JSON.stringify(launch.argv)).not.toContain('first line');
    w.secrets.clear();
    await expect(w.forge.launch(claimed!, w.folderOf('hr-1'))).rejects.toThrow(
      'There is no secret called KEY.',
    );
  });
});

describe('outcomes', () => {
  const cases: [string, Partial<JobEnd>, object][] = [
    ['success', { exitCode: 0 }, { state: 'succeeded', exitCode: 0, endedBy: 'job' }],
    ['failure', { exitCode: 3 }, { state: 'failed', exitCode: 3, result: 'It failed with exit code 3.' }],
    [
      'signal',
      { exitCode: 137 },
      { state: 'failed', exitCode: 137, result: expect.stringContaining('signal 9') },
    ],
    ['cancel', { exitCode: 143, by: 'owner' }, { state: 'cancelled', exitCode: 130, endedBy: 'owner' }],
    ['stop', { by: 'stop-now', exitCode: null }, { state: 'cancelled', exitCode: 130, endedBy: 'stop-now' }],
    [
      'time limit',
      { exitCode: 143, by: 'time-limit' },
      { state: 'failed', exitCode: 124, endedBy: 'time-limit', result: expect.stringContaining('of 90 s') },
    ],
    [
      'memory',
      { exitCode: 137, by: 'out-of-memory' },
      { state: 'failed', exitCode: 137, endedBy: 'out-of-memory' },
    ],
    ['machine', { exitCode: null, by: 'machine' }, { state: 'lost', exitCode: 125, endedBy: 'machine' }],
    ['killed', { exitCode: null }, { state: 'lost', exitCode: 125, endedBy: 'unknown' }],
    [
      'not begun',
      { exitCode: null, problem: { code: 'not-found', message: 'No such thing.', hint: 'h' } },
      { state: 'failed', exitCode: 125, result: 'No such thing.' },
    ],
  ];
  it.each(cases)('%s', async (_name, how, expected) => {
    const job = await submit('true', { timeoutSeconds: 90 });
    await end(job, how);
    expect(w.store.job(job)?.job).toMatchObject({ endedAt: 1_900_000_000_000, ...expected });
    expect(w.store.job(job)?.problem ?? null).toEqual(how.problem ?? null);
    expect(w.store.events(0, 9)).toMatchObject([{ kind: 'job', subject: job }]);
  });

  it('keeps the deadline of the first start', async () => {
    const job = await submit('true', { timeoutSeconds: 90 });
    const claimed = await w.forge.claim(job, await w.runner());
    await w.forge.started(claimed!, 1000);
    await w.forge.started(claimed!, 2000);
    expect(w.store.job(job)).toMatchObject({ deadline: 91_000, job: { state: 'running', startedAt: 1000 } });
    expect(await w.forge.runners()).toMatchObject([{ job: { startedAt: 1000, timeLimitMs: 90_000 } }]);
  });

  it('does not forget what the owner decided about the runner meanwhile', async () => {
    const job = await submit('true');
    const claimed = (await w.forge.claim(job, await w.runner()))!;
    const ending = { why: 'Removed by the owner.', now: false, at: 7 };
    w.store.putRunner({ ...claimed, ending });
    expect(await w.forge.settle(claimed, w.folderOf('hr-1'), ended(job))).toMatchObject({
      ending,
      job: null,
    });
    expect(w.store.runner('hr-1')).toMatchObject({ ending, job: null, jobsDone: 1 });
  });
});

describe('retries', () => {
  it('are jobs of their own, until one succeeds or none is left', async () => {
    repository(plain);
    const first = (await w.forge.submit(submission(plain, ['false'], { retries: 2 }))).job.id;
    await end(first, { exitCode: 1 });
    expect(w.store.job(first)?.job).toMatchObject({ state: 'failed', retriedAs: `${first}-2` });
    expect(git(plain, 'for-each-ref', '--format=%(refname)', 'refs/homerunner')).toBe(
      `refs/homerunner/${first}-2`,
    );
    await end(`${first}-2`, { exitCode: null });
    expect(w.store.job(`${first}-2`)?.job).toMatchObject({ state: 'lost', attempt: 2, retryOf: first });
    await end(`${first}-3`, { exitCode: 1 });
    expect(w.store.job(`${first}-3`)?.job).toMatchObject({ state: 'failed', attempt: 3, retriedAs: null });
    expect([w.store.jobs(9).total, w.store.refs()]).toEqual([3, []]);
    expect(git(plain, 'for-each-ref', 'refs/homerunner')).toBe('');
  });

  // Root may write everywhere, but not make a file in /sys.
  it.each<[string, (gitDir: string) => void]>([
    ['was deleted', (gitDir) => rmSync(gitDir, { recursive: true })],
    ['may not be written', (gitDir) => symlinkSync('/sys/kernel', join(gitDir, 'refs', 'homerunner'))],
  ])('go on unpinned where the repository %s while the job ran', async (how, harm) => {
    const gitDir = join(repository(plain), '.git');
    const first = (await w.forge.submit(submission(plain, ['false'], { retries: 1 }))).job.id;
    rmSync(join(gitDir, 'refs', 'homerunner'), { recursive: true });
    harm(gitDir);
    await end(first, { exitCode: 1 });
    expect(w.store.job(first)?.job).toMatchObject({ state: 'failed', retriedAs: `${first}-2` });
    expect(w.store.refs(`${first}-2`)).toEqual([]);
    expect(existsSync(gitDir)).toBe(how !== 'was deleted');
  });

  it('start from the same copy, which goes with the last', async () => {
    write(plain, { a: 'a\n' });
    const first = await submit('cat a; rm a; exit 1', { retries: 1 });
    expect((await w.run(first, await w.runner('r1'))).output).toBe('a\n');
    expect((await w.run(`${first}-2`, await w.runner('r2'))).output).toBe('a\n');
    expect(existsSync(join(w.home, 'jobs', first, 'source'))).toBe(false);
  });

  it('are not for what the owner cancelled', async () => {
    const job = await submit('true', { retries: 3 });
    await end(job, { by: 'owner' });
    expect([w.store.job(job)?.job.retriedAs, w.store.jobs(9).total]).toEqual([null, 1]);
  });
});
