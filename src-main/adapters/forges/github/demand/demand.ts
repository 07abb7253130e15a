/** The demand at GitHub: polled in the background, told at once. */
import type { Job } from '../../../../contract/job.ts';
import type { Pool } from '../../../../contract/pool.ts';
import { type Problem, problem } from '../../../../contract/problem.ts';
import type { AgentJob } from '../../../../core/agent-port.ts';
import type { Demand, ForgeJob } from '../../../../core/forge-port.ts';
import type { Clock, Log } from '../../../../core/ports.ts';
import type { ForgeRunner, RunnerRecord } from '../../../../core/runner.ts';
import type { GitHubApis } from '../api/types.ts';
import { isOurs } from '../runners/ours.ts';
import { jobEnds } from './ends.ts';
import { type JobsSeen, jobsSeen } from './jobs-seen.ts';
import { cancelRun, runAgain, whereabouts } from './orders.ts';
import { problemsOf } from './problems.ts';
import { newPollers, type Pollers } from './pollers.ts';
import { closedAt, demandOf, knownAt, livelyOf, reachOf } from './whole.ts';

export interface DemandParts {
  readonly apis: GitHubApis;
  /** All pools as they are now; those of other forges are passed over. */
  readonly pools: () => readonly Pool[];
  readonly install: string;
  readonly clock: Clock;
  readonly log: Log;
  /** May this pool run jobs of public repositories? */
  readonly takesPublic: (pool: Pool) => boolean;
  /** Fixed milliseconds between looks (RUNNER_CHECK_INTERVAL); null: they adapt. */
  readonly checkMs: () => number | null;
}

export interface GitHubDemand {
  /** What is known now. `unknown` in it: pools whose jobs cannot be told just now. */
  demand(): Demand;
  knownAt(): number | null;
  problems(): readonly Problem[];
  /** Why no runner of this pool may be at `scope` any more, as a sentence; null: nothing is known against it. */
  closed(pool: Pool, scope: string): string | null;
  /** Pools or accounts changed, or the owner asks: everything is looked at before its time. */
  nudge(): void;
  /** The repositories that a pool's scope reaches, as far as they are known. */
  repositories(pool: Pool): readonly string[];
  watch(wake: (why: string) => void): () => void;
  /** The job that a runner has now, for `githubRunners`. */
  jobOn(runner: string): ForgeRunner['job'];
  /** Has a job of this runner ended, as far as GitHub told? For the same. */
  isOver(runner: string): boolean;
  /** The same, and asks where the job was last seen at work. */
  hasEnded(runner: string, account: string): Promise<boolean>;
  jobOf(record: RunnerRecord, told: AgentJob, entry?: Pick<Job, 'id' | 'url'>): Promise<ForgeJob | null>;
  runAgain(job: Job): Promise<string>;
  cancel(job: Job): Promise<string>;
  close(): void;
}

/** Begins to look at once. */
export function githubDemand(parts: DemandParts): GitHubDemand {
  const { apis, clock, log, checkMs } = parts;
  const watchers = new Set<(why: string) => void>();
  const seen = jobsSeen((runner) => isOurs(runner, parts.install));
  const pools = () => parts.pools().filter((pool) => pool.forge === 'github');
  let told = '';
  const changed = () => {
    const news = newsOf(demand());
    if (news === told) return;
    told = news;
    for (const watcher of watchers) watcher('GitHub told of its jobs.');
  };
  const pollers = newPollers({ apis, clock, log, changed, checkMs, seen });
  const reaches = () => {
    pollers.follow(pools());
    return reachOf(pools(), pollers.byAccount);
  };
  const demand = () => demandOf(reaches(), parts.takesPublic, clock);
  const ends = jobEnds({
    apis,
    clock,
    seen,
    told: (...what) => pollers.told(...what),
    runOf: (...of) => pollers.runOf(...of),
    lively: (pool) => livelyOf(reaches(), pool),
  });
  reaches();
  return {
    demand,
    knownAt: () => knownAt(reaches(), clock),
    problems: () => problemsOf(reaches(), parts.takesPublic, clock),
    closed: (pool, scope) => closedAt(reaches(), pool, scope, parts.takesPublic(pool)),
    nudge() {
      reaches();
      pollers.nudge();
    },
    repositories: (pool) =>
      reachOf([pool], pollers.byAccount).flatMap(({ repositories }) =>
        repositories.map(({ entry }) => entry.name),
      ),
    watch(wake) {
      watchers.add(wake);
      return () => void watchers.delete(wake);
    },
    jobOn: (runner) => jobNow(seen, runner),
    isOver: (runner) => ends.isOver(runner),
    hasEnded: (runner, account) => ends.hasEnded(runner, account),
    jobOf: (...asked) => ends.jobOf(...asked),
    async runAgain(job) {
      const sentence = await runAgain(await apis.of(accountFor(job, pools(), pollers)), job);
      pollers.nudge();
      return sentence;
    },
    cancel: async (job) => cancelRun(await apis.of(accountFor(job, pools(), pollers)), job),
    close() {
      pollers.close();
      watchers.clear();
    },
  };
}

/** What is new to those who watch: jobs that came or went, or something that became known or unknown. */
function newsOf(demand: Demand): string {
  if (demand === 'unknown') return demand;
  return JSON.stringify([demand.jobs.map((job) => [job.id, job.reach]), demand.unknown]);
}

function jobNow(seen: JobsSeen, runner: string): ForgeRunner['job'] {
  const job = seen.of(runner).find(({ status }) => status === 'in_progress');
  if (job === undefined) return null;
  const { id, name, url, startedAt } = job;
  return { id, name, url, startedAt, timeLimitMs: null, cancel: false };
}

/** The account of the job's pool, else one that reaches its repository. */
function accountFor(job: Job, pools: readonly Pool[], { byAccount }: Pollers): string {
  const own = pools.find(({ id }) => id === job.pool)?.account ?? null;
  if (own !== null) return own;
  const repository = whereabouts(job).repository.toLowerCase();
  for (const [account, poller] of byAccount) if (poller.followed.repositories.has(repository)) return account;
  throw problem('not-found', `No account here reaches ${repository}.`, 'Add a pool that serves it.', {
    subject: job.id,
  });
}
