/** Whether the application stays quick while much goes on and its window is open: event-loop delay, in both processes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlClient } from '../../src-main/adapters/control/client.ts';
import { ask, connectTo, submissionOf } from '../support/control.ts';
import { until } from '../support/until.ts';
import type { DesktopBench } from './desktop-program.ts';
import type { Figure } from './figure.ts';

const pools = 50;
const runnersEach = 4;
const jobs = 8;
const linesPerSecond = 200;

/** Ten times a second its share of lines, each of 80 characters with a colour in it. */
const writer = `
let n = 0;
setInterval(() => {
  let lines = '';
  for (let i = 0; i < ${linesPerSecond / 10}; i += 1)
    lines += '\\x1b[32mok\\x1b[0m ' + String(n += 1).padStart(8, '0') + ' all work and no play makes jack a dull boy, says the log\\n';
  process.stdout.write(lines);
}, 100);
`;

interface Delay {
  readonly p99: number;
  readonly max: number;
}

interface Delays {
  readonly main: Delay;
  readonly renderer: Delay;
}

/** Watches both loops with the window open: idle, then with pools, runners and jobs, on the overview and on a log. */
export async function loadFigures(bench: DesktopBench, ms: number): Promise<Figure[]> {
  const home = bench.home.path;
  mkdirSync(home, { recursive: true });
  writeFileSync(path.join(home, 'writer.cjs'), writer);
  writeFileSync(path.join(home, 'config.json'), JSON.stringify(settings()));
  const program = await bench.launch('ours', true);
  try {
    const control = await until(() => connectTo(bench.home).catch(() => null), 'the supervisor answers');
    await until(
      async () => (await control.snapshot()).runners.length === pools * runnersEach,
      'all runners are there',
      120_000,
    );
    await program.ask({ do: 'open' });
    await sleep(1000);
    const idle = await program.ask<Delays>({ do: 'delay', ms });
    const first = await begin(control, home);
    await program.ask({ do: 'show', view: 'overview' });
    const overview = await program.ask<Delays>({ do: 'delay', ms });
    await program.ask({ do: 'show', view: `job:${first}` });
    await sleep(1000);
    const log = await program.ask<Delays>({ do: 'delay', ms });
    await end(control);
    control.close();
    return [...figuresOf('overview', overview, idle), ...figuresOf('log of a job', log, idle)];
  } finally {
    await program.end();
  }
}

function settings(): object {
  const pool = {
    forge: 'local',
    mode: 'manual',
    min: runnersEach,
    max: runnersEach,
    cores: 0.1,
    memoryMiB: 16,
  };
  return {
    version: 1,
    // The arithmetic of cores would make fewer runners than asked for on a small machine.
    capacity: { slots: pools * runnersEach },
    pools: Array.from({ length: pools }, (_, i) => ({ ...pool, id: `pool-${i}`, name: `Pool ${i}` })),
  };
}

/** Starts the jobs, each on a pool of its own, and gives the first one's id once all of them write. */
async function begin(control: ControlClient, dir: string): Promise<string> {
  const command = [process.execPath, path.join(dir, 'writer.cjs')];
  const begun = await Promise.all(
    Array.from({ length: jobs }, (_, i) =>
      ask(control, 'submit', submissionOf(command, dir, { pool: `pool-${i}` })),
    ),
  );
  await until(async () => (await working(control)) === jobs, 'all jobs run');
  return begun[0]?.job.id ?? '';
}

async function working(control: ControlClient): Promise<number> {
  return (await control.snapshot()).runners.filter(({ job }) => job !== null).length;
}

async function end(control: ControlClient): Promise<void> {
  const { jobs: all } = await ask(control, 'job.list', { limit: 100 });
  for (const job of all) await ask(control, 'job.cancel', { job: job.id });
  await until(async () => (await working(control)) === 0, 'all jobs have ended');
}

function figuresOf(view: string, busy: Delays, idle: Delays): Figure[] {
  return (['main', 'renderer'] as const).map((where) => ({
    name: `${jobs} jobs at ${linesPerSecond} lines/s, ${pools * runnersEach} runners, ${view}: loop delay p99, ${where}`,
    unit: 'ms',
    value: busy[where].p99,
    baseline: { name: 'without jobs', value: idle[where].p99 },
    budget: { kind: 'most', most: 50 },
    note: `max ${Math.round(busy[where].max)} ms`,
  }));
}
