import { readFileSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  ended,
  instance,
  launch,
  lives,
  newRuntime,
  printed,
  r1,
  resources,
  root,
  run,
  sh,
  stranger,
  useRealJobs,
} from './runtime.test-kit.ts';

useRealJobs();

describe('ending', () => {
  it('asks the group to stop, also when it is suspended', async () => {
    const runtime = newRuntime();
    const { pid } = await runtime.start(
      sh('trap "exit 12" TERM; echo on; kill -STOP 0; while :; do sleep 0.05; done'),
      resources,
    );
    await printed(runtime, /on/);
    await expect.poll(() => readFileSync(`/proc/${pid}/stat`, 'utf8')).toMatch(/\) T /);
    await runtime.signal(r1, 'stop');
    expect((await ended(runtime)).exitCode).toBe(12);
  });

  it('kills a job that does not listen', async () => {
    const runtime = newRuntime();
    await runtime.start(sh("trap '' TERM; echo on; while :; do sleep 0.05; done"), resources);
    await printed(runtime, /on/);
    await runtime.signal(r1, 'stop');
    await runtime.signal(r1, 'kill');
    expect(await instance(runtime)).toMatchObject({ state: 'ended', exitCode: null });
  });

  it('kills what left the group, and nobody else', async () => {
    const runtime = newRuntime();
    const other = stranger({ HOMERUNNER_RUNNER: `${r1}1` });
    await runtime.start(
      sh('setsid sh -c \'echo "daemon $$."; trap "" TERM HUP; while :; do sleep 0.05; done\' & wait'),
      resources,
    );
    const daemon = Number(await printed(runtime, /daemon (\d+)\./));
    await runtime.signal(r1, 'kill');
    expect(lives(daemon)).toBe(false);
    expect(lives(other)).toBe(true);
  });

  it('clears what the ended job left running, and the runner is as new', async () => {
    const runtime = newRuntime();
    await runtime.start(sh('sleep 600 & echo "group $!."; setsid sleep 600 & echo "daemon $!."'), resources);
    await ended(runtime);
    const pids = [
      Number(await printed(runtime, /group (\d+)/)),
      Number(await printed(runtime, /daemon (\d+)/)),
    ];
    await runtime.clear(r1);
    expect(pids.map(lives)).toEqual([false, false]);
    expect(await instance(runtime)).toMatchObject({
      state: 'prepared',
      job: null,
      process: null,
      exitCode: null,
    });
  });

  it('keeps the log of a cleared job until it is taken, and does not find the job again', async () => {
    const runtime = newRuntime();
    await run(runtime, sh('echo kept'));
    await runtime.clear(r1);
    expect(await readFile(runtime.logFile(r1, 'j1'), 'utf8')).toBe('kept\n');
    expect(await instance(newRuntime())).toMatchObject({ state: 'prepared', job: null });
  });

  it('ends a job whose wrapper was killed, without an exit code', async () => {
    const runtime = newRuntime();
    const { pid } = await runtime.start(sh('echo "job $$."; sleep 600'), resources);
    const job = Number(await printed(runtime, /job (\d+)/));
    process.kill(pid, 'SIGKILL');
    expect((await ended(runtime)).exitCode).toBe(null);
    expect(runtime.endedBy(r1)).toBe(null);
    await runtime.clear(r1);
    expect(lives(job)).toBe(false);
  });

  it('ends a storm of daemons that start daemons', async () => {
    const runtime = newRuntime();
    const storm = `n=$1; echo "$$" >> ${root}/pids; [ "$n" -gt 0 ] && for i in 1 2 3; do setsid sh ${root}/storm $((n - 1)) & done; sleep 600`;
    await writeFile(join(root, 'storm'), storm);
    await runtime.start(launch(['sh', join(root, 'storm'), '3']), resources);
    await expect
      .poll(async () => (await readFile(join(root, 'pids'), 'utf8').catch(() => '')).split('\n').length, {
        timeout: 15_000,
      })
      .toBeGreaterThan(15);
    await runtime.signal(r1, 'kill');
    const pids = (await readFile(join(root, 'pids'), 'utf8')).trim().split('\n').map(Number);
    expect(pids.filter(lives)).toEqual([]);
  });

  it('is nothing for a runner that is not there', async () => {
    const runtime = newRuntime();
    await runtime.signal('nobody', 'kill');
    await runtime.clear('nobody');
    await runtime.remove('nobody');
    expect(await runtime.list()).toEqual([]);
  });
});

describe('remove', () => {
  it('deletes the folder, also with folders that may not be written', async () => {
    const runtime = newRuntime();
    const folder = await runtime.folder(r1);
    await mkdir(join(folder, 'work', 'deep'), { recursive: true });
    await writeFile(join(folder, 'work', 'deep', 'file'), '', { mode: 0o400 });
    await chmod(join(folder, 'work', 'deep'), 0o500);
    await runtime.remove(r1);
    expect(await readdir(join(root, 'runners'))).toEqual([]);
    expect(await runtime.list()).toEqual([]);
  });

  it('refuses while the job runs, and the folder of another install', async () => {
    const runtime = newRuntime();
    await runtime.start(sh('sleep 600'), resources);
    await expect(runtime.remove(r1)).rejects.toMatchObject({ problem: { code: 'cannot-clean-up' } });
    await expect(runtime.clear(r1)).rejects.toMatchObject({ problem: { code: 'cannot-clean-up' } });
    const other = newRuntime({ install: 'other1' });
    await expect(other.remove(r1)).rejects.toMatchObject({ problem: { code: 'name-taken' } });
    await expect(other.folder(r1)).rejects.toMatchObject({ problem: { code: 'name-taken' } });
  });

  it('removes what a start or a removal that was cut short has left', async () => {
    const runtime = newRuntime();
    const folder = join(root, 'runners', r1);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'install.half'), 'written in part');
    await runtime.remove(r1);
    expect(await readdir(join(root, 'runners'))).toEqual([]);
  });
});
