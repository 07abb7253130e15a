/** Whether a job that writes 200 MB/s delays the supervisor: its event-loop delay, measured inside it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlClient } from '../../src-main/adapters/control/client.ts';
import { ask, submissionOf } from '../support/control.ts';
import { until } from '../support/until.ts';
import type { Figure } from './figure.ts';
import { bench, type Bench, idle } from './supervisor.ts';

const bytesPerSecond = 200e6;

/** Loaded into the supervisor by NODE_OPTIONS: on SIGUSR2 it writes what it has measured since the last one. */
const probe = `
const { monitorEventLoopDelay } = require('node:perf_hooks');
const fs = require('node:fs');
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
process.on('SIGUSR2', () => {
  const seen = { p99: delay.percentile(99) / 1e6 - 1, max: delay.max / 1e6 - 1, count: delay.count };
  fs.writeFileSync(__filename + '.new', JSON.stringify(seen));
  fs.renameSync(__filename + '.new', __filename + '.json');
  delay.reset();
});
`;

/** Writes at that pace for so many seconds, then how long it really took. */
const writer = `
const fs = require('node:fs');
const [rate, seconds, report] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]];
const chunk = Buffer.alloc(1024 * 1024, 'all work and no play makes jack a dull boy\\n');
const began = performance.now();
let sent = 0;
(function more() {
  const due = Math.min(seconds, (performance.now() - began) / 1000) * rate;
  while (sent < due) sent += fs.writeSync(1, chunk);
  if (sent < seconds * rate) return setTimeout(more, 5);
  fs.writeFileSync(report, JSON.stringify({ bytes: sent, ms: performance.now() - began }));
})();
`;

interface Delay {
  readonly p99: number;
  readonly max: number;
  readonly count: number;
}

/** A supervisor with the probe in it; `file` is the probe. */
interface Probed {
  readonly b: Bench;
  readonly file: string;
}

/** The delay since the last call. */
async function delay({ b, file }: Probed): Promise<Delay> {
  rmSync(`${file}.json`, { force: true });
  b.running.child.kill('SIGUSR2');
  const text = await until(() => {
    try {
      return readFileSync(`${file}.json`, 'utf8');
    } catch {
      return null;
    }
  }, 'the supervisor has written its delay');
  return JSON.parse(text) as Delay;
}

/** The delay while `command` runs; with `follow` a connection reads its output, as `submit --wait` does. */
async function delayDuring(probed: Probed, command: readonly string[], follow: boolean): Promise<Delay> {
  const { control, home } = probed.b;
  await idle(control, 'local', 1);
  await sleep(500);
  await delay(probed);
  const { job } = await ask(control, 'submit', submissionOf(command, home.path, { pool: 'local' }));
  if (follow) await read(control, job.id);
  await until(
    async () => (await ask(control, 'job.show', { job: job.id })).job.endedAt !== null,
    `the job ${job.id} has ended`,
    60_000,
  );
  return delay(probed);
}

async function read(control: ControlClient, job: string): Promise<void> {
  const log = { job, runner: null, cursor: 0, follow: true };
  for await (const item of control.stream('log', log, new AbortController().signal)) {
    if (item.data === '' && item.skipped === 0) throw new Error('An item of the log stream holds nothing.');
  }
}

/** The loop delay while a job writes for `seconds`, beside that of a silent job of the same length. */
export async function outputFigures(seconds: number): Promise<Figure[]> {
  const dir = mkdtempSync(path.join(tmpdir(), 'hr-probe-'));
  const file = path.join(dir, 'probe.cjs');
  writeFileSync(file, probe);
  const b = await bench({ local: { mode: 'manual', min: 1, max: 1 } }, { NODE_OPTIONS: `--require=${file}` });
  try {
    const probed = { b, file };
    const silent = await delayDuring(probed, ['sleep', String(seconds)], false);
    const report = path.join(dir, 'report.json');
    const script = path.join(dir, 'writer.cjs');
    writeFileSync(script, writer);
    const command = [process.execPath, script, String(bytesPerSecond), String(seconds), report];
    const figures: Figure[] = [];
    for (const follow of [false, true]) {
      const loud = await delayDuring(probed, command, follow);
      const wrote = JSON.parse(readFileSync(report, 'utf8')) as { bytes: number; ms: number };
      const pace = Math.round(wrote.bytes / wrote.ms / 1000);
      figures.push({
        name: `loop delay p99, ${pace} MB/s of output, ${follow ? 'one client follows' : 'nobody reads'}`,
        unit: 'ms',
        value: loud.p99,
        baseline: { name: 'silent job', value: silent.p99 },
        budget: { kind: 'most', most: 50 },
        note: `max ${Math.round(loud.max)} ms; measured inside the supervisor`,
      });
    }
    return figures;
  } finally {
    await b.end();
    rmSync(dir, { recursive: true, force: true });
  }
}
