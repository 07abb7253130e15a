import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Submission } from '../../../contract/job.ts';
import type { Pool } from '../../../contract/pool.ts';
import type { JobEnd } from '../../../core/forge-port.ts';

import { ended, repository, submission, type World, world, write } from './world.test-kit.ts';

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

/** Claims the job and settles it as `end` says, without running anything. */
async function end(job: string, change: Partial<JobEnd>): Promise<void> {
  const claimed = await w.forge.claim(job, await w.runner(`r-${job}`));
  await w.forge.settle(claimed!, w.folderOf(`r-${job}`), ended(job, change));
}

describe('what is kept', () => {
  it('is log and outputs, from the folder of the job', async () => {
    repository(plain, { 'sub/f': 'f' });
    const script =
      'echo hello; mkdir -p dist/deep; echo 1 > dist/deep/x; echo 2 > one; ln -s deep/x dist/link';
    const asked = submission(join(plain, 'sub'), ['sh', '-c', script], { outputs: ['dist/', './one'] });
    const { job } = await w.forge.submit(asked);
    await w.run(job.id, await w.runner());
    const { outputs, problem } = await w.forge.detail(job.id);
    expect([outputs, problem]).toEqual([['dist/deep/x', 'dist/link', 'one'], null]);
    expect(readFileSync(join(w.home, 'jobs', job.id, 'log'), 'utf8')).toBe('hello\n');
    const to = join(w.folder, 'to', 'here');
    write(to, { one: 'old', other: 'stays' });
    expect(await w.forge.get(job.id, to)).toEqual(outputs);
    expect(readFileSync(join(to, 'dist', 'link'), 'utf8')).toBe('1\n');
    expect([readFileSync(join(to, 'one'), 'utf8'), existsSync(join(to, 'other'))]).toEqual(['2\n', true]);
  });

  it('never leads out of the job, and says what is missing', async () => {
    const job = await submit('ln -s /etc etc; ln -s here inside; echo h > here; echo k > kept', {
      outputs: ['etc', 'etc/passwd', 'inside', 'missing', 'kept'],
    });
    await w.run(job, await w.runner());
    const { outputs, problem, job: shown } = await w.forge.detail(job);
    expect(outputs).toEqual(['inside', 'kept']);
    expect(problem?.message).toMatch(/etc leads out .*etc\/passwd leads out .*missing was not kept/);
    expect(shown.state).toBe('succeeded');
    expect(readFileSync(join(w.home, 'jobs', job, 'out', 'inside'), 'utf8')).toBe('h\n');
  });

  it('is whole where outputs lie in one another, or are everything', async () => {
    const script = 'mkdir -p a/b; echo 1 > a/b/c; echo 2 > a/d';
    for (const outputs of [['a/b', 'a'], ['a', 'a/b'], ['.']]) {
      const job = await submit(script, { outputs });
      await w.run(job, await w.runner());
      expect((await w.forge.detail(job)).outputs).toEqual(['a/b/c', 'a/d']);
    }
  });

  it('is copied, not taken, from a job that ran in place', async () => {
    const job = await submit('echo 1 > x', { source: 'in-place', outputs: ['x'] });
    await w.run(job, await w.runner());
    expect((await w.forge.detail(job)).outputs).toEqual(['x']);
    expect(existsSync(join(plain, 'x'))).toBe(true);
  });

  it('is not written through a link that stands where it goes', async () => {
    const job = await submit('echo new > x', { outputs: ['x'] });
    await w.run(job, await w.runner());
    write(w.folder, { precious: 'old', 'to/y': '' });
    symlinkSync(join(w.folder, 'precious'), join(w.folder, 'to', 'x'));
    await w.forge.get(job, join(w.folder, 'to'));
    expect(readFileSync(join(w.folder, 'precious'), 'utf8')).toBe('old');
    expect(readFileSync(join(w.folder, 'to', 'x'), 'utf8')).toBe('new\n');
  });

  it('is said to be nothing in a sentence', async () => {
    const job = await submit('true', { outputs: ['x'] });
    const to = join(w.folder, 'to');
    await expect(w.forge.get(job, to)).rejects.toThrow(/not ended yet/);
    await expect(w.forge.get('nope', to)).rejects.toThrow(/no job called nope/);
    const without = await submit('true');
    await end(without, {});
    await expect(w.forge.get(without, to)).rejects.toMatchObject({
      problem: { code: 'not-found', hint: expect.stringContaining('--out') },
    });
  });
});

describe('the owner', () => {
  it('cancels what waits: at once, durably, and nothing of it is left', async () => {
    repository(plain);
    const { job } = await w.forge.submit(submission(plain, ['true']));
    expect(await w.forge.cancel(job.id)).toMatchObject({
      state: 'cancelled',
      exitCode: 130,
      endedBy: 'owner',
    });
    expect(w.store.refs()).toEqual([]);
    await expect(w.forge.cancel(job.id)).rejects.toThrow(/is cancelled already/);
    await expect(w.forge.cancel('nope')).rejects.toThrow(/no job called nope/);
    expect(await w.forge.claim(job.id, await w.runner())).toBeNull();
  });

  it('has old jobs forgotten with their files, and not those that are being tried again', async () => {
    const [a, b, c] = [await submit('true'), await submit('false', { retries: 1 }), await submit('true')];
    for (const job of [a, b, c]) await w.run(job, await w.runner(`r-${job}`));
    await w.forge.prune(2);
    expect(w.store.jobs(9).rows.map((row) => row.job.id)).toEqual([`${b}-2`, c, b]);
    expect([existsSync(join(w.home, 'jobs', a)), existsSync(join(w.home, 'jobs', b))]).toEqual([false, true]);
    await w.run(`${b}-2`, await w.runner('last'));
    await w.forge.prune(0);
    expect(w.store.jobs(9).total).toBe(0);
  });

  it('sees by lights whether a local pool can work', async () => {
    const lights = await w.forge.preflight({} as Pool);
    expect(lights.map(({ name, ok }) => [name, ok])).toEqual([
      ['git', true],
      ['home', true],
      ['disk', true],
    ]);
    const without = await world({ PATH: '/nowhere' }, join(w.folder, 'other'));
    expect(await without.forge.preflight({} as Pool)).toContainEqual(
      expect.objectContaining({ name: 'git', ok: false, hint: expect.stringContaining('Install git') }),
    );
    without.store.close();
  });
});
