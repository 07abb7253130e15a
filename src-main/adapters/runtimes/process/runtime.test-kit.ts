/** Real jobs for the tests of the process runtime, in a folder that goes afterwards. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import type { LaunchSpec } from '../../../core/agent-port.ts';
import type { Instance } from '../../../core/runner.ts';
import { processTable } from '../../os/process-table.ts';
import { noGroups } from './limits/none.ts';
import { type ProcessRuntimeOptions, ProcessRuntime } from './runtime.ts';

export const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
export const resources = { cpus: 1, memoryMiB: 512, pids: 100, gpus: [] };

export let root: string;
/** Names of runners, never twice: everything that carries one is ended. */
export let r1: string, r2: string, r3: string, r4: string;
let runtimes: ProcessRuntime[];
let strangers: ChildProcess[];

/** Registers the set-up and the clean-up of each test. */
export function useRealJobs(): void {
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'hr-process-'));
    [r1 = '', r2 = '', r3 = '', r4 = ''] = [1, 2, 3, 4].map((n) => `${basename(root)}.${n}`);
    runtimes = [];
    strangers = [];
  });
  afterEach(async () => {
    for (const stranger of strangers) stranger.kill('SIGKILL');
    for (const runtime of runtimes) {
      for (const { name } of await runtime.list()) {
        await runtime.signal(name, 'kill');
        await runtime.remove(name);
      }
      runtime.close();
    }
    await rm(root, { recursive: true, force: true });
  }, 30_000);
}

/** A process that is none of ours. */
export function stranger(env: NodeJS.ProcessEnv = {}): number {
  const child = spawn('sleep', ['600'], { detached: true, env: { PATH: process.env['PATH'], ...env } });
  strangers.push(child);
  return child.pid ?? 0;
}

export function newRuntime(options: Partial<ProcessRuntimeOptions> = {}): ProcessRuntime {
  const runtime = new ProcessRuntime({
    root: join(root, 'runners'),
    install: 'abc123',
    bootId,
    platform: 'linux',
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    processes: processTable('linux', bootId),
    limits: noGroups({ cpuAffinity: false, enforce: false, nice: 0 }, false, 'this is a test.'),
    ...options,
  });
  runtimes.push(runtime);
  return runtime;
}

export function launch(argv: readonly [string, ...string[]], more: Partial<LaunchSpec> = {}): LaunchSpec {
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin' };
  return { runner: r1, job: 'j1', argv, cwd: root, env, mask: [], ...more };
}

export const sh = (script: string, more: Partial<LaunchSpec> = {}) => launch(['sh', '-c', script], more);

export async function instance(runtime: ProcessRuntime, name = r1): Promise<Instance> {
  const found = (await runtime.list()).find((i) => i.name === name);
  if (found === undefined) throw new Error(`no instance ${name}`);
  return found;
}

export async function ended(runtime: ProcessRuntime, name = r1): Promise<Instance> {
  await expect.poll(async () => (await instance(runtime, name)).state, { timeout: 15_000 }).toBe('ended');
  return instance(runtime, name);
}

export async function run(
  runtime: ProcessRuntime,
  spec: LaunchSpec,
): Promise<{ code: number | null; log: string }> {
  await runtime.start(spec, resources);
  const { exitCode } = await ended(runtime, spec.runner);
  return { code: exitCode, log: await readFile(runtime.logFile(spec.runner, spec.job), 'utf8') };
}

/** A line that the job printed. */
export async function printed(runtime: ProcessRuntime, pattern: RegExp, job = 'j1'): Promise<string> {
  const log = runtime.logFile(r1, job);
  await expect.poll(() => readFile(log, 'utf8').catch(() => ''), { timeout: 15_000 }).toMatch(pattern);
  return pattern.exec(await readFile(log, 'utf8'))?.[1] ?? '';
}

export function lives(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
