/** A small world for tests of the app: ports written by hand, of which a test changes what it is about. */
import type { Job } from '../contract/job.ts';
import { problem } from '../contract/problem.ts';
import type { AgentEvidence, AgentJob } from '../core/agent-port.ts';
import { defaultConfig } from '../core/config/schema.ts';
import type { Demand, ForgeJob, ForgeKit, RemoteForge } from '../core/forge-port.ts';
import type { JobRow, Store, UnnamedJob } from '../core/ports.ts';
import type { ForgeRunner, Instance, RunnerRecord } from '../core/runner.ts';
import { makeInstance, makePool, makeRecord } from '../core/testing/make.ts';
import type { AgentJobs } from './agent-jobs.ts';
import type { Deps } from './deps.ts';
import { State } from './state.ts';

/** A moment to begin with, by the wall clock; the steady one of a state begins there too. */
export const begin = 1_700_000_000_000;

/** The journal and the history in memory: what a restart finds. */
export class MemoryStore {
  readonly kept = new Map<string, RunnerRecord>();
  readonly rows = new Map<string, JobRow>();
  readonly nameless = new Map<string, UnnamedJob>();
  /** Told before each write; may throw. */
  onWrite: (what: string) => void = () => undefined;

  readonly port = {
    transaction: <T>(fn: () => T): T => fn(),
    later: <T>(fn: () => T): T => fn(),
    runners: () => [...this.kept.values()],
    runner: (name: string) => this.kept.get(name) ?? null,
    putRunner: (record: RunnerRecord) => {
      this.onWrite('putRunner');
      this.kept.set(record.name, record);
    },
    deleteRunner: (name: string) => void this.kept.delete(name),
    job: (id: string) => this.rows.get(id) ?? null,
    openJobs: (forge: string) =>
      [...this.rows.values()].filter(({ job }) => job.forge === forge && job.endedAt === null),
    insertJob: (row: JobRow) => {
      this.onWrite('insertJob');
      if (this.rows.has(row.job.id)) throw new Error(`There is a job ${row.job.id} already.`);
      this.rows.set(row.job.id, row);
    },
    endJob: (id: string, outcome: object) => {
      this.onWrite('endJob');
      const row = this.rows.get(id);
      if (row?.job.endedAt !== null) return false;
      this.rows.set(id, { ...row, job: { ...row.job, ...outcome } });
      return true;
    },
    unnamed: () => [...this.nameless.values()],
    putUnnamed: (unnamed: UnnamedJob) => void this.nameless.set(unnamed.job, unnamed),
    deleteUnnamed: (job: string) => void this.nameless.delete(job),
    nameJob: (id: string, name: Partial<JobRow['job']> & { id: string }) => {
      this.onWrite('nameJob');
      this.nameless.delete(id);
      const row = this.rows.get(id);
      this.rows.delete(id);
      if (row !== undefined) this.rows.set(name.id, { ...row, job: { ...row.job, ...name } });
      return row !== undefined;
    },
    pauses: () => [],
    meta: (key: string) => this.#meta.get(key) ?? null,
    setMeta: (key: string, value: string) => void this.#meta.set(key, value),
  };
  readonly #meta = new Map<string, string>();
}

/** A forge elsewhere, its agents, this machine, and a supervisor's state over all of it. */
export class Bench {
  wall = begin;
  monotonic = 0;
  readonly store = new MemoryStore();
  config = { ...defaultConfig, pools: [makePool({ forge: 'github', scope: 'ann/app', account: 'ann' })] };
  /** What runs on this machine; null: it cannot be listed. */
  instances: Instance[] | null = [];
  /** What each agent tells; a string is the error that a look at it ends with. */
  readonly agents = new Map<string, AgentEvidence | string>();
  demand: Demand | Error = { jobs: [], total: 0 };
  registered: ForgeRunner[] | null = [];
  readonly unknownScopes = new Set<string>();
  /** Where no runner may be any more, and why. */
  readonly closedScopes = new Map<string, string>();
  /** The forge's own answer about the job of a runner. */
  jobOf: (record: RunnerRecord, told: AgentJob) => Promise<ForgeJob | null> = () => Promise.resolve(null);
  readonly asked: AgentJob[] = [];
  readonly said: string[] = [];
  readonly warned: string[] = [];
  /** Jobs whose log is kept, and as what. */
  readonly logs = new Map<string, string>();
  /** What the keeping of a log waits for. */
  keeping: Promise<void> = Promise.resolve();
  /** What the local forge was told at each start, and how it takes that. */
  readonly restored: string[][] = [];
  restoring: () => Promise<void> = () => Promise.resolve();
  endedBy: ReturnType<Deps['runtime']['endedBy']> = null;
  readonly deps: Deps;
  state: State;

  constructor() {
    this.deps = this.#deps();
    this.state = new State(this.deps);
  }

  /** The supervisor ends, and another one begins with what is durable. */
  restart(): State {
    this.state = new State(this.deps);
    return this.state;
  }

  pass(ms: number): void {
    this.wall += ms;
    this.monotonic += ms;
  }

  /** A runner of the forge elsewhere, in the journal and in the state. */
  add(more: Partial<RunnerRecord> = {}, instance: Partial<Instance> | null = {}): RunnerRecord {
    const record = remoteRecord(more);
    this.state.put(record);
    if (instance !== null) this.instances?.push(makeInstance({ name: record.name, ...instance }));
    return record;
  }

  /** As a turn of the loop shows it to the jobs of agents, some time later. */
  async turn(jobs: AgentJobs, ms = 0): Promise<void> {
    this.pass(ms);
    const evidence = new Map<string, AgentEvidence>();
    for (const [name, words] of this.agents) if (typeof words !== 'string') evidence.set(name, words);
    jobs.note(evidence, new Map((this.instances ?? []).map((i) => [i.name, i])));
    await settle();
  }

  /** The rows of the history. */
  history(): readonly Job[] {
    return [...this.store.rows.values()].map(({ job }) => job);
  }

  #deps(): Deps {
    const log = (message: string): void => void this.warned.push(message);
    const parts = {
      clock: { now: () => this.wall, monotonic: () => this.monotonic },
      random: () => 0,
      hostArch: 'x64',
      install: 'abcdef',
      store: this.store.port as unknown as Store,
      forges: [this.#kit()],
      local: {
        restore: (records: readonly RunnerRecord[]) => {
          this.restored.push(records.map(({ name }) => name));
          return this.restoring();
        },
      },
      presence: { bootId: () => 'now' },
      runtime: {
        list: () =>
          this.instances === null ? Promise.reject(new Error('no list')) : Promise.resolve(this.instances),
        folder: (name: string) => Promise.resolve(`/runners/${name}`),
        logFile: (name: string) => `/runners/${name}/log`,
        endedBy: () => this.endedBy,
        peak: () => ({ cpu: 1, memoryMiB: 2 }),
      },
      logs: {
        keep: (file: string, job: string, from: number) =>
          this.keeping.then(() => void this.logs.set(job, from === 0 ? file : `${file} from ${from}`)),
        rename: (job: string, named: string) => {
          const file = this.logs.get(job);
          this.logs.delete(job);
          if (file !== undefined) this.logs.set(named, file);
          return Promise.resolve();
        },
      },
      log: { info: () => undefined, warn: log, error: log },
      say: (sentence: string) => void this.said.push(sentence),
      config: { read: () => ({ config: this.config, problems: [], readOnly: false }) },
      environment: { pool: null, account: null, apply: (config: unknown) => config, problems: [] },
    };
    return parts as unknown as Deps;
  }

  #kit(): ForgeKit {
    const remote: Partial<RemoteForge> = {
      isUnknown: (scope) => this.unknownScopes.has(scope),
      closed: (_, scope) => this.closedScopes.get(scope) ?? null,
      jobOf: (record, told) => {
        this.asked.push(told);
        return this.jobOf(record, told);
      },
    };
    const kit: Partial<ForgeKit> = {
      id: 'github',
      can: { oneJob: true, demand: 'poll', fence: true },
      agent: { waits: true, opaque: false, stop: 'interrupt', killGraceMs: 60_000 },
      demand: () =>
        this.demand instanceof Error ? Promise.reject(this.demand) : Promise.resolve(this.demand),
      runners: () => Promise.resolve(this.registered),
      waiting: {
        look: ({ name }) => {
          const told = this.agents.get(name) ?? quiet;
          return typeof told === 'string' ? Promise.reject(new Error(told)) : Promise.resolve(told);
        },
      },
      remote: remote as RemoteForge,
    };
    return kit as ForgeKit;
  }
}

/** An agent that runs and listens, and has no job. */
export const quiet: AgentEvidence = { worker: 'none', listening: true, job: null, problem: null };

/** The same at a job. */
export const works = { ...quiet, worker: 'running' as const };

/** A one-job runner at a repository whose agent was started. */
export function remoteRecord(more: Partial<RunnerRecord> = {}): RunnerRecord {
  return makeRecord({
    ...{ forge: 'github', scope: 'ann/app', account: 'ann', oneJob: true },
    ...{ startedAt: begin, idleSince: begin },
    ...more,
  });
}

/** A job as an agent tells of it, from its beginning on. */
export function told(more: Partial<AgentJob> = {}): AgentJob {
  return {
    ...{ name: 'build', startedAt: begin, endedAt: null, result: null, repository: null, run: null },
    ...more,
  };
}

/** A job as the forge knows it. */
export function forgeJob(more: Partial<ForgeJob> = {}): ForgeJob {
  return {
    ...{ id: 'gh-1', name: 'build', url: 'https://github.com/ann/app/actions/runs/7/job/1' },
    ...{ repository: 'ann/app', labels: ['linux'], createdAt: begin - 5000, startedAt: begin },
    ...{ endedAt: null, result: null },
    ...more,
  };
}

/** As a forge that does not answer. */
export const outage = (): Promise<never> =>
  Promise.reject(problem('forge-unreachable', 'GitHub does not answer.', 'It is asked again.'));

/** Lets everything that waits for nothing but its turn go on. */
export async function settle(): Promise<void> {
  for (let n = 0; n < 20; n += 1) await Promise.resolve();
}
