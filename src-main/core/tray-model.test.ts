import { expect, test } from 'vitest';
import type { PoolView, RunnerView, Snapshot } from '../contract/snapshot.ts';
import { type TrayItem, trayModel, trayWithout } from './tray.ts';
import { problem } from '../contract/problem.ts';

const meter = { total: 0, reserve: 0, used: 0, free: 0 };

const quiet: Snapshot = {
  schema: 1,
  version: 1,
  at: 0,
  supervisor: { pid: 1, version: '0', host: 'headless' },
  machine: null,
  sentence: 'Ready. No job waits.',
  state: 'idle',
  pause: null,
  allowance: { newRunners: true, ceiling: 1, reasons: [] },
  capacity: { cores: meter, memoryMiB: meter, gpus: meter },
  pools: [],
  runners: [],
  waiting: [],
  waitingTotal: 0,
  jobs: [],
  accounts: [],
  foreign: [],
  notEnforced: [],
  work: [],
  dataAge: {},
  problems: [],
};

const pool = (id: string, paused: PoolView['paused']): PoolView => ({
  id,
  name: id,
  forge: 'local',
  scope: null,
  account: null,
  mode: 'auto',
  scaling: 'lazy',
  runtime: 'process',
  arch: 'x64',
  labels: [],
  min: 0,
  max: 1,
  weight: 1,
  paused,
  isolation: [],
  emulation: null,
  demand: 0,
  want: 0,
  runner: { cores: 1, memoryMiB: 1 },
  problem: null,
});

const runner = (job: string): RunnerView => ({
  name: `runner of ${job}`,
  pool: 'a',
  phase: 'busy',
  why: '',
  since: 0,
  pid: 1,
  container: null,
  job: { id: job, name: `make ${job}`, url: null, startedAt: 0 },
  resources: { cores: null, cpus: null, memoryMiB: null, notEnforced: [] },
  problem: null,
});

const all = (items: readonly TrayItem[]): TrayItem[] => items.flatMap((item) => [item, ...all(item.items)]);

test('the first line and the tooltip are the sentence of the state', () => {
  const model = trayModel(quiet);
  expect(model).toMatchObject({ icon: 'idle', tooltip: quiet.sentence });
  expect(model.items[0]).toMatchObject({ label: quiet.sentence, enabled: false });
});

test('a paused host can be resumed, another one paused for six lengths', () => {
  const ids = (snapshot: Snapshot) => all(trayModel(snapshot).items).map((item) => item.id);
  expect(ids(quiet).filter((id) => /^pause:[^:]+$/.test(id))).toHaveLength(6);
  const paused = { by: 'owner', reason: null, until: null, kind: 'indefinite' } as const;
  expect(ids({ ...quiet, pause: paused, state: 'paused' })).toContain('resume');
});

test('pools and running jobs have their items, and every id is there once', () => {
  const paused = { by: 'owner', reason: null, until: null, kind: 'indefinite' } as const;
  const { items } = trayModel({
    ...quiet,
    pools: [pool('a', null), pool('b', paused)],
    runners: [runner('x'), runner('y')],
  });
  const ids = all(items).map((item) => item.id);
  expect(ids).toEqual(expect.arrayContaining(['pause:1h:a', 'resume:b', 'log:x', 'log:y']));
  expect(new Set(ids).size).toBe(ids.length);
});

test('while it stops the icon is that of a pause', () => {
  expect(trayModel({ ...quiet, state: 'stopping' }).icon).toBe('paused');
});

test('while it stops nothing can be paused', () => {
  const ids = all(trayModel({ ...quiet, state: 'stopping', pools: [pool('a', null)] }).items).map(
    ({ id }) => id,
  );
  expect(ids).toEqual(['status', 'open', 'quit']);
});

test('names are one line, cut, and turn nothing around', () => {
  const labelOf = (name: string) => {
    const run = { ...runner('x'), job: { id: 'x', name, url: null, startedAt: 0 } };
    return all(trayModel({ ...quiet, runners: [run] }).items).find(({ id }) => id === 'job:x')?.label ?? '';
  };
  expect(labelOf('a\nb\u202ec')).toBe('a b c');
  expect(Array.from(labelOf('😀'.repeat(200)))).toHaveLength(62);
  expect(labelOf('עברית')).toBe('\u2068עברית\u2069');
});

test('long lists end with a way to the window', () => {
  const runners = Array.from({ length: 50 }, (_, i) => runner(`j${i}`));
  const jobs = trayModel({ ...quiet, runners }).items.find(({ id }) => id === 'jobs');
  expect(jobs?.items).toHaveLength(20);
  expect(jobs?.items.at(-1)).toMatchObject({ id: 'open:jobs', label: '31 more in the window' });
});

test('without a supervisor it says why, and offers to start one only where that is meant', () => {
  const trouble = problem('no-supervisor', 'The supervisor was stopped.', 'Start it.').problem;
  const ids = (canStart: boolean) => trayWithout(trouble, canStart).items.map(({ id }) => id);
  expect(trayWithout(trouble, true).tooltip).toBe(trouble.message);
  expect(ids(true)).toEqual(['status', 'start', 'open', 'quit']);
  expect(ids(false)).toEqual(['status', 'open', 'quit']);
});
