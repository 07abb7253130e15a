import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { processTable } from '../../os/process-table.ts';
import {
  bootId,
  ended,
  instance,
  launch,
  lives,
  newRuntime,
  printed,
  r1,
  r2,
  r3,
  r4,
  resources,
  root,
  run,
  sh,
  stranger,
  useRealJobs,
} from './runtime.test-kit.ts';

useRealJobs();

describe('start', () => {
  it('begins a job once, although twenty supervisors try at once', async () => {
    const spec = sh('echo begun; sleep 600');
    const supervisors = Array.from({ length: 20 }, () => newRuntime());
    const ids = await Promise.all(supervisors.map((runtime) => runtime.start(spec, resources)));
    expect(new Set(ids.map((id) => id.pid)).size).toBe(1);
    const [runtime] = supervisors;
    await printed(runtime!, /begun/);
    expect(await readFile(runtime!.logFile(r1, 'j1'), 'utf8')).toBe('begun\n');
  });

  it('answers again with the process, also when it has ended', async () => {
    const runtime = newRuntime();
    const spec = sh('echo once');
    const [first, second] = await Promise.all([
      runtime.start(spec, resources),
      runtime.start(spec, resources),
    ]);
    await ended(runtime);
    expect([second, await runtime.start(spec, resources), await newRuntime().start(spec, resources)]).toEqual(
      [first, first, first],
    );
    expect(await readFile(runtime.logFile(r1, 'j1'), 'utf8')).toBe('once\n');
  });

  it('does not begin a second job beside the first', async () => {
    const runtime = newRuntime();
    await runtime.start(sh('sleep 600'), resources);
    await expect(runtime.start(sh('true', { job: 'j2' }), resources)).rejects.toThrow(/still has the job j1/);
  });

  it('can begin an agent again after it was cleared', async () => {
    const runtime = newRuntime();
    const first = await runtime.start(sh('echo 1', { job: null }), resources);
    await ended(runtime);
    await runtime.clear(r1);
    const { log } = await run(runtime, sh('echo 2', { job: null }));
    expect(log).toBe('1\n2\n');
    expect((await instance(runtime)).process).not.toEqual(first);
  });

  it('gives a job nothing that the one before left in its folder', async () => {
    const runtime = newRuntime();
    const entries = async (job: string, command: string): Promise<string[]> => {
      await runtime.start(sh(command, { job }), resources);
      await ended(runtime);
      const found = await readdir(join(root, 'runners', r1, `job-${job}`));
      await rm(runtime.logFile(r1, job));
      await runtime.clear(r1);
      return found;
    };
    const folder = join(root, 'runners', r1, 'job-a');
    expect(await entries('a', `touch ${folder}/more`)).toEqual(['more', 'process']);
    expect(await entries('b', 'true')).toEqual(['process']);
    expect(await readdir(join(root, 'runners', r1))).toContain('spare');
    expect(await entries('c', 'true')).toEqual(['process']);
  });

  it('refuses names that lead out of the folder', async () => {
    const runtime = newRuntime();
    await expect(runtime.folder('../x')).rejects.toMatchObject({ problem: { code: 'usage' } });
    await expect(runtime.start(sh('true', { job: 'a/b' }), resources)).rejects.toMatchObject({
      problem: { code: 'usage' },
    });
  });

  it('lets a job whose command is too long for the system fail with a sentence', async () => {
    const { code, log } = await run(newRuntime(), launch(['echo', 'x'.repeat(200_000)]));
    expect(code).toBe(126);
    expect(log).toMatch(/longer than this system allows/);
  });
});

describe('the next supervisor', () => {
  it('finds running and ended jobs of its install, and no others', async () => {
    const before = newRuntime();
    const process = await before.start(sh('sleep 600'), resources);
    await before.start(sh('exit 5', { runner: r2, job: 'x' }), resources);
    await ended(before, r2);
    await before.folder(r3);
    await newRuntime({ install: 'other1' }).start(sh('sleep 600', { runner: r4 }), resources);
    await mkdir(join(root, 'runners', 'not-ours'));
    before.close();

    const next = newRuntime();
    const found = [...(await next.list())].sort((a, b) => a.name.localeCompare(b.name));
    expect(found).toEqual([
      { name: r1, state: 'running', job: 'j1', process, container: null, exitCode: null, endedAt: null },
      expect.objectContaining({ name: r2, state: 'ended', job: 'x', exitCode: 5 }),
      expect.objectContaining({ name: r3, state: 'prepared', job: null, process: null }),
    ]);
  });

  it('keeps what it knows while a folder cannot be read, and a running job though its folder is gone', async () => {
    let now = 0;
    const runtime = newRuntime({ clock: { now: () => Date.now(), monotonic: () => (now += 1e9) } });
    await runtime.folder(r2);
    const process = await runtime.start(sh('sleep 600'), resources);
    for (const name of [r1, r2]) {
      const file = join(root, 'runners', name, 'install');
      await rm(file);
      await symlink(file, file); // ELOOP, for root too.
    }
    const states = async () => new Map((await runtime.list()).map((found) => [found.name, found.state]));
    expect(await states()).toEqual(
      new Map([
        [r1, 'running'],
        [r2, 'prepared'],
      ]),
    );
    for (const name of [r1, r2]) await rm(join(root, 'runners', name), { recursive: true });
    expect(await states()).toEqual(new Map([[r1, 'running']]));
    expect((await instance(runtime)).process).toEqual(process);
  });

  it('hears when an adopted job ends', async () => {
    const before = newRuntime();
    await before.start(sh(`until [ -e ${root}/go ]; do sleep 0.02; done; exit 6`), resources);
    before.close();
    const next = newRuntime();
    expect((await instance(next)).state).toBe('running');
    const woken = new Promise<string>((resolve) => next.watch(resolve));
    await writeFile(join(root, 'go'), '');
    await woken;
    expect(await instance(next)).toMatchObject({ state: 'ended', exitCode: 6 });
  });

  it('takes a job of another boot for ended by the machine', async () => {
    const before = newRuntime();
    await before.start(sh('sleep 600'), resources);
    const after = newRuntime({ bootId: 'another', processes: processTable('linux', 'another') });
    expect(await instance(after)).toMatchObject({ state: 'ended', job: 'j1', exitCode: null });
    expect(after.endedBy(r1)).toBe('machine');
    await after.signal(r1, 'stop'); // The pid is of another boot: nobody is signalled.
    expect((await instance(before)).state).toBe('running');
    after.close();
  });

  it('does not take a reused pid for the job', async () => {
    const before = newRuntime();
    await run(before, sh('true'));
    const other = stranger();
    const file = join(root, 'runners', r1, 'job-j1', 'process');
    await writeFile(file, `${other} ${bootId} 1\n`);
    const next = newRuntime();
    expect(await instance(next)).toMatchObject({ state: 'ended', exitCode: null });
    await next.signal(r1, 'kill');
    expect(lives(other)).toBe(true);
  });
});

describe('measured use', () => {
  it('has the peaks of a job without a control group', async () => {
    const runtime = newRuntime();
    await runtime.start(
      launch([process.execPath, '-e', 'const b = Buffer.alloc(1e8, 1); for (;;) b[0]++']),
      resources,
    );
    await expect.poll(() => runtime.peak(r1).cpu ?? 0, { timeout: 15_000 }).toBeGreaterThan(0.2);
    expect(runtime.peak(r1).memoryMiB).toBeGreaterThan(100);
    expect(runtime.peak('nobody')).toEqual({ cpu: null, memoryMiB: null });
  });
});

it('lets go of a job when its runtime is closed', async () => {
  const runtime = newRuntime();
  const { pid } = await runtime.start(sh('sleep 600'), resources);
  runtime.close();
  expect(lives(pid)).toBe(true);
  await once(spawn('true'), 'exit');
  expect(lives(pid)).toBe(true);
});
