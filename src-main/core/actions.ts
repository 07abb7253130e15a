/** What the plan asks of the world. Each is idempotent: already so is success. */
import type { ForgeId } from '../contract/job.ts';
import type { RunnerRecord } from './runner.ts';

interface Base {
  /** The runner's name; actions of one key never run side by side. */
  readonly key: string;
  /** The sentence that log, tray and tests read. */
  readonly why: string;
}

export type Action =
  /** Write down a new runner; the record is complete but for the steps done. */
  | (Base & { readonly do: 'intend'; readonly record: RunnerRecord })
  | (Base & { readonly do: 'register' })
  /** Make its folder, and the agent in it, ready. */
  | (Base & { readonly do: 'prepare' })
  /** Start the agent; for agents that begin with a job, claim `job` first and start it. */
  | (Base & { readonly do: 'start'; readonly job: string | null })
  /** Tell the forge to hand it no more jobs; the durable decision to end it. */
  | (Base & { readonly do: 'fence'; readonly now: boolean })
  /** Ask its process to end (SIGTERM to the group). */
  | (Base & { readonly do: 'signal' })
  /** End its processes, all of them. */
  | (Base & { readonly do: 'kill' })
  /** Record the outcome of its ended job, keep what is to be kept, and clean up behind it. */
  | (Base & { readonly do: 'settle' })
  /** Remove the registration at the forge. `ref` where we have no record (a ghost). */
  | (Base & {
      readonly do: 'remove';
      readonly ghost: { readonly forge: ForgeId; readonly id: string } | null;
    })
  /** Delete its folder, then the record: the last step. */
  | (Base & { readonly do: 'forget' })
  /** Write a record for a living instance that the journal has lost. */
  | (Base & { readonly do: 'adopt' });
