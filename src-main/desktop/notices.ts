/** What of a change is worth telling the owner, as data: pure, so that every rule can be tried. */
import type { Preferences } from '../contract/desktop.ts';
import type { Snapshot } from '../contract/snapshot.ts';

export interface Notice {
  /** Told once, however often it is found. */
  readonly key: string;
  readonly category: keyof Preferences['notifications'];
  readonly title: string;
  readonly body: string;
  /** The view that it is about. */
  readonly to: string;
}

/** Problems that pass by themselves disturb nobody. */
function needsOwner({ code, retryAt }: Snapshot['problems'][number]): boolean {
  return retryAt === undefined && code !== 'paused' && code !== 'no-capacity';
}

/** What is in `after` and was not in `before`: jobs that ended in between, problems that came up. */
export function noticesOf(before: Snapshot | null, after: Snapshot): readonly Notice[] {
  if (before === null) return [];
  const known = new Map(before.jobs.map((job) => [job.id, job.endedAt]));
  const ended = after.jobs.filter(
    ({ id, endedAt, createdAt }) =>
      endedAt !== null &&
      (known.get(id) ?? null) === null &&
      (known.has(id) || createdAt >= before.at - 60_000),
  );
  const jobs = ended.map((job): Notice => {
    const failed = job.state !== 'succeeded';
    return {
      key: `job:${job.id}`,
      category: failed ? 'jobFailed' : 'jobFinished',
      title: job.state === 'cancelled' ? 'Job cancelled' : failed ? 'Job failed' : 'Job finished',
      body: job.result === null ? job.name : `${job.name}: ${job.result}`,
      to: `job:${job.id}`,
    };
  });
  const problems = [...after.problems, ...after.pools.flatMap(({ problem }) => problem ?? [])];
  const old = new Set(
    [...before.problems, ...before.pools.flatMap(({ problem }) => problem ?? [])].map(keyOf),
  );
  const news = problems.filter((found) => needsOwner(found) && !old.has(keyOf(found)));
  return [
    ...jobs.filter(({ title }) => title !== 'Job cancelled'),
    ...news.map((found): Notice => ({
      key: keyOf(found),
      category: 'needsYou',
      title: 'Homerunner needs you',
      body: `${found.message} ${found.hint}`,
      to: 'overview',
    })),
  ];
}

function keyOf({ code, subject = '' }: Snapshot['problems'][number]): string {
  return `problem:${code}:${subject}`;
}
