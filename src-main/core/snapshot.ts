/** The whole state as one value for everyone outside. Pure: from the turn's input and plan, and what is around them. */
import type { HostProfile } from '../contract/host.ts';
import type { ForgeId, Job } from '../contract/job.ts';
import type { Problem } from '../contract/problem.ts';
import type {
  AllowanceView,
  Pause,
  PoolView,
  RunnerView,
  Snapshot,
  WaitingView,
} from '../contract/snapshot.ts';
import { meters, useOf } from './budget.ts';
import type { Plan, PlanInput, PoolState } from './plan-types.ts';
import type { Allowance } from './policy.ts';
import { coresOf, type Observation, type RunnerRecord } from './runner.ts';
import { stateOf } from './tray.ts';
import { placesOf, whyWaiting } from './why.ts';

export const waitingShown = 100;
export const jobsShown = 20;

export interface Limits {
  readonly cores: number | null;
  readonly cpus: readonly number[] | null;
  readonly memoryMiB: number | null;
}

export interface SnapshotFacts {
  readonly wall: number;
  readonly version: string;
  readonly pid: number;
  readonly host: 'tray' | 'headless';
  readonly sequence: number;
  readonly input: PlanInput;
  readonly plan: Plan;
  readonly profile: { readonly value: HostProfile; readonly at: number } | null;
  readonly pause: Pause | null;
  readonly poolPauses: ReadonlyMap<string, Pause>;
  readonly allowance: Allowance;
  /** As read back, by runner. */
  readonly limits: (name: string) => Limits;
  readonly notEnforced: readonly string[];
  readonly isolation: readonly string[];
  readonly jobs: readonly Job[];
  readonly waitingTotal: number;
  readonly accounts: Snapshot['accounts'];
  readonly foreign: Snapshot['foreign'];
  readonly work: Snapshot['work'];
  readonly dataAge: Readonly<Partial<Record<ForgeId, number>>>;
  readonly problems: readonly Problem[];
  readonly poolProblems: ReadonlyMap<string, Problem>;
  /** When each runner came into its phase, steady milliseconds. */
  readonly phaseSince: ReadonlyMap<string, number>;
  readonly clock: (at: number) => string;
}

/** The snapshot of this moment. Steady times are shown by the wall clock as it stands now. */
export function snapshotOf(f: SnapshotFacts): Snapshot {
  const { input } = f;
  const runners = input.observations.flatMap((o) => (o.record === null ? [] : [runnerView(o, o.record, f)]));
  const allowance = allowanceView(f.allowance, input);
  const use = useOf(input.observations.flatMap((o) => (o.record === null ? [] : [o.record.resources])));
  const { state, sentence } = stateOf({
    at: f.wall,
    stopping: input.stop !== null,
    pause: f.pause,
    allowance,
    runners,
    waiting: f.waitingTotal,
    unmatched: f.plan.unmatched.length,
    pools: input.pools.length,
    problems: f.problems,
    clock: f.clock,
  });
  return {
    schema: 1,
    version: f.sequence,
    at: f.wall,
    supervisor: { pid: f.pid, version: f.version, host: f.host },
    machine: f.profile === null ? null : machineOf(f.profile.value, f.profile.at),
    sentence,
    state,
    pause: f.pause,
    allowance,
    capacity: { ...meters(input.capacity, use), gpus: { total: 0, reserve: 0, used: 0, free: 0 } },
    pools: input.pools.map((p) => poolView(p, f)),
    runners,
    waiting: waitingViews(f),
    waitingTotal: f.waitingTotal,
    jobs: f.jobs.slice(0, jobsShown),
    accounts: f.accounts,
    foreign: f.foreign,
    notEnforced: f.notEnforced,
    work: f.work,
    dataAge: f.dataAge,
    problems: f.problems,
  };
}

function machineOf(profile: HostProfile, at: number): NonNullable<Snapshot['machine']> {
  return {
    os: profile.os,
    arch: profile.arch,
    cpu: profile.cpu.model,
    threads: profile.cpu.threads,
    memoryMiB: profile.memoryMiB,
    labels: profile.labels,
    goodFor: profile.capabilities.filter((c) => c.ready).map((c) => `${c.id}: ${c.limit}`),
    detectedAt: at,
  };
}

function allowanceView(allowance: Allowance, input: PlanInput): AllowanceView {
  const most = input.pools.reduce((sum, p) => sum + p.pool.max, 0);
  return {
    newRunners: allowance.newRunners,
    ceiling: Math.min(allowance.ceiling, input.capacity.slots ?? most),
    reasons: allowance.reasons,
  };
}

function poolView(p: PoolState, f: SnapshotFacts): PoolView {
  const { pool } = p;
  const planned = f.plan.pools.get(pool.id);
  return {
    id: pool.id,
    name: pool.name,
    forge: pool.forge,
    scope: pool.scope,
    account: pool.account,
    mode: pool.mode,
    scaling: pool.scaling,
    runtime: pool.runtime,
    arch: pool.arch,
    labels: p.labels,
    min: pool.min,
    max: pool.max,
    weight: pool.weight,
    paused: f.poolPauses.get(pool.id) ?? null,
    isolation: f.isolation,
    emulation: null,
    demand: planned?.isWhole === true ? (planned.waiting?.length ?? null) : null,
    want: planned?.want ?? 0,
    runner: { cores: p.runner.cores, memoryMiB: p.runner.memoryMiB },
    problem: f.poolProblems.get(pool.id) ?? null,
  };
}

function runnerView(o: Observation, record: RunnerRecord, f: SnapshotFacts): RunnerView {
  const view = f.plan.phases.get(o.name);
  const offset = f.wall - f.input.now;
  const forgeJob = typeof o.forge === 'string' ? null : o.forge.job;
  const limits = f.limits(o.name);
  return {
    name: o.name,
    pool: record.pool,
    phase: view?.phase ?? 'planned',
    why: view?.why ?? '',
    since: Math.round((f.phaseSince.get(o.name) ?? f.input.now) + offset),
    pid: o.instance?.state === 'running' ? (o.instance.process?.pid ?? null) : null,
    container: o.instance?.container ?? null,
    job: o.told ?? jobOf(record.job ?? forgeJob?.id ?? null, forgeJob),
    resources: { ...limits, notEnforced: notEnforced(record, limits) },
    problem: record.failure?.problem ?? o.trouble ?? null,
  };
}

function jobOf(
  id: string | null,
  job: { name: string; url: string | null; startedAt: number | null } | null,
): RunnerView['job'] {
  if (id === null) return null;
  return { id, name: job?.name ?? id, url: job?.url ?? null, startedAt: job?.startedAt ?? null };
}

/** What was planned for this runner and is not held by anything while it works. */
function notEnforced(record: RunnerRecord, limits: Limits): string[] {
  if (record.job === null) return [];
  return [
    ...(limits.cores === null && limits.cpus === null ? [`${coresOf(record.resources)} cores`] : []),
    ...(limits.memoryMiB === null ? [`${record.resources.memoryMiB} MiB of memory`] : []),
  ];
}

function waitingViews(f: SnapshotFacts): WaitingView[] {
  const given = [...f.plan.pools.values()].flatMap((p) => p.waiting ?? []);
  const places = placesOf(f.plan);
  const facts = { host: f.profile?.value ?? null, problems: f.poolProblems };
  return [...given, ...f.plan.unmatched]
    .sort((a, b) => a.createdAt - b.createdAt)
    .slice(0, waitingShown)
    .map((job) => ({
      job: job.id,
      name: job.name ?? job.id,
      url: job.url ?? null,
      ...whyWaiting(job, f.input, f.plan, facts, places),
      forge: job.forge,
      scope: job.scope,
      labels: job.labels,
      since: Math.round(job.createdAt + f.wall - f.input.now),
    }));
}
