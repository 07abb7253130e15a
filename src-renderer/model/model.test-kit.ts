/** Values for tests, each complete, with what the test is about filled in. */
import type { Job } from '../../src-main/contract/job.ts';
import type { Pool } from '../../src-main/contract/pool.ts';
import type { PoolView, RunnerView, Snapshot, WaitingView } from '../../src-main/contract/snapshot.ts';

export const at = Date.UTC(2026, 10, 24, 12, 0);

export const aJob = (more: Partial<Job>): Job => ({
  id: 'job',
  forge: 'local',
  pool: 'local',
  runner: null,
  name: 'npm test',
  url: null,
  labels: [],
  arch: null,
  state: 'succeeded',
  createdAt: at - 5000,
  startedAt: at - 4000,
  endedAt: at - 1000,
  exitCode: 0,
  result: null,
  endedBy: 'job',
  peak: { cpu: null, memoryMiB: null },
  attempt: 1,
  retryOf: null,
  retriedAs: null,
  ...more,
});

export const aPool = (more: Partial<Pool>): Pool => ({
  id: 'local',
  name: 'This machine',
  forge: 'local',
  scope: null,
  arch: 'x64',
  runtime: 'process',
  size: 'standard',
  cores: null,
  memoryMiB: null,
  mode: 'auto',
  scaling: 'aggressive',
  overrides: {},
  min: 0,
  max: 4,
  weight: 1,
  labels: [],
  idleTimeoutSeconds: 300,
  maxLifetimeSeconds: 0,
  ...more,
});

export const aPoolView = (more: Partial<PoolView>): PoolView => ({
  id: 'local',
  name: 'This machine',
  forge: 'local',
  scope: null,
  mode: 'auto',
  scaling: 'aggressive',
  runtime: 'process',
  arch: 'x64',
  labels: [],
  min: 0,
  max: 4,
  weight: 1,
  paused: null,
  isolation: [],
  emulation: null,
  demand: 0,
  want: 0,
  runner: { cores: 4, memoryMiB: 8192 },
  problem: null,
  ...more,
});

export const aRunner = (more: Partial<RunnerView>): RunnerView => ({
  name: 'hr-1',
  pool: 'local',
  phase: 'idle',
  why: '',
  since: at,
  pid: null,
  container: null,
  job: null,
  resources: { cores: null, cpus: null, memoryMiB: null, notEnforced: [] },
  problem: null,
  ...more,
});

export const aWaiting = (more: Partial<WaitingView>): WaitingView => ({
  job: 'job',
  pool: 'local',
  forge: 'local',
  scope: null,
  labels: [],
  since: at,
  why: [],
  ...more,
});

export const aSnapshot = (more: Partial<Snapshot>): Snapshot => ({
  schema: 1,
  version: 1,
  at,
  supervisor: { pid: 1, version: '0.1.0', host: 'tray' },
  machine: null,
  sentence: '',
  state: 'idle',
  pause: null,
  allowance: { newRunners: true, ceiling: 100, reasons: [] },
  capacity: {
    cores: { total: 32, reserve: 7, used: 0, free: 25 },
    memoryMiB: { total: 65_536, reserve: 10_240, used: 0, free: 55_296 },
    gpus: { total: 0, reserve: 0, used: 0, free: 0 },
  },
  pools: [aPoolView({})],
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
  ...more,
});
