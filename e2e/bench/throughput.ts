/** Trivial durable jobs a second over one connection with four slots, beside Debian's task-spooler on the same jobs. */
import { execFile } from 'node:child_process';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Job } from '../../src-main/contract/job.ts';
import type { Mode } from '../../src-main/contract/pool.ts';
import { ask, submissionOf } from '../support/control.ts';
import { until } from '../support/until.ts';
import { type Figure, type Measured, median, short } from './figure.ts';
import { bench, type Bench } from './supervisor.ts';
import { cpuOf } from './usage.ts';

const run = promisify(execFile);
const slots = 4;

interface Throughput {
  readonly jobsPerSecond: number;
  /** Milliseconds of the supervisor's processor time. */
  readonly cpuPerJob: number;
}

/** All jobs are submitted at once, each has its outcome when this returns. */
async function ours(mode: Mode, jobs: number): Promise<Throughput> {
  const b = await bench({ local: { mode, min: mode === 'auto' ? 0 : slots, max: slots } });
  try {
    const spent = cpuOf(b.running.pid);
    const began = performance.now();
    const submission = submissionOf(['true'], b.home.path, { pool: 'local' });
    await Promise.all(Array.from({ length: jobs }, () => ask(b.control, 'submit', submission)));
    const ended = await outcomes(b, jobs);
    const seconds = (performance.now() - began) / 1000;
    const good = ended.filter((job) => job.state === 'succeeded').length;
    if (good !== jobs) throw new Error(`${good} of ${jobs} jobs succeeded.`);
    return { jobsPerSecond: jobs / seconds, cpuPerJob: (cpuOf(b.running.pid) - spent) / jobs };
  } finally {
    await b.end();
  }
}

/** Follows the snapshots, and asks for the jobs only when nothing waits any more: asking would slow it down. */
async function outcomes(b: Bench, jobs: number): Promise<readonly Job[]> {
  const quiet = { now: false };
  const unsubscribe = b.control.subscribe(({ waitingTotal, runners }) => {
    quiet.now = waitingTotal === 0 && runners.every((r) => r.job === null);
  });
  try {
    return await until(
      async () => {
        if (!quiet.now) return null;
        const { jobs: all } = await ask(b.control, 'job.list', { limit: jobs + 1 });
        return all.every((job) => job.endedAt !== null) ? all : null;
      },
      'every job has its outcome',
      300_000,
    );
  } finally {
    unsubscribe();
  }
}

/** The same by task-spooler; null where there is none. */
async function spooler(jobs: number): Promise<number | null> {
  const dir = mkdtempSync(path.join(tmpdir(), 'hr-tsp-'));
  const env = {
    ...process.env,
    TS_SOCKET: path.join(dir, 'socket'),
    TS_SLOTS: String(slots),
    TMPDIR: dir,
    TS_MAXFINISHED: String(jobs),
  };
  try {
    await run('tsp', ['-S', String(slots)], { env });
  } catch {
    rmSync(dir, { recursive: true, force: true });
    return null;
  }
  try {
    const began = performance.now();
    await run('sh', ['-c', `for i in $(seq ${jobs}); do tsp -n true; done > /dev/null`], { env });
    for (;;) {
      const { stdout } = await run('tsp', [], { env, maxBuffer: 64 * 1024 * 1024 });
      if (!/ (?:queued|running) /.test(stdout)) break;
    }
    return jobs / ((performance.now() - began) / 1000);
  } finally {
    await run('tsp', ['-K'], { env });
    rmSync(dir, { recursive: true, force: true });
  }
}

/** What one durable write costs on this disk just now: without it the figures of two machines cannot be compared. */
function commit(times: number): Figure {
  const dir = mkdtempSync(path.join(tmpdir(), 'hr-commit-'));
  const file = openSync(path.join(dir, 'file'), 'a');
  try {
    const taken = Array.from({ length: times }, () => {
      const began = performance.now();
      writeSync(file, 'x'.repeat(4096));
      fdatasyncSync(file);
      return performance.now() - began;
    });
    return {
      name: 'one write and fdatasync, p50',
      unit: 'ms',
      value: median(taken),
      baseline: null,
      budget: null,
    };
  } finally {
    closeSync(file);
    rmSync(dir, { recursive: true, force: true });
  }
}

/**
 * `jobs` jobs on a pool in auto mode, which keeps its runners, and a third of them in ephemeral mode, which makes one for
 * each. The first few hundred run in code that is not compiled yet: they should be a small part.
 */
export async function throughputFigures(jobs: number): Promise<Measured[]> {
  const peer = await spooler(jobs);
  const baseline = peer === null ? null : { name: 'task-spooler', value: peer };
  const figure = (mode: Mode, { jobsPerSecond, cpuPerJob }: Throughput): Figure => ({
    name: `trivial durable jobs, ${mode}, ${slots} slots`,
    unit: 'jobs/s',
    value: jobsPerSecond,
    baseline,
    note: `${short(cpuPerJob)} ms of the supervisor's processor time a job`,
    budget: mode === 'auto' ? { kind: 'least', least: 100 } : null,
  });
  const figures = [
    commit(100),
    figure('auto', await ours('auto', jobs)),
    figure('ephemeral', await ours('ephemeral', Math.ceil(jobs / 3))),
  ];
  if (peer !== null) return figures;
  return [
    ...figures,
    { name: 'task-spooler on the same jobs', skipped: 'tsp is not installed (apt: task-spooler)' },
  ];
}
