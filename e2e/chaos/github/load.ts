/** Somebody who pushes: jobs of several kinds arrive over time, in runs of one or of several. */
import { setTimeout as sleep } from 'node:timers/promises';
import { cancelRun } from '../../support/github/assignment.ts';
import type { Job } from '../../support/github/model.ts';
import type { Random } from '../random.ts';
import type { Site } from './site.ts';

/** At most so many jobs that wait or run at a time. */
const outstanding = 14;
const kinds = ['quick', 'long', 'fails', 'noisy', 'leaves', 'issues', 'tricky'] as const;
type Kind = (typeof kinds)[number];

/** The key by which a job writes itself down: GitHub's own variable, made of its name. */
export const keyOf = (job: Job): string => job.name.replace(/[^A-Za-z0-9_-]+/g, '_').slice(0, 100);

export class Load {
  /** Job ids, as they were queued. */
  readonly queued: number[] = [];
  /** Of these, whose run was cancelled. */
  readonly cancelled = new Set<number>();
  readonly #site: Site;
  readonly #pending: Promise<void>[] = [];

  constructor(site: Site) {
    this.#site = site;
  }

  get jobs(): readonly Job[] {
    return this.queued.map((id) => this.#site.github.job(id));
  }

  get done(): number {
    return this.jobs.filter((job) => job.status === 'completed').length;
  }

  async queueAll(count: number, random: Random): Promise<void> {
    while (this.queued.length < count) {
      while (this.queued.length - this.done >= outstanding) await sleep(50);
      this.#queueRun(random, count - this.queued.length);
      await sleep(random.between(0, 1200));
    }
    await Promise.all(this.#pending);
  }

  #queueRun(random: Random, most: number): void {
    const { repository, label } = random.pick(
      this.#site.repositories.map((place) => [place.label === 'kept' ? 0.3 : 1, place] as const),
    );
    const kind = random.pick(
      kinds.map((each) => [each === 'quick' || each === 'long' ? 3 : 1, each] as const),
    );
    const count = Math.min(most, random.chance(0.4) ? Math.floor(random.between(2, 7)) : 1);
    const seconds = kind === 'long' ? random.between(0.3, 4).toFixed(1) : '0';
    const key = `${kind === 'tricky' ? 'x completed with result: Failed ' : ''}k${this.queued.length + 1}`;
    const ids = this.#site.github.queueJob({
      repository,
      labels: ['self-hosted', label],
      name: key,
      script: scriptOf(kind, this.#site.ledger, seconds),
      ...(kind === 'issues' && { result: 'SucceededWithIssues' as const }),
      count,
    });
    this.queued.push(...ids);
    if (random.chance(0.04)) this.#pending.push(this.#cancelLater(ids, random.between(0, 4000)));
  }

  async #cancelLater(ids: readonly number[], milliseconds: number): Promise<void> {
    await sleep(milliseconds);
    for (const id of ids) this.cancelled.add(id);
    const [first = 0] = ids;
    cancelRun(this.#site.github.world, this.#site.github.job(first).run);
  }
}

function scriptOf(kind: Kind, ledger: string, seconds: string): string {
  const note = (word: string, number: string) =>
    `echo "${word} $GITHUB_RUN_ID $GITHUB_JOB ${number}" >> '${ledger}'`;
  const code = kind === 'fails' ? 1 : 0;
  const work: Record<Kind, string> = {
    quick: ':',
    long: `sleep ${seconds}`,
    fails: ':',
    noisy: 'for i in 1 2 3 4 5 6 7 8 9; do for j in 1 2 3 4 5 6 7 8 9; do env; done; done',
    leaves: 'sleep 300 & sleep 0.1',
    issues: ':',
    tricky: 'sleep 0.2',
  };
  return [note('begin', '$$'), work[kind], note('end', String(code)), `exit ${code}`].join('\n');
}
