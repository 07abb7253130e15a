/** Jobs that fight back: what they start ends with them, and the supervisor goes on. */
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ask, submissionOf } from '../support/control.ts';
import type { Home, Running } from '../support/product.ts';
import { until } from '../support/until.ts';
import { accounts, homeOf } from '../support/users.ts';
import {
  configure,
  ended,
  isAlive,
  left,
  long,
  pidOf,
  residentMiB,
  running,
  submit,
  withControl,
} from './survive.ts';

describe.each(accounts)('$title', (account) => {
  let home: Home;
  let supervisor: Running;
  beforeEach(async (context) => {
    if (account.skip !== null) context.skip(account.skip);
    home = homeOf(account);
    configure(home, 4);
    supervisor = await home.run();
  });
  afterEach(async () => {
    if (account.skip === null) await home.dispose();
  });

  const at = (name: string): string => path.join(home.path, name);
  const script = (text: string, more: Parameters<typeof submit>[2] = {}): Promise<string> =>
    submit(home, ['sh', '-c', text, 'sh', home.path], more);

  /** All is well, and nothing is left when it has stopped. */
  const expectOver = async (): Promise<void> => {
    expect(await ended(home, await submit(home, ['true']))).toMatchObject({ state: 'succeeded' });
    expect((await supervisor.stop()).code).toBe(0);
    expect(left(home)).toEqual([]);
  };

  test('a job that ignores SIGTERM is killed after the grace', async () => {
    const id = await script('trap \'\' TERM INT HUP; touch "$1/ready"; while :; do sleep 1; done');
    const pid = await pidOf(home, id);
    await until(() => existsSync(at('ready')), 'it ignores signals');
    const began = performance.now();
    await home.json(['job', 'cancel', id]);
    expect(await ended(home, id)).toMatchObject({ state: 'cancelled', exitCode: 130, endedBy: 'owner' });
    expect(performance.now() - began).toBeGreaterThan(8000);
    expect(isAlive(pid)).toBe(false);
    await expectOver();
  });

  test('a job that is stopped by SIGSTOP can be cancelled', async () => {
    const id = await script('while :; do sleep 1; done');
    process.kill(-(await pidOf(home, id)), 'SIGSTOP');
    await home.json(['job', 'cancel', id]);
    expect(await ended(home, id)).toMatchObject({ state: 'cancelled', endedBy: 'owner' });
    await expectOver();
  });

  test('a daemon that a job leaves behind is gone after it', async () => {
    const id = await script(
      'setsid sh -c \'echo $$ > "$1/daemon"; trap "" HUP TERM; while :; do sleep 1; done\' sh "$1" & while [ ! -s "$1/daemon" ]; do sleep 0.05; done',
    );
    expect(await ended(home, id)).toMatchObject({ state: 'succeeded' });
    const daemon = Number(readFileSync(at('daemon'), 'utf8'));
    await until(() => !isAlive(daemon), 'the daemon is gone');
    await expectOver();
  });

  test('a storm of processes ends with its job', async () => {
    const storm =
      'storm() { [ "$1" -gt 0 ] || { sleep 1000; return; }; (storm $(($1 - 1))) & (storm $(($1 - 1))) & wait; }; storm 6';
    const id = await script(`${storm} & sleep 2; exit 3`);
    expect(await ended(home, id)).toMatchObject({ state: 'failed', exitCode: 3 });
    await expectOver();
  });

  test('a job that breeds while it is ended does not outrun the end', async () => {
    const id = await script(
      'breed() { while :; do (sleep 0.2; breed) & sleep 0.2; done; }; breed 2>/dev/null',
      { timeoutSeconds: 2 },
    );
    expect(await ended(home, id, 60_000)).toMatchObject({
      state: 'failed',
      exitCode: 124,
      endedBy: 'time-limit',
    });
    await expectOver();
  }, 90_000);

  test('a job that deletes its own work folder, or makes it read-only, ends as it says', async () => {
    mkdirSync(at('source'));
    writeFileSync(at('source/file'), '');
    const dir = at('source');
    const deletes = await script('rm -rf "$PWD"; exit 4', { dir, source: 'copy' });
    const seals = await script('mkdir -p a/b/c; touch a/b/c/d; chmod -R a-w .; chmod 0 a/b; exit 5', {
      dir,
      source: 'copy',
    });
    expect(await ended(home, deletes)).toMatchObject({ state: 'failed', exitCode: 4 });
    expect(await ended(home, seals)).toMatchObject({ state: 'failed', exitCode: 5 });
    await expectOver();
  });

  test('a job that deletes all of its runner folder is lost or ends as it says, and the next one runs', async () => {
    const id = await script('cd "$1"; rm -rf runners/*; exit 6');
    expect(['lost', 'failed']).toContain((await ended(home, id)).state);
    await expectOver();
  });

  test('a job that closes its output ends as it says', async () => {
    const id = await script('exec >&- 2>&- <&-; exit 7');
    expect(await ended(home, id)).toMatchObject({ state: 'failed', exitCode: 7 });
    await expectOver();
  });

  test('a job that prints as fast as it can for 3 s leaves a bounded log and a quick supervisor', async () => {
    const id = await submit(home, ['sh', '-c', 'timeout 3 cat /dev/zero | tr "\\0" "x"; echo; echo the end']);
    await running(home, id);
    let slowest = 0;
    await withControl(home, async (control) => {
      for (let over = false; !over;) {
        const began = performance.now();
        over = (await ask(control, 'job.show', { job: id })).job.endedAt !== null;
        slowest = Math.max(slowest, performance.now() - began);
        await sleep(20);
      }
    });
    expect(slowest).toBeLessThan(1000);
    expect(residentMiB(supervisor.pid)).toBeLessThan(250);
    // Its middle is a hole: what counts is the room that it takes on the disk.
    expect(statSync(at(`jobs/${id}/log`)).blocks * 512).toBeLessThanOrEqual(64 * 1024 * 1024 + 4096);
    expect(execFileSync('tail', ['-c', '20', at(`jobs/${id}/log`)], { encoding: 'utf8' })).toMatch(
      /x\nthe end\n$/,
    );
    await expectOver();
  });

  test('outputs that lead out of the folder are refused', async () => {
    mkdirSync(at('source'));
    symlinkSync('/etc', at('source/etc'));
    const dir = at('source');
    const outputs = ['passwd', 'etc/passwd', 'good', 'folder'];
    const id = await script(
      'ln -s /etc/passwd passwd; echo fine > good; mkdir folder; ln -s /etc/passwd folder/link',
      { dir, source: 'copy', outputs },
    );
    const job = await ended(home, id);
    expect(job.state).toBe('succeeded');
    const { problem } = await withControl(home, (control) => ask(control, 'job.show', { job: id }));
    expect(problem).toMatchObject({
      code: 'forbidden',
      message: expect.stringMatching(/passwd leads out of the folder.*etc\/passwd leads out/) as string,
    });
    const to = at('got');
    await home.json(['job', 'get', id, to]);
    expect(readFileSync(path.join(to, 'good'), 'utf8')).toBe('fine\n');
    expect(existsSync(path.join(to, 'passwd'))).toBe(false);
    expect(existsSync(path.join(to, 'etc'))).toBe(false);
    for (const output of ['/etc/passwd', '../secret', 'a/../../b'])
      await expect(submit(home, ['true'], { outputs: [output] })).rejects.toMatchObject({
        problem: { code: 'usage' },
      });
    await expectOver();
  });

  test('a job that takes another name in its environment is still ended with all it started', async () => {
    const id = await script(
      'export HOMERUNNER_RUNNER=other; (sleep 1000 &) ; (sleep 1000 &); echo $$ > "$1/shell"; exit 0',
    );
    expect(await ended(home, id)).toMatchObject({ state: 'succeeded' });
    await expectOver();
  });
});

test(`${long ? 10_000 : 3000} queued jobs are taken over one connection, and the status stays quick`, async (context) => {
  const [account] = accounts;
  if (account === undefined) {
    context.skip('no account');
    return;
  }
  const count = long ? 10_000 : 3000;
  const home = homeOf(account);
  try {
    configure(home, 2);
    const supervisor = await home.run();
    await home.json(['pause']);
    const before = residentMiB(supervisor.pid);
    let slowest = 0;
    await withControl(home, async (control) => {
      for (let n = 0; n < count; n += 50)
        await Promise.all(
          Array.from({ length: 50 }, () => ask(control, 'submit', submissionOf(['true'], home.path))),
        );
      // The number is that of the last turn.
      await until(async () => (await control.snapshot()).waitingTotal === count, 'all of them wait');
      for (let n = 0; n < 20; n += 1) {
        const began = performance.now();
        const { waitingTotal, waiting } = await control.snapshot();
        slowest = Math.max(slowest, performance.now() - began);
        expect(waitingTotal).toBe(count);
        expect(waiting).toHaveLength(100);
      }
    });
    expect(slowest).toBeLessThan(500);
    expect(residentMiB(supervisor.pid) - before).toBeLessThan(100);
    await supervisor.kill();
    const again = await home.run();
    expect((await home.status()).waitingTotal).toBe(count);
    expect((await again.stop()).code).toBe(0);
  } finally {
    await home.dispose();
  }
}, 120_000);
