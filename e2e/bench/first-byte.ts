/** From "submit accepted" to the first byte that the job writes, against a bare spawn of the same program. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { ControlClient } from '../../src-main/adapters/control/client.ts';
import type { Submission } from '../../src-main/contract/job.ts';
import { ask, submissionOf } from '../support/control.ts';
import { repository } from '../support/repository.ts';
import { type Figure, median, percentile } from './figure.ts';
import { bench, type Bench, idle } from './supervisor.ts';

/** Its first byte of output is the time at which it wrote it: nanoseconds of the wall clock. */
const stamp = ['date', '+%s%N'] as const;
const source = Object.fromEntries(
  Array.from({ length: 20 }, (_, i) => [`src/file-${i}.txt`, `${'text '.repeat(200)}${i}\n`]),
);

/** The wall clock in milliseconds with fractions: the monotonic clock, set right by a tick of the wall clock. */
function wallClock(): () => number {
  const tick = Date.now();
  let now = Date.now();
  while (now === tick) now = Date.now();
  const offset = now - performance.now();
  return () => performance.now() + offset;
}

/** What git and the system need for the same by hand: a clone that shares the objects, then the program in it. */
async function byHand(file: string, dir: string): Promise<number> {
  const clone = `${file}-clone`;
  const clock = wallClock();
  const began = clock();
  const child = spawn('git', ['clone', '--quiet', '--shared', dir, clone], { stdio: 'ignore' });
  await new Promise((resolve) => child.once('exit', resolve));
  const cloned = clock() - began;
  rmSync(clone, { recursive: true });
  return cloned + (await bareSpawn(file));
}

async function bareSpawn(file: string): Promise<number> {
  const clock = wallClock();
  const out = openSync(file, 'w');
  const began = clock();
  const child = spawn(stamp[0], [stamp[1]], { stdio: ['ignore', out, 'ignore'] });
  closeSync(out);
  await new Promise((resolve) => child.once('exit', resolve));
  return Number(readFileSync(file, 'utf8')) / 1e6 - began;
}

async function submitted(control: ControlClient, submission: Submission): Promise<number> {
  const clock = wallClock();
  const { job } = await ask(control, 'submit', submission);
  const accepted = clock();
  const chunks: Buffer[] = [];
  const log = { job: job.id, runner: null, cursor: 0, follow: true };
  for await (const { data } of control.stream('log', log, new AbortController().signal)) {
    chunks.push(Buffer.from(data, 'base64'));
  }
  const text = Buffer.concat(chunks).toString();
  const written = Number(/^\d{19}$/m.exec(text)?.[0]) / 1e6;
  if (Number.isNaN(written)) throw new Error(`The job ${job.id} did not write its time: ${text}`);
  return written - accepted;
}

interface Kind {
  readonly name: string;
  readonly pool: string;
  readonly runners: number;
  readonly times: number;
  readonly dir: string;
  readonly source: Submission['source'];
  readonly budget: Figure['budget'];
}

async function figuresOf(kind: Kind, b: Bench): Promise<Figure[]> {
  const ours: number[] = [];
  const bare: number[] = [];
  for (let i = 0; i < kind.times; i += 1) {
    await idle(b.control, kind.pool, kind.runners);
    const submission = submissionOf(stamp, kind.dir, { source: kind.source, pool: kind.pool });
    ours.push(await submitted(b.control, submission));
    const file = path.join(b.home.path, 'bare');
    bare.push(await (kind.source === 'commit' ? byHand(file, kind.dir) : bareSpawn(file)));
  }
  const figure = (name: string, of: (times: readonly number[]) => number): Figure => ({
    name: `first byte, ${kind.name}, ${name}`,
    unit: 'ms',
    value: of(ours),
    baseline: {
      name: kind.source === 'commit' ? 'git clone --shared, spawn' : 'bare spawn',
      value: of(bare),
    },
    budget: name === 'p50' ? kind.budget : null,
  });
  return [figure('p50', median), figure('p95', (times) => percentile(times, 0.95))];
}

/** Measures `times` jobs on a warm pool in place and by checkout, and a fifth as many on an empty pool. */
export async function firstByteFigures(times: number): Promise<Figure[]> {
  const b = await bench({
    warm: { mode: 'ephemeral', min: 4, max: 4 },
    empty: { mode: 'auto', max: 4, idleTimeoutSeconds: 0 },
  });
  try {
    const dir = repository(b.home.path, source);
    const warm = {
      pool: 'warm',
      runners: 4,
      times,
      dir,
      budget: { kind: 'over', most: 25 },
    } as const;
    const empty = { pool: 'empty', runners: 0, times: Math.ceil(times / 5), dir } as const;
    return [
      ...(await figuresOf({ ...warm, name: 'warm, in place', source: 'in-place' }, b)),
      ...(await figuresOf({ ...warm, name: 'warm, git checkout', source: 'commit' }, b)),
      ...(await figuresOf(
        { ...empty, name: 'empty pool', source: 'in-place', budget: { kind: 'most', most: 1000 } },
        b,
      )),
    ];
  } finally {
    await b.end();
  }
}
