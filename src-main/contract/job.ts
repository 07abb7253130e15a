/** Jobs of all forges, as they are shown and stored. */
import * as v from 'valibot';
import type { Problem } from './problem.ts';

export const forgeIds = ['local', 'github', 'gitlab', 'gitea', 'forgejo'] as const;
export type ForgeId = (typeof forgeIds)[number];

export const architectures = ['x64', 'arm64', 'arm', 'riscv64', 'ppc64', 's390x', 'ia32'] as const;
export type Arch = (typeof architectures)[number];

export const jobStates = [
  'queued',
  'assigned',
  'running',
  'succeeded',
  'failed',
  'cancelled',
  'lost',
] as const;
/** Moves forward only: queued, assigned, running, then one of the four outcomes, which is never overwritten. */
export type JobState = (typeof jobStates)[number];
/** Has it no outcome yet? */
export function isOpen({ state }: Pick<Job, 'state'>): boolean {
  return state === 'queued' || state === 'assigned' || state === 'running';
}

export type JobOutcome = Extract<JobState, 'succeeded' | 'failed' | 'cancelled' | 'lost'>;

/** Who or what ended a job: itself, the owner, its time limit, a `stop --now`, the kernel, or the machine going down. */
export type EndedBy = 'job' | 'owner' | 'time-limit' | 'stop-now' | 'out-of-memory' | 'machine' | 'unknown';

/** Times are wall-clock milliseconds. */
export interface Job {
  readonly id: string;
  readonly forge: ForgeId;
  readonly pool: string | null;
  readonly runner: string | null;
  readonly name: string;
  readonly url: string | null;
  readonly labels: readonly string[];
  readonly arch: Arch | null;
  readonly state: JobState;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** As the job ended: its own code, 128 + n for signal n; null while it runs and where none is known. */
  readonly exitCode: number | null;
  /** One sentence about the outcome; null while there is none. */
  readonly result: string | null;
  readonly endedBy: EndedBy | null;
  readonly peak: { readonly cpu: number | null; readonly memoryMiB: number | null };
  /** 1 for the first attempt; a retry is a job of its own, so that states only move forward. */
  readonly attempt: number;
  readonly retryOf: string | null;
  readonly retriedAs: string | null;
}

/** Of a job at its first attempt, of which nothing has come yet. */
export const notEnded = {
  endedAt: null,
  exitCode: null,
  result: null,
  endedBy: null,
  peak: { cpu: null, memoryMiB: null },
  attempt: 1,
  retryOf: null,
  retriedAs: null,
} as const satisfies Partial<Job>;

const name = (what: string) =>
  v.pipe(
    v.string(),
    v.regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/, `${what} is 1 to 64 letters, digits, _ . -`),
  );

/** A label as the forges take them: no white space, no comma. */
export const LabelSchema = v.pipe(
  v.string(),
  v.trim(),
  v.toLowerCase(),
  v.regex(/^[^\s,]{1,64}$/, 'a label is 1 to 64 characters without space or comma'),
);

export const isLabel = (text: string): boolean => v.is(LabelSchema, text);

/** What `submit` asks of the local forge; directories are absolute. */
export const SubmissionSchema = v.object({
  command: v.pipe(
    v.array(
      v.pipe(
        v.string(),
        v.check((s) => !s.includes('\0'), 'an argument cannot hold a NUL byte'),
      ),
    ),
    v.minLength(1, 'a command is needed after --'),
  ),
  dir: v.pipe(v.string(), v.minLength(1)),
  source: v.picklist(['commit', 'dirty', 'copy', 'in-place']),
  pool: v.nullable(v.string()),
  labels: v.array(LabelSchema),
  arch: v.nullable(v.picklist(architectures)),
  env: v.record(
    v.pipe(v.string(), v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a variable name is letters, digits, _')),
    v.string(),
  ),
  secrets: v.array(name('a secret')),
  outputs: v.array(v.pipe(v.string(), v.minLength(1))),
  caches: v.array(name('a cache')),
  /** Seconds; 0 is no limit. */
  timeoutSeconds: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(30 * 86_400)),
  retries: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10)),
});
export type Submission = v.InferOutput<typeof SubmissionSchema>;

/** What `submit` answers once the job is durable. `notes` are sentences for the submitter ("uncommitted changes are left out"). */
export interface Submitted {
  readonly job: Job;
  readonly notes: readonly string[];
}

/** `job show`: the job, what was asked, and what was kept. */
export interface JobDetail {
  readonly job: Job;
  readonly submission: Submission | null;
  readonly commit: string | null;
  readonly outputs: readonly string[];
  readonly problem: Problem | null;
}
