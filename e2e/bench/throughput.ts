/** Trivial durable jobs a second over one connection with four slots, beside Debian's task-spooler on the same jobs. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Mode } from '../../src-main/contract/pool.ts';
import { ask, submissionOf } from '../support/control.ts';
import type { Figure, Measured } from './figure.ts';
import { bench, type Bench, idle } from './supervisor.ts';

const run = promisify(execFile);
const slots = 4;

/** All jobs are submitted at once, each has its outcome when this returns; jobs a second. */
async function ours(mode: Mode, jobs: number): Promise<number> {
  const b = await bench({ local: { mode, min: mode === 'auto' ? 0 : slots, max: slots } });
  try {
    const before = await b.control.snapshot();
    const began = performance.now();
    const over = drained(b, before.version);
    const submission = submissionOf(['true'], b.home.path, { pool: 'local' });
    const answers = await Promise.all(
      Array.from({ length: jobs }, () => ask(b.control, 'submit', submission)),
    );
    await over(new Set(answers.map(({ job }) => job.id)));
    const seconds = (performance.now() - began) / 1000;
    const ended = await ask(b.control, 'job.list', { limit: jobs + 1 });
    const good = ended.jobs.filter((job) => job.state === 'succeeded').length;
    if (good !== jobs) throw new Error(`${good} of ${jobs} jobs succeeded.`);
    if (mode === 'ephemeral') await idle(b.control, 'local', slots);
    return jobs / seconds;
  } finally {
    await b.end();
  }
}

/** Follows the snapshots; what it returns settles once none of the jobs waits or runs. */
function drained(b: Bench, since: number): (jobs: ReadonlySet<string>) => Promise<void> {
  return (jobs) =>
    new Promise((resolve) => {
      const unsubscribe = b.control.subscribe(({ version, waitingTotal, runners }) => {
        const busy = runners.some((r) => r.job !== null && jobs.has(r.job.id));
        if (version <= since || waitingTotal > 0 || busy) return;
        unsubscribe();
        resolve();
      });
    });
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

/** `jobs` jobs on a pool in auto mode, which keeps its runners, and in ephemeral mode, which makes one for each. */
export async function throughputFigures(jobs: number): Promise<Measured[]> {
  const peer = await spooler(jobs);
  const baseline = peer === null ? null : { name: 'task-spooler', value: peer };
  const figure = (mode: Mode, value: number): Figure => ({
    name: `trivial durable jobs, ${mode}, ${slots} slots`,
    unit: 'jobs/s',
    value,
    baseline,
    budget: mode === 'auto' ? { kind: 'least', least: 100 } : null,
  });
  const figures = [
    figure('auto', await ours('auto', jobs)),
    figure('ephemeral', await ours('ephemeral', jobs)),
  ];
  if (peer !== null) return figures;
  return [
    ...figures,
    { name: 'task-spooler on the same jobs', skipped: 'tsp is not installed (apt: task-spooler)' },
  ];
}
