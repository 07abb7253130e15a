/** All that tray, window, CLI, socket and tests know of the supervisor. */
import * as v from 'valibot';
import type { CommandArgs, CommandName, CommandResults } from './commands.ts';
import type { Answer } from './problem.ts';
import type { Snapshot } from './snapshot.ts';

export const streamSchemas = {
  /**
   * The output of a job, or of a runner's present or last job. `cursor` counts bytes from the start of the log;
   * with `follow` the stream ends when the job has ended and everything was delivered.
   */
  log: v.object({
    job: v.nullable(v.string()),
    runner: v.nullable(v.string()),
    cursor: v.pipe(v.number(), v.integer(), v.minValue(0)),
    follow: v.boolean(),
  }),
  /** What machine and running jobs use, once per `interval` milliseconds, as long as somebody listens. */
  load: v.object({
    interval: v.pipe(v.number(), v.integer(), v.minValue(500), v.maxValue(60_000)),
    /** Graphics cards too, which takes a program of their vendor. */
    gpus: v.optional(v.boolean()),
  }),
} as const;
export type StreamName = keyof typeof streamSchemas;
export type StreamArgs<K extends StreamName> = v.InferOutput<(typeof streamSchemas)[K]>;

export interface GpuLoad {
  readonly index: number;
  readonly busy: number | null;
  readonly memoryMiB: number | null;
}

export interface StreamItems {
  /** `data` is base64 of raw bytes, `cursor` where the next chunk begins; `skipped` bytes were dropped before it to bound the log. */
  log: { readonly data: string; readonly cursor: number; readonly skipped: number };
  /** Null is "cannot be measured here". CPU in threads in use (1.5 = one and a half). */
  load: {
    readonly at: number;
    readonly machine: { readonly cpu: number | null; readonly memoryMiB: number | null };
    /** Those that tell of themselves, where they were asked for; `index` as in the host profile, `busy` in percent. */
    readonly gpus: readonly GpuLoad[];
    readonly jobs: Readonly<
      Record<string, { readonly cpu: number | null; readonly memoryMiB: number | null }>
    >;
  };
}

export interface SupervisorApi {
  snapshot(): Promise<Snapshot>;
  /** Calls `fn` with the present snapshot and each later one, at most 10 a second; returns the end of it. */
  subscribe(fn: (snapshot: Snapshot) => void): () => void;
  execute<K extends CommandName>(name: K, args: CommandArgs<K>): Promise<Answer<CommandResults[K]>>;
  /** Throws a ProblemError; ends when `signal` is aborted. */
  stream<K extends StreamName>(
    name: K,
    args: StreamArgs<K>,
    signal: AbortSignal,
  ): AsyncIterable<StreamItems[K]>;
}
