/** Looks for the job of a runner of which no more is known than when it began, as where its worker was killed at once. */
import type { AgentJob } from '../../../../core/agent-port.ts';
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
/** How many runs of a repository are looked through. */
const runsToSearch = 6;

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
        for (const run of await runsAround(api, repository, startedAt)) {
          await asker.lately(account, repository, run, startedAt);
          if (find() !== null) return;
        }
    },
  };
}

/** Of the runs that go on and of the newest, those that went on at that time, the nearest first. */
async function runsAround(api: GitHubApi, repository: string, at: number): Promise<readonly number[]> {
  const { route, parameters } = placeOf(repository);
  const listed = async (status?: string): Promise<readonly RunDto[]> => {
    const { data } = await api.request<{ readonly workflow_runs: readonly RunDto[] }>(
      `GET ${route}/actions/runs`,
      { ...parameters, per_page: newestRuns, ...(status !== undefined && { status }) },
    );
    return data.workflow_runs;
  };
  // In this order: one that ends in between is in the second list.
  const all = [...(await listed('in_progress')), ...(await listed())];
  return [...new Map(all.map((run) => [run.id, run])).values()]
    .map(({ id, created_at, updated_at }) => ({
      id,
      from: Date.parse(created_at),
      to: Date.parse(updated_at),
    }))
    .filter(({ from, to }) => from <= at + sameTimeMs && to >= at - sameTimeMs)
    .sort((a, b) => Math.abs(a.from - at) - Math.abs(b.from - at))
    .slice(0, runsToSearch)
    .map(({ id }) => id);
}
