/** A full disk: said, survived, and no outcome lost; the disk is a small one of its own. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Home } from '../support/product.ts';
import { jobRefs, repository } from '../support/repository.ts';
import { until } from '../support/until.ts';
import { configure, ended, isAlive, left, pidOf, running, submit, withControl } from './survive.ts';

const size = 24;
const gib = 1 / 1024;

describe('a disk of 24 MiB', () => {
  let disk: string;
  let home: Home;
  let work: string;
  let mounted = false;

  beforeEach((context) => {
    if (process.getuid?.() !== 0) context.skip('only root can mount a small disk');
    disk = mkdtempSync(path.join(tmpdir(), 'hr-disk-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}m`, 'tmpfs', disk], { stdio: 'pipe' });
    } catch (error) {
      rmSync(disk, { recursive: true });
      context.skip(`no small disk can be mounted here: ${String(error)}`);
    }
    mounted = true;
    home = new Home({ under: disk });
    work = path.join(disk, 'work');
    mkdirSync(work);
    configure(home, 2, { diskReserveGiB: 4 * gib });
  });
  afterEach(async () => {
    if (!mounted) return;
    await home.dispose();
    // Lazily, as the supervisor may just be dying.
    execFileSync('umount', ['-l', disk]);
    rmSync(disk, { recursive: true });
    mounted = false;
  });

  const filler = (): string => path.join(work, 'filler');
  /** To the last block. */
  const fill =
    'dd if=/dev/zero of="$1" bs=64k 2>/dev/null; dd if=/dev/zero of="$1.rest" bs=1k 2>/dev/null; true';
  const free = (): void => {
    for (const file of [filler(), `${filler()}.rest`]) rmSync(file, { force: true });
  };

  test('a job fills it: the supervisor lives, says so, keeps every outcome and goes on when there is space', async () => {
    const supervisor = await home.run();
    const go = path.join(work, 'go');
    const full = await submit(
      home,
      [
        'sh',
        '-c',
        `${fill}; echo full; while [ ! -e "$2" ]; do sleep 0.05; done; exit 3`,
        'sh',
        filler(),
        go,
      ],
      { dir: work },
    );
    const other = await submit(
      home,
      ['sh', '-c', 'while [ ! -e "$1" ]; do sleep 0.05; done; exit 4', 'sh', go],
      { dir: work },
    );
    await running(home, full);
    await running(home, other);
    const status = await until(async () => {
      const now = await home.status();
      return now.allowance.reasons.some((reason) => reason.code === 'disk-reserve') ? now : null;
    }, 'the status tells of the disk');
    expect(status.allowance.newRunners).toBe(false);
    expect(status.allowance.reasons[0]?.message).toMatch(
      /^Only \d MiB of disk are free, the reserve is 4 MiB\.$/,
    );
    mkdirSync(go); // a folder needs no block here
    await until(
      () =>
        withControl(home, async (control) => {
          const { runners } = await control.snapshot();
          return runners.length === 0 || runners.every((r) => r.phase !== 'idle');
        }),
      'the ends of the jobs were seen',
    );
    expect(supervisor.alive).toBe(true);
    free();
    expect(await ended(home, full)).toMatchObject({ state: 'failed', exitCode: 3, endedBy: 'job' });
    expect(await ended(home, other)).toMatchObject({ state: 'failed', exitCode: 4, endedBy: 'job' });
    const next = await submit(home, ['true'], { dir: work });
    expect(await ended(home, next)).toMatchObject({ state: 'succeeded' });
    expect((await supervisor.stop()).code).toBe(0);
    expect(left(home)).toEqual([]);
  });

  test('full to the last byte, a job is refused with a sentence, and nothing of it is left', async () => {
    const dir = repository(tmpdir(), { 'file.txt': 'content\n' });
    const supervisor = await home.run();
    await home.status();
    execFileSync('sh', ['-c', fill, 'sh', filler()]);
    const refused = await until(async () => {
      const done = await home.cli(['submit', '--json', '--', 'cat', 'file.txt'], { cwd: dir });
      return done.code === 0 ? null : done;
    }, 'a submission is refused');
    expect(refused.code).toBe(1);
    const { problem } = JSON.parse(refused.stdout) as {
      problem: { code: string; message: string; hint: string };
    };
    expect(problem).toMatchObject({ code: 'disk-reserve', message: expect.stringMatching(/full/) as string });
    const { length } = await home.jobs();
    expect(jobRefs(dir)).toHaveLength(length);
    expect(supervisor.alive).toBe(true);
    free();
    for (const job of await home.jobs())
      expect(await ended(home, job.id)).toMatchObject({ state: 'succeeded' });
    const next = await submit(home, ['cat', 'file.txt'], { dir, source: 'commit' });
    expect(await ended(home, next)).toMatchObject({ state: 'succeeded' });
    expect((await supervisor.stop()).code).toBe(0);
    expect(jobRefs(dir)).toEqual([]);
    rmSync(dir, { recursive: true });
  });

  test('a job whose own files fill the disk ends, and its files make room again', async () => {
    const supervisor = await home.run();
    writeFileSync(path.join(work, 'source'), '');
    const script = `set -- f; ${fill}; echo made > output; exit 3`;
    const id = await submit(home, ['sh', '-c', script], { dir: work, source: 'copy', outputs: ['output'] });
    expect(await ended(home, id)).toMatchObject({ state: 'failed', exitCode: 3, endedBy: 'job' });
    const next = await submit(home, ['true'], { dir: work });
    expect(await ended(home, next)).toMatchObject({ state: 'succeeded' });
    expect((await supervisor.stop()).code).toBe(0);
    expect(left(home)).toEqual([]);
  });

  test('a job that runs can be cancelled though the disk is full', async () => {
    const supervisor = await home.run();
    const id = await submit(home, ['sh', '-c', `${fill}; sleep 600`, 'sh', filler()], { dir: work });
    const pid = await pidOf(home, id);
    await until(async () => {
      const refused = await home.cli(['submit', '--json', '--', 'true'], { cwd: work });
      return refused.code !== 0;
    }, 'the disk is full');
    expect((await home.cli(['job', 'cancel', id])).code).toBe(0);
    await until(() => !isAlive(pid), 'its process is gone');
    free();
    expect(await ended(home, id)).toMatchObject({ state: 'cancelled', endedBy: 'owner' });
    expect((await supervisor.stop()).code).toBe(0);
    expect(left(home)).toEqual([]);
  });

  test('a start on a full disk says so, and one with jobs that ran finishes them when there is space', async () => {
    const first = await home.run();
    const go = path.join(work, 'go');
    const id = await submit(
      home,
      ['sh', '-c', 'while [ ! -e "$1" ]; do sleep 0.05; done; exit 6', 'sh', go],
      { dir: work },
    );
    await running(home, id);
    await first.kill();
    execFileSync('sh', ['-c', fill, 'sh', filler()]);
    mkdirSync(go);
    const child = home.spawn(['run']);
    let said = '';
    child.stdout?.on('data', (data: Buffer) => (said += data.toString()));
    child.stderr?.on('data', (data: Buffer) => (said += data.toString()));
    await until(() => child.exitCode !== null || /disk/i.test(said), 'the start on a full disk says so');
    expect(said).toMatch(/disk|full/i);
    expect(said).not.toMatch(/^\s+at /m);
    free();
    if (child.exitCode !== null) await home.run();
    expect(await ended(home, id)).toMatchObject({ state: 'failed', exitCode: 6, endedBy: 'job' });
    writeFileSync(path.join(work, 'ok'), '');
    expect(await ended(home, await submit(home, ['true'], { dir: work }))).toMatchObject({
      state: 'succeeded',
    });
  });
});
