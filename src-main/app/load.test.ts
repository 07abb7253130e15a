import { beforeEach, expect, it } from 'vitest';
import type { Runtime } from '../core/ports.ts';
import { nothingDone, type RunnerRecord } from '../core/runner.ts';
import { completeProfile } from '../core/classify.ts';
import { desktopFacts, gpu } from '../core/host.test-kit.ts';
import { LoadSampler } from './load.ts';
import type { State } from './state.ts';

let readings: number;
let records: Map<string, RunnerRecord>;
let usage: Runtime['usage'];
let warnings: string[];
let metered: number;
let profile: State['profile'];

const record = (name: string, job: string | null): RunnerRecord => ({
  ...{
    name,
    pool: 'p',
    forge: 'local',
    scope: null,
    account: null,
    group: null,
    madeFor: null,
    arch: 'x64',
    labels: [],
    oneJob: false,
  },
  ...{ intendedAt: 0, notBefore: 0, resources: { cpus: 1, memoryMiB: 1, pids: 1, gpus: [] } },
  ...nothingDone,
  ...(job === null ? {} : { job, startedAt: 0, process: { pid: 1, startTime: '1', bootId: 'b' } }),
});

beforeEach(() => {
  readings = 0;
  metered = 0;
  profile = null;
  records = new Map();
  warnings = [];
  usage = () => Promise.resolve(new Map());
});

function sampler(): LoadSampler {
  const nobody = () => undefined;
  return new LoadSampler(
    {
      clock: { now: () => Date.now(), monotonic: () => performance.now() },
      load: {
        read: () => Promise.resolve({ cpuSeconds: (readings += 1), memoryMiB: 7 }),
        openGpus: (cards) => {
          metered += 1;
          return {
            read: () => cards.map(({ index }) => ({ index, busy: 50, memoryMiB: 9 })),
            close: () => (metered -= 1),
          };
        },
      },
      log: { info: nobody, warn: (message) => warnings.push(message), error: nobody },
      runtime: { usage: (names: readonly string[]) => usage(names) } as Runtime,
    },
    { now: () => performance.now(), records, profile },
  );
}

/** The first `count` items; then it listens no more. */
async function listen(from: LoadSampler, interval: number, count: number, gpus?: boolean) {
  const abort = new AbortController();
  const items = [];
  for await (const item of from.stream(
    gpus === undefined ? { interval } : { interval, gpus },
    abort.signal,
  )) {
    items.push(item);
    if (items.length === count) abort.abort();
  }
  return items;
}

it('measures nothing while nobody listens', async () => {
  const load = sampler();
  expect(readings).toBe(0);
  await listen(load, 500, 1);
  const then = readings;
  expect(then).toBe(2);
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(readings).toBe(then);
});

it('measures graphics cards only for who asks, and stops with them', async () => {
  const reserve = { cores: 1, memoryMiB: 1024 };
  profile = { value: completeProfile(desktopFacts({ gpus: [gpu()] }), reserve), at: 0 };
  expect((await listen(sampler(), 500, 1))[0]?.gpus).toEqual([]);
  const [item] = await listen(sampler(), 500, 1, true);
  expect(item?.gpus).toEqual([{ index: 0, busy: 50, memoryMiB: 9 }]);
  expect(metered).toBe(0);
});

it('measures once for all who listen', async () => {
  const load = sampler();
  const all = await Promise.all([listen(load, 500, 2), listen(load, 500, 2), listen(load, 500, 2)]);
  for (const items of all) expect(items).toHaveLength(2);
  // One at the beginning and one at each of two moments; a busy machine may tear two apart.
  expect(readings).toBeLessThan(6);
  expect(all[0][1]?.machine.cpu).toBeGreaterThan(0);
});

it('tells of running jobs alone, by their ids', async () => {
  records.set('r1', record('r1', 'j1')).set('r2', record('r2', 'j2')).set('idle', record('idle', null));
  let seconds = 0;
  usage = (names) => {
    expect(names).toEqual(['r1', 'r2']);
    return Promise.resolve(new Map([['r1', { cpuSeconds: (seconds += 5), memoryMiB: 64 }]]));
  };
  const [item] = await listen(sampler(), 500, 1);
  expect(item?.jobs).toEqual({
    j1: { cpu: expect.any(Number), memoryMiB: 64 },
    j2: { cpu: null, memoryMiB: null },
  });
  expect(item?.jobs['j1']?.cpu).toBeGreaterThan(0);
});

it('goes on where jobs cannot be measured, and ends at once when it is told to', async () => {
  records.set('r1', record('r1', 'j1'));
  usage = () => Promise.reject(new Error('no'));
  const [item] = await listen(sampler(), 500, 1);
  expect(item?.jobs).toEqual({ j1: { cpu: null, memoryMiB: null } });
  expect(warnings.length).toBeGreaterThan(0);
  const abort = new AbortController();
  const stream = sampler().stream({ interval: 60_000 }, abort.signal);
  const next = stream.next();
  setTimeout(() => {
    abort.abort();
  }, 20);
  expect(await next).toEqual({ done: true, value: undefined });
});
