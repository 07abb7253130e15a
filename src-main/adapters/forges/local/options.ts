/** What the local forge is made of, and what its parts share. */
import { join } from 'node:path';
import type { Clock, Log, Secrets, Store } from '../../../core/ports.ts';
import { type Git, gitWith } from '../../os/git.ts';
import type { Checkout } from './checkout.ts';
import { type Queue, newQueue } from './demand.ts';
import { executable } from './executable.ts';
import { firstAttempt, jobIds } from './job-id.ts';
import { settingsReader } from './owner-config.ts';
import { newRegistrations, type Registrations } from './registrations.ts';
import { type Locate, locator } from './repository.ts';

export interface LocalForgeOptions {
  readonly store: Store;
  /** The home directory: jobs lie in `jobs/`, caches in `caches/local/` of it. */
  readonly home: string;
  readonly clock: Clock;
  /** 0 to 1, as Math.random. */
  readonly random: () => number;
  readonly secrets: Secrets;
  readonly log: Log;
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  readonly platform: NodeJS.Platform;
}

export interface Parts extends LocalForgeOptions {
  readonly git: Git;
  readonly locate: Locate;
  readonly checkout: Checkout;
  readonly queue: Queue;
  readonly registrations: Registrations;
  readonly newId: () => string;
  /** Steady milliseconds, as the journal has them. */
  readonly steady: () => number;
  readonly wake: (why: string) => void;
  readonly watchers: Set<(why: string) => void>;
}

export function partsOf(options: LocalForgeOptions): Parts {
  const { store, clock, environment, platform } = options;
  const git = gitWith(environment);
  const watchers = new Set<(why: string) => void>();
  const offset = clock.now() - clock.monotonic();
  return {
    ...options,
    git,
    locate: locator(git),
    checkout: {
      git,
      settings: settingsReader(git),
      hasLfs: remembered(clock, () => executable('git-lfs', environment, platform)),
    },
    queue: newQueue(),
    registrations: newRegistrations(),
    newId: jobIds(
      () => clock.now(),
      options.random,
      (id) => store.job(id) !== null,
    ),
    steady: () => clock.monotonic() + offset,
    wake(why) {
      for (const watcher of watchers) watcher(why);
    },
    watchers,
  };
}

/** Programs come and go rarely: an answer holds for this many milliseconds. */
const rememberedMs = 30_000;

function remembered<T>(clock: Clock, ask: () => Promise<T>): () => Promise<T> {
  let last: { readonly at: number; readonly answer: Promise<T> } | null = null;
  return () => {
    const at = clock.monotonic();
    if (last === null || at - last.at > rememberedMs) last = { at, answer: ask() };
    return last.answer;
  };
}

/** The folder of a job: its log and what it kept. */
export function jobFolder(home: string, job: string): string {
  return join(home, 'jobs', job);
}

/** The copied folder that all attempts of a job start from. */
export function copiedSource(home: string, job: string): string {
  return join(jobFolder(home, firstAttempt(job)), 'source');
}
