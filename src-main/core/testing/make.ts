/** Values for the core's tests: whole, ordinary ones, of which a test names only what it is about. */
import type { Pool } from '../../contract/pool.ts';
import type { Capacity } from '../budget.ts';
import { newMemory } from '../memory.ts';
import type { ForgeTraits, PlanInput, PoolState } from '../plan-types.ts';
import type { Allowance } from '../policy.ts';
import type { WaitingJob } from '../forge-port.ts';
import {
  type ForgeRunner,
  type Instance,
  nothingDone,
  type Observation,
  type RunnerRecord,
} from '../runner.ts';

/** A moment to begin with: steady milliseconds, far from zero. */
export const t0 = 1_000_000_000;

/** Agents that begin with their job. */
export const jobAgent: ForgeTraits = {
  can: { oneJob: true, demand: 'poll', fence: true },
  agent: { waits: false, opaque: false },
};
/** Agents that wait for jobs at a forge that can fence; one-job ones where the pool asks. */
export const waitingAgent: ForgeTraits = {
  can: { oneJob: true, demand: 'poll', fence: true },
  agent: { waits: true, opaque: false },
};
/** Where only persistent registrations exist. */
export const persistentAgent: ForgeTraits = {
  ...waitingAgent,
  can: { oneJob: false, demand: 'poll', fence: true },
};
/** Where an idle agent cannot be told to take no more. */
export const unfencedAgent: ForgeTraits = {
  ...waitingAgent,
  can: { oneJob: true, demand: 'poll', fence: false },
};

export const allowed: Allowance = { newRunners: true, ceiling: Infinity, share: 1, reasons: [] };

export const wideHost: Capacity = {
  cores: 64,
  memoryMiB: 262_144,
  reserveCores: 0,
  reserveMemoryMiB: 0,
  slots: null,
  topology: [],
};

export function makePool(more: Partial<Pool> = {}): Pool {
  return {
    id: 'p',
    name: 'p',
    forge: 'local',
    scope: null,
    account: null,
    group: null,
    publicAllowed: false,
    fallback: false,
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
  };
}

export function makePoolState(pool: Partial<Pool> = {}, more: Partial<PoolState> = {}): PoolState {
  return {
    pool: makePool(pool),
    labels: ['self-hosted', 'linux', 'x64'],
    runner: { cores: 1, memoryMiB: 1024, pids: 100, fast: false },
    allowance: allowed,
    memory: newMemory,
    ...more,
  };
}

/** The record of an idle runner of `makePool()` that begins with its job. */
export function makeRecord(more: Partial<RunnerRecord> = {}): RunnerRecord {
  return {
    name: 'r1',
    pool: 'p',
    forge: 'local',
    scope: null,
    account: null,
    group: null,
    madeFor: null,
    arch: 'x64',
    labels: ['self-hosted', 'linux', 'x64'],
    resources: { cpus: 1, memoryMiB: 1024, pids: 100, gpus: [] },
    oneJob: false,
    intendedAt: t0,
    notBefore: t0,
    ...nothingDone,
    registration: 'id-1',
    preparedAt: t0,
    idleSince: t0,
    ...more,
  };
}

export function makeInstance(more: Partial<Instance> = {}): Instance {
  const process = { pid: 7, startTime: '1', bootId: 'b' };
  return {
    name: 'r1',
    state: 'running',
    job: null,
    process,
    container: null,
    exitCode: null,
    endedAt: null,
    ...more,
  };
}

export function makeForgeRunner(more: Partial<ForgeRunner> = {}): ForgeRunner {
  return {
    name: 'r1',
    forge: 'local',
    id: 'id-1',
    online: true,
    busy: false,
    fenced: false,
    job: null,
    seenAt: t0,
    ...more,
  };
}

/** What a forge tells of the job it gave to a runner. */
export function makeForgeJob(
  more: Partial<NonNullable<ForgeRunner['job']>> = {},
): NonNullable<ForgeRunner['job']> {
  return { id: 'j', name: 'make test', url: null, startedAt: t0, timeLimitMs: null, cancel: false, ...more };
}

export function observe(record: RunnerRecord | null, more: Partial<Observation> = {}): Observation {
  const runs = record?.job != null && more.instance?.state === 'running' && more.instance.job === record.job;
  return {
    name: record?.name ?? 'r1',
    record: runs ? { ...record, startedAt: record.startedAt ?? t0 } : record,
    instance: null,
    forge: makeForgeRunner({ name: record?.name ?? 'r1', forge: record?.forge ?? 'local' }),
    worker: 'none',
    jobElapsedMs: null,
    offlineSince: null,
    phantomJobSince: null,
    ...more,
  };
}

export function makeJob(id: string, more: Partial<WaitingJob> = {}): WaitingJob {
  return { id, forge: 'local', scope: null, labels: [], arch: null, pool: null, createdAt: t0, ...more };
}

/** An empty, wide host at `t0` whose forges all answer that nothing waits. */
export function makeInput(more: Partial<PlanInput> = {}): PlanInput {
  return {
    now: t0,
    hostArch: 'x64',
    pools: [],
    forges: { local: jobAgent, github: waitingAgent, gitlab: persistentAgent, gitea: unfencedAgent },
    observations: [],
    demand: {
      local: { jobs: [], total: 0 },
      github: { jobs: [], total: 0 },
      gitlab: { jobs: [], total: 0 },
      gitea: { jobs: [], total: 0 },
    },
    capacity: wideHost,
    inFlight: new Set(),
    handing: new Map(),
    stop: null,
    lastExchangeAt: null,
    ghostSince: new Map(),
    nameOf: (pool, nth) => `hr-abcdef-${pool.id}-${nth}`,
    staggerMs: 0,
    ...more,
  };
}
