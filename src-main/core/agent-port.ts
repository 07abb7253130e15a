/** What the core and the loop need of the agents that run for forges. */
import type { Problem } from '../contract/problem.ts';
import type { Instance, RunnerRecord } from './runner.ts';

/** A program to start for a runner. Secrets are in `env` alone; `mask` is replaced by *** in the output. */
export interface LaunchSpec {
  readonly runner: string;
  /** The job that this program is, for agents that begin with a job. */
  readonly job: string | null;
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly mask: readonly string[];
}

/** How an agent behaves; `waits`: its process waits for jobs. The local one begins with its job, so an idle runner has no process. */
export interface AgentTraits {
  readonly waits: boolean;
  /** Never gives evidence of a job: one job per process, and its exit is the proof. */
  readonly opaque: boolean;
  /** How one that waits is asked to end: by `stop` where this is absent. */
  readonly stop?: 'interrupt' | 'stop';
  /** What it takes to end its job in order after it was asked, in milliseconds; then it is killed. */
  readonly killGraceMs?: number;
}

/** How a job ended by the words of its agent. */
export type AgentResult = 'succeeded' | 'failed' | 'cancelled' | 'skipped' | 'abandoned';

/** A job as its agent tells of it. Times are wall-clock milliseconds. */
export interface AgentJob {
  readonly name: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly result: AgentResult | null;
  /** `owner/repository` and the run there, where its files tell. */
  readonly repository: string | null;
  readonly run: string | null;
  /** Of a job whose agent ended without a word of it: when its worker last wrote something down. */
  readonly lastWordAt?: number | null;
  /** Where it begins in its agent's log, in bytes. */
  readonly logFrom?: number;
}

/** What a waiting agent's processes and files say of it. */
export interface AgentEvidence {
  /** `unknown`: they cannot be read just now. */
  readonly worker: 'none' | 'running' | 'unknown';
  /** It has said since it was started that it listens for jobs. */
  readonly listening: boolean;
  /** Its present job, or its last; of one that persists the oldest that is not in its record as written down. */
  readonly job: AgentJob | null;
  /** What is wrong with it, by its own words or by the way it ended: outdated, deleted at the forge, in conflict. */
  readonly problem: Problem | null;
}

/** For agents that wait for jobs: what they do, told by themselves. */
export interface WaitingAgent {
  /** Looks at the runner's folder and processes; cheap enough for every turn. */
  look(record: RunnerRecord, folder: string, instance: Instance): Promise<AgentEvidence>;
}
