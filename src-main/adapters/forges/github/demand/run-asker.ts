/** Asks for all jobs of a run, once for all who want to know. */
import type { Clock } from '../../../../core/ports.ts';
import type { GitHubApis } from '../api/types.ts';
import type { SeenJob } from './job.ts';
import type { JobsSeen } from './jobs-seen.ts';
import type { Pollers } from './pollers.ts';
import { jobsOfRun } from './repository.ts';

export interface AskerParts extends Pick<Pollers, 'told'> {
  readonly apis: GitHubApis;
  readonly clock: Clock;
  readonly seen: JobsSeen;
}

export interface RunAsker {
  /** All jobs of its newest attempt: who waited for one that has ended is among them. Throws a Problem. */
  ask(account: string, repository: string, run: number): Promise<readonly SeenJob[]>;
  /** The same; an answer of the last seconds will do if it was asked for after `since`, in wall-clock milliseconds. */
  lately(account: string, repository: string, run: number, since: number): Promise<readonly SeenJob[]>;
}

interface Asked {
  /** Wall-clock milliseconds, and monotonic ones. */
  readonly at: number;
  readonly monotonic: number;
  readonly jobs: Promise<readonly SeenJob[]>;
  isDone: boolean;
}

/** Jobs of one run that are lost together are asked for together. */
const latelyMs = 5000;

export function runAsker({ apis, clock, seen, told }: AskerParts): RunAsker {
  const asked = new Map<string, Asked>();
  const ask = async (account: string, repository: string, run: number): Promise<readonly SeenJob[]> => {
    const jobs = await jobsOfRun(await apis.of(account), repository, run, clock, 'must');
    seen.note(jobs);
    told(account, repository, run, jobs);
    return jobs;
  };
  const forget = (): void => {
    for (const [key, { monotonic, isDone }] of asked)
      if (isDone && clock.monotonic() - monotonic > latelyMs) asked.delete(key);
  };
  const lately: RunAsker['lately'] = (account, repository, run, since) => {
    forget();
    const key = [account, repository, run].join(' ');
    const last = asked.get(key);
    if (last !== undefined && (!last.isDone || last.at > since)) return last.jobs;
    const jobs = ask(account, repository, run);
    const one: Asked = { at: clock.now(), monotonic: clock.monotonic(), jobs, isDone: false };
    asked.set(key, one);
    jobs.then(
      () => (one.isDone = true),
      () => asked.delete(key),
    );
    return jobs;
  };
  return { ask: (...of) => lately(...of, Infinity), lately };
}
