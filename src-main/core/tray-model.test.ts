import { expect, test } from 'vitest';
import type { PoolView, RunnerView, Snapshot } from '../contract/snapshot.ts';
import { type TrayItem, trayModel } from './tray.ts';

const meter = { total: 0, reserve: 0, used: 0, free: 0 };

const quiet: Snapshot = {
  schema: 1,
  version: 1,
  at: 0,
  supervisor: { pid: 1, version: '0', host: 'headless' },
  machine: null,
  sentence: 'Idle, ready for jobs.',
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
  expect(ids(quiet).filter((id) => id.startsWith('pause:'))).toHaveLength(6);
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
  expect(ids).toEqual(expect.arrayContaining(['pool-pause:a', 'pool-resume:b', 'log:x', 'log:y']));
  expect(new Set(ids).size).toBe(ids.length);
});

test('while it stops the icon is that of a pause', () => {
  expect(trayModel({ ...quiet, state: 'stopping' }).icon).toBe('paused');
});
