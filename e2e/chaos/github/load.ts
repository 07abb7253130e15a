/** Somebody who pushes: jobs of several kinds arrive over time, in runs of one or of several. */
import { setTimeout as sleep } from 'node:timers/promises';
import { cancelRun } from '../../support/github/assignment.ts';
import type { Conclusion, Job, RunnerRow } from '../../support/github/model.ts';
import type { Random } from '../random.ts';
import { type Place, placesOf, type Site } from './site.ts';

/** At most so many jobs that wait or run at a time, by the pool that they are for: one that stands still keeps no other. */
const outstanding = { person: 20, company: 12, kept: 18 };
const together = 50;
/**
 * A job on an agent that persists takes this long at least: the real ones take some seconds, and tell times in whole
 * seconds, so that no two jobs of theirs begin in the same one.
 */
const persistentMs = 1100;
/** No more come than the requests allow that looking for them, naming them and making their runners takes. */
const perSecond = 3.5;
export const placeLabels = Object.keys(outstanding);
const kinds = ['quick', 'long', 'fails', 'noisy', 'leaves', 'issues', 'tricky'] as const;
type Kind = (typeof kinds)[number];

/** What is kept of a job that has ended: GitHub's double forgets it after a while. */
export interface Ended {
  readonly id: number;
  readonly name: string;
  /** By which it writes itself down. */
  readonly key: string;
  readonly conclusion: Conclusion | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  readonly runner: string | null;
  /** The label of the pool that it was for. */
  readonly pool: string;
  /** Of a job that was lost, and asked for anew. */
  readonly isAgain: boolean;
}

/** The key by which a job writes itself down: GitHub's own variables, of which one is made of its name. */
const keyOf = ({ name, attempt }: Job): string =>
  `${name.replace(/[^A-Za-z0-9_-]+/g, '_').slice(0, 100)}#${attempt}`;

export class Load {
  /** Those that have ended. */
  readonly ended: Ended[] = [];
  readonly #site: Site;
  readonly #open = new Set<Job>();
  readonly #pending = new Set<Promise<void>>();
  /** For the keys. */
  #runs = 0;
  /** Jobs that are to be queued yet. */
  #left = 0;

  constructor(site: Site) {
    this.#site = site;
  }

  /** Those that wait or run. */
  get open(): readonly Job[] {
    for (const job of this.#open) {
      if (job.status !== 'completed') continue;
      this.#open.delete(job);
      this.ended.push(endedOf(job));
    }
    return [...this.#open];
  }

  get done(): number {
    return this.queued - this.open.length;
  }

  get queued(): number {
    return this.#open.size + this.ended.length;
  }

  /** Jobs that ended a second, from the first that was queued to the last that has ended. */
  get pace(): number {
    const { done } = this;
    const first = Math.min(...this.ended.slice(0, together).map(({ createdAt }) => createdAt));
    const last = Math.max(...this.ended.slice(-together).map(({ completedAt }) => completedAt ?? 0));
    return done / Math.max(1, (last - first) / 1000);
  }

  async queueAll(count: number, random: Random): Promise<void> {
    this.#left = count;
    while (this.#left > 0) {
      const place = this.#placeOf(random);
      if (place === null) await sleep(50);
      else {
        const jobs = this.#queueRun(random, place);
        await sleep((random.between(0, 2000) * jobs.length) / perSecond);
      }
    }
    await Promise.all(this.#pending);
  }

  /** A job that this runner can take, in this moment. */
  queueFor({ scope, labels }: RunnerRow, random: Random): void {
    const places = placesOf(this.#site, scope).filter(({ label }) => labels.includes(label));
    if (places.length > 0)
      this.#queue(random.pick(places.map((place) => [1, place] as const)), 'quick', 1, random);
  }

  /** One more job that GitHub has made of an earlier one. */
  follow(job: Job): void {
    this.#open.add(job);
  }

  /** A repository of a pool that has room for more; null: there is none. */
  #placeOf(random: Random): Place | null {
    const { open } = this;
    const waiting = (label: string) => open.filter(({ labels }) => labels.includes(label)).length;
    const free = Object.entries(outstanding).filter(([label, most]) => waiting(label) < most);
    if (free.length === 0) return null;
    const label = random.pick(free.map(([each]) => [1, each] as const));
    const places = this.#site.repositories.filter((place) => place.label === label);
    return random.pick(places.map((place) => [1, place] as const));
  }

  #queueRun(random: Random, place: Place): readonly Job[] {
    const kind = random.pick(
      kinds.map((each) => [each === 'quick' || each === 'long' ? 3 : 1, each] as const),
    );
    const count = Math.min(this.#left, random.chance(0.5) ? Math.floor(random.between(2, 9)) : 1);
    this.#left -= count;
    const jobs = this.#queue(place, kind, count, random);
    if (!random.chance(0.04)) return jobs;
    const cancelled = this.#cancelLater(jobs, random.between(0, 4000));
    this.#pending.add(cancelled);
    void cancelled.finally(() => this.#pending.delete(cancelled));
    return jobs;
  }

  #queue({ repository, label }: Place, kind: Kind, count: number, random: Random): readonly Job[] {
    const { github, ledger } = this.#site;
    const seconds = random.between(0.3, 4).toFixed(1);
    this.#runs += 1;
    const ids = github.queueJob({
      repository,
      labels: ['self-hosted', label],
      name: `${kind === 'tricky' ? 'x completed with result: Failed ' : ''}k${this.#runs}`,
      script: scriptOf(kind, ledger, seconds, label === 'kept' ? persistentMs : 0),
      ...(kind === 'issues' && { result: 'SucceededWithIssues' as const }),
      count,
    });
    const jobs = ids.map((id) => github.job(id));
    for (const job of jobs) this.#open.add(job);
    return jobs;
  }

  async #cancelLater(jobs: readonly Job[], milliseconds: number): Promise<void> {
    await sleep(milliseconds);
    const [first] = jobs;
    if (first !== undefined) cancelRun(this.#site.github.world, first.run);
  }
}

function endedOf(job: Job): Ended {
  const { id, name, labels, conclusion, createdAt, startedAt, completedAt, runner, attempt } = job;
  return {
    ...{ id, name, key: keyOf(job), conclusion, createdAt, startedAt, completedAt },
    runner: runner?.name ?? null,
    pool: placeLabels.find((label) => labels.includes(label)) ?? '',
    isAgain: attempt > 1,
  };
}

function scriptOf(kind: Kind, ledger: string, seconds: string, least: number): string {
  const note = (word: string, number: string) =>
    `echo "${word} $GITHUB_RUN_ID $GITHUB_JOB#$GITHUB_RUN_ATTEMPT ${number}" >> '${ledger}'`;
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
  const rest = least === 0 ? ':' : `sleep ${least / 1000}`;
  return [note('begin', '$$'), work[kind], rest, note('end', String(code)), `exit ${code}`].join('\n');
}
