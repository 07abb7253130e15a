/** The three lifecycle modes on real jobs, as root and as a plain user. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Home } from '../support/product.ts';
import { until } from '../support/until.ts';
import { accounts, homeOf } from '../support/users.ts';

describe.each(accounts)('$title', (account) => {
  let home: Home;
  beforeEach((context) => {
    if (account.skip !== null) context.skip(account.skip);
    home = homeOf(account);
  });
  afterEach(async () => {
    if (account.skip === null) await home.dispose();
  });

  const idle = async (count: number) =>
    until(async () => {
      const { runners } = await home.status();
      return runners.filter((r) => r.phase === 'idle').length === count && runners.length === count
        ? runners
        : null;
    }, `${count} runners are idle`);

  test('auto: demand makes runners, and without work they go', async () => {
    await home.json([
      'pool',
      'add',
      '--forge',
      'local',
      '--mode',
      'auto',
      '--max',
      '1',
      '--idle-timeout',
      '2s',
    ]);
    const supervisor = await home.run();
    expect((await home.status()).runners).toEqual([]);
    const job = await home.outcome(await home.submit(['true']));
    expect(job).toMatchObject({ state: 'succeeded', exitCode: 0, endedBy: 'job', pool: 'local' });
    await idle(1);
    await idle(0);
    expect(readdirSync(path.join(home.path, 'runners'))).toEqual([]);
    expect((await home.outcome(await home.submit(['false']))).exitCode).toBe(1);
    expect((await supervisor.stop()).code).toBe(0);
  });

  test('manual: the registration persists over jobs, and a stop cleans it away', async () => {
    await home.json(['pool', 'add', '--forge', 'local', '--mode', 'manual', '--min', '1', '--max', '1']);
    const supervisor = await home.run();
    const [before] = await idle(1);
    await home.outcome(await home.submit(['true']));
    await home.outcome(await home.submit(['true']));
    const [after] = await idle(1);
    expect(after?.name).toBe(before?.name);
    expect((await supervisor.stop()).code).toBe(0);
    expect(readdirSync(path.join(home.path, 'runners'))).toEqual([]);
  });

  test('ephemeral: one job a registration, and the next one is ready', async () => {
    await home.json(['pool', 'add', '--forge', 'local', '--mode', 'ephemeral', '--min', '1', '--max', '1']);
    await home.run();
    const [first] = await idle(1);
    const job = await home.outcome(
      await home.submit(['sh', '-c', 'pwd > "$HR_OUT"'], {
        args: ['--in-place', '--env', `HR_OUT=${home.path}/out`],
      }),
    );
    expect(job.runner).toBe(first?.name);
    const [second] = await until(async () => {
      const runners = await idle(1);
      return runners[0]?.name === first?.name ? null : runners;
    }, 'another runner is ready');
    expect(second?.name).not.toBe(first?.name);
    expect(existsSync(path.join(home.path, 'runners', first?.name ?? ''))).toBe(false);
  });

  test('a pause ends idle runners, lets a job finish and starts none; resume goes on', async () => {
    await home.json(['pool', 'add', '--forge', 'local', '--mode', 'manual', '--min', '1', '--max', '1']);
    await home.run();
    await idle(1);
    const running = await home.submit(
      ['sh', '-c', 'echo begun; while [ ! -e "$HR_GO" ]; do sleep 0.05; done'],
      {
        args: ['--in-place', '--env', `HR_GO=${home.path}/go`],
      },
    );
    await until(async () => (await home.job(running)).state === 'running', 'the job runs');
    await home.json(['pause', '--reason', 'lunch']);
    const waiting = await home.submit(['true']);
    const paused = await home.status();
    expect(paused.sentence).toMatch(/^Paused by you until you resume \(lunch\); 1 job is finishing/);
    expect(paused.state).toBe('paused');
    await home.cli(['why', waiting]).then(({ stdout }) => {
      expect(stdout).toContain('Paused by you (lunch)');
    });
    writeFileSync(`${home.path}/go`, '');
    expect((await home.outcome(running)).state).toBe('succeeded');
    await idle(0);
    expect((await home.job(waiting)).state).toBe('queued');
    await home.json(['resume']);
    expect((await home.outcome(waiting)).state).toBe('succeeded');
  });

  test('stop --now ends the job, which says so; leave-running lets it live and the next start adopts it', async () => {
    await home.json(['pool', 'add', '--forge', 'local', '--max', '1']);
    const first = await home.run();
    const long = await home.submit(['sh', '-c', 'while [ ! -e "$HR_GO" ]; do sleep 0.05; done; exit 7'], {
      args: ['--in-place', '--env', `HR_GO=${home.path}/go`],
    });
    await until(async () => (await home.job(long)).state === 'running', 'the job runs');
    expect((await home.cli(['stop', '--leave-running'])).code).toBe(0);
    await first.ended();
    const second = await home.run();
    expect((await home.job(long)).state).toBe('running');
    writeFileSync(`${home.path}/go`, '');
    expect(await home.outcome(long)).toMatchObject({ state: 'failed', exitCode: 7, endedBy: 'job' });

    const endless = await home.submit(['sleep', '1000']);
    await until(async () => (await home.job(endless)).state === 'running', 'the endless job runs');
    expect((await home.cli(['stop', '--now'])).code).toBe(0);
    expect((await second.ended()).code).toBe(0);
    const done = await home.job(endless);
    expect(done).toMatchObject({ state: 'cancelled', endedBy: 'stop-now' });
    expect(readdirSync(path.join(home.path, 'runners'))).toEqual([]);
  });

  test('a drain waits for the running job and takes no other one in', async () => {
    await home.json(['pool', 'add', '--forge', 'local', '--max', '1']);
    const supervisor = await home.run();
    const running = await home.submit(['sh', '-c', 'while [ ! -e "$HR_GO" ]; do sleep 0.05; done'], {
      args: ['--in-place', '--env', `HR_GO=${home.path}/go`],
    });
    await until(async () => (await home.job(running)).state === 'running', 'the job runs');
    const stop = home.cli(['stop']);
    await until(async () => (await home.status()).state === 'stopping', 'it is stopping');
    const refused = await home.cli(['submit', '--in-place', '--', 'true']);
    expect(refused.code).toBe(4);
    expect(refused.stderr).toContain('is stopping');
    expect(supervisor.alive).toBe(true);
    writeFileSync(`${home.path}/go`, '');
    expect((await stop).code).toBe(0);
    expect((await supervisor.ended()).code).toBe(0);
    expect((await home.job(running)).state).toBe('succeeded');
  });
});
