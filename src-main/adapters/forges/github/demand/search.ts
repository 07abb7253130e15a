/** Looks for the job of a runner of which no more is known than when it began, as where its worker was killed at once. */
import type { AgentJob } from '../../../../core/agent-port.ts';
import type { Clock } from '../../../../core/ports.ts';
import type { RunnerRecord } from '../../../../core/runner.ts';
import type { GitHubApi } from '../api/types.ts';
import { placeOf } from '../runners/place.ts';
import type { RunDto } from './dto.ts';
import { newestRuns } from './repository.ts';
import type { AskerParts, RunAsker } from './run-asker.ts';

export interface JobSearcher {
  /** Looks through these repositories until `find` finds it; each runner's seldom. Throws a Problem. */
  search(
    record: RunnerRecord,
    told: AgentJob,
    repositories: readonly string[],
    find: () => unknown,
  ): Promise<void>;
}

/** A runner's clock and GitHub's, and what passes between a hand-over and its line in the log. */
export const sameTimeMs = 5 * 60_000;
/** The worker's log tells the run of almost every job sooner. */
const searchAfterMs = 10_000;
/** GitHub notices after minutes that a worker has gone. */
const searchEachMs = 20_000;
const repositoriesToSearch = 4;
/** How many runs of each list are looked through. */
const runsToSearch = 8;

export function jobSearcher(
  { apis, clock }: Pick<AskerParts, 'apis' | 'clock'>,
  asker: RunAsker,
): JobSearcher {
  const searchedAt = new Map<string, number>();
  const isDue = (name: string): boolean => {
    const now = clock.monotonic();
    for (const [each, at] of searchedAt) if (now - at >= searchEachMs) searchedAt.delete(each);
    if (searchedAt.has(name)) return false;
    searchedAt.set(name, now);
    return true;
  };
  return {
    async search({ name, account }, { startedAt }, repositories, find) {
      if (account === null || clock.now() - startedAt < searchAfterMs || !isDue(name)) return;
      const api = await apis.of(account);
      for (const repository of repositories.slice(0, repositoriesToSearch))
        for (const run of await runsAround(api, repository, startedAt, clock)) {
          await asker.lately(account, repository, run, startedAt);
          if (find() !== null) return;
        }
    },
  };
}

/** Those that go on, the nearest first, and those made last before that time: a run is made before its jobs begin. */
async function runsAround(
  api: GitHubApi,
  repository: string,
  at: number,
  clock: Clock,
): Promise<readonly number[]> {
  const { route, parameters } = placeOf(repository);
  const listed = async (filter: Readonly<Record<string, string>>) => {
    const { data, date } = await api.request<{ readonly workflow_runs: readonly RunDto[] }>(
      `GET ${route}/actions/runs`,
      { ...parameters, per_page: newestRuns, ...filter },
    );
    return { runs: data.workflow_runs, skew: date === null ? 0 : clock.now() - date };
  };
  const apart = ({ created_at }: RunDto): number => Math.abs(Date.parse(created_at) - at);
  // In this order: one that ends in between is in the second list.
  const { runs, skew } = await listed({ status: 'in_progress' });
  const before = new Date(at - skew + slackMs).toISOString().replace(/\.\d+Z$/, 'Z');
  const made = (await listed({ created: `<=${before}` })).runs.filter(
    ({ updated_at }) => Date.parse(updated_at) >= at - sameTimeMs,
  );
  const goOn = [...runs].sort((a, b) => apart(a) - apart(b));
  return [...new Set([...goOn.slice(0, runsToSearch), ...made.slice(0, runsToSearch)].map(({ id }) => id))];
}

/** Both tell whole seconds. */
const slackMs = 2000;
