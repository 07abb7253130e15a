/** kill -9 of the supervisor and of jobs, and a supervisor that is stopped: nothing is lost, doubled or left. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Home } from '../support/product.ts';
import { git, repository } from '../support/repository.ts';
import { until } from '../support/until.ts';
import { accounts, homeOf } from '../support/users.ts';
import { configure, ended, Gate, isAlive, jobThat, left, long, pidOf, running, submit } from './survive.ts';

/** How long the supervisor is stopped, in milliseconds: the long form outlasts the patience of every client. */
const stoppedMs = long ? 60_000 : 5000;

describe.each(accounts)('$title', (account) => {
  let home: Home;
  let gate: Gate;
  beforeEach((context) => {
    if (account.skip !== null) context.skip(account.skip);
    home = homeOf(account);
    configure(home, 4);
    gate = new Gate(home);
  });
  afterEach(async () => {
    if (account.skip === null) await home.dispose();
  });

  test('killed in the middle of jobs, it takes them up again: same processes, own outcomes, each run once', async () => {
    const first = await home.run();
    const [a, b, c] = [
      await submit(home, gate.command(0)),
      await submit(home, gate.command(7)),
      await submit(home, ['sh', '-c', 'sleep 1; exit 5']),
    ];
    const pids = [await pidOf(home, a), await pidOf(home, b)];
    await running(home, c);
    await first.kill();
    expect(pids.map(isAlive)).toEqual([true, true]);
    await sleep(1500); // c ends while nobody looks

    const second = await home.run();
    expect(await ended(home, c)).toMatchObject({ state: 'failed', exitCode: 5, endedBy: 'job' });
    expect([await pidOf(home, a), await pidOf(home, b)]).toEqual(pids);
    await second.kill();

    const third = await home.run();
    gate.open();
    expect(await ended(home, a)).toMatchObject({ state: 'succeeded', exitCode: 0, endedBy: 'job' });
    expect(await ended(home, b)).toMatchObject({ state: 'failed', exitCode: 7, endedBy: 'job' });
    expect(gate.starts()).toEqual({ [a]: 1, [b]: 1 });
    expect((await home.cli(['job', 'logs', a])).stdout).toBe('over\n');
    expect((await third.stop()).code).toBe(0);
    expect(left(home)).toEqual([]);
  });

  test('a job whose wrapper is killed is lost, and tried again where it asked for that', async () => {
    const supervisor = await home.run();
    const once = await submit(home, gate.command(0));
    const twice = await submit(home, gate.command(0), { retries: 1 });
    for (const id of [once, twice]) process.kill(await pidOf(home, id), 'SIGKILL');
    expect(await ended(home, once)).toMatchObject({
      state: 'lost',
      exitCode: 125,
      endedBy: 'unknown',
      retriedAs: null,
    });
    const lost = await jobThat(home, twice, 'is retried', (job) => job.retriedAs !== null);
    expect(lost).toMatchObject({ state: 'lost', exitCode: 125 });
    const again = lost.retriedAs ?? '';
    await running(home, again);
    gate.open();
    expect(await ended(home, again)).toMatchObject({ state: 'succeeded', attempt: 2, retryOf: twice });
    expect(gate.starts()).toEqual({ [once]: 1, [twice]: 1, [again]: 1 });
    await supervisor.stop();
    expect(left(home)).toEqual([]);
  });

  test('killed together with the job, it says that the job is lost, and leaves nothing', async () => {
    const first = await home.run();
    const id = await submit(home, gate.command(0));
    const pid = await pidOf(home, id);
    process.kill(first.pid, 'SIGSTOP'); // so that it sees nothing of the job's end
    process.kill(-pid, 'SIGKILL');
    await first.kill();
    const second = await home.run();
    expect(await ended(home, id)).toMatchObject({ state: 'lost', exitCode: 125 });
    await second.stop();
    expect(left(home)).toEqual([]);
  });

  test('a pinned commit outlives the kill, and its ref goes with the job', async () => {
    const dir = repository(home.path, { 'file.txt': 'content\n' });
    if (home.user !== undefined) execFileSync('chown', ['-R', String(home.user.uid), dir]);
    const refs = (): string => git(dir, '-c', `safe.directory=${dir}`, 'for-each-ref', 'refs/homerunner');
    const first = await home.run();
    const id = await submit(
      home,
      [
        'sh',
        '-c',
        'while [ ! -e "$1" ]; do sleep 0.1; done; cat file.txt',
        'sh',
        path.join(home.path, 'sign'),
      ],
      {
        dir,
        source: 'commit',
      },
    );
    const waiting = await submit(home, ['cat', 'file.txt'], { dir, source: 'commit' });
    await running(home, id);
    await first.kill();
    expect(refs()).toContain('refs/homerunner/');
    const second = await home.run();
    gate.open();
    for (const job of [id, waiting]) {
      expect(await ended(home, job)).toMatchObject({ state: 'succeeded' });
      expect((await home.cli(['job', 'logs', job])).stdout).toBe('content\n');
    }
    await second.stop();
    expect(refs()).toBe('');
    expect(left(home)).toEqual([]);
  });

  test(
    `stopped for ${stoppedMs / 1000} s: jobs go on, all is recorded, and clients get their answers afterwards`,
    async () => {
      const supervisor = await home.run();
      const ticks = path.join(home.path, 'ticks');
      const ticking = await submit(home, [
        'sh',
        '-c',
        'while [ ! -e "$2" ]; do echo tick >> "$1"; sleep 0.2; done',
        'sh',
        ticks,
        path.join(home.path, 'sign'),
      ]);
      const ends = await submit(home, ['sh', '-c', 'sleep 1; exit 9']);
      await running(home, ticking);
      await running(home, ends);
      await until(() => existsSync(ticks), 'it ticks');
      const count = (): number => readFileSync(ticks, 'utf8').length;
      process.kill(supervisor.pid, 'SIGSTOP');
      const before = count();
      const patient = home.cli(['status', '--json']);
      await sleep(stoppedMs);
      expect(count()).toBeGreaterThan(before);
      process.kill(supervisor.pid, 'SIGCONT');
      const said = await patient;
      if (long)
        expect(said).toMatchObject({ code: 3, stdout: expect.stringContaining('does not answer') as string });
      else expect(said.code).toBe(0);
      expect(await ended(home, ends)).toMatchObject({ state: 'failed', exitCode: 9 });
      expect(isAlive(await pidOf(home, ticking))).toBe(true);
      gate.open();
      expect(await ended(home, ticking)).toMatchObject({ state: 'succeeded' });
      await supervisor.stop();
      expect(left(home)).toEqual([]);
    },
    stoppedMs + 60_000,
  );
});
