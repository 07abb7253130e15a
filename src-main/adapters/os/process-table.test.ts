import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { run } from './exec.ts';
import { linuxProcesses } from './process-table-linux.ts';
import { macProcesses } from './process-table-mac.ts';
import { windowsProcesses } from './process-table-windows.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function start(command: string, args: string[], env: NodeJS.ProcessEnv = {}): ChildProcess & { pid: number } {
  const child = spawn(command, args, { detached: true, env: { PATH: process.env['PATH'], ...env } });
  children.push(child);
  return child as ChildProcess & { pid: number };
}

/** Answers what was recorded on such a machine; asks for anything else fail. */
function recorded(answers: Record<string, string>): { exec: typeof run; asked: string[] } {
  const asked: string[] = [];
  const exec: typeof run = (command, args) => {
    const line = [command, ...args].join(' ');
    asked.push(line);
    const stdout = Object.entries(answers).find(([pattern]) => line.includes(pattern))?.[1] ?? '';
    return Promise.resolve({ code: 0, signal: null, timedOut: false, truncated: false, stdout, stderr: '' });
  };
  return { exec, asked };
}

describe.skipIf(process.platform !== 'linux')('on Linux (skipped elsewhere: needs /proc)', () => {
  const table = linuxProcesses('boot');

  it('knows a living process by its start time', async () => {
    const { pid } = start('sleep', ['600']);
    const startTime = (await table.startTimeOf(pid)) ?? '';
    expect(startTime).toMatch(/^\d+$/);
    expect(await table.isAlive({ pid, startTime, bootId: 'boot' })).toBe(true);
    expect(await table.isAlive({ pid, startTime: '1', bootId: 'boot' })).toBe(false);
    expect(await table.isAlive({ pid, startTime, bootId: 'other' })).toBe(false);
  });

  it('takes a zombie for ended', async () => {
    const parent = start('sh', ['-c', 'sleep 0.01 & echo $!; exec sleep 600']);
    const [line] = (await once(parent.stdout!, 'data')) as [Buffer];
    const zombie = Number(line);
    await expect.poll(() => readFileSync(`/proc/${zombie}/stat`, 'utf8')).toMatch(/\) Z /);
    expect(await table.startTimeOf(zombie)).toBe(null);
  });

  it('reads a process whose name is meant to mislead', async () => {
    const name = 'a) Z 1 (b';
    const child = start('sh', ['-c', `printf '%s' '${name}' > /proc/$$/comm; echo on; read x`]);
    await once(child.stdout!, 'data');
    expect(readFileSync(`/proc/${child.pid}/stat`, 'utf8')).toContain(name);
    expect(await table.startTimeOf(child.pid)).toMatch(/^\d+$/);
  });

  it('finds what is marked by the whole name, though it left group and session', async () => {
    const name = `hr-test-${process.pid}`;
    const ours = start('sleep', ['600'], { HOMERUNNER_RUNNER: name });
    const alike = start('sleep', ['600'], { HOMERUNNER_RUNNER: `${name}1`, X: `HOMERUNNER_RUNNER=${name}` });
    const other = start('sleep', ['600'], { NOT_HOMERUNNER_RUNNER: name });
    const found = await table.marked();
    expect(found.get(name)).toEqual([ours.pid]);
    expect(found.get(`${name}1`)).toEqual([alike.pid]);
    expect([...found.values()].flat()).not.toContain(other.pid);
  });

  it('finds programs by name, also under an interpreter, with their mark and folder', async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'named-')));
    const script = join(folder, 'Some.Worker');
    writeFileSync(script, '#!/bin/sh\necho on\nread x\n', { mode: 0o700 });
    const marked = start(script, ['spawnclient'], { HOMERUNNER_RUNNER: 'hr-1' });
    const interpreted = start('sh', [script]);
    const alike = start('sh', ['-c', 'echo on; read x', 'sh', 'Some.Worker']);
    for (const child of [marked, interpreted, alike]) await once(child.stdout!, 'data');
    const found = await table.named(['Some.Worker']);
    const here = { path: script, cwd: process.cwd() };
    expect(found.filter(({ pid }) => [marked.pid, interpreted.pid, alike.pid].includes(pid))).toEqual([
      { pid: marked.pid, ...here, runner: 'hr-1' },
      { pid: interpreted.pid, ...here, runner: null },
    ]);
    rmSync(folder, { recursive: true });
  });

  it('signals a group, but not one whose number is another’s now', async () => {
    const child = start('sh', ['-c', 'sleep 600; :']);
    const startTime = (await table.startTimeOf(child.pid)) ?? '';
    await table.signalGroup({ pid: child.pid, startTime: '1', bootId: 'boot' }, 'kill');
    await table.signalGroup({ pid: child.pid, startTime, bootId: 'other' }, 'kill');
    expect(await table.isAlive({ pid: child.pid, startTime, bootId: 'boot' })).toBe(true);
    await table.signalGroup({ pid: child.pid, startTime, bootId: 'boot' }, 'kill');
    await once(child, 'exit');
    expect(child.signalCode).toBe('SIGKILL');
  });

  it('measures a session with its children', async () => {
    const child = start('sh', ['-c', 'while :; do :; done & wait']);
    const leaders = new Set([child.pid]);
    await expect
      .poll(async () => (await table.usageOf(leaders)).get(child.pid)?.cpuSeconds ?? 0, { timeout: 10_000 })
      .toBeGreaterThan(0.1);
    expect((await table.usageOf(leaders)).get(child.pid)?.memoryMiB).toBeGreaterThan(0.5);
    await table.signalGroup(
      { pid: child.pid, startTime: (await table.startTimeOf(child.pid)) ?? '', bootId: 'boot' },
      'kill',
    );
  });
});

describe('on macOS', () => {
  const { exec, asked } = recorded({
    'state=,lstart= -p 501': 'Ss   Tue Nov 24 08:00:01 2026    \n',
    'state=,lstart= -p 502': 'Z    Tue Nov 24 08:00:02 2026    \n',
    'pid=,state=,command=':
      '  501 Ss   /bin/sh wrapper PATH=/bin HOMERUNNER_RUNNER=hr-a1b2c3-local-000001 HOMERUNNER_JOB=x\n' +
      '  502 Z    (sh)\n' +
      '  503 S    sleep 600 HOMERUNNER_RUNNER=hr-a1b2c3-local-000001\n' +
      '  505 S    /Users/me/Library/Application Support/Homerunner/runners/hr-1/agent/bin/Runner.Worker spawnclient 1 2 HOMERUNNER_RUNNER=hr-1\n' +
      '  506 S    vi /tmp/Runner.Worker.log\n' +
      '  504 R+   ps -axwwE\n',
    'pgid=,rss=,time=': '  501  2048   0:01.50\n  501  1024   1:00.00\n  777  9999   9:99.00\n',
  });
  const table = macProcesses('boot', exec);

  it('asks ps for state and start time', async () => {
    expect(await table.startTimeOf(501)).toBe('Tue Nov 24 08:00:01 2026');
    expect(await table.startTimeOf(502)).toBe(null);
    expect(await table.startTimeOf(9)).toBe(null);
    expect(await table.isAlive({ pid: 501, startTime: 'Tue Nov 24 08:00:01 2026', bootId: 'boot' })).toBe(
      true,
    );
  });

  it('finds marks in the environment that ps shows', async () => {
    expect(await table.marked()).toEqual(
      new Map([
        ['hr-a1b2c3-local-000001', [501, 503]],
        ['hr-1', [505]],
      ]),
    );
    expect(asked.at(-1)).toContain('-axwwE');
  });

  it('finds programs by name, in folders with a space too', async () => {
    expect(await table.named(['Runner.Worker'])).toEqual([
      {
        pid: 505,
        path: '/Users/me/Library/Application Support/Homerunner/runners/hr-1/agent/bin/Runner.Worker',
        cwd: null,
        runner: 'hr-1',
      },
    ]);
  });

  it('sums up groups', async () => {
    expect(await table.usageOf(new Set([501]))).toEqual(new Map([[501, { cpuSeconds: 61.5, memoryMiB: 3 }]]));
  });
});

describe('on Windows', () => {
  const { exec, asked } = recorded({
    'Get-Process -Id 501': '134085024000000000\r\n',
    Win32_Process:
      '"ProcessId","ParentProcessId","WorkingSetSize","KernelModeTime","UserModeTime"\r\n' +
      '"501","4","1048576","10000000","0"\r\n"502","501","2097152","0","5000000"\r\n' +
      '"503","502","1048576","0","0"\r\n"600","4","9000000","1","1"\r\n"700","701","1","1","1"\r\n"701","700","1","1","1"\r\n',
  });
  const table = windowsProcesses('boot', exec);
  const id = { pid: 501, startTime: '134085024000000000', bootId: 'boot' };

  it('asks PowerShell for the start time', async () => {
    expect(await table.isAlive(id)).toBe(true);
    expect(await table.startTimeOf(9)).toBe(null);
  });

  it('ends a tree by force, and only when it is ours', async () => {
    await table.signalGroup(id, 'kill');
    expect(asked.at(-1)).toBe('taskkill.exe /T /F /PID 501');
    await table.signalGroup(id, 'stop');
    expect(asked.at(-1)).toBe('taskkill.exe /T /PID 501');
    await table.signalGroup({ ...id, startTime: '1' }, 'kill');
    expect(asked.at(-1)).not.toContain('taskkill');
  });

  it('finds programs by name', async () => {
    const path = 'C:\\Users\\me\\agent\\bin\\Runner.Worker.exe';
    const { exec } = recorded({
      "Name='Runner.Worker.exe' OR Name='Runner.Listener.exe'": `501 ${path}\r\n502 \r\n`,
    });
    const found = await windowsProcesses('boot', exec).named(['Runner.Worker', 'Runner.Listener']);
    expect(found).toEqual([{ pid: 501, path, cwd: null, runner: null }]);
  });

  it('sums up trees, also where parents form a circle', async () => {
    expect(await table.usageOf(new Set([501]))).toEqual(new Map([[501, { cpuSeconds: 1.5, memoryMiB: 4 }]]));
  });
});
