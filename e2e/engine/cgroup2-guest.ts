/** Runs inside the guest machine of cgroup2.spec.ts, as its only program, and prints what it saw. */
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { processTable } from '../../src-main/adapters/os/process-table.ts';
import { openLimits } from '../../src-main/adapters/runtimes/process/limits/open-limits.ts';
import { ProcessRuntime } from '../../src-main/adapters/runtimes/process/runtime.ts';
import type { Instance, Resources } from '../../src-main/core/runner.ts';

export interface GuestReport {
  readonly can: unknown;
  readonly notEnforced: readonly string[];
  readonly ownGroup: string;
  readonly readBack: unknown;
  readonly allowedCpus: string;
  readonly jobGroup: string;
  readonly throttledCores: number | null;
  readonly outOfMemory: {
    readonly exitCode: number | null;
    readonly endedBy: string | null;
    readonly peakMiB: number | null;
  };
  readonly strayEnded: boolean;
  readonly forksRefused: boolean;
  readonly groupLeft: boolean;
  readonly secondStart: unknown;
}

const name = 'hr-guest-1';
const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
const settings = { cpuAffinity: true, enforce: true, nice: 0 };
const open = () => openLimits({ platform: 'linux', install: 'guest', settings, path: '/bin' });

type Site = Awaited<ReturnType<typeof makeSite>>;

async function makeSite() {
  const limits = await open();
  const runtime = new ProcessRuntime({
    root: '/runners',
    install: 'guest',
    bootId,
    platform: 'linux',
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    processes: processTable('linux', bootId),
    limits,
  });
  let jobs = 0;
  return {
    limits,
    runtime,
    /** Starts a job; the answer reads its log. */
    start: async (script: string, resources: Partial<Resources>) => {
      const job = `j${++jobs}`;
      const argv = ['sh', '-c', script] as const;
      await runtime.start(
        { runner: name, job, argv, cwd: '/', env: { PATH: '/bin' }, mask: [] },
        { cpus: 1, memoryMiB: 128, pids: 50, gpus: [], ...resources },
      );
      return () => readFileSync(runtime.logFile(name, job), 'utf8');
    },
    ended: async (): Promise<Instance> => {
      for (;;) {
        const instance = (await runtime.list()).find((found) => found.state === 'ended');
        if (instance !== undefined) return instance;
        await delay(50);
      }
    },
    kill: async () => {
      await runtime.signal(name, 'kill');
      await runtime.clear(name);
    },
  };
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await delay(50);
}

async function pinned({ runtime, start, kill }: Site) {
  const script = 'grep Cpus_allowed_list /proc/self/status; cat /proc/self/cgroup; echo end; sleep 600';
  const log = await start(script, { cpus: [1] });
  await until(() => log().endsWith('end\n'));
  const next = await open();
  await next.adopt(name, (await runtime.list())[0]?.process?.pid ?? 0);
  const report = {
    readBack: runtime.limits(name),
    allowedCpus: /Cpus_allowed_list:\s+(\S+)/.exec(log())?.[1] ?? '',
    jobGroup: /^0::(.*)$/m.exec(log())?.[1] ?? '',
    secondStart: next.readBack(name),
  };
  await kill();
  return report;
}

async function throttled({ runtime, start, kill }: Site) {
  await start('while :; do :; done', { cpus: 0.3 });
  await until(() => (runtime.peak(name).cpu ?? 0) > 0.1);
  await delay(1500);
  const throttledCores = runtime.peak(name).cpu;
  await kill();
  return { throttledCores };
}

async function outOfMemory({ runtime, start, ended }: Site) {
  await start('exec dd if=/dev/zero of=/dev/null bs=200M count=1', { memoryMiB: 32 });
  const { exitCode } = await ended();
  const report = { exitCode, endedBy: runtime.endedBy(name), peakMiB: runtime.peak(name).memoryMiB };
  await runtime.clear(name);
  return { outOfMemory: report };
}

async function crowded({ runtime, start, ended }: Site) {
  const crowd = 'i=0; while [ $i -lt 60 ]; do sleep 600 & i=$((i+1)); done';
  const log = await start(`setsid env -i /bin/sleep 600 & echo "pid $!."; ${crowd}`, { pids: 20 });
  await ended();
  const stat = `/proc/${/pid (\d+)\./.exec(log())?.[1] ?? ''}/stat`;
  const lives = () => existsSync(stat) && !readFileSync(stat, 'utf8').includes(') Z ');
  const lived = lives();
  const forksRefused = log().includes('fork');
  await runtime.clear(name);
  return { forksRefused, strayEnded: lived && !lives() };
}

async function main(): Promise<GuestReport> {
  const site = await makeSite();
  const report = {
    can: site.limits.can,
    notEnforced: site.limits.notEnforced,
    ownGroup: readFileSync('/proc/self/cgroup', 'utf8').trim(),
    ...(await pinned(site)),
    ...(await throttled(site)),
    ...(await outOfMemory(site)),
    ...(await crowded(site)),
  };
  await site.runtime.remove(name);
  return { ...report, groupLeft: existsSync(`/sys/fs/cgroup/app/homerunner-guest/${name}`) };
}

main().then(
  (report) => console.log(`REPORT ${JSON.stringify(report)}`),
  (error: unknown) => console.log(`FAILED ${String(error)}`),
);
